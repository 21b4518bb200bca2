"""Reads what was typed in the fields of a step: each by its kind, refused by name where it does not fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from referral.models import Case
from referral.procedures import Field, Procedure
from referral.procedures.vocabulary import DATED_KINDS
from referral.reading.versions import procedure_of
from referral.refusals import WrongField
from referral.states.clock import local

from .case_desk import needed_text

DELICATE = 4  # the tier from which on an answer is kept apart
GREATEST = 10**9
FARTHEST = timedelta(days=125 * 366)  # from today, before or after


def read_answers(procedure: Procedure, keys: tuple[str, ...], typed: Mapping[str, Any]) -> tuple[dict, dict]:
    """The ordinary and the delicate answers of these fields, as JSON can hold them. WrongField for the first field that
    is missing or wrong, and for one that the step does not ask."""
    wanted = {key: procedure.fields[key] for key in keys if procedure.fields[key].typed}
    for key in typed:
        if key not in wanted:
            raise WrongField(key)
    found = {key: read_answer(field, typed.get(key)) for key, field in wanted.items()}
    delicate = {key: found.pop(key) for key, field in wanted.items() if field.tier >= DELICATE}
    return found, delicate


def read_dates(case: Case, typed: Mapping[str, Any]) -> dict[str, str]:
    """Moments for dated fields of the procedure of this case. WrongField for any other key, and for what is no moment."""
    fields = procedure_of(case).fields
    for key in typed:
        if key not in fields or fields[key].kind not in DATED_KINDS:
            raise WrongField(key)
    return {key: str(read_answer(fields[key], value)) for key, value in typed.items()}


def read_answer(field: Field, raw: Any) -> Any:
    """One answer. WrongField if it is missing or does not fit the kind of the field."""
    if raw is None or raw in ("", []):
        raise WrongField(field.key)
    try:
        return READERS[field.kind](field, raw)
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise WrongField(field.key) from error


def _number(_field: Field, raw: Any) -> float | int:
    number = float(raw)
    if isinstance(raw, bool) or not math.isfinite(number) or not 0 <= number <= GREATEST:
        raise ValueError
    return int(number) if number.is_integer() else number


def _yes_no(_field: Field, raw: Any) -> bool:
    if raw not in (True, False, "yes", "no"):
        raise ValueError
    return raw in (True, "yes")


def _date(_field: Field, raw: Any) -> str:
    found = raw if isinstance(raw, date) and not isinstance(raw, datetime) else date.fromisoformat(raw)
    _check_near(found)
    return found.isoformat()


def _datetime(_field: Field, raw: Any) -> str:
    found = local(raw if isinstance(raw, datetime) else datetime.fromisoformat(raw))
    _check_near(found.date())
    return found.isoformat()


def _check_near(day: date) -> None:
    if abs(day - timezone.localdate()) > FARTHEST:
        raise ValueError


def _choice(field: Field, raw: Any) -> str:
    if raw not in [key for key, _label in field.choices]:
        raise ValueError
    return str(raw)


def _choices(field: Field, raw: Any) -> list[str]:
    if isinstance(raw, str):
        raise TypeError
    return list(dict.fromkeys(_choice(field, one) for one in raw))


def _text(field: Field, raw: Any) -> str:
    return needed_text(field.key, raw)


READERS: Mapping[str, Callable[[Field, Any], Any]] = {
    "text": _text,
    "number": _number,
    "yes_no": _yes_no,
    "date": _date,
    "datetime": _datetime,
    "choice": _choice,
    "choices": _choices,
}
