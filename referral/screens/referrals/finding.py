"""Finds services of the directory by words, inside the flow of a referral: as readers find them, and by their names."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname

from services import search
from services.models import Service
from services.presenting import text_of

MOST = 12
LONGEST = 100


def find_services(words: str) -> list[Service]:
    """The services that readers may see and that fit these words, the best first; nothing for no words."""
    words = words.strip()[:LONGEST]
    if not words:
        return []
    query = search.Query(text=words, language=get_language() or settings.LANGUAGE_CODE, filters={"kind": ("service",)},
                         size=MOST, facets=())  # fmt: skip
    keys = [hit.identifier for hit in search.search(query).hits]
    found = {service.key: service for service in _shown().filter(key__in=keys)}
    for service in _shown().filter(_named(words))[:MOST]:
        found.setdefault(service.key, service)
    ordered = [found.pop(key) for key in keys if key in found]
    return [*ordered, *found.values()][:MOST]


def service_of(key: str) -> Service | None:
    """A service that the directory has, shown or not: for a draft whose service is away, too."""
    return Service.objects.select_related("organisation", "category").filter(key=key, live=True).first()


def name_of(service: Service) -> str:
    """Service and organisation, in the reader's language where they have it."""
    return f"{text_of(service, 'name').words} – {text_of(service.organisation, 'name').words}"


def _shown() -> QuerySet[Service]:
    found: QuerySet[Service] = Service.objects.shown().select_related("organisation", "category")
    return found


def _named(words: str) -> Q:
    names = [build_localized_fieldname("name", code) for code, _name in settings.LANGUAGES]
    wanted = [Q(**{f"{name}__icontains": words}) for name in names]
    wanted += [Q(**{f"organisation__{name}__icontains": words}) for name in names]
    return reduce(or_, wanted)
