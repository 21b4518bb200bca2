"""Where a case stands in its procedure: stage, next steps and their time limits, from the steps that are done. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from referral.procedures import Procedure, Step
from referral.procedures.vocabulary import OPENED, URGENCY_HOURS
from referral.states.clock import add_days, add_hours, add_working_days, end_of_day
from referral.words.choices import Stage, Urgency


@dataclass(frozen=True)
class Done:
    """A step that is done, and when."""

    step: str
    at: datetime


@dataclass(frozen=True)
class Known:
    """What time limits count from. `done` in the order in which it was done; `dates` by key of a dated field."""

    opened_at: datetime
    urgency: str
    done: Sequence[Done] = ()
    dates: Mapping[str, datetime] = field(default_factory=dict)

    def times(self, step: str) -> list[datetime]:
        """When this step was done, first to last."""
        return [one.at for one in self.done if one.step == step]


@dataclass(frozen=True)
class Next:
    """A step to do. `due_at` None: it has no limit, or what the limit counts from is not known yet.

    `is_reached`: what comes before it is done. Otherwise its time is running already: from an assault, a detention, the
    opening of the case.
    """

    step: Step
    due_at: datetime | None
    times: int  # how often it was done before
    is_reached: bool

    def hours_left(self, now: datetime) -> float | None:
        """Hours that really pass until it is due; below 0: overdue."""
        return None if self.due_at is None else (self.due_at - now) / timedelta(hours=1)


def next_steps(procedure: Procedure, known: Known) -> list[Next]:
    """What is to be done, in the order of the procedure: its start, what follows a step that is done, and every step
    whose time is running.

    A step left out is still to be done: nothing is lost when help came before paper. A step that comes back stays until
    one that follows it is done. After a step that ends the procedure nothing is to be done.
    """
    done = {one.step for one in known.done}
    if any(step.is_end for step in procedure.steps if step.key in done):
        return []
    reached = {procedure.start} | {key for step in procedure.steps if step.key in done for key in step.next}
    return [
        Next(step, due(step, known), len(known.times(step.key)), step.key in reached | done)
        for step in procedure.steps
        if (_comes_back(step, done) if step.key in done else step.key in reached or due(step, known) is not None)
    ]


def _comes_back(step: Step, done: set[str]) -> bool:
    return step.every is not None and not done.intersection(step.next)


def stage(procedure: Procedure, known: Known) -> Stage:
    """Where the case stands: at the open step that follows the one done last; at the first if none is done."""
    steps = {found.step.key: found.step for found in next_steps(procedure, known) if found.is_reached}
    last = procedure.step(known.done[-1].step) if known.done else None
    if last is None or not steps:
        return Stage((last or procedure.step(procedure.start)).stage)
    ways = [last.key, *last.next, *reversed(steps)]  # itself, if it comes back; what follows; else what is furthest on
    return Stage(next(steps[key] for key in ways if key in steps).stage)


def due(step: Step, known: Known) -> datetime | None:
    """When this step must be done, in Morocco's time; None if nothing says so yet.

    The first time its limit counts; when it comes back, its rhythm from the last time. A limit that counts from another
    step counts from the first time that was done.
    """
    before = known.times(step.key)
    if before:
        return after(before[-1], step.every.unit, step.every.amount) if step.every else None
    if step.limit is None:
        return None
    since = _since(step.limit.since, known)
    if since is None:
        return None
    if step.limit.unit == "by_urgency":
        return by_urgency(since, known.urgency)
    return after(since, step.limit.unit, step.limit.amount)


def _since(anchor: str, known: Known) -> datetime | None:
    if anchor == OPENED:
        return known.opened_at
    return known.dates.get(anchor) or next(iter(known.times(anchor)), None)


def after(since: datetime, unit: str, amount: int) -> datetime:
    """So much later, as a procedure counts: hours that really pass, calendar days, working days, or the end of the day."""
    if unit == "end_of_day":
        return end_of_day(since)
    return {"hours": add_hours, "days": add_days, "working_days": add_working_days}[unit](since, amount)


def by_urgency(since: datetime, urgency: str) -> datetime:
    """The time that the urgency gives: 24 hours, 72 hours, or 14 days by the calendar."""
    if urgency == Urgency.NORMAL:
        return add_days(since, URGENCY_HOURS[urgency] // 24)
    return add_hours(since, URGENCY_HOURS[urgency])
