"""Made-up services for load tests, in the words of our own starter texts. The same number and seed give the same rows."""

from __future__ import annotations

import datetime
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models.base import ModelState
from django.utils import translation

from services import models as tables
from services.bulk import ready
from services.taxonomy import SPOKEN, Access, Capacity, Confidence, PhoneKind, Precision, Reach

from .reading import read_directory
from .records import Wanted, identity, wanted_records

PREFIX = "synthetic-"
SERVICES_AN_ORGANISATION = 20
BATCH = 2000
OWN_CITY = re.compile(r"\s+-\s+[^-]+$")  # “… - Rabat”
WEEKS = (("MO TU WE TH FR", 9, 17), ("MO TU WE TH FR SA", 8, 16), ("MO WE FR", 8, 13), ("TU TH", 14, 18))
OPEN_TEXTS = ("eligibility", "fees", "hours_text")
SPOKEN_WEIGHTS = [1 / rank for rank in range(1, len(SPOKEN) + 1)]
SOURCE = "made up for a load test"
Report = Callable[[str], None]


@dataclass(frozen=True)
class Ranked:
    """Things in their order, drawn after Zipf: the second half as often as the first, the third a third as often…"""

    things: Sequence[Any]
    weights: Sequence[float]

    @classmethod
    def of(cls, things: Sequence[Any]) -> Ranked:
        return cls(things, list(accumulate(1 / rank for rank in range(1, len(things) + 1))))

    def draw(self, chance: random.Random, number: int = 1) -> list[Any]:
        return chance.choices(self.things, cum_weights=self.weights, k=number)


class Maker:
    """Draws organisations, locations and services out of one seeded source of chance."""

    def __init__(self, count: int, seed: int) -> None:
        self.count = count
        self.blanks: dict[type[models.Model], dict[str, Any]] = {}
        self.chance = random.Random(seed)  # noqa: S311 (rows for load tests, no secret)
        lists = wanted_records(read_directory())
        self.patterns = next(made for made in lists if made and made[0].kind == "service")
        cities = tables.Place.objects.in_bulk([one.key for one in lists[2]], field_name="code")
        self.cities = Ranked.of([cities[one.key] for one in lists[2] if one.key in cities])
        self.categories = dict(tables.Category.objects.values_list("key", "pk"))
        self.languages = [code for code, _name in settings.LANGUAGES if f"name_{code}" in self.patterns[0].values]
        self.words = {code: _vocabulary(self.patterns, code) for code in self.languages}

    def make(self, say: Report) -> None:
        """Write everything in one transaction, in batches."""
        made: Any = [self.organisation(number) for number in range(-(-self.count // SERVICES_AN_ORGANISATION))]
        with transaction.atomic():
            organisations = tables.Organisation.objects.bulk_create(made, batch_size=500)
            for first in range(0, self.count, BATCH):
                numbers = range(first, min(first + BATCH, self.count))
                self.batch(numbers, organisations)
                say(f"{numbers.stop} of {self.count} services")

    def batch(self, numbers: range, organisations: Sequence[tables.Organisation]) -> None:
        services, locations = [], []
        rows: list[models.Model] = []
        for number in numbers:
            service, city = self.service(number, organisations[number // SERVICES_AN_ORGANISATION])
            services.append(service)
            locations.append(self.location(service, city))
        tables.Service.objects.bulk_create(services)
        tables.Location.objects.bulk_create(one for one in locations if one)
        for service, location in zip(services, locations, strict=True):
            rows += self.parts(service, location)
        for model in (tables.ServicePlace, tables.ServicePhone, tables.OpeningHours):
            model._default_manager.bulk_create([row for row in rows if isinstance(row, model)])

    def organisation(self, number: int) -> tables.Organisation:
        texts = {f"name_{code}": f"{self.text(code, 3)} {number}".capitalize() for code in self.languages}
        texts |= {f"description_{code}": self.text(code, 15) for code in self.languages}
        kind = self.chance.choice(("public", "association", "association", "association", "religious", "university"))
        key = f"{PREFIX}{number:06}"
        return ready(tables.Organisation(key=key, kind=kind, source=SOURCE, **texts))

    def service(self, number: int, organisation: tables.Organisation) -> tuple[tables.Service, tables.Place]:
        """A service after one of ours, with other words, and the city that it is in."""
        chance = self.chance
        pattern, who = chance.choice(self.patterns), chance.choice(self.patterns)
        city = self.cities.draw(chance)[0]
        texts = {}
        for code in self.languages:
            name = OWN_CITY.sub("", pattern.values[f"name_{code}"] or "")
            texts[f"name_{code}"] = f"{name} {self.text(code, 2)} - {getattr(city, f'name_{code}')}"[:200]
            texts[f"description_{code}"] = self.text(code, 25)
            texts |= {f"{field}_{code}": who.values[f"{field}_{code}"] for field in OPEN_TEXTS}
        plain = {
            name: who.values[name]
            for name in ("welcome", "welcomes", "women_only", "minimum_age", "maximum_age", "free")
        }
        return self.new(
            tables.Service,
            key=f"{PREFIX}{number:06}",
            uuid=identity("service", f"{PREFIX}{number:06}"),
            organisation_id=organisation.pk,
            category_id=self.categories[pattern.links["category"][1]],
            reach=Reach.NATIONAL if chance.random() < 0.05 else Reach.LOCAL,
            languages=sorted({code for code, _name in chance.choices(SPOKEN, SPOKEN_WEIGHTS, k=chance.randint(0, 4))}),
            access=chance.choice(Access.values),
            capacity=chance.choice([*Capacity.values, *[Capacity.UNKNOWN] * 6]),
            confidence=chance.choices((Confidence.A, Confidence.B, Confidence.C), (45, 50, 5))[0],
            around_the_clock=chance.random() < 0.03,
            source=SOURCE,
            **texts,
            **plain,
        ), city

    def location(self, service: tables.Service, city: tables.Place) -> tables.Location | None:
        """A door somewhere in the city, hidden where the service is a shelter; none for a service of the whole country."""
        if service.reach == Reach.NATIONAL:
            return None
        hidden = service.category_id == self.categories["shelter"]
        return self.new(
            tables.Location,
            key=service.key,
            uuid=identity("location", service.key),
            organisation_id=service.organisation_id,
            city_id=city.pk,
            province_id=city.parent_id,
            latitude=round((city.latitude or 0) + self.chance.gauss(0, 0.03), 5),
            longitude=round((city.longitude or 0) + self.chance.gauss(0, 0.03), 5),
            precision=Precision.EXACT,
            hidden=hidden,
            confidence=service.confidence,
            source=SOURCE,
            **{f"name_{code}": None if hidden else getattr(city, f"name_{code}") for code in self.languages},
        )

    def parts(self, service: tables.Service, location: tables.Location | None) -> Iterator[models.Model]:
        """Its place, a number that nobody has (0000…), and for four in ten the hours of a week."""
        if location:
            yield self.new(
                tables.ServicePlace,
                uuid=identity("serviceplace", service.key),
                service_id=service.pk,
                location_id=location.pk,
            )
        if self.chance.random() < 0.6:
            number = f"0000{self.chance.randrange(10**6):06}"
            part = identity("phone", service.key)
            yield self.new(tables.ServicePhone, uuid=part, service_id=service.pk, number=number, kind=PhoneKind.VOICE)
        if self.chance.random() < 0.4:
            days, opens, closes = self.chance.choice(WEEKS)
            for day in days.split():
                yield self.new(
                    tables.OpeningHours,
                    uuid=identity("hours", service.key, day),
                    service_id=service.pk,
                    weekday=day,
                    opens=datetime.time(opens),
                    closes=datetime.time(closes),
                )

    def new(self, model: type[models.Model], **columns: Any) -> Any:
        """An unsaved record with these columns, copied from a blank one: a fifth of the time of calling the model."""
        if model not in self.blanks:
            self.blanks[model] = dict(model().__dict__)
        record = model.__new__(model)
        record.__dict__.update(self.blanks[model], _state=ModelState(), **columns)
        return record

    def text(self, language: str, length: int) -> str:
        return " ".join(self.words[language].draw(self.chance, length))


def make(count: int, seed: int, say: Report) -> None:
    """Write this many services, with their organisations and locations. Needs the starter directory in the database."""
    with translation.override(settings.LANGUAGE_CODE):
        Maker(count, seed).make(say)


def remove() -> int:
    """Take away everything that make() wrote; how many services. Calls no receivers: rebuild the search index after it."""
    services = tables.Service.objects.filter(key__startswith=PREFIX).order_by()
    count = services.count()
    with transaction.atomic():
        for relation in tables.Service._meta.related_objects:
            _delete(
                relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": services.values("pk")})
            )
        for field in tables.Service._meta.many_to_many:
            through: Any = field.remote_field.through
            _delete(through._default_manager.filter(**{f"{field.m2m_column_name()}__in": services.values("pk")}))
        for model in (tables.Service, tables.Location, tables.Organisation):
            _delete(model._default_manager.filter(key__startswith=PREFIX))
    return count


def _delete(rows: Any) -> None:
    """In one statement, without loading the rows."""
    rows.order_by()._raw_delete(rows.db)


def _vocabulary(patterns: Sequence[Wanted], language: str) -> Ranked:
    """The words of our texts in this language, the most frequent first."""
    counted: Counter[str] = Counter()
    for one in patterns:
        for field in ("name", "description", "eligibility"):
            counted.update(re.findall(r"[^\W\d_]{3,}", (one.values.get(f"{field}_{language}") or "").lower()))
    return Ranked.of(sorted(counted, key=lambda word: (-counted[word], word)))
