"""What goes into a packet: the agreed categories, read from the rows of the case at this instant, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from referral.encryption import Box
from referral.models import Person, Referral, Representative
from referral.referring.attempt import Attempt
from referral.safety import keys
from referral.words.consent_choices import SHAREABLE, DataCategory, RepresentativeKind

Source = Callable[[Referral, Person, Box], Any]


def compose(attempt: Attempt) -> dict[str, Any]:
    """The plain content: who asks for what, how soon, what is shared and what is not, and the agreed fields.

    The person is told by name only if that was agreed; otherwise by the code of the case. What is not known is left out.
    CannotOpen if a value is damaged, or the case was erased.
    """
    referral, case = attempt.referral, attempt.case
    categories = [category for category in SHAREABLE if category in attempt.categories]
    box = keys.case_box(case, case.partner)
    person = Person.objects.filter(case=case).first() or Person(case=case)
    found = {str(one): SOURCES[one](referral, person, box) for one in categories if one in SOURCES}
    content = {
        "referral": str(referral.pk)[:8].upper(),
        "urgency": str(referral.urgency),
        "handover": str(referral.handover),
        "service": str(attempt.service.uuid),
        "from": {"names": referral.sender.names, "person": case.owner.get_full_name(), "email": case.owner.email},
        "shared": [str(one) for one in categories],
        "not_shared": [str(one) for one in SHAREABLE if one not in categories],
        "fields": {name: value for name, value in found.items() if value not in (None, {}, [], "")},
    }
    return content if DataCategory.NAME in categories else {**content, "case": case.code}


def _of_person(*names: str) -> Source:
    def read(_referral: Referral, person: Person, box: Box) -> Any:
        found = {name: value for name, value in person.opened(box, names).items() if value not in (None, "")}
        return found if len(names) > 1 else found.get(names[0])

    return read


def _need(referral: Referral, _person: Person, _box: Box) -> str:
    return str(referral.service_type)


def _reason(referral: Referral, _person: Person, box: Box) -> Any:
    return referral.opened(box, ["reason"])["reason"]


def _special_needs(referral: Referral, person: Person, box: Box) -> Any:
    asked = referral.opened(box, ["special_needs"])["special_needs"]
    return asked or person.opened(box, ["special_needs"])["special_needs"]


def _representative(referral: Referral, _person: Person, box: Box) -> Any:
    """The one whose word counts."""
    rows = Representative.objects.filter(case=referral.case).exclude(kind=RepresentativeKind.NONE_KNOWN)
    found = next((row for row in rows if row.counts), None)
    return {"kind": found.kind, **found.opened(box, ["name", "contact"])} if found else None


# A category without a source here (household, identity number) is kept nowhere, so it cannot be sent.
SOURCES: Mapping[DataCategory, Source] = {
    DataCategory.NAME: _of_person("given_name", "family_name", "alias"),
    DataCategory.CONTACT: _of_person("safe_contact"),
    DataCategory.LANGUAGE: _of_person("languages", "interpreter"),
    DataCategory.AGE_BAND: _of_person("age_band"),
    DataCategory.SEX: _of_person("sex"),
    DataCategory.NEED: _need,
    DataCategory.REASON: _reason,
    DataCategory.SPECIAL_NEEDS: _special_needs,
    DataCategory.REPRESENTATIVE: _representative,
    DataCategory.HEALTH: _of_person("health"),
    DataCategory.ADDRESS: _of_person("commune", "address"),
}
