"""Services as the search knows them: what readers may see, and nothing of a hidden address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils import timezone

from . import hours, open_now
from .models import Place, Service
from .search.entries import Entry, Section, Words
from .taxonomy import Capacity, Situation, Welcome

KIND = "service"
CHUNK = 1000
DAYS_AHEAD = 15  # `run_due` and every start index them again, long before


def entries(identifiers: Sequence[str] | None = None) -> Iterator[Entry]:
    """The entries of these services (by key), or of all. Suspended, unpublished and unsure ones have none."""
    rows = Service.objects.shown().with_parts()
    if identifiers is not None:
        rows = rows.filter(key__in=identifiers)
    for service in rows.iterator(chunk_size=CHUNK):
        yield entry(service)


def entry(service: Service) -> Entry:
    """The entry of a service whose parts are there."""
    shown = [link.location for link in service.places.all()]
    opens = open_now.index_tokens(hours.hours_of(service), timezone.localdate(), DAYS_AHEAD)
    return Entry(
        kind=KIND,
        identifier=service.key,
        path=f"/services/{service.key}/",
        topic=service.category.key,
        texts=_texts(service, _named_places(service)),
        facets={
            "kind": (KIND,),
            "topic": tuple(filter(None, [service.category.guide_topic])),
            "category": (service.category.key,),
            "region": tuple(sorted(_regions(service))),
            "city": tuple(sorted({one.city.code for one in shown if one.city and not one.hidden})),
            "language": tuple(service.languages),
            "welcomes": _welcomed(service),
        },
        point=next((one.point for one in shown if one.point), None),
        open_in=tuple(opens),
        weight=_weight(service),
        label=service.category.icon,
    )


def _texts(service: Service, places: list[Place]) -> dict[str, Words]:
    """The texts of each language in which the service has a name."""
    found = {}
    for language, _name in settings.LANGUAGES:
        if not (title := service.text("name", language)):
            continue
        organisation = service.organisation.best_text("name", language)[0]
        keywords = [organisation, getattr(service.category, f"name_{language}", "") or ""]
        keywords += [getattr(place, f"name_{language}", "") or "" for place in places]
        keywords += [getattr(term, f"name_{language}", "") or "" for term in service.terms.all()]
        parts = [service.text(field, language) for field in ("eligibility", "how_to", "fees", "hours_text")]
        sections = tuple(
            Section("", "", text)
            for text in (service.text("description", language), " ".join(filter(None, parts)))
            if text
        )
        found[language] = Words(
            title, service.text("description", language), sections[1:], tuple(filter(None, keywords))
        )
    return found


def _named_places(service: Service) -> list[Place]:
    """City, province and region of what is not hidden; the region of what is; the areas that it serves."""
    found: dict[int, Place] = {}
    for link in service.places.all():
        location = link.location
        near = [location.region] if location.hidden else [location.city, location.province, location.region]
        found.update({place.pk: place for place in near if place})
    found.update({place.pk: place for place in service.areas.all()})
    return list(found.values())


def _regions(service: Service) -> set[str]:
    regions = {link.location.region for link in service.places.all()}
    regions |= {place.region or place for place in service.areas.all()}
    return {place.code for place in regions if place}


def _welcomed(service: Service) -> tuple[str, ...]:
    """Who may come: everybody where it says so; only those named where it is for them alone; nobody where it is not known."""
    if service.welcome in (Welcome.EVERYONE, Welcome.PREFERRED):
        return tuple(Situation.values)
    return tuple(service.welcomes) if service.welcome == Welcome.ONLY else ()


def _weight(service: Service) -> float:
    """Among equals, what is confirmed, has room and can be reached comes first; log2(2 + weight) lifts the score."""
    weight = 0.3 if service.is_confirmed else 0.0
    weight += 0.2 if service.phones.all() else 0.0
    weight += 0.1 if service.confidence == "A" else 0.0
    return 0.0 if service.capacity in (Capacity.FULL, Capacity.CLOSED) else weight
