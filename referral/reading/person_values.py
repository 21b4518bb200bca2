"""What may be written about a person, column by column: closed lists, lengths, dates. What does not fit is refused, not cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from referral.models import Person
from referral.refusals import WrongField
from referral.words.choices import ContactChannel
from referral.words.person_choices import AgeBand, InterpreterNeed, Sex
from services.taxonomy import SPOKEN

LONGEST_LIFE = timedelta(days=125 * 366)
SAFE_CONTACT = {"channels", "number", "hours", "words"}


def checked(values: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    """The values as they are kept; empty ones as None. WrongField for a name that is not among `names`, or a wrong value."""
    found = {}
    for name, value in values.items():
        if name not in names:
            raise WrongField(name)
        found[name] = None if value in (None, "", [], {}) else _checked(name, value)
    return found


def _checked(name: str, value: Any) -> Any:
    try:
        return CHECKS[name](value)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise WrongField(name) from error


def _text(longest: int) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if not isinstance(value, str) or not value.strip() or len(value) > longest:
            raise ValueError
        return value.strip()

    return check


def _among(choices: Any) -> Callable[[Any], str]:
    return lambda value: str(choices(value))


def _languages(value: Any) -> list[str]:
    known = [code for code, _name in SPOKEN]
    if isinstance(value, str) or not set(value) <= set(known):
        raise ValueError
    return [str(code) for code in dict.fromkeys(value)]


def _birth_date(value: Any) -> str:
    born = value if isinstance(value, date) else date.fromisoformat(value)
    if not timezone.localdate() - LONGEST_LIFE < born <= timezone.localdate():
        raise ValueError
    return born.isoformat()


def _safe_contact(value: Any) -> dict[str, Any]:
    """{channels: [...], number, hours, words}: only what is there is kept."""
    if not set(value) <= SAFE_CONTACT:
        raise ValueError
    texts = {key: _text(300)(value[key]) for key in sorted(SAFE_CONTACT - {"channels"}) if value.get(key)}
    return {"channels": [str(ContactChannel(channel)) for channel in value.get("channels", [])], **texts}


CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "alias": _text(60),
    "age_band": _among(AgeBand),
    "sex": _among(Sex),
    "languages": _languages,
    "interpreter": _among(InterpreterNeed),
    "special_needs": _text(500),
    "safe_contact": _safe_contact,
    "given_name": _text(100),
    "family_name": _text(100),
    "birth_date": _birth_date,
    "nationality": _text(60),
    "phone": _text(40),
    "commune": _text(100),
    "address": _text(300),
    "code_word": _text(60),
    "status_declared": _text(200),
    "health": _text(2000),
}
assert set(CHECKS) == set(Person.sealed_names())  # noqa: S101 (a column without a check would take anything)
