"""Reads a case for a screen: opens what this member may read and nothing more, and writes down that it was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from referral.access import Member
from referral.encryption import Box
from referral.models import (
    AuditKind,
    Case,
    CaseTransfer,
    Consent,
    ContactAttempt,
    Need,
    Note,
    Person,
    Referral,
    Representative,
    Screening,
    StepDone,
    Task,
)
from referral.permissions import cases_for, get_case_for, kinds_at_case, may_write, sent_by
from referral.procedures import Procedure, Rule, Step
from referral.reading.case_checks import asylum_possible, broken_rules, missing_fields, to_tick
from referral.reading.course import Next, stage
from referral.reading.progress import known_of, steps_of
from referral.reading.versions import procedure_in, procedure_of
from referral.safety import audit
from referral.safety.isolation import as_partner
from referral.safety.keys import Erased, case_box
from referral.states.case_states import CaseStatus, Transition, possible
from referral.tiers import most_tier
from referral.words.choices import Stage

NOTES = slice(51)  # the newest, and one that says whether there are more
# What a screen shows beside a row: fetched with all of them at once.
SHOWN_WITH: Mapping[type, Sequence[str]] = {
    Need: ("responsible",),
    Note: ("written_by",),
    ContactAttempt: ("tried_by",),
    Representative: ("verified_by",),
    Screening: ("made_by",),
    Consent: ("asked_by", "approved_by", "representative", "grants__service", "grants__partner"),
}


@dataclass(frozen=True)
class Opened:
    """A row with those of its sealed values that this member may read, by name."""

    row: Any
    values: Mapping[str, Any]


@dataclass(frozen=True)
class StepShown:
    """A step that is done. `answers` by key, with the fields of its own version of the procedure."""

    row: StepDone
    step: Step | None  # None: the procedure of that time had it, and its row names another
    procedure: Procedure
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class StepToDo:
    """A step to be done, with what stands in its way: labels of what is missing, rules that do not hold, rules to tick."""

    next: Next
    hours_left: float | None
    missing: Sequence[str]
    broken: Sequence[Rule]
    to_tick: Sequence[Rule]


@dataclass(frozen=True)
class Sheet:
    """A case as one member may see it at one moment. `tier`: the highest that is opened. Erased: nothing opens any more."""

    case: Case
    tier: int
    erased: bool
    may_write: bool
    procedure: Procedure
    stage: Stage
    person: Mapping[str, Any]
    content: Mapping[str, Any]  # sealed columns of the case itself
    done: Sequence[StepShown] = ()
    to_do: Sequence[StepToDo] = ()
    needs: Sequence[Opened] = ()
    notes: Sequence[Opened] = ()  # the newest
    attempts: Sequence[Opened] = ()
    representatives: Sequence[Opened] = ()
    screenings: Sequence[Opened] = ()
    consents: Sequence[Opened] = ()
    referrals: Sequence[Referral] = ()
    tasks: Sequence[Task] = ()
    transfer: CaseTransfer | None = None
    buttons: Sequence[Transition] = ()
    consulate_hidden: bool = False
    fields: Sequence[str] = field(default=())  # what was opened, as the trail has it

    @property
    def status(self) -> CaseStatus:
        """Its status, with its label."""
        return CaseStatus(self.case.status)


def read_case(member: Member, code: str, *, screen: str = "case") -> Sheet:
    """The case of this code, opened as far as this member may read it, and one row in the trail: who, when, which screen.

    NotFound for a case that they may not see, whether it exists or not. Where the trail cannot be written, nothing is
    read. CannotOpen if somebody has tampered with a value.
    """
    with as_partner(member.partner):
        case = get_case_for(member, code)
        case.procedure  # noqa: B018  (fetched inside the wall)
        sheet = _sheet(member, case, timezone.now())
        audit.record(AuditKind.READ, screen, by=member.by, case_id=case.pk, fields=sheet.fields)
    return sheet


def read_notes(member: Member, code: str, rows: slice) -> list[Opened]:
    """These notes of the case, last first, opened as far as this member may read them. One row in the trail.

    NotFound for a case that they may not see; nothing where it is erased.
    """
    with as_partner(member.partner):
        case = get_case_for(member, code)
        box = _box(case)
        found = _opened(_rows(Note, case, "-written_at")[rows], box, most_tier(member, case)) if box else []
        audit.record(AuditKind.READ, "case.notes", by=member.by, case_id=case.pk, fields=["notes"], rows=len(found))
    return found


def list_cases(member: Member, *, mine: bool = False, statuses: Sequence[str] = (CaseStatus.OPEN,)) -> list[Case]:
    """The cases that this member may see, by urgency of what is due; nothing of them is opened. One row in the trail."""
    with as_partner(member.partner):
        rows = cases_for(member).filter(status__in=[str(status) for status in statuses])
        if mine:
            rows = rows.filter(owner=member.user_id)
        found = list(rows.select_related("owner", "team").order_by("-changed_at"))
        audit.record(AuditKind.SEARCH, "cases.list", by=member.by, rows=len(found))
    return found


def _sheet(member: Member, case: Case, now: datetime) -> Sheet:
    tier, box, procedure = most_tier(member, case), _box(case), procedure_of(case)
    sent = sent_by(member).filter(case=case).select_related("service", "receiver")
    tasks = Task.objects.filter(case=case, done_at=None).select_related("owner")
    usual: dict[str, Any] = {
        "case": case, "tier": tier, "erased": box is None, "procedure": procedure,
        "may_write": may_write(member, case), "referrals": list(sent.order_by("-created_at")),
        "tasks": list(tasks.order_by("due_at")),
        "transfer": CaseTransfer.objects.filter(case=case, state=CaseTransfer.State.PENDING).select_related("taker").first(),
        "buttons": _buttons(member, case),
    }  # fmt: skip
    if box is None:
        return Sheet(stage=Stage.CLOSURE, person={}, content={}, **usual)
    person = Person.objects.get(case=case).opened(box, Person.sealed_names(tier))
    content = case.opened(box, Case.sealed_names(tier))
    lists: dict[str, Any] = {
        "needs": _opened(_rows(Need, case, "pk"), box, tier),
        "notes": _opened(_rows(Note, case, "-written_at")[NOTES], box, tier),
        "attempts": _opened(_rows(ContactAttempt, case, "-tried_at"), box, tier),
        "representatives": _opened(_rows(Representative, case, "pk"), box, tier),
        "screenings": _opened(_rows(Screening, case, "-made_at"), box, tier),
        "consents": _opened(_rows(Consent, case, "-given_at"), box, tier),
        "done": _done(case, box, tier),
    }
    names = [name for name, value in {**person, **content}.items() if value is not None]
    fields = sorted({*names, *(name for name, rows in lists.items() if rows)})
    return Sheet(
        stage=stage(procedure, known_of(case, box)), person=person, content=content,
        to_do=_to_do(member, case, box, procedure, now), consulate_hidden=asylum_possible(case, box), fields=fields,
        **lists, **usual,
    )  # fmt: skip


def _box(case: Case) -> Box | None:
    try:
        return case_box(case, case.partner)
    except Erased:
        return None


def _rows(model: Any, case: Case, order: str) -> QuerySet[Any]:
    return model.objects.filter(case=case).order_by(order, "pk").prefetch_related(*SHOWN_WITH.get(model, ()))


def _opened(rows: QuerySet[Any], box: Box, tier: int) -> list[Opened]:
    names = rows.model.sealed_names(tier)
    return [Opened(row, row.opened(box, names)) for row in rows]


def _done(case: Case, box: Box, tier: int) -> list[StepShown]:
    """Steps that are done, last first; delicate answers stand in a column of their own."""
    shown = []
    rows = StepDone.objects.filter(case=case).select_related("procedure", "done_by")
    for row in rows.order_by("-done_at"):
        procedure = procedure_in(row.procedure)
        parts = row.opened(box, StepDone.sealed_names(tier)).values()
        answers = {key: value for part in parts for key, value in (part or {}).items()}
        step = next((step for step in procedure.steps if step.key == row.step), None)
        shown.append(StepShown(row, step, procedure, answers))
    return shown


def _to_do(member: Member, case: Case, box: Box, procedure: Procedure, now: datetime) -> list[StepToDo]:
    return [
        StepToDo(
            found,
            found.hours_left(now),
            [str(procedure.fields[key].label) for key in missing_fields(case, procedure, found.step)],
            broken_rules(case, procedure, found.step, member.user_id),
            to_tick(procedure, found.step),
        )
        for found in steps_of(case, box)
    ]


def _buttons(member: Member, case: Case) -> list[Transition]:
    """What to offer, each once. Guards may still refuse it."""
    found: dict[str, Transition] = {}
    for kind in kinds_at_case(member, case):
        found |= {row.event: row for row in possible(CaseStatus(case.status), kind)}
    return list(found.values())
