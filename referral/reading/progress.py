"""What is known about the course of one case, read from its rows; keeps a task for each step that is to be done now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from referral.encryption import Box
from referral.models import Case, Referral, StepDone, Task, TaskKind
from referral.procedures import Procedure
from referral.procedures.vocabulary import DATED_KINDS
from referral.reading.course import Done, Known, Next, next_steps
from referral.reading.versions import procedure_of
from referral.states.case_states import CaseStatus
from referral.states.clock import ZONE
from services.hours.opening import instant


def known_of(case: Case, box: Box) -> Known:
    """What the time limits of this case count from. Dates are taken from answers, from what was noted beforehand, and
    the date of the last service from its referrals."""
    procedure = procedure_of(case)
    rows = list(StepDone.objects.filter(case=case, procedure__profile=case.profile))
    ends = {step.key for step in procedure.steps if step.is_end}
    if case.status != CaseStatus.CLOSED and case.closure_asked_by_id is None:
        rows = [row for row in rows if row.step not in ends]  # reopened, or kept open: the end was not the end
    keys = {step.key for step in procedure.steps}
    done = tuple(Done(row.step, row.done_at) for row in rows if row.step in keys)
    return Known(case.opened_at, case.urgency, done, _dates(case, rows, procedure, box))


def _dates(case: Case, rows: Iterable[StepDone], procedure: Procedure, box: Box) -> dict[str, datetime]:
    """Moments by key of a dated field of the procedure; the newest answer stands."""
    dated = {key for key, field in procedure.fields.items() if field.kind in DATED_KINDS}
    found: dict[str, Any] = {}
    last = Referral.objects.filter(case=case, service_date__isnull=False).order_by("-service_date").first()
    if last is not None and last.service_date is not None:
        found["service_date"] = last.service_date.isoformat()
    found |= case.opened(box, ["dates"])["dates"] or {}
    for row in rows:
        for part in row.opened(box, ("answers", "delicate_answers")).values():
            found |= part or {}
    return {key: moment(found[key]) for key in dated & set(found) if found[key]}


def moment(text: str) -> datetime:
    """A moment, or the midnight that begins a date in Morocco."""
    if len(text) == len("2026-01-31"):
        return instant(datetime.combine(date.fromisoformat(text), time())).astimezone(ZONE)
    return datetime.fromisoformat(text).astimezone(ZONE)


def steps_of(case: Case, box: Box) -> list[Next]:
    """What is to be done now in an open case; nothing in any other."""
    if case.status not in (CaseStatus.OPEN, CaseStatus.ON_HOLD):
        return []
    return next_steps(procedure_of(case), known_of(case, box))


def refresh_tasks(case: Case, box: Box, now: datetime) -> None:
    """One open task for each step to be done now, with its time limit; those of other steps are over. Safe to repeat."""
    wanted: Mapping[str, Next] = {_mark(case, found): found for found in steps_of(case, box)}
    waiting = Task.objects.filter(case=case, kind=TaskKind.STEP, done_at=None)
    waiting.exclude(mark__in=wanted).update(done_at=now)
    for mark, found in wanted.items():
        columns = {"step": found.step.key, "due_at": found.due_at, "done_at": None}
        fresh = {"case": case, "partner_id": case.partner_id, "owner_id": case.owner_id, "kind": TaskKind.STEP}
        Task.objects.update_or_create(mark=mark, defaults=columns, create_defaults={**fresh, **columns})


def _mark(case: Case, found: Next) -> str:
    return f"step:{case.pk}:{case.profile}:{found.step.key}:{found.times}"
