"""A clock that tests set, and the run of everything that is due at its time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from referral import timers
from referral.models import Consent, Effect


class Clock:
    """What `timezone.now()` says. Far ahead, so that rows with the time of the machine are old."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def set(self, moment: datetime) -> None:
        assert moment.tzinfo is not None
        self.moment = moment

    def wait(self, **time: float) -> None:
        self.moment += timedelta(**time)


# A Monday, 10:00 in Morocco (UTC+1), without a holiday in the two weeks after it.
MONDAY = datetime(2027, 4, 5, 9, 0, tzinfo=UTC)


def run() -> dict[str, timers.Count]:
    """Everything that is due, by kind."""
    return {count.name: count for count in timers.run()}


def told() -> list[int]:
    """Whom an alarm or an event has told, in order."""
    return list(Effect.objects.order_by("pk").values_list("user_id", flat=True))


def agreed_long_ago() -> None:
    """Consents of this test were given before its clock starts."""
    Consent.objects.update(given_at=datetime(2026, 1, 1, tzinfo=UTC))
