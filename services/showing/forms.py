"""Reads what a reader asks of the directory and the search: the query of an address, and the form of a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from services.models import Report
from services.search import Query

FILTERS = ("kind", "category", "region", "city", "language", "welcomes")  # names of filters in an address
MOST_VALUES = 20  # of one filter
LONGEST_VALUE = 40
LONGEST_QUERY = 300
LAST_PAGE = 500
LONGEST_WORDS = 1000


@dataclass(frozen=True)
class Asked:
    """What an address asks. Whatever it holds, this is sensible: unreadable parts are left out.

    `near` is (latitude, longitude) rounded to two decimals, about a kilometre: nobody's door.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    open_now: bool = False
    near: tuple[float, float] | None = None
    page: int = 1

    @property
    def is_plain(self) -> bool:
        """Whether nothing is asked but a page."""
        return self == Asked(page=self.page)

    @property
    def is_filtered(self) -> bool:
        return bool(self.filters or self.open_now or self.near)

    def query(self, language: str, size: int, **more: Any) -> Query:
        """The same for the search."""
        return Query(self.text, language, self.filters, self.open_now, self.near, self.page, size, **more)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Names and values of an address that asks the same, in a fixed order."""
        if self.text:
            yield "q", self.text
        for name in FILTERS:
            yield from ((name, value) for value in self.filters.get(name, ()))
        if self.open_now:
            yield "open", "now"
        if self.near:
            yield "near", self.near_text
        if self.page > 1:
            yield "page", str(self.page)

    @property
    def near_text(self) -> str:
        """“34.02,-6.84”; empty where nobody has said where they are."""
        return f"{self.near[0]:.2f},{self.near[1]:.2f}" if self.near else ""

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What stays when other words are searched for: the filters, not the page."""
        return [(name, value) for name, value in self.pairs() if name not in ("q", "page")]

    def address(self) -> str:
        """“?q=…”, or “?” for nothing, which is a link to the plain page."""
        return f"?{urlencode(list(self.pairs()), safe=',', quote_via=quote)}"

    def toggled(self, name: str, value: str) -> Asked:
        """With this value of a filter chosen, or no longer; from the first page."""
        values = self.filters.get(name, ())
        kept = tuple(one for one in values if one != value) if value in values else (*values, value)
        filters = {**self.filters, name: kept}
        return replace(self, filters={name: values for name, values in filters.items() if values}, page=1)

    def but(self, **changes: Any) -> Asked:
        """With these parts changed; from the first page unless told."""
        return replace(self, **{"page": 1, **changes})


def read(values: QueryDict, names: Iterable[str] = FILTERS) -> Asked:
    """What these values ask; only the filters of these names."""
    filters = {name: _values(values.getlist(name)) for name in names}
    return Asked(
        text=one_line(values.get("q", ""))[:LONGEST_QUERY],
        filters={name: found for name, found in filters.items() if found},
        open_now=values.get("open") == "now",
        near=read_point(values.get("near", "")),
        page=read_number(values.get("page", ""), LAST_PAGE),
    )


def one_line(text: str) -> str:
    """Without control characters and needless space."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text[: 4 * LONGEST_QUERY]).split())


def read_number(text: str, most: int) -> int:
    """A whole number from 1 to `most`; anything else is 1, anything larger `most`."""
    if not (text.isascii() and text.isdigit()):
        return 1
    return min(max(int(text[:9]), 1), most)


def read_point(text: str) -> tuple[float, float] | None:
    """(latitude, longitude) of “34.02,-6.83”, rounded to about a kilometre; None if it is no point of this world."""
    try:
        latitude, longitude = (round(float(part), 2) for part in text[:60].split(","))
    except (ValueError, OverflowError):
        return None
    in_world = -90 <= latitude <= 90 and -180 <= longitude <= 180
    return (latitude + 0.0, longitude + 0.0) if in_world else None


def _values(given: Iterable[str]) -> tuple[str, ...]:
    """Distinct values without oddities, in their order."""
    found = (one_line(value)[:LONGEST_VALUE] for value in list(given)[:MOST_VALUES])
    return tuple(dict.fromkeys(value for value in found if value))


class ReportForm(forms.Form):
    """What is wrong with a service: the kind of mistake, and words if the reader wants."""

    about = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=[choice for choice in Report.About.choices if choice[0] != Report.About.MISSING],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong."), "invalid_choice": _("Choose what is wrong.")},
    )
    words = forms.CharField(
        label=_("Tell us more, if you want"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_WORDS}),
        error_messages={"max_length": _("Write %(limit_value)d characters at most.")},
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("about") == Report.About.OTHER and not found.get("words", "").strip():
            self.add_error("words", _("Write in a few words what is wrong."))
        return found


class MissingForm(forms.Form):
    """What a reader looked for and did not find."""

    words = forms.CharField(
        label=_("What were you looking for?"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_WORDS}),
        error_messages={
            "required": _("Write in a few words what you were looking for."),
            "max_length": _("Write %(limit_value)d characters at most."),
        },
    )
