"""Services as the search knows them: what readers may see, and nothing of a hidden address.

Entries are made from plain rows, a chunk of services at a time in a fixed number of queries: a model of Wagtail costs
four times as much to build as its entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from modeltranslation.utils import build_localized_fieldname

from .hours import open_now, telling
from .models import Category, DatedHours, OpeningHours, Organisation, Place, Service, ServicePhone, ServicePlace, Term
from .search.entries import ANYONE, Entry, Section, Words
from .taxonomy import Capacity, Welcome

KIND = "service"
CHUNK = 1000
DAYS_AHEAD = 15  # services/search/upkeep.py has them indexed again long before
LANGUAGES = [code for code, _name in settings.LANGUAGES]
TEXTS = ("name", "description", "eligibility", "how_to", "fees", "hours_text")
FIELDS = ("pk", "key", "category_id", "organisation_id", "capacity", "confidence", "checked_on", "welcome", "welcomes",
          "languages", "around_the_clock", "friday_prayer", "closed_on_holidays")  # fmt: skip
POINT = ("location__latitude", "location__longitude")
LINK = ("service_id", "location__hidden", "location__city_id", "location__province_id", *POINT)


def columns(*names: str) -> list[str]:
    """The columns of these texts in every language of the site."""
    return [build_localized_fieldname(name, code) for name in names for code in LANGUAGES]


def entries(identifiers: Sequence[str] | None = None) -> Iterator[Entry]:
    """The entries of these services (by key), or of all. Suspended, unpublished and unsure ones have none."""
    wanted = Service.objects.shown().order_by("pk").values(*FIELDS, *columns(*TEXTS))
    if identifiers is not None:
        wanted = wanted.filter(key__in=identifiers)
    known = Known.read()
    last = 0
    while rows := list(wanted.filter(pk__gt=last)[:CHUNK]):
        last = rows[-1]["pk"]
        parts = Parts.read([row["pk"] for row in rows], {row["organisation_id"] for row in rows})
        for row in rows:
            yield _entry(SimpleNamespace(**row), known, parts)


def with_hours() -> list[str]:
    """The services whose entries hold hours, which run out."""
    timed = Q(hours__isnull=False) | Q(dated_hours__isnull=False) | Q(around_the_clock=True)
    return list(Service.objects.filter(timed).order_by("key").values_list("key", flat=True).distinct())


@dataclass(frozen=True)
class Known:
    """The short lists that all services share."""

    places: dict[int, Any]
    categories: dict[int, Any]
    terms: dict[int, Any]

    @classmethod
    def read(cls) -> Known:
        return cls(
            _by_pk(Place.objects.values("pk", "code", "region_id", *columns("name"))),
            _by_pk(Category.objects.values("pk", "key", "guide_topic", "icon", *columns("name"))),
            _by_pk(Term.objects.values("pk", *columns("name"))),
        )


@dataclass
class Parts:
    """What belongs to the services of a chunk, by their pk."""

    organisations: dict[int, Any]
    links: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    weekly: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    dated: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    terms: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    areas: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    reachable: set[int] = field(default_factory=set)

    @classmethod
    def read(cls, pks: list[int], organisations: set[int]) -> Parts:
        found = cls(_by_pk(Organisation.objects.filter(pk__in=organisations).values("pk", *columns("name"))))
        of_these = {"service_id__in": pks}
        for link in ServicePlace.objects.filter(**of_these).order_by("sort_order", "pk").values(*LINK):
            found.links[link["service_id"]].append(SimpleNamespace(**link))
        for row in OpeningHours.objects.filter(**of_these):
            found.weekly[row.service_id].append(row)
        for day in DatedHours.objects.filter(**of_these):
            found.dated[day.service_id].append(day)
        for pk, term in Service.terms.through.objects.filter(**of_these).values_list("service_id", "term_id"):
            found.terms[pk].append(term)
        for pk, place in Service.areas.through.objects.filter(**of_these).values_list("service_id", "place_id"):
            found.areas[pk].append(place)
        found.reachable = set(ServicePhone.objects.filter(**of_these).values_list("service_id", flat=True))
        return found


def _by_pk(rows: Any) -> dict[int, Any]:
    return {row["pk"]: SimpleNamespace(**row) for row in rows}


def _entry(service: Any, known: Known, parts: Parts) -> Entry:
    category = known.categories[service.category_id]
    links = parts.links[service.pk]
    shown = [link for link in links if not link.location__hidden]
    times = telling.made_of(parts.weekly[service.pk], parts.dated[service.pk], service)
    cities = {known.places[link.location__city_id].code for link in shown if link.location__city_id}
    return Entry(
        kind=KIND,
        identifier=service.key,
        path=f"/services/{service.key}/",
        topic=category.key,
        texts=_texts(service, known, parts),
        facets={
            "kind": (KIND,),
            "topic": (category.guide_topic,) if category.guide_topic else (),
            "category": (category.key,),
            "region": tuple(sorted(_regions(service, known, parts))),
            "city": tuple(sorted(cities)),
            "language": tuple(service.languages),
            "welcomes": _welcomed(service),
        },
        point=next((point for link in shown if (point := _point(link))), None),
        open_in=tuple(open_now.index_tokens(times, timezone.localdate(), DAYS_AHEAD)),
        weight=_weight(service, parts),
        label=category.icon,
    )


def _texts(service: Any, known: Known, parts: Parts) -> dict[str, Words]:
    """The texts of each language in which the service has a name."""
    named = [known.categories[service.category_id], parts.organisations[service.organisation_id]]
    named += _named_places(service, known, parts) + [known.terms[pk] for pk in parts.terms[service.pk]]
    return {
        language: Words(
            title=title,
            summary=_text(service, "description", language),
            sections=_more(service, language),
            keywords=tuple(filter(None, (_text(one, "name", language) for one in named))),
        )
        for language in LANGUAGES
        if (title := _text(service, "name", language))
    }


def _text(row: Any, name: str, language: str) -> str:
    return getattr(row, build_localized_fieldname(name, language)) or ""


def _more(service: Any, language: str) -> tuple[Section, ...]:
    found = " ".join(filter(None, (_text(service, name, language) for name in TEXTS[2:])))
    return (Section("", "", found),) if found else ()


def _named_places(service: Any, known: Known, parts: Parts) -> list[Any]:
    """City, province and region of what is not hidden; the region of what is; the areas that it serves."""
    found: dict[int, None] = dict.fromkeys(parts.areas[service.pk])
    for link in parts.links[service.pk]:
        region = _region_of(link, known)
        near = [region] if link.location__hidden else [link.location__city_id, link.location__province_id, region]
        found |= dict.fromkeys(pk for pk in near if pk)
    return [known.places[pk] for pk in found]


def _region_of(link: Any, known: Known) -> int | None:
    place = link.location__province_id or link.location__city_id
    return known.places[place].region_id if place else None


def _regions(service: Any, known: Known, parts: Parts) -> set[str]:
    found = {_region_of(link, known) for link in parts.links[service.pk]}
    found |= {known.places[pk].region_id or pk for pk in parts.areas[service.pk]}
    return {known.places[pk].code for pk in found if pk}


def _point(link: Any) -> tuple[float, float] | None:
    if link.location__latitude is None or link.location__longitude is None:
        return None
    return link.location__latitude, link.location__longitude


def _welcomed(service: Any) -> tuple[str, ...]:
    """Everybody where it says so; else those who are named: nobody is promised a place that the source does not name."""
    if service.welcome in (Welcome.EVERYONE, Welcome.PREFERRED):
        return (ANYONE,)
    return tuple(service.welcomes)


def _weight(service: Any, parts: Parts) -> float:
    """Among equals, what is confirmed, has room and can be reached comes first; log2(2 + weight) lifts the score."""
    if service.capacity in (Capacity.FULL, Capacity.CLOSED):
        return 0.0
    confirmed = 0.3 if service.checked_on else 0.0
    return confirmed + (0.2 if service.pk in parts.reachable else 0.0) + (0.1 if service.confidence == "A" else 0.0)
