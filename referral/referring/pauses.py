"""How long questions have stopped the clock of a referral, and when each of its clocks runs out."""

from __future__ import annotations

from datetime import datetime, timedelta

from referral.models import Referral
from referral.states import limits
from referral.states.limits import Clock
from referral.states.workflow import Event, Status
from referral.words.choices import Urgency

COLUMNS = {
    Clock.ACK: "acknowledge_by",
    Clock.DECISION: "decide_by",
    Clock.SERVICE: "deliver_by",
    Clock.VERIFY: "verify_by",
}


def paused_before(referral: Referral) -> timedelta:
    """How long earlier questions of this referral stopped the clock, answered ones only."""
    total, asked = timedelta(), None
    events = referral.events.filter(event__in=[Event.ASK_INFO, Event.ANSWER]).order_by("number")
    for event, at in events.values_list("event", "at"):
        if event == Event.ASK_INFO:
            asked = at
        elif asked is not None:
            total, asked = total + (at - asked), None
    return min(total, limits.LONGEST_PAUSE[Urgency(referral.urgency)])


def effective_due(referral: Referral, clock: Clock, now: datetime) -> datetime | None:
    """When this clock runs out as things are: for a decision that waits for an answer, the pause so far added."""
    due: datetime | None = getattr(referral, COLUMNS[clock])
    if due is None or referral.paused_at is None or clock != Clock.DECISION:
        return due
    return limits.extended(
        Urgency(referral.urgency), clock, due, limits.Pause(referral.paused_at, now, paused_before(referral))
    )


def next_due(referral: Referral) -> datetime | None:
    """The next moment by which somebody must act on this referral; None in a draft and in a state that ends."""
    if referral.status == Status.INFO_REQUESTED and referral.paused_at is not None:
        return limits.pause_ends(Urgency(referral.urgency), referral.paused_at, paused_before(referral))
    found = [getattr(referral, COLUMNS[clock]) for clock in limits.running(Status(referral.status))]
    return min((due for due in found if due is not None), default=None)
