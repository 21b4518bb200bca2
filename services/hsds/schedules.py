"""Opening hours as HSDS schedules: a row an interval of the week, a row a dated exception, a row for hours in words.

`timezone` is left out on purpose: HSDS wants one number of hours, and Morocco's differs during Ramadan. Times are local
times of Africa/Casablanca. An interval that closes at or before it opens ends on the next day. A dated row without times
means closed. Hours of Ramadan, or of the rest of the year, carry a term of our taxonomy “season”: its days move each year.
"""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from services.models import DatedHours, OpeningHours, Service
from services.taxonomy import Season, Weekday

from .texts import Plain, compact, derived, in_language, ordered, text
from .vocabulary import SEASON, attribute, small_term


@in_language
def schedules(service: Service, language: str) -> list[Plain]:
    rows = [_weekly(service, row, language) for row in ordered(service.hours)]
    if service.around_the_clock:
        rows.append(_always(service))
    rows += [_dated(service, row, language) for row in ordered(service.dated_hours)]
    if in_words := text(service, "hours_text", language):
        rows.append(_row(service, derived(service.uuid, "hours"), description=in_words))
    return rows


def _row(service: Service, identity: str, **fields: object) -> Plain:
    return {"id": identity, "service_id": str(service.uuid)} | compact(**fields)


def _weekly(service: Service, row: OpeningHours, language: str) -> Plain:
    seasonal = row.season != Season.ALWAYS
    return _row(
        service,
        str(row.uuid),
        valid_from=_day(row.valid_from),
        valid_to=_day(row.valid_to),
        freq="WEEKLY",
        interval=1,
        byday=row.weekday,
        opens_at=_time(row.opens),
        closes_at=_time(row.closes),
        description=str(Season(row.season).label) if seasonal else "",
        attributes=[attribute(row.uuid, "schedule", SEASON, small_term(SEASON, language, row.season))]
        if seasonal
        else [],
    )


def _always(service: Service) -> Plain:
    return _row(
        service,
        derived(service.uuid, "around the clock"),
        freq="WEEKLY",
        interval=1,
        byday=",".join(Weekday.values),
        opens_at="00:00:00",
        closes_at="00:00:00",
        description=_("Open day and night"),
    )


def _dated(service: Service, row: DatedHours, language: str) -> Plain:
    return _row(
        service,
        str(row.uuid),
        valid_from=_day(row.first),
        valid_to=_day(row.last),
        opens_at=_time(row.opens),
        closes_at=_time(row.closes),
        description=pgettext("a day", "Closed") if row.opens is None else "",
        notes=text(row, "message", language),
    )


def _day(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


def _time(time: datetime.time | None) -> str | None:
    return time.strftime("%H:%M:%S") if time else None
