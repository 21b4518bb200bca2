"""Who can help a reader of a guide: services of the same need in the whole country, and a choice of region for the others."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation

from services.models import Category, Place, Service
from services.presenting import Text, text_of
from services.taxonomy import PlaceKind, Reach

from .page_cache import once_a_publication

MOST = 3


@dataclass(frozen=True)
class Helper:
    """A service in a short list."""

    key: str
    name: Text


@dataclass(frozen=True)
class Nearby:
    """What stands below a guide: services for the whole country, and what the list of a region is asked with."""

    services: tuple[Helper, ...]
    categories: tuple[str, ...]
    regions: tuple[tuple[str, str], ...]


@once_a_publication
def nearby(topic: str, language: str) -> Nearby | None:
    """For guides of this topic; None where no service speaks of the same. Asked of the database once a publication."""
    serving = Service.objects.shown().filter(category__guide_topic=topic)
    keys = set(serving.order_by().values_list("category__key", flat=True).distinct())
    if not keys:
        return None
    with translation.override(language):
        national = serving.filter(reach=Reach.NATIONAL).order_by("confidence", "category__position", "key")[:MOST]
        return Nearby(
            services=tuple(Helper(service.key, text_of(service, "name")) for service in national),
            categories=tuple(Category.objects.filter(key__in=keys).values_list("key", flat=True)),
            regions=tuple((place.code, str(place.name)) for place in Place.objects.filter(kind=PlaceKind.REGION)),
        )
