"""Services in the reader's words: what a row of a list shows, and where and how to reach them. Nothing of hidden addresses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from .hours import telling
from .models import Location, Service
from .models.phones import Phone
from .phone_numbers import grouped, international, is_mobile
from .search import Hit
from .taxonomy import SPOKEN, Answer, Capacity, PhoneKind, Precision, ProviderKind, Reach, Situation, Welcome

SPOKEN_NAMES = dict(SPOKEN)


@dataclass(frozen=True)
class Text:
    """A text and the language that it is in, which may not be the reader's. False if it is empty."""

    words: str
    language: str

    def __bool__(self) -> bool:
        return bool(self.words)


@dataclass(frozen=True)
class Call:
    """A number to call or to write to, by links that open an application of the phone."""

    number: str
    shown: str
    kind: str
    note: Text
    address: str
    sms: str = ""


@dataclass(frozen=True)
class Spot:
    """Where a service is. Of a hidden one nothing but the region; `point` and links only for the others."""

    region: str
    hidden: bool = False
    city: str = ""
    name: Text | None = None
    address: Text | None = None
    directions: Text | None = None
    accessible: str = ""
    point: tuple[float, float] | None = None
    is_exact: bool = False
    on_phone: str = ""
    on_web: str = ""

    @property
    def place(self) -> str:
        """The town and its region."""
        return listed(dict.fromkeys((self.city, self.region)))


@dataclass(frozen=True)
class Row:
    """A service in a list."""

    service: Service
    name: Text
    organisation: Text
    kind: str
    where: str
    now: telling.Words
    today: str
    welcome: str
    languages: str
    capacity: str
    call: Call | None
    point: tuple[float, float] | None
    distance: str = ""
    hit: Hit | None = None

    @property
    def tells_welcome(self) -> bool:
        """Whether anything is known of whom they welcome: a list repeats no “not known”."""
        service = self.service
        return service.welcome != Welcome.UNKNOWN or bool(service.welcomes) or service.women_only


def rows(hits: Sequence[Hit]) -> list[Row]:
    """The rows of these hits, in their order. What was hidden since the index was written is left out.

    The same number of queries for one and for fifty.
    """
    keys = [hit.identifier for hit in hits]
    found = {service.key: service for service in Service.objects.shown().in_list().filter(key__in=keys)}
    return [row(found[hit.identifier], hit) for hit in hits if hit.identifier in found]


def row(service: Service, hit: Hit | None = None) -> Row:
    opening_hours = telling.hours_of(service)
    found = spots(service)
    calls = [call(phone) for phone in service.phones.all() if phone.kind != PhoneKind.WHATSAPP]
    return Row(
        service=service,
        name=text_of(service, "name"),
        organisation=text_of(service.organisation, "name"),
        kind=kind_of(service),
        where=where(service, found),
        now=telling.now_words(opening_hours),
        today=telling.today_words(opening_hours),
        welcome=welcome(service),
        languages=spoken(service),
        capacity=room(service),
        call=calls[0] if calls else None,
        point=next((spot.point for spot in found if spot.point), None),
        distance=distance(hit.distance_km) if hit and hit.distance_km is not None else "",
        hit=hit,
    )


def text_of(record: Model, field: str) -> Text:
    """The text in the reader's language, else in the first of settings.FALLBACK_LANGUAGES that has it."""
    wanted = get_language() or settings.LANGUAGE_CODE
    for language in dict.fromkeys(
        (wanted, *settings.FALLBACK_LANGUAGES, *(code for code, _name in settings.LANGUAGES))
    ):
        if words := getattr(record, build_localized_fieldname(field, language)):
            return Text(words, language)
    return Text("", wanted)


def kind_of(service: Service) -> str:
    """The kind of provider in words; empty where it is not known."""
    kind = service.organisation.kind
    return "" if kind == ProviderKind.UNKNOWN else str(ProviderKind(kind).label)


def listed(parts: Iterable[Any]) -> str:
    """“a, b, c” as people of this language write it."""
    return pgettext("between the items of a list", ", ").join(str(part) for part in parts if part)


def welcome(service: Service) -> str:
    """Whom they welcome, in one sentence: “Only for: refugees, asylum seekers. Women only.”"""
    named = [str(Situation(key).label) for key in service.welcomes]
    head = str(Welcome(service.welcome).label)
    if named and service.welcome in (Welcome.ONLY, Welcome.PREFERRED):
        people = listed(label[:1].lower() + label[1:] for label in named)
        head = _("%(who)s: %(people)s") % {"who": head, "people": people}
    if named and service.welcome == Welcome.UNKNOWN:
        head = listed(named)
    parts = [head] if named or service.welcome != Welcome.UNKNOWN or not service.women_only else []
    parts += [_("Women only")] if service.women_only else []
    parts += [ages(service)]
    return pgettext("between short statements", ". ").join(part for part in parts if part)


def ages(service: Service) -> str:
    """“From 12 to 17 years”; empty where no age is set."""
    youngest, oldest = service.minimum_age, service.maximum_age
    if youngest is not None and oldest is not None:
        return _("From %(youngest)d to %(oldest)d years old") % {"youngest": youngest, "oldest": oldest}
    if youngest is not None:
        return _("From %(youngest)d years old") % {"youngest": youngest}
    return _("Up to %(oldest)d years old") % {"oldest": oldest} if oldest is not None else ""


def room(service: Service) -> str:
    """Whether there is room, in words; empty where nobody has said."""
    return "" if service.capacity == Capacity.UNKNOWN else str(Capacity(service.capacity).label)


def spoken(service: Service) -> str:
    return listed(SPOKEN_NAMES[code] for code in service.languages if code in SPOKEN_NAMES)


def where(service: Service, found: Sequence[Spot]) -> str:
    """Towns; of a hidden place its region; else the areas that it serves."""
    places = [spot.region if spot.hidden else spot.city or spot.region for spot in found]
    if not any(places):
        if service.reach == Reach.NATIONAL:
            return str(Reach.NATIONAL.label)
        places = [place.name for place in service.areas.all()]
    return listed(dict.fromkeys(places))


def spots(service: Service) -> list[Spot]:
    return [_spot(link.location) for link in service.places.all()]


def _spot(location: Location) -> Spot:
    region = str(location.region.name) if location.region else ""
    if location.hidden:
        return Spot(region, hidden=True)
    place = location.city or location.province
    point = location.point
    exact = point is not None and location.precision == Precision.EXACT
    named = f"{point[0]},{point[1]}" if point else ""
    return Spot(
        region=region,
        city=str(place.name) if place else "",
        name=text_of(location, "name"),
        address=text_of(location, "address"),
        directions=text_of(location, "directions"),
        accessible="" if location.accessible == Answer.UNKNOWN else location.accessible,
        point=point,
        is_exact=exact,
        on_phone=f"geo:{named}?q={named}" if exact else "",
        on_web=_on_web(point) if exact and point else "",
    )


def _on_web(point: tuple[float, float]) -> str:
    latitude, longitude = point
    return f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"


def distance(kilometres: float) -> str:
    """“less than 1 km”, “about 12 km”: points are coarse, so no more is said."""
    whole = round(kilometres)
    if whole < 1:
        return _("less than 1 km away")
    return _("about %(whole)d km away") % {"whole": whole}


def call(phone: Phone) -> Call:
    """A number with its links. WhatsApp is reached by its own address, which opens the application."""
    digits = phone.number
    address = f"tel:{digits}"
    if phone.kind == PhoneKind.WHATSAPP:
        address = f"https://wa.me/{international(digits).lstrip('+')}"
    return Call(
        number=digits,
        shown=grouped(digits),
        kind=phone.kind,
        note=text_of(phone, "note"),
        address=address,
        sms=f"sms:{international(digits)}" if is_mobile(digits) and phone.kind != PhoneKind.WHATSAPP else "",
    )
