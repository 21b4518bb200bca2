"""Records for the tests of the API and the exports: one of everything, and a shelter that must not be found."""

from __future__ import annotations

import datetime
from typing import Any

from services import models
from services.taxonomy import Season

NOON = datetime.time(12)
SECRETS = ("17 rue du Secret", "33.98765", "-6.87654", "Maison cachée", "Derrière la pharmacie", "loc-cachee", "10 999")


def region(code: str = "MA-98") -> models.Place:
    """A region and a city in it, apart from those of the starter directory."""
    found, _new = models.Place.objects.get_or_create(
        code=code, kind="region", defaults={"name_fr": f"Région {code}", "name_ar": f"جهة {code}"}
    )
    return found


def city(code: str = "GN-98") -> models.Place:
    return _inside(province(), code, "city", f"Ville {code}")


def province(code: str = "MA-XYZ") -> models.Place:
    return _inside(region(), code, "province", f"Province {code}")


def _inside(parent: models.Place, code: str, kind: str, name: str) -> models.Place:
    found, _new = models.Place.objects.get_or_create(
        code=code, kind=kind, parent=parent, region=region(), defaults={"name_fr": name}
    )
    return found


def organisation(key: str = "maison", **fields: Any) -> models.Organisation:
    return models.Organisation.objects.create(key=key, **{"name_fr": "La Maison", "confidence": "A", **fields})


def category(key: str = "tests") -> models.Category:
    return models.Category.objects.get_or_create(key=key, defaults={"name_fr": "Essais", "name_ar": "تجارب"})[0]


def service(key: str, **fields: Any) -> models.Service:
    if "organisation" not in fields:
        fields["organisation"] = models.Organisation.objects.filter(key="maison").first() or organisation()
    fields = {"category": category(), "name_fr": f"Service {key}", "confidence": "A", **fields}
    return models.Service.objects.create(key=key, **fields)


def location(key: str, **fields: Any) -> models.Location:
    return models.Location.objects.create(
        key=key, **{"name_fr": f"Lieu {key}", "confidence": "A", "city": city(), "province": province(), **fields}
    )


def place(of: models.Service, at: models.Location) -> models.ServicePlace:
    return models.ServicePlace.objects.create(service=of, location=at)


def shelter() -> models.ServicePlace:
    """A service at a hidden place, with every text that could give the place away."""
    house = location(
        "loc-cachee",
        name_fr="Maison cachée",
        address_fr="17 rue du Secret",
        directions_fr="Derrière la pharmacie",
        latitude=33.98765,
        longitude=-6.87654,
        precision="exact",
        postal_code="10 999",
        accessible="yes",
        hidden=True,
        organisation=organisation("refuge"),
    )
    return place(service("refuge-femmes", organisation=house.organisation, women_only=True, welcome="only"), house)


def everything(key: str = "tout", **fields: Any) -> models.Service:
    """A service of which everything is known, in two languages."""
    made = service(
        key,
        **fields,
        description_fr="Une description ; avec un point-virgule\\",
        description_en="=1+1",
        eligibility_fr="Les femmes",
        fees_fr="100 dirhams",
        free="no",
        hours_text_fr="le matin",
        how_to_fr="Sonner",
        alert_fr="Fermé en août",
        reach="national",
        welcome="only",
        welcomes=["refugee", "woman"],
        women_only=True,
        minimum_age=18,
        maximum_age=60,
        languages=["fr", "wo"],
        access="appointment",
        capacity="waiting_list",
        capacity_since=datetime.date(2026, 11, 1),
        accepts_referrals="yes",
        closed_on_holidays="no",
        friday_prayer=True,
        email="accueil@example.org",
        website="https://example.org/aide/é",
        source="https://example.org/",
        source_date="2026",
        checked_on=datetime.date(2026, 10, 3),
    )
    made.areas.set([region(), city()])
    theme, _new = models.Term.objects.get_or_create(code="990", defaults={"name_fr": "Un thème"})
    made.terms.set([models.Term.objects.get_or_create(code="991", parent=theme, defaults={"name_fr": "Un besoin"})[0]])
    made.save()  # writes both: they belong to the record's editing form
    if not made.organisation.phones.exists():
        models.OrganisationPhone.objects.create(organisation=made.organisation, number="+212500000009")
    owner = {"service": made}
    models.ServicePhone.objects.create(**owner, number="+212500000001", note_fr="le matin", sort_order=0)
    models.ServicePhone.objects.create(**owner, number="+212600000002", kind="whatsapp", sort_order=1)
    models.OpeningHours.objects.create(**owner, weekday="MO", opens=datetime.time(9), closes=NOON, sort_order=0)
    models.OpeningHours.objects.create(
        **owner, weekday="TU", opens=datetime.time(10), closes=NOON, season=Season.RAMADAN, sort_order=1
    )
    models.OpeningHours.objects.create(
        **owner, weekday="WE", opens=datetime.time(22), closes=datetime.time(2), sort_order=2,
        valid_from=datetime.date(2026, 1, 1), valid_to=datetime.date(2026, 3, 31),
    )  # fmt: skip
    models.DatedHours.objects.create(
        **owner,
        first=datetime.date(2026, 12, 24),
        last=datetime.date(2026, 12, 24),
        opens=datetime.time(9),
        closes=NOON,
    )
    models.DatedHours.objects.create(
        **owner, first=datetime.date(2026, 12, 25), last=datetime.date(2026, 12, 31), message_fr="Congés", sort_order=1
    )
    models.RequiredDocument.objects.create(**owner, name_fr="Passeport", name_ar="جواز السفر", sort_order=0)
    models.RequiredDocument.objects.create(**owner, name_fr="Ordonnance", if_you_have_it=True, sort_order=1)
    models.ServiceCost.objects.create(**owner, label_fr="Timbre", amount="100.00")
    models.ServiceContact.objects.create(**owner, title_fr="Accueil", name="Agreed Person", agreed=True, sort_order=0)
    models.ServiceContact.objects.create(**owner, title_fr="Direction", name="Silent Person", sort_order=1)
    at = location(
        f"loc-{key}",
        address_fr="1, rue de l’Exemple",
        latitude=34.0,
        longitude=-6.8,
        precision="exact",
        accessible="yes",
    )
    place(made, at)
    return made
