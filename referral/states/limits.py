"""How long each desk has to answer a referral (referral.md b.4), when to remind whom, and when the clock stands still.

The defaults are data to be validated by the partners: the time to the service is that of the inter-agency form, the rest
is our design. Hours are hours that really pass; days are calendar days; working days are those of `clock`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from referral.states.clock import add_days, add_hours, add_working_days, add_working_time, local, working_time_between
from referral.states.events import Event, Status
from referral.states.workflow import MACHINE
from referral.words.choices import Urgency


class Clock(TextChoices):
    """What somebody is given time for."""

    ACK = "ack", pgettext_lazy("time limit", "Confirmation of receipt")
    DECISION = "decision", pgettext_lazy("time limit", "Decision")
    SERVICE = "service", pgettext_lazy("time limit", "Service")
    VERIFY = "verify", pgettext_lazy("time limit", "Confirmation by the person")


class Unit(StrEnum):
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"


class Alarm(StrEnum):
    """What happens as time runs out."""

    REMIND = "remind"  # half of the time is over: whoever's turn it is
    OVERDUE = "overdue"  # all of it: the focal point too
    SUPERVISORS = "supervisors"  # a quarter more: the supervisors of both organisations
    EXPIRE = "expire"  # twice the time, no answer, no emergency: the machine's event
    COORDINATION = "coordination"  # twice the time otherwise: supervisors and coordination, the state stays


@dataclass(frozen=True, slots=True)
class Limit:
    """So much time from the event `since`. `by_phone`: the sender also calls, at once. `source` as in a procedure."""

    amount: int
    unit: Unit
    since: Event
    source: str
    by_phone: bool = False


@dataclass(frozen=True, slots=True)
class Warning:
    """When to do what."""

    at: datetime
    alarm: Alarm


@dataclass(frozen=True, slots=True)
class Pause:
    """A question: asked, answered (or now). `already`: how long earlier questions of this referral stopped the clock."""

    asked_at: datetime
    until: datetime
    already: timedelta = timedelta()


_OURS, _FORM = "our-design", "inter-agency-form"
_VERIFY = Limit(7, Unit.DAYS, Event.DELIVER, _OURS)
LIMITS: dict[tuple[Urgency, Clock], Limit] = {
    (Urgency.EMERGENCY, Clock.ACK): Limit(1, Unit.HOURS, Event.SEND, _OURS, by_phone=True),
    (Urgency.EMERGENCY, Clock.DECISION): Limit(4, Unit.HOURS, Event.SEND, _OURS),
    (Urgency.EMERGENCY, Clock.SERVICE): Limit(24, Unit.HOURS, Event.SEND, _FORM),
    (Urgency.EMERGENCY, Clock.VERIFY): _VERIFY,
    (Urgency.URGENT, Clock.ACK): Limit(24, Unit.HOURS, Event.SEND, _OURS),
    (Urgency.URGENT, Clock.DECISION): Limit(48, Unit.HOURS, Event.SEND, _OURS),
    (Urgency.URGENT, Clock.SERVICE): Limit(72, Unit.HOURS, Event.SEND, _FORM),
    (Urgency.URGENT, Clock.VERIFY): _VERIFY,
    (Urgency.NORMAL, Clock.ACK): Limit(2, Unit.WORKING_DAYS, Event.SEND, _OURS),
    (Urgency.NORMAL, Clock.DECISION): Limit(5, Unit.WORKING_DAYS, Event.SEND, _OURS),
    (Urgency.NORMAL, Clock.SERVICE): Limit(14, Unit.DAYS, Event.SEND, _FORM),
    (Urgency.NORMAL, Clock.VERIFY): _VERIFY,
}
# How long a question may stop the clock, in all, over the life of a referral.
LONGEST_PAUSE = {
    Urgency.EMERGENCY: timedelta(hours=2),
    Urgency.URGENT: timedelta(hours=24),
    Urgency.NORMAL: timedelta(hours=72),
}
# Which clocks run in a state. In info_requested the clock stands still, see `extended`.
RUNNING: dict[Status, tuple[Clock, ...]] = {
    Status.SENT: (Clock.ACK, Clock.DECISION),
    Status.ACKNOWLEDGED: (Clock.DECISION,),
    Status.INFO_REQUESTED: (Clock.DECISION,),
    Status.WAITLISTED: (Clock.SERVICE,),
    Status.ACCEPTED: (Clock.SERVICE,),
    Status.IN_PROGRESS: (Clock.SERVICE,),
    Status.DELIVERED: (Clock.VERIFY,),
}
# The share of the time that is over when each alarm but the last goes.
SHARES = {Alarm.REMIND: 0.5, Alarm.OVERDUE: 1.0, Alarm.SUPERVISORS: 1.25}
LAST_SHARE = 2.0


def running(status: Status) -> tuple[Clock, ...]:
    """The clocks to watch in this state; none in a draft and in a state that ends."""
    return RUNNING.get(status, ())


def due(urgency: Urgency, clock: Clock, since: datetime) -> datetime:
    """The deadline, in Morocco's time. Raises ValueError if `since` has no time zone."""
    limit = LIMITS[urgency, clock]
    if limit.unit == Unit.WORKING_DAYS:
        return add_working_days(since, limit.amount)
    return add_hours(since, limit.amount) if limit.unit == Unit.HOURS else add_days(since, limit.amount)


def warnings(
    since: datetime, due_at: datetime, *, urgency: Urgency, clock: Clock, status: Status
) -> tuple[Warning, ...]:
    """What to do when, in order: at 50 %, 100 %, 125 % and 200 % of the time between the two moments.

    Shares of a limit in working days are shares of working time, so nobody is reminded on a Sunday. The last alarm is
    EXPIRE only where nobody has decided (decision, or service while waitlisted), the machine lets a referral in this
    state expire, and it is no emergency; else COORDINATION. Raises ValueError unless `since` is before `due_at`, and
    for moments without a time zone.
    """
    if local(since).astimezone(UTC) >= local(due_at).astimezone(UTC):
        raise ValueError("A deadline comes after its beginning.")
    shares = {**SHARES, last_alarm(urgency, clock, status): LAST_SHARE}
    working = LIMITS[urgency, clock].unit == Unit.WORKING_DAYS
    return tuple(Warning(_share(since, due_at, share, working=working), alarm) for alarm, share in shares.items())


def last_alarm(urgency: Urgency, clock: Clock, status: Status) -> Alarm:
    """Whether a referral in this state expires when this time has passed twice, or people are called."""
    unanswered = clock == Clock.DECISION or (clock == Clock.SERVICE and status == Status.WAITLISTED)
    can_expire = status in MACHINE.by_event[Event.EXPIRE].sources
    return Alarm.EXPIRE if unanswered and can_expire and urgency != Urgency.EMERGENCY else Alarm.COORDINATION


def pause_ends(urgency: Urgency, asked_at: datetime, already: timedelta = timedelta()) -> datetime:
    """When the clock runs again though nobody has answered. `already`: how long earlier questions stopped it."""
    left = max(LONGEST_PAUSE[urgency] - already, timedelta())
    return add_hours(asked_at, left / timedelta(hours=1))


def extended(urgency: Urgency, clock: Clock, due_at: datetime, pause: Pause) -> datetime:
    """The deadline after a question stopped the clock.

    Of a limit in working days only working time counts, and the deadline stays at the close of a day. A question that
    was asked after the deadline moves nothing. Raises ValueError for moments without a time zone.
    """
    begin, answered = local(pause.asked_at).astimezone(UTC), local(pause.until).astimezone(UTC)
    end = min(answered, pause_ends(urgency, begin, pause.already).astimezone(UTC))
    if end <= begin or begin >= local(due_at).astimezone(UTC):
        return local(due_at)
    if LIMITS[urgency, clock].unit != Unit.WORKING_DAYS:
        return add_hours(due_at, (end - begin) / timedelta(hours=1))
    moved = add_working_time(due_at, working_time_between(begin, end))
    return add_working_days(moved - datetime.resolution, 0)


def _share(since: datetime, due_at: datetime, share: float, *, working: bool) -> datetime:
    if working:
        return add_working_time(since, share * working_time_between(since, due_at))
    begin = local(since).astimezone(UTC)
    return local(begin + share * (local(due_at).astimezone(UTC) - begin))
