"""The filters of a list as links: what each would leave, and what is chosen, to be taken away again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.models import Category, Place
from services.search import NOW, OPEN
from services.taxonomy import SPOKEN, Situation

from .forms import Asked

HEADINGS = {
    "category": gettext_lazy("What for"),
    "region": gettext_lazy("Region"),
    "city": gettext_lazy("City"),
    "language": gettext_lazy("Language spoken there"),
    "welcomes": gettext_lazy("Who is welcome"),
}
MOST = 40  # choices of a filter: the ones that leave most


@dataclass(frozen=True)
class Choice:
    """A value of a filter, the address that chooses it (or takes it away), and how many services it would leave."""

    label: str
    address: str
    count: int = 0


@dataclass(frozen=True)
class Group:
    """A filter with its values that are not chosen yet."""

    name: str
    heading: str
    choices: tuple[Choice, ...]


Labels = Mapping[tuple[str, str], str]


def labels(asked: Asked, facets: Mapping[str, Mapping[str, int]]) -> Labels:
    """What each value of a filter is called, in the active language. Two queries."""
    wanted = {name: {*asked.filters.get(name, ()), *_most(facets.get(name, {}))} for name in HEADINGS}
    categories = Category.objects.filter(key__in=wanted["category"])
    places = Place.objects.filter(code__in=wanted["region"] | wanted["city"])
    found = {("category", one.key): str(one.name) for one in categories}
    found |= {(name, one.code): str(one.name) for one in places for name in ("region", "city")}
    found |= {("language", code): str(name) for code, name in SPOKEN}
    return found | {("welcomes", value): str(label) for value, label in Situation.choices}


def _most(counts: Mapping[str, int]) -> list[str]:
    """The values of a filter that leave most."""
    return sorted((value for value, count in counts.items() if count), key=lambda value: (-counts[value], value))[:MOST]


def groups(asked: Asked, facets: Mapping[str, Mapping[str, int]], names: Labels) -> list[Group]:
    """The filters that would still leave something, the values that leave most first."""
    found = []
    for name, heading in HEADINGS.items():
        counts = {value: facets[name][value] for value in _most(facets.get(name, {})) if (name, value) in names}
        values = sorted(counts, key=lambda value: (-counts[value], names[name, value]))
        choices = tuple(
            Choice(names[name, value], asked.toggled(name, value).address(), counts[value])
            for value in values
            if value not in asked.filters.get(name, ())
        )
        if choices:
            found.append(Group(name, str(heading), choices))
    return found


def open_now(asked: Asked, facets: Mapping[str, Mapping[str, int]]) -> int:
    """How many are open at this moment; 0 where only those are asked for already."""
    return 0 if asked.open_now else facets.get(OPEN, {}).get(NOW, 0)


def chosen(asked: Asked, names: Labels) -> list[Choice]:
    """Everything that is chosen, each with the address without it. An unknown value is shown as it was given."""
    found = [
        Choice(names.get((name, value), value), asked.toggled(name, value).address())
        for name, value in _values(asked.filters)
    ]
    if asked.filters.get("kind") == ("guide",):
        found.append(Choice(_("Guides only"), asked.but(filters={}).address()))
    if asked.open_now:
        found.append(Choice(_("Open now"), asked.but(open_now=False).address()))
    if asked.near:
        found.append(Choice(_("Nearest first, from where you are to about 1 km"), asked.but(near=None).address()))
    return found


def _values(filters: Mapping[str, tuple[str, ...]]) -> Iterable[tuple[str, str]]:
    return ((name, value) for name, values in filters.items() if name in HEADINGS for value in values)
