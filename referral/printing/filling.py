"""The form of one referral: what is in its packet, and nothing else of the person (referral.md d.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext, pgettext

from referral.models import Grant, Packet, Referral
from referral.printing.words import Field, Section, Words, chosen, code, field, on, ours, section, several, told, typed
from referral.referring.packets import Opened
from referral.safety.isolation import as_system
from referral.words.choices import ContactChannel, Handover, ServiceType, Urgency
from referral.words.consent_choices import ConsentGiver, ConsentMethod, DataCategory, LegalBasis, RepresentativeKind
from referral.words.person_choices import AgeBand, InterpreterNeed, Sex
from services import presenting
from services.models import Service
from services.taxonomy import SPOKEN, PhoneKind

LONGEST_HEALTH, LONGEST_NEEDS, LONGEST_REASON = 2000, 500, 300


def sections(opened: Opened, referral: Referral) -> Iterator[Section]:
    """The parts of the form in the active language. Parts of which the packet has nothing are left out."""
    content = opened.content
    shared = content.get("fields") or {}
    parts = [
        section(pgettext("form", "Referral"), _referral(content, referral)),
        section(pgettext("form", "Who refers"), _sender(content.get("from") or {})),
        section(pgettext("form", "Receiving service"), _service(content.get("service"))),
        section(pgettext("form", "The person"), _person(content, shared)),
        _contact(shared.get("contact")),
        section(pgettext("form", "Representative of the child"), _representative(shared.get("representative") or {})),
        section(pgettext("form", "What is asked"), _request(shared)),
        section(pgettext("form", "Consent"), [*_sharing(content), *_consent(opened.packet)]),
    ]
    return (part for part in parts if part.rows or part.note)


def _referral(content: Mapping[str, Any], referral: Referral) -> list[Field | None]:
    return [
        field(pgettext("form", "Reference"), code(content.get("referral"))),
        field(pgettext("form", "Date"), on(referral.sent_at)),
        field(pgettext("form", "Urgency"), chosen(Urgency, content.get("urgency"))),
        field(pgettext("form", "Handover"), chosen(Handover, content.get("handover"))),
        field(pgettext("form", "Answer by"), on(referral.decide_by, hour=True)),
        field(pgettext("form", "Service by"), on(referral.deliver_by, hour=True)),
    ]


def _sender(sender: Mapping[str, Any]) -> list[Field | None]:
    return [
        field(pgettext("form", "Organisation"), typed(_in_language(sender.get("names") or {}))),
        field(pgettext("form", "Contact person"), typed(sender.get("person"))),
        field(pgettext("form", "E-mail"), code(sender.get("email")), wide=True),
    ]


def _in_language(names: Mapping[str, str]) -> str:
    codes = [get_language() or "", *settings.FALLBACK_LANGUAGES, *names]
    return next((names[one] for one in codes if names.get(one)), "")


def _service(identifier: Any) -> list[Field | None]:
    """As the directory shows it now: of a hidden place nothing but the region."""
    found = Service.objects.in_list().filter(uuid=identifier).first()
    if found is None:
        return []
    calls = [presenting.call(phone) for phone in found.phones.all() if phone.kind != PhoneKind.WHATSAPP]
    return [
        field(pgettext("form", "Service"), told(presenting.text_of(found, "name"))),
        field(pgettext("form", "Organisation"), told(presenting.text_of(found.organisation, "name"))),
        field(pgettext("form", "Address"), *_places(found)),
        field(pgettext("form", "Phone"), *(code(call.shown) for call in calls)),
    ]


def _places(service: Service) -> Iterator[Words | None]:
    for spot in presenting.spots(service):
        if spot.hidden:
            yield ours(presenting.listed([gettext("Confidential address"), spot.region]))
        else:
            yield told(spot.address) if spot.address else None
            yield ours(spot.place) if spot.place else None


def _person(content: Mapping[str, Any], shared: Mapping[str, Any]) -> list[Field | None]:
    name, spoken = _part(shared, "name"), _part(shared, "language")
    home = _part(shared, "address")
    names = " ".join(str(name[key]) for key in ("given_name", "family_name") if name.get(key))
    return [
        field(pgettext("form", "Name"), typed(names)),
        field(pgettext("form", "Known as"), typed(name.get("alias"))),
        field(pgettext("form", "Case code"), code(content.get("case"))),
        field(pgettext("form", "Age"), chosen(AgeBand, shared.get("age_band"))),
        field(pgettext("form", "Sex"), chosen(Sex, shared.get("sex"))),
        field(pgettext("form", "Languages"), several(SPOKEN, spoken.get("languages"))),
        field(pgettext("form", "Interpreter"), chosen(InterpreterNeed, spoken.get("interpreter"))),
        field(pgettext("form", "Commune"), typed(home.get("commune"))),
        field(pgettext("form", "Address"), typed(home.get("address")), wide=True),
    ]


def _part(shared: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = shared.get(name)
    return part if isinstance(part, Mapping) else {}


def _contact(rules: Any) -> Section:
    """What is safe; and where nothing was shared, that the person is reached through the sender alone."""
    title = pgettext("form", "How to reach the person safely")
    if not isinstance(rules, Mapping) or not rules:
        return section(title, [], pgettext("form", "Not shared. Reach the person through the sender only."))
    fields = [
        field(pgettext("form", "Only by"), several(ContactChannel.choices, rules.get("channels"))),
        field(pgettext("form", "Number"), code(rules.get("number"))),
        field(pgettext("form", "Hours"), typed(rules.get("hours"))),
        field(pgettext("form", "Precautions"), typed(rules.get("words")), wide=True),
    ]
    return section(title, fields, pgettext("form", "Use no other way. Do not say to anybody else why you call."))


def _representative(found: Mapping[str, Any]) -> list[Field | None]:
    return [
        field(pgettext("form", "Representative"), chosen(RepresentativeKind, found.get("kind"))),
        field(pgettext("form", "Name"), typed(found.get("name"))),
        field(pgettext("form", "Contact"), typed(found.get("contact")), wide=True),
    ]


def _request(shared: Mapping[str, Any]) -> list[Field | None]:
    return [
        field(pgettext("form", "Service asked for"), chosen(ServiceType, shared.get("need")), wide=True),
        field(pgettext("form", "Reason"), typed(shared.get("reason"), LONGEST_REASON), wide=True),
        field(pgettext("form", "Accessibility needs"), typed(shared.get("special_needs"), LONGEST_NEEDS), wide=True),
        field(pgettext("form", "Health"), typed(shared.get("health"), LONGEST_HEALTH), wide=True),
    ]


def _sharing(content: Mapping[str, Any]) -> list[Field | None]:
    return [
        field(pgettext("form", "Agreed to share"), several(DataCategory.choices, content.get("shared")), wide=True),
        field(pgettext("form", "Not shared"), several(DataCategory.choices, content.get("not_shared")), wide=True),
    ]


def _consent(packet: Packet) -> list[Field | None]:
    """How consent was given; where a share rests on something else, on what. Nothing sealed is opened."""
    with as_system():
        consent = Grant.objects.select_related("consent").get(pk=packet.grant_id).consent
    if consent.legal_basis != LegalBasis.CONSENT:
        return [
            field(pgettext("form", "Shared without consent, on the basis of"), chosen(LegalBasis, consent.legal_basis))
        ]
    return [
        field(pgettext("form", "Given by"), chosen(ConsentGiver, consent.given_by)),
        field(pgettext("form", "How"), chosen(ConsentMethod, consent.method)),
        field(pgettext("form", "Language of the conversation"), several(SPOKEN, [consent.language])),
        field(pgettext("form", "Date"), on(consent.given_at)),
        field(pgettext("form", "Version of the text read out"), code(consent.script_version)),
    ]
