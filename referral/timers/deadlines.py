"""Which alarms of a referral have gone by now: the times of its row, read through the table of limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from referral.models import Referral
from referral.referring.pauses import effective_due, paused_before
from referral.states.clock import add_days
from referral.states.events import Event, Status
from referral.states.limits import LIMITS, Alarm, Clock, pause_ends, running, warnings
from referral.words.choices import Urgency


@dataclass(frozen=True, slots=True)
class Ringing:
    """An alarm that has gone. `key` is the same whenever it is computed; after a dispute the clocks count anew."""

    clock: Clock
    alarm: Alarm
    at: datetime
    due_at: datetime
    key: str


def ringing(referral: Referral, now: datetime) -> list[Ringing]:
    """Every alarm of this referral whose time has come, those of each clock in order. While a question stops the clock: none."""
    if _stands_still(referral, now):
        return []
    status, urgency = Status(referral.status), Urgency(referral.urgency)
    found: list[Ringing] = []
    for clock in running(status):
        due_at = effective_due(referral, clock, now)
        since = _since(referral, clock, due_at)
        if since is None or due_at is None or since >= due_at:
            continue
        for warning in warnings(since, due_at, urgency=urgency, clock=clock, status=status):
            if warning.at <= now:
                key = f"{clock}:{warning.alarm}:{referral.disputes}"
                found.append(Ringing(clock, warning.alarm, warning.at, due_at, key))
    return found


def unheard(referral: Referral, now: datetime) -> list[Ringing]:
    """Those of which nobody has been told. Expiry is the machine's event, and tells by itself."""
    heard = set(referral.alarms)
    return [ring for ring in ringing(referral, now) if ring.alarm != Alarm.EXPIRE and ring.key not in heard]


def may_expire(referral: Referral, now: datetime) -> bool:
    """Whether twice the time for an answer has passed; never of an emergency. The action judges it again."""
    return any(ring.alarm == Alarm.EXPIRE for ring in ringing(referral, now))


def _since(referral: Referral, clock: Clock, due_at: datetime | None) -> datetime | None:
    """When a clock began: at sending, or as long before its end as its limit says."""
    limit = LIMITS[Urgency(referral.urgency), clock]
    if limit.since == Event.SEND:
        return referral.sent_at
    return add_days(due_at, -limit.amount) if due_at else None


def _stands_still(referral: Referral, now: datetime) -> bool:
    if referral.status != Status.INFO_REQUESTED or referral.paused_at is None:
        return False
    return now < pause_ends(Urgency(referral.urgency), referral.paused_at, paused_before(referral))
