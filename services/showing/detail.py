"""What the page of a service shows beyond its row: how to reach it, when, for whom, what to bring, what it costs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from services import presenting
from services.hours import telling
from services.models import Service
from services.presenting import Text, text_of
from services.taxonomy import Access, Answer, PhoneKind, Situation, Welcome

ADDRESS = re.compile(r"https?://[^\s;,]+")
TEXTS = ("description", "eligibility", "fees", "hours_text", "how_to", "alert")


@dataclass(frozen=True)
class Cost:
    label: Text
    amount: Decimal | None


@dataclass(frozen=True)
class Link:
    """An address elsewhere and the name of its site, which is what a reader can judge."""

    address: str
    name: str


@dataclass(frozen=True)
class Contact:
    """A function to ask for. A name only of a person who has agreed."""

    title: Text
    name: str
    email: str


def detail(service: Service) -> dict[str, Any]:
    """The context of services/service.html. No query beyond those of `with_parts`."""
    calls = [presenting.call(phone) for phone in service.phones.all()]
    opening_hours = telling.hours_of(service)
    name = text_of(service, "name")
    page = f"{settings.BASE_URL}/{get_language()}/services/{service.key}/"
    return {
        "name": name,
        "organisation": text_of(service.organisation, "name"),
        "about_organisation": text_of(service.organisation, "description"),
        "kind": presenting.kind_of(service),
        "texts": {field: text_of(service, field) for field in TEXTS},
        "calls": [call for call in calls if call.kind != PhoneKind.WHATSAPP],
        "chats": [call for call in calls if call.kind == PhoneKind.WHATSAPP],
        "spots": presenting.spots(service),
        "where": presenting.where(service, presenting.spots(service)),
        "areas": presenting.listed(place.name for place in service.areas.all()),
        "now": telling.now_words(opening_hours),
        "week": telling.week_rows(opening_hours) if _tells_hours(opening_hours) else [],
        "documents": [(text_of(one, "name"), one.if_you_have_it) for one in service.documents.all()],
        "costs": [Cost(text_of(one, "label"), one.amount) for one in service.costs.all()],
        "free": service.free if service.free != Answer.UNKNOWN else "",
        "access": "" if service.access == Access.UNKNOWN else service.get_access_display(),
        "capacity": presenting.room(service),
        "languages": presenting.spoken(service),
        "welcome": _welcome(service),
        "situations": situations(service),
        "ages": presenting.ages(service),
        "contacts": [contact for row in service.contacts.all() if (contact := _contact(row))],
        "links": [
            _link(address) for address in dict.fromkeys(filter(None, [service.website, service.organisation.website]))
        ],
        "email": service.email or service.organisation.email,
        "sources": [_link(address) for address in dict.fromkeys(ADDRESS.findall(service.source))],
        "share_text": f"{name.words} {page}",
        "page_address": page,
    }


def _tells_hours(opening_hours: telling.Hours) -> bool:
    return bool(opening_hours.weekly or opening_hours.dated or opening_hours.around_the_clock)


def situations(service: Service) -> list[str]:
    """The situations that it names; none where everyone is welcome alike."""
    return [] if service.welcome == Welcome.EVERYONE else [str(Situation(key).label) for key in service.welcomes]


def _welcome(service: Service) -> str:
    """“Only for:” before a list, “Everyone is welcome” alone; empty before a list of which it is not known how firm it is."""
    head = str(Welcome(service.welcome).label)
    if not situations(service):
        return head
    return (
        "" if service.welcome == Welcome.UNKNOWN else (_("%(who)s: %(people)s") % {"who": head, "people": ""}).strip()
    )


def _contact(row: Any) -> Contact | None:
    title, name = text_of(row, "title"), row.name if row.agreed else ""
    return Contact(title, name, row.email) if title or name else None


def _link(address: str) -> Link:
    return Link(address, urlsplit(address).netloc.removeprefix("www."))
