"""Opens a case, and changes who is in charge of it, how urgent and dangerous it is, whether it rests."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from referral.access import Member
from referral.attempts import action
from referral.identifiers import new_case_code
from referral.models import Case, Membership, Partner, Person, Referral, Task, TaskKind
from referral.reading.progress import moment, refresh_tasks
from referral.reading.versions import freeze
from referral.refusals import GuardRefused
from referral.safety.keys import new_case_box
from referral.states.case_states import CaseActor, CaseEvent, CaseGuard, CaseStatus
from referral.states.clock import end_of_day
from referral.states.machine import NotYours
from referral.states.workflow import LIVE
from referral.words.choices import CaseRole, Profile, Risk, Urgency

from .case_desk import (
    for_event,
    for_writing,
    has_role,
    keep_reason,
    make_task,
    needed_text,
    save,
    tell,
    write_trail,
)
from .people import flag_doubles, put_person
from .repeats_of_cases import keyed_digest, opened_before, remember_opened
from .triage import put_dates

LONGEST_REST = timedelta(days=30)
IN_CHARGE = (CaseRole.CASEWORKER, CaseRole.SUPERVISOR)
HIGHEST_TIER = 4
CODES = 5  # tries: with a million cases one try in 40,000 meets a code that is taken


@action("case.open")
def open_case(  # noqa: PLR0913  (what is known when somebody comes in)
    *,
    by: Member,
    profile: str,
    urgency: str,
    risk: str,
    person: Mapping[str, Any] | None = None,
    dates: Mapping[str, Any] | None = None,
    owner: int | None = None,
    restricted: bool = False,
    training: bool = False,
    key: str | None = None,
) -> Case:
    """Open a case: its code, its key, its person, the procedure in force with its words, and a task for each first step.

    A case needs no name. `person`: columns of Person. `dates`: moments that time limits count from. `owner`: the
    caseworker to hand it over to. `key`: of the form, so that sending it twice opens one case. Every case is training
    until the site has its authorisation (settings.CNDP_AUTHORISATION); a real one then needs a partner whose agreement
    holds today, else GuardRefused. Raises NotYours, WrongField, Repeated.
    """
    if not by.has(CaseRole.INTAKE, *IN_CHARGE):
        raise NotYours(CaseEvent.OPEN, CaseActor.OUTSIDER)
    found = {"profile": profile, "urgency": urgency, "risk": risk, "is_restricted": restricted}
    digest = keyed_digest(by, {**found, "person": person, "dates": dates, "owner": owner, "training": training})
    if (before := opened_before(by, key, digest)) is not None:
        return before
    if profile not in Profile.values or urgency not in Urgency.values or risk not in Risk.values:
        raise GuardRefused(CaseGuard.TRIAGED)
    case = _with_new_code(by, owner, **found, is_training=is_training(by.partner, asked=training))
    box = new_case_box(case)
    row = put_person(Person(case=case), case, box, person or {}, most=HIGHEST_TIER)
    row.save(force_insert=True)
    put_dates(case, dates or {})
    case.save()
    refresh_tasks(case, box, timezone.now())
    flag_doubles(case, row, by)
    remember_opened(by, key, digest, case)
    write_trail(case, "case.open", by, sorted(person or {}))
    return case


def is_training(partner: Partner, *, asked: bool = False) -> bool:
    """Whether what this partner begins now is training. GuardRefused for a real case without a valid agreement."""
    if asked or not getattr(settings, "CNDP_AUTHORISATION", ""):
        return True
    if not partner.may_share():
        raise GuardRefused(CaseGuard.AGREEMENTS_VALID)
    return False


def _with_new_code(by: Member, owner: int | None, **columns: Any) -> Case:
    """A new row with a code that no case has. Two that open a case at once never get the same one."""
    if owner not in (None, by.user_id) and not has_role(by.partner, owner, CaseRole.CASEWORKER):
        raise GuardRefused(CaseGuard.ASSIGNEE_FITS)
    procedure = freeze(columns["profile"])
    columns |= {"procedure": procedure, "procedure_version": procedure.version, "partner": by.partner}
    columns |= {"team_id": _only_team(by), "owner_id": owner or by.user_id, "opened_by_id": by.user_id}
    for _attempt in range(CODES):
        case = Case(code=new_case_code(), **columns)
        try:
            with transaction.atomic():
                case.save(force_insert=True)
        except IntegrityError:
            if not Case.objects.filter(code=case.code).exists():
                raise
        else:
            return case
    raise RuntimeError("No free case code was found.")


def _only_team(by: Member) -> uuid.UUID | None:
    return next(iter(by.teams)) if len(by.teams) == 1 else None


@action("case.hold")
def hold(case: Case, *, by: Member, version: int, reason: str, review_on: date) -> Case:
    """Let the case rest until a day within 30 days; nobody may while an emergency referral is open."""
    held, _row = for_event(case, CaseEvent.HOLD, by, version)
    if not reason.strip():
        raise GuardRefused(CaseGuard.REASON_GIVEN)
    if not timezone.localdate() < review_on <= timezone.localdate() + LONGEST_REST:
        raise GuardRefused(CaseGuard.REVIEW_WITHIN_30_DAYS)
    refuse_while_open(held, (Urgency.EMERGENCY,), CaseGuard.NO_EMERGENCY_OPEN)
    keep_reason(held, CaseEvent.HOLD, by, needed_text("reason", reason))
    held.status, held.hold_until = CaseStatus.ON_HOLD, review_on
    save(held)
    due_at = end_of_day(moment(review_on.isoformat()))
    make_task(held, TaskKind.REVIEW, f"hold:{held.pk}:{held.version}", due_at=due_at)
    write_trail(held, "case.hold", by, ("status", "hold_until", "reasons"))
    return held


@action("case.resume")
def resume(case: Case, *, by: Member, version: int) -> Case:
    """Go on with a case that rested."""
    held, _row = for_event(case, CaseEvent.RESUME, by, version)
    held.status, held.hold_until = CaseStatus.OPEN, None
    save(held)
    Task.objects.filter(case=held, mark__startswith=f"hold:{held.pk}:", done_at=None).update(done_at=timezone.now())
    write_trail(held, "case.resume", by, ("status", "hold_until"))
    return held


@action("case.assign")
def assign(case: Case, *, by: Member, version: int, assignee: int, note: str = "") -> Case:
    """Put another caseworker of the same partner in charge: a user who holds the role today, and not oneself."""
    held, _row = for_event(case, CaseEvent.ASSIGN, by, version)
    if assignee in (by.user_id, held.owner_id) or not has_role(held.partner, assignee, CaseRole.CASEWORKER):
        raise GuardRefused(CaseGuard.ASSIGNEE_FITS)
    if note.strip():
        keep_reason(held, CaseEvent.ASSIGN, by, needed_text("note", note))
    Task.objects.filter(case=held, owner=held.owner_id, done_at=None).update(owner=assignee)
    theirs = Membership.objects.valid().filter(partner=held.partner_id, user=assignee, role=CaseRole.CASEWORKER)
    held.owner_id, held.deputy = assignee, None
    held.team_id = theirs.values_list("team", flat=True).first() or held.team_id
    save(held)
    tell([assignee], f"assign:{held.pk}:{held.version}", by)
    write_trail(held, "case.assign", by, ("owner", "deputy", "team"))
    return held


@action("case.name_deputy")
def name_deputy(case: Case, *, by: Member, version: int, deputy: int | None) -> Case:
    """Name the one colleague who may read and write everything too; None: nobody."""
    held = for_writing(case, by, version)
    if deputy is not None and (deputy == held.owner_id or not has_role(held.partner, deputy, *IN_CHARGE)):
        raise GuardRefused(CaseGuard.ASSIGNEE_FITS)
    held.deputy_id = deputy
    save(held)
    write_trail(held, "case.name_deputy", by, ("deputy",))
    return held


@action("case.restrict")
def restrict(case: Case, *, by: Member, version: int, restricted: bool) -> Case:
    """Close the case to the supervisors of the team too, but for a recorded request; or open it to them again."""
    held = for_writing(case, by, version)
    held.is_restricted = restricted
    save(held)
    write_trail(held, "case.restrict", by, ("is_restricted",))
    return held


def refuse_while_open(case: Case, urgencies: Collection[str], guard: CaseGuard) -> None:
    """GuardRefused while a referral of this urgency is not over."""
    found = Referral.objects.filter(case=case, urgency__in=urgencies, status__in=[str(one) for one in LIVE]).first()
    if found is not None:
        raise GuardRefused(guard, other=found.pk)
