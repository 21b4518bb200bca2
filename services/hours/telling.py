"""The opening hours of a service of the directory, and the sentences that tell readers of them in their language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_bidi, get_language_info, pgettext, pgettext_lazy
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from services.models import DatedHours, OpeningHours, Service
from services.taxonomy import Weekday

from . import opening
from .holidays import DAY, Calendar, Holiday
from .opening import Answer, Dated, Day, Hours, Reason, Season, State, Status, Weekly

WEEKDAYS = (
    pgettext_lazy("in a sentence", "Monday"), pgettext_lazy("in a sentence", "Tuesday"),
    pgettext_lazy("in a sentence", "Wednesday"), pgettext_lazy("in a sentence", "Thursday"),
    pgettext_lazy("in a sentence", "Friday"), pgettext_lazy("in a sentence", "Saturday"),
    pgettext_lazy("in a sentence", "Sunday"),
)  # fmt: skip
LONG = timedelta(hours=18)  # “until 02:00” is this night


@dataclass(frozen=True, slots=True)
class Words:
    """`text` says how it is, `notes` what else to know (when it opens, a message, a doubt). `status` is for the look."""

    status: Status
    text: SafeString
    notes: tuple[SafeString, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A day of the table of a week."""

    date: date
    name: str
    day: str
    times: SafeString
    notes: tuple[SafeString, ...]
    is_today: bool


def hours_of(service: Service) -> Hours:
    """The hours of this service. No query if `hours` and `dated_hours` are prefetched.

    The messages of dated hours stay rows of the table: their language is chosen when they are shown.
    """
    return made_of(service.hours.all(), service.dated_hours.all(), service)


def made_of(weekly: Iterable[OpeningHours], dated: Iterable[DatedHours], service: Any) -> Hours:
    """The hours of these rows; `service` needs only what is said once for all of them."""
    weekdays = list(Weekday.values)
    return Hours(
        weekly=tuple(
            Weekly(weekdays.index(row.weekday), row.opens, row.closes, Season(row.season), row.valid_from, row.valid_to)
            for row in weekly
        ),
        dated=tuple(Dated(row.first, row.last, row.opens, row.closes, row) for row in dated),
        around_the_clock=service.around_the_clock,
        friday_prayer=service.friday_prayer,
        closed_on_holidays=Answer(service.closed_on_holidays),
    )


def now_words(hours: Hours, at: datetime | None = None, holidays: Calendar | None = None) -> Words:
    """Whether it is open now (or at `at`), in the active language."""
    moment = (at or timezone.now()).astimezone(opening.ZONE)
    return words(opening.state(hours, moment, holidays), moment)


def words(state: State, at: datetime) -> Words:
    """This state, as it was at `at`, in the active language."""
    if state.status == Status.OPEN:
        return Words(state.status, _open(state, at), _notes(state.day))
    if state.status == Status.UNKNOWN:
        return Words(state.status, _unknown(state.day), _notes(state.day))
    if state.reason == Reason.PRAYER and state.opens_at and state.opens_at.date() == state.day.date:
        text = _filled(_("Closed for the Friday prayer, until about %(time)s"), time=_time(state.opens_at))
        return Words(state.status, text, _notes(state.day))
    following = [_opens(state.opens_at, at)] if state.opens_at else []
    if state.unsure and state.unsure.holiday:
        following.append(
            _filled(
                _("%(holiday)s, %(day)s: perhaps open, call first"),
                holiday=_holiday(state.unsure.holiday),
                day=_day(state.unsure.date),
            )
        )
    return Words(state.status, _closed(state), (*following, *_notes(state.day)))


def today_words(hours: Hours, today: date | None = None, holidays: Calendar | None = None) -> SafeString:
    """“Today: 09:00–12:00, 14:00–17:00”, in the active language."""
    day = opening.day(hours, today or timezone.localdate(timezone=opening.ZONE), holidays)
    return _filled(_("Today: %(hours)s"), hours=_times(day))


def week_rows(hours: Hours, today: date | None = None, holidays: Calendar | None = None) -> list[Row]:
    """Seven days from today, for a table, in the active language."""
    first = today or timezone.localdate(timezone=opening.ZONE)
    return [
        Row(
            date=day.date,
            name=capfirst(str(WEEKDAYS[day.date.weekday()])),
            day=_day(day.date),
            times=_times(day),
            notes=_notes(day),
            is_today=day.date == first,
        )
        for day in opening.week(hours, first, holidays)
    ]


def _open(state: State, at: datetime) -> SafeString:
    until = state.until
    if until is None:
        return _filled(_("Open day and night"))
    if until - at < LONG:
        return _filled(_("Open now, until %(time)s"), time=_time(until))
    if until.date() == at.date() + DAY:
        return _filled(_("Open now, until tomorrow at %(time)s"), time=_time(until))
    if until.date() < at.date() + 7 * DAY:
        weekday = str(WEEKDAYS[until.weekday()])
        return _filled(_("Open now, until %(weekday)s at %(time)s"), weekday=weekday, time=_time(until))
    return _filled(_("Open now"))


def _opens(opens_at: datetime, at: datetime) -> SafeString:
    if opens_at.date() == at.date():
        return _filled(_("Opens at %(time)s"), time=_time(opens_at))
    if opens_at.date() == at.date() + DAY:
        return _filled(_("Opens tomorrow at %(time)s"), time=_time(opens_at))
    if opens_at.date() < at.date() + 7 * DAY:
        weekday = str(WEEKDAYS[opens_at.weekday()])
        return _filled(_("Opens on %(weekday)s at %(time)s"), weekday=weekday, time=_time(opens_at))
    return _filled(_("Opens on %(day)s at %(time)s"), day=_day(opens_at.date()), time=_time(opens_at))


def _closed(state: State) -> SafeString:
    if state.day.spans:
        return _filled(_("Closed now"))
    if state.reason == Reason.HOLIDAY and state.day.holiday:
        return _filled(_("Closed today: %(reason)s"), reason=_holiday(state.day.holiday))
    return _filled(_("Closed today"))


def _unknown(day: Day) -> SafeString:
    if day.reason == Reason.HOLIDAY and day.holiday:
        return _filled(_("%(holiday)s: perhaps closed, call first"), holiday=_holiday(day.holiday))
    return _filled(_("Hours not known: call first"))


def _times(day: Day) -> SafeString:
    if not day.is_known:
        return _unknown(day)
    if not day.spans:
        if day.reason == Reason.HOLIDAY and day.holiday:
            return _filled(_("Closed: %(reason)s"), reason=_holiday(day.holiday))
        return _filled(pgettext("a day", "Closed"))
    if [span.opens.time() for span in day.spans] == [span.closes.time() for span in day.spans] == [time()]:
        return _filled(pgettext("a day", "Day and night"))
    ranges = (_left_to_right(f"{span.opens:%H:%M}–{span.closes:%H:%M}") for span in day.spans)
    comma = conditional_escape(pgettext("list of hours", ","))
    return mark_safe(f"{comma} ".join(ranges))  # noqa: S308  (every part was escaped)


def _notes(day: Day) -> tuple[SafeString, ...]:
    """What else a reader should know of this day."""
    notes = []
    if isinstance(day.message, DatedHours) and (message := _in_best_language(_messages(day.message))):
        notes.append(message)
    if day.may_move:
        notes.append(_filled(_("It depends on the moon: this may be one day earlier or later.")))
    return tuple(notes)


def _messages(row: DatedHours) -> dict[str, str]:
    return {code: getattr(row, build_localized_fieldname("message", code)) or "" for code, _name in settings.LANGUAGES}


def _holiday(holiday: Holiday) -> SafeString:
    return _in_best_language(holiday.names) or SafeString(holiday.key)


def _in_best_language(texts: Mapping[str, str]) -> SafeString:
    """The text in the active language, else the first of settings.FALLBACK_LANGUAGES that has it, marked as such."""
    active = get_language() or settings.LANGUAGE_CODE
    for language in (active, *settings.FALLBACK_LANGUAGES):
        if text := texts.get(language):
            if language == active:
                return conditional_escape(text)
            direction = "rtl" if get_language_info(language)["bidi"] else "ltr"
            return format_html('<bdi lang="{}" dir="{}">{}</bdi>', language, direction, text)
    return SafeString("")


def _day(day: date) -> str:
    """“1 November”, “1er novembre”, «1 نونبر»: without the year, for days within a few weeks."""
    number = pgettext("first day of a month", "1") if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month]}"


def _time(moment: datetime) -> SafeString:
    return _left_to_right(f"{moment:%H:%M}")


def _left_to_right(times: str) -> SafeString:
    return format_html('<bdi dir="ltr">{}</bdi>', times) if get_language_bidi() else conditional_escape(times)


def _filled(text: str, **parts: str) -> SafeString:
    """A translated text as HTML, its parts escaped unless they are HTML already."""
    return mark_safe(conditional_escape(text) % {name: conditional_escape(part) for name, part in parts.items()})  # noqa: S308  (all escaped)
