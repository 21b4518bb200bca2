"""Rows of the directory for tests, with honest defaults: what a test does not speak of is not known."""

from __future__ import annotations

from typing import Any

from services.models import Category, Location, Organisation, Place, Service, ServicePhone, ServicePlace
from services.taxonomy import PhoneKind, Precision


def make_organisation(key: str = "test-helpers", **fields: Any) -> Organisation:
    names = {"name_fr": "Les Aidants", "name_en": "The Helpers", "name_ar": "المساعدون"}
    return Organisation.objects.get_or_create(key=key, defaults=names | fields)[0]


def make_service(key: str = "test-desk", **fields: Any) -> Service:
    """A service of a category of the starter directory, in three languages."""
    category = Category.objects.get(key=fields.pop("category", "legal_aid"))
    names = {"name_fr": "Guichet Xylophone", "name_en": "Xylophone desk", "name_ar": "شباك كسيلوفون"}
    organisation = fields.pop("organisation", None) or make_organisation()
    return Service.objects.create(key=key, organisation=organisation, category=category, **(names | fields))


def add_place(service: Service, **fields: Any) -> Location:
    """A door in Rabat, unless told."""
    city = fields.pop("city", None) or Place.objects.get(kind="city", name_fr="Rabat")
    usual = {
        "key": f"place-{service.key}", "name_fr": "Bureau", "address_fr": "7 rue des Essais", "city": city,
        "province": city.parent, "latitude": 34.0209, "longitude": -6.8416, "precision": Precision.EXACT,
    }  # fmt: skip
    location = Location.objects.create(**(usual | fields))
    ServicePlace.objects.create(service=service, location=location)
    return location


def add_phone(
    service: Service, number: str = "+212537000000", kind: str = PhoneKind.VOICE, **fields: Any
) -> ServicePhone:
    return ServicePhone.objects.create(service=service, number=number, kind=kind, **fields)
