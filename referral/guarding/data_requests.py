"""The desk of rights (law 09-08, arts 7–9): copy, correction, opposition, erasure, each answered within ten days."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral import outbox
from referral.access import Member
from referral.actions.case_desk import make_task, needed_text, one_of, tell
from referral.actions.cases import is_training
from referral.attempts import action
from referral.models import AuditKind, Case, DataRequest, Membership, Packet, Partner, Task, TaskKind
from referral.permissions import NotFound
from referral.reading.progress import moment
from referral.refusals import GuardRefused, WrongField
from referral.safety import audit
from referral.safety.isolation import as_partner
from referral.safety.keys import partner_box
from referral.states.clock import end_of_day
from referral.states.machine import NotYours
from referral.words.choices import CaseRole
from referral.words.request_choices import OUTCOMES, Asker, Outcome, RequestKind

from .complaints import DESKS

DAYS = 10  # to answer (trust P8: ten clear days; the law says ten)
LATE_ENTRY = timedelta(days=31)  # a letter that lay about is still recorded, with its true day


class RequestGuard(TextChoices):
    """What must hold before a step of a request. The label is the sentence that refuses."""

    NOT_ANSWERED = "not_answered", _("This request was already answered.")
    CASE_FOUND = "case_found", _("First say which case is the person's.")
    LET_IN = (
        "let_in",
        _("First ask for permission to read this case because of the request: somebody else must approve it."),
    )
    ERASURE_ASKED = "erasure_asked", _("The data-protection officer must ask for the erasure first.")
    NO_REFERRAL_OPEN = "no_referral_open", _("A referral of this case is still open. Withdraw it first.")


@dataclass(frozen=True)
class RequestShown:
    """A request with what was asked and answered, for the data-protection officer."""

    request: DataRequest
    words: Mapping[str, Any]
    answer: str


@action("request.record")
def record(  # noqa: PLR0913  (the fields of its form)
    *, by: Member, kind: str, asked: str, asked_by: str = Asker.PERSON, identity: str = "", received_on: date | None = None,
    code: str = "", training: bool = False,
) -> DataRequest:  # fmt: skip
    """Write down what somebody asks, at any desk; the ten days run from the day it came. `identity`: how it was made sure who
    asks. A code that is none of the partner's is left out in silence. Raises NotYours, WrongField."""
    if not by.has(*DESKS):
        raise NotYours("record", "outsider")
    today = timezone.localdate()
    received = received_on or today
    if not today - LATE_ENTRY <= received <= today:
        raise WrongField("received_on")
    row = DataRequest(
        partner=by.partner, kind=one_of("kind", kind, RequestKind), asked_by=one_of("asked_by", asked_by, Asker),
        received_on=received, due_on=received + timedelta(days=DAYS), recorded_by_id=by.user_id,
        case=_own_case(by, code),
    )  # fmt: skip
    row.is_training = training or is_training(by.partner, asked=not by.partner.may_share())
    words = {"asked": needed_text("asked", asked)}
    if identity.strip():
        words["identity"] = needed_text("identity", identity)
    row.seal(partner_box(by.partner), words=words)
    row.save(force_insert=True)
    _ask_officers(row, by)
    _ask_owner(row, by)
    _trail(row, "request.record", by)
    return row


@action("request.link")
def link_case(request: DataRequest, *, by: Member, code: str) -> DataRequest:
    """Say whose case it is. NotFound for a code that is none of the partner's."""
    held = _held(request, by)
    case = _own_case(by, code)
    if case is None:
        raise NotFound(code)
    held.case, held.handled_by_id, held.erasure_asked_by = case, by.user_id, None
    held.save()
    _ask_owner(held, by)
    _trail(held, "request.link", by)
    return held


@action("request.answer")
def answer(request: DataRequest, *, by: Member, outcome: str, words: str) -> DataRequest:
    """Answer it, or refuse with the reason. Who still reads a packet of the case hears that something was corrected."""
    held = _held(request, by)
    outcome = one_of("outcome", outcome, Outcome)
    if outcome not in OUTCOMES[RequestKind(held.kind)]:
        raise WrongField("outcome")
    if outcome not in (Outcome.REFUSED, Outcome.NOT_FOUND) and held.case is None:
        raise GuardRefused(RequestGuard.CASE_FOUND)
    held.seal(partner_box(by.partner), answer=needed_text("answer", words))
    close(held, by, Outcome(outcome))
    if outcome in (Outcome.CORRECTED, Outcome.STOPPED) and held.case is not None:
        _tell_receivers(held, held.case, by)
    _trail(held, "request.answer", by, ("answer", "outcome"))
    return held


def close(held: DataRequest, by: Member, outcome: Outcome) -> None:
    """The request is answered: its tasks are done."""
    held.outcome, held.answered_at, held.handled_by_id = outcome, timezone.now(), by.user_id
    held.save()
    Task.objects.filter(mark__startswith=f"request:{held.pk}:", done_at=None).update(done_at=timezone.now())


# Reading ---------------------------------------------------------------------------------------------------------------


def requests_for(member: Member) -> QuerySet[DataRequest]:
    """All of the partner for the data-protection officer; for a supervisor, those that wait for a second person to erase."""
    rows = DataRequest.objects.filter(partner=member.partner).select_related("case", "recorded_by", "handled_by")
    if member.has(CaseRole.DPO):
        return rows
    if member.has(CaseRole.SUPERVISOR):
        return rows.filter(erasure_asked_by__isnull=False, answered_at=None)
    return rows.none()


def get_request_for(member: Member, request_id: uuid.UUID) -> DataRequest:
    """The request, for who handles it or must agree to its erasure. NotFound otherwise."""
    found = requests_for(member).filter(pk=request_id).first()
    if found is None:
        raise NotFound(str(request_id))
    return found


def read(member: Member, request_id: uuid.UUID) -> RequestShown:
    """A request, opened for the data-protection officer; its row alone for the second person of an erasure."""
    with as_partner(member.partner):
        row = get_request_for(member, request_id)
        names = ["words", "answer"] if member.has(CaseRole.DPO) else []
        found = row.opened(partner_box(member.partner), names)
        audit.record(AuditKind.READ, "request.read", by=member.by, case_id=row.case_id, fields=names)
    return RequestShown(row, found.get("words") or {}, str(found.get("answer") or ""))


# Inside ----------------------------------------------------------------------------------------------------------------


def _held(request: DataRequest, by: Member) -> DataRequest:
    """Under lock, for the data-protection officer, while it waits for its answer."""
    rows = DataRequest.objects.select_for_update(of=("self",)).filter(pk=request.pk, partner=by.partner)
    held = rows.select_related("case__partner").first() if by.has(CaseRole.DPO) else None
    if held is None:
        raise NotFound(str(request.pk))
    if held.answered_at is not None:
        raise GuardRefused(RequestGuard.NOT_ANSWERED)
    return held


def _own_case(by: Member, code: str) -> Case | None:
    return Case.objects.filter(partner=by.partner, code=code).first() if code and "\0" not in code else None


def officers(partner: Partner) -> list[int]:
    """The data-protection officers; the supervisors of a partner that has none, so that somebody looks."""
    rows = Membership.objects.valid().filter(partner=partner)
    for role in (CaseRole.DPO, CaseRole.SUPERVISOR):
        if found := sorted(set(rows.filter(role=role).values_list("user_id", flat=True))):
            return found
    return []


def _ask_officers(row: DataRequest, by: Member) -> None:
    for user in officers(by.partner):
        usual = {"partner": by.partner, "owner_id": user, "kind": TaskKind.DATA_REQUEST, "due_at": end_of(row.due_on)}
        Task.objects.get_or_create(mark=f"request:{row.pk}:{user}", defaults=usual)
    outbox.tell([user for user in officers(by.partner) if user != by.user_id], f"request:{row.pk}")


def _ask_owner(row: DataRequest, by: Member) -> None:
    """A correction or an opposition is carried out by who is in charge of the case."""
    case = row.case
    if (
        case is None
        or case.erased_at is not None
        or row.kind not in (RequestKind.RECTIFICATION, RequestKind.OPPOSITION)
    ):
        return
    make_task(case, TaskKind.CORRECT, f"request:{row.pk}:owner", due_at=end_of(row.due_on))
    tell([case.owner_id, case.deputy_id], f"request:{row.pk}:owner", by)


def end_of(day: date) -> datetime:
    """The end of this day, in the time of the country."""
    return end_of_day(moment(day.isoformat()))


def _tell_receivers(row: DataRequest, case: Case, by: Member) -> None:
    """Each recipient once: a task where it has an inbox, else the owner telephones. What was corrected stands in neither."""
    packets = Packet.objects.filter(Q(referral__case=case), revoked_at=None).select_related("referral")
    referrals = {packet.referral_id: packet.referral for packet in packets}
    for referral in referrals.values():
        mark = f"corrected:{row.pk}:{referral.pk}"
        if referral.receiver_id is None:
            make_task(case, TaskKind.CALL, mark, referral=referral, due_at=timezone.now())
            continue
        usual = {
            "partner_id": referral.receiver_id,
            "referral": referral,
            "kind": TaskKind.CORRECTED,
            "due_at": timezone.now(),
        }
        Task.objects.get_or_create(mark=mark, defaults=usual)
        focal = Membership.objects.valid().filter(partner=referral.receiver_id, role=CaseRole.FOCAL_POINT)
        tell(focal.values_list("user_id", flat=True), mark, by)


def _trail(row: DataRequest, what: str, by: Member, fields: tuple[str, ...] = ()) -> None:
    audit.record(AuditKind.CHANGE, what, by=by.by, case_id=row.case_id, fields=(row.kind, *fields))
