"""What was posted with an event, understood: only fields that the machine names, each of its kind, or a refusal by name."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import TextChoices

from referral.models import Referral
from referral.refusals import WrongField
from referral.states.clock import local
from referral.states.workflow import Transition
from referral.words.choices import DeclineReason, Handover, NotDeliveredReason, ServiceType, Urgency
from referral.words.consent_choices import SHAREABLE
from services.models import Service

REASON_LENGTH = 300  # characters (referral.md d.1)
TEXT_LENGTH = 2000
REFERENCE_LENGTH = 60
SCALE = range(1, 6)  # satisfaction
CONFIRMED = ("yes", "no", "unreachable")
# Control signs but the line break, turns of the writing direction, halves of signs: nobody sees them.
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")

Reader = Callable[[Any], Any]


def understood(row: Transition, given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of this event, read. What the machine does not name is not taken; empty is left out. Raises WrongField."""
    found: dict[str, Any] = {}
    for name in (*row.fields, *row.optional):
        raw = given.get(name)
        if raw is None or raw in ("", []) or name not in READERS:
            continue
        try:
            value = READERS[name](raw)
        except (ValueError, TypeError) as error:
            raise WrongField(name) from error
        if value not in ("", [], ()):
            found[name] = value
    return found


def need(given: Mapping[str, Any], names: Iterable[str]) -> None:
    """Raises WrongField for the first of these that is not there."""
    for name in names:
        if name not in given:
            raise WrongField(name)


def _text(longest: int) -> Reader:
    def read(raw: Any) -> str:
        if not isinstance(raw, str):
            raise TypeError
        text = UNSEEN.sub("", raw.replace("\r\n", "\n").replace("\t", " ")).strip()
        if len(text) > longest:
            raise ValueError
        return text

    return read


def _one_of(choices: type[TextChoices]) -> Reader:
    return lambda raw: str(choices(raw).value)


def _some_of(choices: Iterable[str]) -> Reader:
    known = [str(choice) for choice in choices]

    def read(raw: Any) -> list[str]:
        wanted = {str(one) for one in raw} if isinstance(raw, list | tuple | set | frozenset) else {str(raw)}
        if not wanted <= set(known):
            raise ValueError
        return [choice for choice in known if choice in wanted]

    return read


def _day(raw: Any) -> date:
    if isinstance(raw, datetime):
        raise TypeError
    return raw if isinstance(raw, date) else date.fromisoformat(raw)


def _moment(raw: Any) -> datetime:
    return local(raw if isinstance(raw, datetime) else datetime.fromisoformat(raw))


def _service(raw: Any) -> Service:
    """One that the directory shows."""
    number = raw.pk if isinstance(raw, Service) else int(raw)
    if (found := Service.objects.filter(pk=number, live=True).first()) is None:
        raise ValueError
    return found


def _referral(raw: Any) -> Referral:
    if isinstance(raw, Referral):
        return raw
    if (found := Referral.objects.filter(pk=uuid.UUID(str(raw))).first()) is None:
        raise ValueError
    return found


def _confirmed(raw: Any) -> str:
    if raw not in CONFIRMED:
        raise ValueError
    return str(raw)


def _scale(raw: Any) -> int:
    if int(raw) not in SCALE:
        raise ValueError
    return int(raw)


READERS: Mapping[str, Reader] = {
    "urgency": _one_of(Urgency),
    "handover": _one_of(Handover),
    "reason": _text(REASON_LENGTH),
    "special_needs": _text(REASON_LENGTH),
    "categories": _some_of(SHAREABLE),
    "replaces": _referral,
    "question": _text(TEXT_LENGTH),
    "answer": _text(TEXT_LENGTH),
    "note": _text(TEXT_LENGTH),
    "outcome": _text(TEXT_LENGTH),
    "next_steps": _text(TEXT_LENGTH),
    "recipient_case_ref": _text(REFERENCE_LENGTH),
    "first_contact_on": _day,
    "expected_on": _day,
    "service_date": _day,
    "contacted_at": _moment,
    "decline_reason": _one_of(DeclineReason),
    "not_delivered_reason": _one_of(NotDeliveredReason),
    "suggested_service": _service,
    "services_given": _some_of(ServiceType),
    "client_confirmed": _confirmed,
    "satisfaction": _scale,
    "barriers": _some_of(NotDeliveredReason),
}
