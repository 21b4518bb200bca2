"""A packet in the reader's words: each category that was shared with its lines, and the categories that were not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from referral.words.choices import ContactChannel, Handover, ServiceType, Urgency
from referral.words.consent_choices import DataCategory, RepresentativeKind
from referral.words.person_choices import AgeBand, InterpreterNeed, Sex
from services.presenting import listed
from services.taxonomy import SPOKEN

Lines = list[str]


@dataclass(frozen=True)
class Row:
    """One category with what is told of it, line by line."""

    label: str
    lines: Lines


@dataclass(frozen=True)
class Shown:
    """A packet as a page shows it."""

    number: str
    sender: str
    person: str
    email: str
    urgency: str
    urgency_label: str
    handover: str
    case: str
    rows: list[Row]
    not_shared: list[str]


def shown(content: Mapping[str, Any]) -> Shown:
    """The content of a packet (`packet_content.compose`) in the active language."""
    sender = content.get("from", {})
    return Shown(
        number=str(content.get("referral", "")),
        sender=_own_name(sender.get("names", {})),
        person=str(sender.get("person", "")),
        email=str(sender.get("email", "")),
        urgency=str(content.get("urgency", "")),
        urgency_label=_label(Urgency, content.get("urgency")),
        handover=_label(Handover, content.get("handover")),
        case=str(content.get("case", "")),
        rows=rows(content.get("fields", {})),
        not_shared=labels(content.get("not_shared", ())),
    )


def rows(fields: Mapping[str, Any]) -> list[Row]:
    """The fields of a packet, in the order of the list of categories."""
    return [Row(str(one.label), lines(one, fields[one])) for one in DataCategory if one in fields]


def lines(category: str, value: Any) -> Lines:
    """What is told of one category, line by line."""
    found = LINES[DataCategory(category)](value) if category in LINES else [str(value)]
    return [line for line in found if line]


def labels(categories: Iterable[str]) -> list[str]:
    """The names of these categories."""
    return [_label(DataCategory, one) for one in categories]


def _label(choices: Any, value: Any) -> str:
    return str(choices(value).label) if value in choices.values else str(value or "")


def _own_name(names: Mapping[str, str]) -> str:
    codes = [get_language() or "", *settings.FALLBACK_LANGUAGES, *names]
    return next((names[code] for code in codes if names.get(code)), "")


def _name(value: Mapping[str, Any]) -> Lines:
    full = " ".join(str(value[part]) for part in ("given_name", "family_name") if value.get(part))
    alias = value.get("alias")
    return [full, _("Wants to be called %(name)s") % {"name": alias}] if alias and full else [full or str(alias or "")]


def _contact(value: Mapping[str, Any]) -> Lines:
    channels = [_label(ContactChannel, one) for one in value.get("channels", ())]
    return [listed(channels), *(str(value.get(part) or "") for part in ("number", "hours", "words"))]


def _language(value: Mapping[str, Any]) -> Lines:
    names = {code: str(name) for code, name in SPOKEN}
    spoken = listed(names.get(code, code) for code in value.get("languages", ()))
    need = _label(InterpreterNeed, value.get("interpreter"))
    return [spoken, _("Interpreter: %(need)s") % {"need": need} if need else ""]


def _representative(value: Mapping[str, Any]) -> Lines:
    return [
        _label(RepresentativeKind, value.get("kind")),
        str(value.get("name") or ""),
        str(value.get("contact") or ""),
    ]


def _address(value: Mapping[str, Any]) -> Lines:
    return [str(value.get("address") or ""), str(value.get("commune") or "")]


LINES: Mapping[DataCategory, Callable[[Any], Lines]] = {
    DataCategory.NAME: _name,
    DataCategory.CONTACT: _contact,
    DataCategory.LANGUAGE: _language,
    DataCategory.AGE_BAND: lambda value: [_label(AgeBand, value)],
    DataCategory.SEX: lambda value: [_label(Sex, value)],
    DataCategory.NEED: lambda value: [_label(ServiceType, value)],
    DataCategory.REPRESENTATIVE: _representative,
    DataCategory.ADDRESS: _address,
}
