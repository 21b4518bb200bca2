"""Checks the form of a pack: every key is there, none is unknown, every value is of its kind. Meaning comes after."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .faults import Faults
from .vocabulary import SHARED

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
CHOICE = re.compile(r"[a-z0-9][a-z0-9_]{0,59}")
SOURCE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
VERSION = re.compile(r"\d{4}\.\d{1,4}")
# Control signs, turns of the writing direction and halves of signs: nobody sees them, and they betray the reader.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")

Kind = Callable[[Any], bool]
Table = Mapping[str, Kind]


def text(value: Any) -> bool:
    return isinstance(value, str) and not UNSEEN.search(value)


def flag(value: Any) -> bool:
    return isinstance(value, bool)


def number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def table(value: Any) -> bool:
    return isinstance(value, dict)


def texts(value: Any) -> bool:
    return isinstance(value, list) and all(text(part) for part in value)


def tables(value: Any) -> bool:
    return isinstance(value, list) and all(table(part) for part in value)


HEAD: Table = {
    "profile": text,
    "version": text,
    "source_status": text,
    "validated_by": text,
    "sensitive": flag,
}
SOURCE: Table = {"id": text, "title": text, "date": text, "seen": text, "verify": flag}
STEP: Table = {
    "key": text,
    "stage": text,
    "next": texts,
    "actors": texts,
    "fields": texts,
    "must": texts,
    "must_not": texts,
    "services": texts,
    "sources": texts,
}
STEP_MORE: Table = {"limit": table, "every": table, "escalate_to": text}
LANGUAGE: Table = {"title": text, "summary": text, "legal": text}
LANGUAGE_MORE: Table = {"steps": table, "rules": table, "fields": table, "choices": table}


def check_form(raw: dict[str, Any], faults: Faults) -> None:
    """Add a sentence for each missing, unknown or wrongly filled key, so that what follows may trust the form."""
    shared = raw.get("profile") == SHARED
    needed: dict[str, Kind] = {**HEAD}
    needed |= {"general": texts} if shared else {"start": text, "steps": tables}
    needed |= {code: table for code, _name in settings.LANGUAGES}
    more: dict[str, Kind] = {"sources": tables, "fields": table, "rules": table, "official_source": text}
    more |= {code: table for code in raw if code in LANG_INFO}
    _check(raw, "", needed, more, faults)
    if faults:
        return
    for place, found in _numbered(raw, "sources", "id"):
        _check(found, place, SOURCE, {}, faults)
    for place, found in _numbered(raw, "steps", "key"):
        _check_step(found, place, faults)
    for key, found in raw.get("fields", {}).items():
        _check_part(found, f"fields.{key}", {"kind": text}, {"check": text, "choices": texts, "tier": number}, faults)
    for key, found in raw.get("rules", {}).items():
        sources: dict[str, Kind] = {"sources": texts}  # no step carries those of a shared rule
        more = {"args": texts, "services": texts} | ({} if shared else sources)
        _check_part(found, f"rules.{key}", {"check": text, **(sources if shared else {})}, more, faults)
    for code in languages(raw):
        _check_language(raw[code], code, faults)


def languages(raw: dict[str, Any]) -> list[str]:
    """The languages that this pack must have, then those that it has besides."""
    needed = [code for code, _name in settings.LANGUAGES]
    return needed + [code for code in raw if code in LANG_INFO and code not in needed]


def _numbered(raw: dict[str, Any], part: str, key: str) -> list[tuple[str, dict[str, Any]]]:
    """Each table of a list with its place, named by its key or else by its number."""
    named = ((found.get(key), number, found) for number, found in enumerate(raw.get(part, []), 1))
    return [(f"{part}.{name if isinstance(name, str) else number}", found) for name, number, found in named]


def _check_step(found: dict[str, Any], place: str, faults: Faults) -> None:
    _check(found, place, STEP, STEP_MORE, faults)
    limit, every = found.get("limit"), found.get("every")
    if isinstance(limit, dict):
        _check(limit, f"{place}.limit", {"unit": text, "from": text}, {"amount": number}, faults)
    if isinstance(every, dict):
        _check(every, f"{place}.every", {"unit": text, "amount": number}, {}, faults)


def _check_language(found: dict[str, Any], code: str, faults: Faults) -> None:
    _check(found, code, LANGUAGE, LANGUAGE_MORE, faults)
    for part in LANGUAGE_MORE:
        inside = found.get(part, {})
        for key, value in inside.items() if isinstance(inside, dict) else ():
            if part == "steps":
                _check_part(value, f"{code}.steps.{key}", {"title": text, "what": text}, {"when": text}, faults)
            elif not text(value):
                faults.add(f"{code}.{part}.{key}", str(MEANT[text]))


def _check_part(found: Any, place: str, needed: Table, more: Table, faults: Faults) -> None:
    if table(found):
        _check(found, place, needed, more, faults)
    else:
        faults.add(place, str(MEANT[table]))


def _check(found: dict[str, Any], place: str, needed: Table, more: Table, faults: Faults) -> None:
    allowed = {**more, **needed}
    for key in needed:
        if key not in found:
            faults.add(place, _("“%(key)s” is missing. Add it."), key=key)
    for key, value in found.items():
        if key not in allowed:
            faults.add(place, _("“%(key)s” is not known here. Remove it or correct its name."), key=key)
        elif not allowed[key](value):
            faults.add(f"{place}.{key}" if place else key, str(MEANT[allowed[key]]))


MEANT: Mapping[Kind, Any] = {
    text: gettext_lazy("Write a text between quotation marks, without invisible signs."),
    flag: gettext_lazy("Write true or false."),
    number: gettext_lazy("Write a whole number."),
    table: gettext_lazy("Write a table of keys and values."),
    texts: gettext_lazy("Write a list of texts in square brackets, without invisible signs."),
    tables: gettext_lazy("Write it as a list of tables, each under its own heading in double square brackets."),
}
