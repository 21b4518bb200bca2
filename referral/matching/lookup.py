"""Looks a service up in the public directory from within casework: by need, place, language and words. Nothing of a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from services.models import Service
from services.presenting import Row, row
from services.search import Query, search
from services.taxonomy import Answer, Capacity, Reach

from .proposing import gives

MOST = 40
LOOKED_THROUGH = 50  # the best hits for the words
ROOM = (Capacity.OPEN, Capacity.LIMITED, Capacity.UNKNOWN, Capacity.WAITING_LIST)


@dataclass(frozen=True)
class Sought:
    """What is looked for; empty: anything. `need` is a type of help, `region` the code of a region."""

    words: str = ""
    need: str = ""
    region: str = ""
    language: str = ""

    def __bool__(self) -> bool:
        return any((self.words, self.need, self.region, self.language))


def look_up(sought: Sought, most: int = MOST) -> list[Row]:
    """The services that fit, those with room first; with words: the best hits first. A fixed number of queries."""
    rows = Service.objects.shown().in_list()
    if sought.need:
        rows = rows.filter(gives(sought.need))
    if sought.region:
        rows = rows.filter(_reaches(sought.region))
    order: list[str] = []
    if sought.words:
        asked = Query(
            sought.words, get_language() or settings.LANGUAGE_CODE, {"kind": ("service",)}, size=LOOKED_THROUGH
        )
        order = [hit.identifier for hit in search(asked).hits]
        rows = rows.filter(key__in=order)
    found = [one for one in rows.distinct() if not sought.language or sought.language in one.languages]
    return [row(service) for service in _in_order(found, order)[:most]]


def _reaches(region: str) -> Q:
    """There, or for the whole country."""
    here = Q(places__location__city__region__code=region) | Q(places__location__province__region__code=region)
    return here | Q(areas__code=region) | Q(areas__region__code=region) | Q(reach=Reach.NATIONAL)


def _in_order(services: Sequence[Service], order: Sequence[str]) -> list[Service]:
    def rank(service: Service) -> tuple[int, int, int, str]:
        place = order.index(service.key) if service.key in order else len(order)
        room = ROOM.index(Capacity(service.capacity)) if service.capacity in ROOM else len(ROOM)
        return place, int(service.accepts_referrals == Answer.NO), room, str(service.name)

    return sorted(services, key=rank)


def chosen(key: str) -> QuerySet[Service]:
    """The service with this key, as the directory shows it; none for any other."""
    return Service.objects.shown().in_list().filter(key=key)
