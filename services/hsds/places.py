"""Locations as HSDS has them. Of a hidden one partners learn the region, no more: not even that two services share it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from services.models import Location, Organisation, Service, ServicePlace
from services.taxonomy import Answer, Confidence, Precision, Reach

from .texts import Plain, compact, derived, in_language, pair, text
from .vocabulary import POINT, attribute, small_term

COUNTRY = "MA"  # ISO 3166-1


def is_shown(record: Location | Organisation) -> bool:
    """What `objects.shown()` asks, of a row that is there already."""
    return record.live and record.confidence != Confidence.C


def location_id(place: ServicePlace) -> str:
    """The id of its location. A hidden one has another id at each service, so that ids join nothing."""
    return derived(place.uuid, "location") if place.location.hidden else str(place.location.uuid)


@in_language
def location_of(place: ServicePlace, language: str, *, nested: bool = True) -> Plain:
    """The location of a service; of a hidden one the name of its region and that the address is not published."""
    if not place.location.hidden:
        return location(place.location, language, nested=nested)
    region = text(place.location.region, "name", language)
    return {"id": location_id(place), "location_type": "virtual"} | compact(
        name=region, description=_("The address is not published. Contact the service first.")
    )


@in_language
def location(place: Location, language: str, *, nested: bool = True) -> Plain:
    """A location that anybody may know. Never give it a hidden one: it refuses."""
    if place.hidden:
        raise ValueError("a hidden location never leaves the server")
    latitude, longitude = place.point or (None, None)
    plain = {"id": str(place.uuid), "location_type": "physical"} | compact(
        organization_id=str(owner.uuid) if (owner := place.organisation) and is_shown(owner) else None,
        name=text(place, "name", language),
        transportation=text(place, "directions", language),
        latitude=latitude,
        longitude=longitude,
    )
    if not nested:
        return plain
    return plain | compact(
        addresses=_addresses(place, language),
        accessibility=_accessibility(place),
        attributes=_point(place, language),
    )


def _addresses(place: Location, language: str) -> list[Plain]:
    """Its address, or only its city: HSDS has no other field for it. What is required and unknown is an empty text."""
    line = text(place, "address", language)
    if not line and not place.city and not place.province:
        return []
    region = text(place.region, "name", language)
    return [
        {
            "id": derived(place.uuid, "address"),
            "location_id": str(place.uuid),
            "address_1": line,
            "city": text(place.city, "name", language),
            "state_province": text(place.province, "name", language) or region,
            "postal_code": place.postal_code,
            "country": COUNTRY,
            "address_type": "physical",
        }
        | compact(region=region)
    ]


def _accessibility(place: Location) -> list[Plain]:
    if place.accessible == Answer.UNKNOWN:
        return []
    description = pair(place._meta.get_field("accessible").verbose_name, place.get_accessible_display())
    return [{"id": derived(place.uuid, "accessibility"), "location_id": str(place.uuid), "description": description}]


def _point(place: Location, language: str) -> list[Plain]:
    """Whether the point is the door or only the middle of the city: a partner's map must not send people there."""
    if place.point is None or place.precision == Precision.NONE:
        return []
    return [attribute(place.uuid, "location", POINT, small_term(POINT, language, place.precision))]


def service_areas(service: Service, language: str) -> list[Plain]:
    """Places that a service serves, by ISO 3166-2 or GeoNames code; the country where it reaches all of it."""
    areas = [_area(service, text(area, "name", language), area.code) for area in service.areas.all()]
    if service.reach == Reach.NATIONAL:
        areas.insert(0, _area(service, _("Morocco"), COUNTRY))
    return areas


def _area(service: Service, name: str, code: str) -> Plain:
    return {
        "id": derived(service.uuid, "area", code),
        "service_id": str(service.uuid),
        "name": name,
        "extent": code,
        "extent_type": "text",
    }
