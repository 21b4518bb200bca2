"""The contact of a service as a vCard 3.0 (RFC 2426, understood by every phone), in UTF-8, folded at 75 octets.

Never a hidden address, never a person: a card is of a service.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from services.models import Location, Service
from services.phone_numbers import international
from services.presenting import text_of
from services.taxonomy import PhoneKind, Precision

LONGEST_LINE = 75  # octets, without the line's end (RFC 2426 §2.6)
TYPES = {PhoneKind.WHATSAPP: "WORK,MSG,CELL"}


def vcard(service: Service, page: str) -> bytes:
    """The card; `page` is the address of the service's page. Lines end in CRLF."""
    return b"".join(fold(line) for line in _lines(service, page))


def _lines(service: Service, page: str) -> Iterator[str]:
    name = text_of(service, "name").words
    yield "BEGIN:VCARD"
    yield "VERSION:3.0"
    yield f"UID:urn:uuid:{service.uuid}"
    yield f"REV:{service.modified_at:%Y-%m-%dT%H:%M:%SZ}"
    yield f"N:{escape(name)};;;;"
    yield f"FN:{escape(name)}"
    yield f"ORG:{escape(text_of(service.organisation, 'name').words)}"
    yield f"CATEGORIES:{escape(str(service.category.name))}"
    for phone in service.phones.all():
        yield f"TEL;TYPE={TYPES.get(PhoneKind(phone.kind), 'WORK,VOICE')}:{international(phone.number)}"
    if service.email:
        yield f"EMAIL;TYPE=INTERNET:{escape(service.email)}"
    shown = [link.location for link in service.places.all() if not link.location.hidden]
    for location in shown:
        yield from _place(location)
    yield f"URL:{page}"
    yield f"NOTE:{escape(_note(service))}"
    yield "END:VCARD"


def _place(location: Location) -> Iterator[str]:
    """The address, and the point if it is the door."""
    place = location.city or location.province
    street = text_of(location, "address").words
    parts = ("", "", street, str(place.name) if place else "", str(location.region.name) if location.region else "")
    if street or place:
        yield "ADR;TYPE=WORK:" + ";".join(escape(part) for part in (*parts, location.postal_code, _("Morocco")))
    if location.point and location.precision == Precision.EXACT:
        yield f"GEO:{location.point[0]:.6f};{location.point[1]:.6f}"


def _note(service: Service) -> str:
    """The hours in words and how fresh the card is."""
    checked = (
        _("Last confirmed on %(day)s") % {"day": service.checked_on} if service.checked_on else _("Not yet confirmed")
    )
    return "\n".join(part for part in (text_of(service, "hours_text").words, checked) if part)


def escape(text: str) -> str:
    """A text value (RFC 2426 §4): backslash, comma, semicolon and line ends are escaped; no control character is left."""
    lines = "\n".join(text.splitlines())
    kept = "".join(sign for sign in lines if sign == "\n" or sign.isprintable())
    return kept.replace("\\", "\\\\").replace("\n", "\\n").replace(",", "\\,").replace(";", "\\;")


def fold(line: str) -> bytes:
    """The line in UTF-8, folded between characters so that no part is longer than 75 octets."""
    parts, part = [], b""
    for sign in line:
        encoded = sign.encode()
        if len(part) + len(encoded) > LONGEST_LINE:
            parts.append(part)
            part = b" "
        part += encoded
    return b"\r\n".join([*parts, part]) + b"\r\n"
