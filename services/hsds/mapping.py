"""Records of the directory as HSDS 3.0 objects, in one language: plain dictionaries, pure, on rows that are there already.

Guarantees: no key is null; every id is a UUID; a text that is missing in the language comes in the best other one; nothing
of a hidden location, no name of a person who has not agreed, no confidence and no note for editors is in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings

from services.models import Organisation, Service, ServicePlace
from services.models.phones import Phone
from services.models.records import translated_fields
from services.taxonomy import SPOKEN, Access, Answer, Capacity, PhoneKind, Welcome

from . import vocabulary as terms
from .places import is_shown, location, location_id, location_of, service_areas
from .schedules import schedules
from .texts import Plain, address_of_page, compact, derived, in_language, moment, ordered, pair, text

PHONE_TYPES = {PhoneKind.WHATSAPP: "text"}  # RFC 6350 has no WhatsApp; all other kinds are voice
CURRENCY = "MAD"  # ISO 4217


@in_language
def organization(record: Organisation, language: str) -> Plain:
    """The fields of its own. `description` is required by HSDS: an empty text where nobody has written one."""
    return {
        "id": str(record.uuid),
        "name": text(record, "name", language),
        "description": text(record, "description", language),
    } | compact(email=record.email, website=address_of_page(record.website))


@in_language
def full_organization(record: Organisation, language: str, services: Iterable[Plain] = ()) -> Plain:
    """With phones, places (never hidden ones) and `services`, as they are given."""
    places = [place for place in record.locations.all() if is_shown(place) and not place.hidden]
    return _with_contact(record, language) | compact(
        locations=[location(place, language) for place in places], services=list(services)
    )


def _with_contact(record: Organisation, language: str) -> Plain:
    kind = []
    if record.kind != terms.UNKNOWN:
        term = terms.small_term(terms.PROVIDER, language, record.kind)
        kind.append(terms.attribute(record.uuid, "organization", terms.PROVIDER, term))
    owner = {"organization_id": str(record.uuid)}
    return organization(record, language) | compact(
        phones=[_phone(row, owner, language) for row in ordered(record.phones)], attributes=kind
    )


@in_language
def service(record: Service, language: str, *, with_organization: bool = True) -> Plain:
    """The fields of its own, and its organisation: what a list holds."""
    plain = {
        "id": str(record.uuid),
        "organization_id": str(record.organisation.uuid),
        "name": text(record, "name", language),
        "status": status(record),
    } | compact(
        description=text(record, "description", language),
        url=address_of_page(record.website),
        email=record.email,
        application_process=_application(record, language),
        fees_description=text(record, "fees", language),
        eligibility_description=_eligibility(record, language),
        minimum_age=record.minimum_age,
        maximum_age=record.maximum_age,
        assured_date=record.checked_on.isoformat() if record.checked_on else None,
        alert=text(record, "alert", language),
        last_modified=moment(record.modified_at),
    )
    return plain | {"organization": organization(record.organisation, language)} if with_organization else plain


@in_language
def full_service(record: Service, language: str, *, with_organization: bool = True, with_places: bool = True) -> Plain:
    """With everything that belongs to it."""
    owner = {"service_id": str(record.uuid)}
    places = [place for place in ordered(record.places) if is_shown(place.location)] if with_places else []
    return (
        service(record, language, with_organization=False)
        | ({"organization": _with_contact(record.organisation, language)} if with_organization else {})
        | compact(
            phones=[_phone(row, owner, language) for row in ordered(record.phones)],
            schedules=schedules(record, language),
            service_areas=service_areas(record, language),
            service_at_locations=[_place(place, record, language) for place in places],
            languages=_languages(record),
            cost_options=[_cost(row, owner, language) for row in ordered(record.costs)],
            required_documents=[_document(row, owner, language) for row in ordered(record.documents)],
            contacts=[_contact(row, owner, language) for row in ordered(record.contacts)],
            attributes=_attributes(record, language),
        )
    )


@in_language
def service_at_location(place: ServicePlace, language: str) -> Plain:
    """What a list holds: the service and the location, each with the fields of its own."""
    return _place(place, place.service, language, nested=False) | {"service": service(place.service, language)}


@in_language
def full_service_at_location(place: ServicePlace, language: str) -> Plain:
    """With everything; phones, hours and contacts stand at the service, which has one set of them for all its places."""
    return _place(place, place.service, language) | {
        "service": full_service(place.service, language, with_places=False)
    }


def status(record: Service) -> str:
    closed = record.capacity == Capacity.CLOSED or record.is_suspended
    return "temporarily closed" if closed else "active"


def _place(place: ServicePlace, record: Service, language: str, *, nested: bool = True) -> Plain:
    return {
        "id": str(place.uuid),
        "service_id": str(record.uuid),
        "location_id": location_id(place),
        "location": location_of(place, language, nested=nested),
    }


def _application(record: Service, language: str) -> str:
    access = str(Access(record.access).label) if record.access != Access.UNKNOWN else ""
    return "\n".join(filter(None, [access, text(record, "how_to", language)]))


def _eligibility(record: Service, language: str) -> str:
    """Who is welcome, in words: partners who do not read attributes must see that a place is only for some."""
    people = [str(label) for value, label in terms.SITUATION.values if value in record.welcomes]
    if record.women_only:
        people.insert(0, str(dict(terms.FACT.values)["women_only"]))
    said = "" if record.welcome == Welcome.UNKNOWN else str(Welcome(record.welcome).label)
    if people:
        said = pair(said, " · ".join(people)) if said else " · ".join(people)
    return "\n".join(filter(None, [said, text(record, "eligibility", language)]))


def _phone(row: Phone, owner: dict[str, str], language: str) -> Plain:
    kind = "" if row.kind == PhoneKind.VOICE else str(PhoneKind(row.kind).label)
    description = " · ".join(filter(None, [kind, text(row, "note", language)]))
    number_type = PHONE_TYPES.get(PhoneKind(row.kind), "voice")
    return {"id": str(row.uuid), **owner, "number": row.number, "type": number_type} | compact(description=description)


def _languages(record: Service) -> list[Plain]:
    return [
        {"id": derived(record.uuid, "language", code), "service_id": str(record.uuid), "name": str(name), "code": code}
        for code, name in SPOKEN
        if code in record.languages
    ]


def _cost(row: Any, owner: dict[str, str], language: str) -> Plain:
    amount = {} if row.amount is None else {"currency": CURRENCY, "amount": float(row.amount)}
    return {"id": str(row.uuid), **owner, **amount} | compact(option=text(row, "label", language))


def _document(row: Any, owner: dict[str, str], language: str) -> Plain:
    only = f" ({row._meta.get_field('if_you_have_it').verbose_name})" if row.if_you_have_it else ""
    return {"id": str(row.uuid), **owner, "document": text(row, "name", language) + only}


def _contact(row: Any, owner: dict[str, str], language: str) -> Plain:
    """A function; the name only of a person who has agreed (trust P21)."""
    return {"id": str(row.uuid), **owner} | compact(
        name=row.name if row.agreed else "", title=text(row, "title", language), email=row.email
    )


def _attributes(record: Service, language: str) -> list[Plain]:
    """What HSDS has no field for, as terms of our taxonomies."""
    category = terms.category_term(record.category, language)
    found = [terms.attribute(record.uuid, "service", terms.CATEGORY, category)]
    for need in sorted(record.terms.all(), key=lambda term: term.code):
        found.append(terms.attribute(record.uuid, "service", terms.NEED, terms.need_term(need, language)))
    since = {terms.CAPACITY: record.capacity_since.isoformat() if record.capacity_since else ""}
    for vocabulary, value in (*_values(record), *_facts(record), *_texts(record)):
        term = terms.small_term(vocabulary, language, value)
        found.append(terms.attribute(record.uuid, "service", vocabulary, term, since.get(vocabulary, "")))
    return found


def _values(record: Service) -> Iterator[tuple[terms.Vocabulary, str]]:
    """Each small taxonomy with the value that the service has in it; nothing of what is not known."""
    for vocabulary in (terms.WELCOME, terms.ACCESS, terms.CAPACITY):
        if (value := getattr(record, vocabulary.field)) != terms.UNKNOWN:
            yield vocabulary, value
    for value, _label in terms.SITUATION.values:
        if value in record.welcomes:
            yield terms.SITUATION, value


def _facts(record: Service) -> Iterator[tuple[terms.Vocabulary, str]]:
    for name in terms.ANSWERS:
        if (answer := getattr(record, name)) != Answer.UNKNOWN:
            yield terms.FACT, name if answer == Answer.YES else f"not_{name}"
    for name in terms.MARKS:
        if getattr(record, name):
            yield terms.FACT, name
    if record.warns_asylum_seekers:
        yield terms.FACT, terms.WARNING


def _texts(record: Service) -> Iterator[tuple[terms.Vocabulary, str]]:
    """The languages in which every text exists that exists in any."""
    given = [field for field in translated_fields(Service) if text(record, field, settings.LANGUAGE_CODE)]
    for language, _name in terms.TEXTS.values:
        if all(record.text(field, language) for field in given):
            yield terms.TEXTS, language
