"""Which records a partner asks for. Every condition adds to the others; only what readers may see is ever looked at."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from typing import Any, cast

from django.conf import settings
from django.db.models import Avg, F, FloatField, Prefetch, Q, QuerySet, Value
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt
from django.utils import timezone

from services import search
from services.models import Location, Organisation, Service, ServicePlace
from services.models.querysets import ServiceQuerySet
from services.taxonomy import Confidence

from . import vocabulary
from .parameters import OfServices, ServicesAtLocations, since

EARTH_M = 6_371_000.0  # mean radius
LONGEST_SEARCH = 300
MOST_WORDS = 10
ENGINE_PAGE = 50
MOST_FOUND = 1_000  # of the search engine; what lies beyond fits too little to be meant

PARTS = (
    "organisation__phones",
    "terms__parent",
    "places__location__organisation",
)
PLACE = ("location__organisation", "location__city__region", "location__province__region")


def shown_services() -> QuerySet[Service]:
    return Service.objects.shown().select_related("organisation", "category")


def services(asked: OfServices, language: str) -> QuerySet[Service]:
    """The services that are asked for, by key."""
    rows = shown_services()
    if asked.organization_id:
        rows = rows.filter(organisation__uuid=asked.organization_id)
    if asked.taxonomy_term_id:
        rows = rows.filter(vocabulary.services_about(asked.taxonomy_term_id))
    if asked.taxonomy_id:
        rows = rows.filter(vocabulary.services_in(asked.taxonomy_id))
    if asked.modified_after:
        rows = rows.filter(_changed_since(since(asked.modified_after)))
    if wanted := words(asked.search):
        rows = rows.filter(_about(asked.search, wanted, language))
    return rows.order_by("key")


def with_everything(rows: QuerySet[Service]) -> QuerySet[Service]:
    """A fixed number of queries for any number of rows."""
    return cast(ServiceQuerySet, rows).with_parts().prefetch_related(*PARTS)


def at_locations(services_shown: QuerySet[Service]) -> QuerySet[ServicePlace]:
    """These services at places that readers may know of, hidden ones too: these tell their region only."""
    rows = ServicePlace.objects.filter(service__in=services_shown.order_by().values("pk"), location__live=True)
    rows = rows.exclude(location__confidence=Confidence.C)
    return rows.select_related("service__organisation", "service__category", *PLACE)


def services_at_locations(asked: ServicesAtLocations, language: str) -> QuerySet[ServicePlace]:
    """Those that are asked for; no hidden place once it is asked where they are."""
    rows = at_locations(services(asked, language))
    if asked.postcode:
        rows = rows.filter(_around(asked.postcode.strip(), asked.proximity))
    return rows.order_by("pk")


def with_everything_of_service(rows: QuerySet[ServicePlace]) -> QuerySet[ServicePlace]:
    """The service is fetched apart: what is joined already would be left without its parts."""
    parts = with_everything(Service.objects.all())
    return rows.select_related(None).select_related(*PLACE).prefetch_related(Prefetch("service", parts))


def organizations(search_words: str) -> QuerySet[Organisation]:
    rows = Organisation.objects.shown()
    for word in words(search_words):
        rows = rows.filter(_contains(word, ("name", "description")))
    return rows.order_by("key")


def with_everything_of_organization(rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
    places = Location.objects.shown().filter(hidden=False)
    places = places.select_related("organisation", "city__region", "province__region").order_by("key")
    return rows.prefetch_related("phones", Prefetch("locations", places))


def with_services(rows: QuerySet[Organisation], *, full: bool) -> QuerySet[Organisation]:
    """`shown_services` of each: those that readers may see, by key."""
    shown = Service.objects.shown().select_related("organisation", "category").order_by("key")
    return rows.prefetch_related(Prefetch("services", with_everything(shown) if full else shown, "shown_services"))


def one(rows: QuerySet[Any], identity: str) -> Any | None:
    """The row with this id; None if there is none or it is no id."""
    try:
        return rows.filter(uuid=uuid.UUID(identity)).first()
    except ValueError:
        return None


def words(text: str) -> list[str]:
    """The words of a search, few and printable."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text[:LONGEST_SEARCH])
    return printable.split()[:MOST_WORDS]


def _changed_since(moment: datetime.datetime | None) -> Q:
    """Also what readers see again because its suspension has ended since: it is shown from the day after."""
    if moment is None:
        return Q()
    today = timezone.localdate()
    day = timezone.localdate(moment)
    return Q(modified_at__gte=moment) | Q(
        suspended_until__gte=day - datetime.timedelta(days=1), suspended_until__lt=today
    )


def _about(text: str, wanted: Iterable[str], language: str) -> Q:
    """What the search finds; where no engine answers, what holds every word."""
    found = _from_engine(" ".join(words(text)), language)
    if found is not None:
        return Q(key__in=found)
    condition = Q()
    for word in wanted:
        condition &= _contains(word, ("name", "description")) | _contains(word, ("organisation__name",))
    return condition


def _from_engine(text: str, language: str) -> list[str] | None:
    """Keys of the services that fit best; None if no engine answers."""
    keys: list[str] = []
    for page in range(1, MOST_FOUND // ENGINE_PAGE + 1):
        query = search.Query(
            text=text, language=language, filters={"kind": ("service",)}, page=page, size=ENGINE_PAGE, facets=()
        )
        results = search.search(query)
        if results.engine == "none":
            return None
        keys += [hit.identifier for hit in results.hits]
        if len(keys) >= results.total or not results.hits:
            break
    return keys


def _contains(word: str, fields: Iterable[str]) -> Q:
    condition = Q()
    for field in fields:
        for code, _name in settings.LANGUAGES:
            condition |= Q(**{f"{field}_{code}__icontains": word})
    return condition


def _around(postcode: str, metres: float | None) -> Q:
    """Places that are not hidden, with this postal code or so near to the middle of them: there is no free table of codes."""
    there = Location.objects.shown().filter(hidden=False, postal_code__iexact=postcode)
    if metres is None:
        return Q(location__in=there.values("pk"))
    middle = there.aggregate(latitude=Avg("latitude"), longitude=Avg("longitude"))
    if middle["latitude"] is None:
        return Q(pk__in=[])
    near = Location.objects.shown().filter(hidden=False, latitude__isnull=False)
    near = near.annotate(metres=_distance(middle["latitude"], middle["longitude"])).filter(metres__lte=metres)
    return Q(location__in=near.values("pk"))


def _distance(latitude: float, longitude: float) -> Any:
    """Metres on the sphere (haversine) between a point and each row."""
    north = Power(Sin(Radians(F("latitude") - Value(latitude)) / 2.0), 2)
    east = Power(Sin(Radians(F("longitude") - Value(longitude)) / 2.0), 2)
    along = Cos(Radians(Value(latitude))) * Cos(Radians(F("latitude"))) * east
    share = Least(Value(1.0), Sqrt(north + along), output_field=FloatField())
    return Value(2 * EARTH_M) * ASin(share, output_field=FloatField())
