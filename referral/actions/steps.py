"""Does a step of the procedure: refuses it while something it needs is missing; keeps answers, ticks and time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from referral.access import Member
from referral.attempts import action
from referral.models import Case, StepDone
from referral.permissions import kind_at_case, supervises
from referral.procedures import Procedure, Step
from referral.reading.case_checks import broken_rules, missing_fields, to_tick
from referral.reading.progress import refresh_tasks
from referral.reading.versions import procedure_of
from referral.refusals import GuardRefused, WrongField
from referral.states.case_states import CaseStatus
from referral.states.events import Guard
from referral.states.machine import NotYours
from referral.words.choices import StepActor

from .answers import read_answers
from .case_desk import (
    DeskGuard,
    box_of,
    for_writing,
    save,
    write_trail,
)


@action("step.done")
def done_step(  # noqa: PLR0913  (what a person says about a step)
    case: Case,
    *,
    by: Member,
    version: int,
    step: str,
    answers: Mapping[str, Any] | None = None,
    ticked: Collection[str] = (),
    done_at: datetime | None = None,
) -> StepDone:
    """Record that a step is done, with what was found. Any step of the procedure may be done: help comes before paper.

    Refused (GuardRefused, with the texts) while the case lacks what the step needs, a machine rule does not hold, or a
    rule was not ticked; WrongField for an answer. A step of supervisors alone is a supervisor's. `done_at`: not later
    than now, not before the case was opened; tasks and time limits move with it.
    """
    held = for_writing(case, by, version)
    if held.status != CaseStatus.OPEN:
        raise GuardRefused(Guard.CASE_OPEN)
    procedure = procedure_of(held)
    found = _step(procedure, step)
    if set(found.actors) == {StepActor.SUPERVISOR} and not supervises(by, held):
        raise NotYours(step, kind_at_case(by, held))
    now = timezone.now()
    _refuse_unready(held, procedure, found, by, ticked)
    plain, delicate = read_answers(procedure, found.fields, answers or {})
    row = StepDone(
        case=held, procedure=held.procedure, step=step, done_by_id=by.user_id, ticked=sorted(ticked), done_at=now
    )
    if done_at is not None:
        row.done_at = _between(held.opened_at, done_at, now)
    box = box_of(held)
    row.seal(box, answers=plain or None, delicate_answers=delicate or None)
    row.save(force_insert=True)
    save(held)
    refresh_tasks(held, box, now)
    write_trail(held, f"step.{step}"[:60], by, found.fields)
    return row


def _step(procedure: Procedure, key: str) -> Step:
    try:
        return procedure.step(key)
    except KeyError as error:
        raise WrongField("step") from error


def _refuse_unready(case: Case, procedure: Procedure, step: Step, by: Member, ticked: Collection[str]) -> None:
    """GuardRefused with a sentence for everything that is missing, in the order of the procedure."""
    because = [str(procedure.fields[key].label) for key in missing_fields(case, procedure, step)]
    because += [str(rule.wording) for rule in broken_rules(case, procedure, step, by.user_id)]
    because += [str(rule.wording) for rule in to_tick(procedure, step) if rule.key not in ticked]
    if because:
        raise GuardRefused(DeskGuard.STEP_READY, because)
    if set(ticked) - {rule.key for rule in to_tick(procedure, step)}:
        raise WrongField("ticked")


def _between(first: datetime, moment: datetime, last: datetime) -> datetime:
    if moment.tzinfo is None or not first <= moment <= last:
        raise WrongField("done_at")
    return moment
