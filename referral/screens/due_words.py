"""How long there is still, or since when it is late, as one says it: “in 3 h”, “2 days late”."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext, ngettext

from referral.states.clock import end_of_day, local

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """When something is due, in words, with what marks it. `at`: the moment itself, for who wants to know it exactly."""

    at: datetime
    words: str
    is_late: bool
    is_soon: bool  # today


def due(at: datetime | None, now: datetime) -> Due | None:
    """The words for a moment as seen now; None where there is no time limit."""
    if at is None:
        return None
    late = at < now
    words = _late(now - at) if late else _ahead(at, now)
    return Due(local(at), words, late, not late and at <= end_of_day(now))


def _late(by: timedelta) -> str:
    if by < HOUR:
        number = max(1, by // timedelta(minutes=1))
        return ngettext("%(number)d minute late", "%(number)d minutes late", number) % {"number": number}
    if by < 2 * DAY:
        number = by // HOUR
        return ngettext("%(number)d hour late", "%(number)d hours late", number) % {"number": number}
    number = by // DAY
    return ngettext("%(number)d day late", "%(number)d days late", number) % {"number": number}


def _ahead(at: datetime, now: datetime) -> str:
    left = at - now
    if left < HOUR:
        number = max(1, left // timedelta(minutes=1))
        return ngettext("in %(number)d minute", "in %(number)d minutes", number) % {"number": number}
    if left < DAY:
        number = left // HOUR
        return ngettext("in %(number)d hour", "in %(number)d hours", number) % {"number": number}
    number = (local(at).date() - local(now).date()).days
    if number == 1:
        return gettext("tomorrow")
    return ngettext("in %(number)d day", "in %(number)d days", number) % {"number": number}
