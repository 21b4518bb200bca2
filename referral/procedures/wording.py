"""Checks the texts of a pack: each there in every language, none too many, and the same numbers in all of them."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from .faults import Faults
from .form import languages

NUMBER = re.compile(r"\d+")
Texts = dict[str, str]


def check_wording(raw: dict[str, Any], faults: Faults) -> None:
    """Add a sentence for each text that is missing, empty, left over, or says another number than its translations."""
    needed = _needed(raw)
    found = {code: _flat(raw[code]) for code in languages(raw)}
    for code, texts in found.items():
        for address, required in needed.items():
            if required and not texts.get(address, "").strip():
                faults.add(f"{code}.{address}", _("This text is missing or empty. Write it."))
        for address in texts:
            if address not in needed:
                faults.add(f"{code}.{address}", _("This text belongs to nothing in the pack. Remove it."))
    for address in needed:
        _check_numbers(address, {code: texts.get(address, "") for code, texts in found.items()}, faults)


def _needed(raw: dict[str, Any]) -> dict[str, bool]:
    """Where each text stands, and whether it must be there: `when` only where a step has no limit."""
    needed = {"title": True, "summary": True, "legal": True}
    for step in raw.get("steps", []):
        place = f"steps.{step['key']}"
        needed |= {f"{place}.title": True, f"{place}.what": True, f"{place}.when": "limit" not in step}
    needed |= {f"rules.{key}": True for key in raw.get("rules", {})}
    for key, field in raw.get("fields", {}).items():
        needed |= {f"fields.{key}": True} | {f"choices.{key}.{choice}": True for choice in field.get("choices", [])}
    return needed


def _flat(language: dict[str, Any]) -> Texts:
    found = {key: value for key, value in language.items() if isinstance(value, str)}
    for part in ("rules", "fields", "choices"):
        found |= {f"{part}.{key}": value for key, value in language.get(part, {}).items()}
    for key, texts in language.get("steps", {}).items():
        found |= {f"steps.{key}.{name}": value for name, value in texts.items()}
    return found


def _check_numbers(address: str, texts: Texts, faults: Faults) -> None:
    numbers = {code: set(NUMBER.findall(text)) for code, text in texts.items() if text.strip()}
    first = next(iter(numbers.values()), set())
    if any(found != first for found in numbers.values()):
        shown = "; ".join(f"{code}: {', '.join(sorted(found)) or '–'}" for code, found in numbers.items())
        faults.add(address, _("The numbers differ (%(numbers)s). Write the same ones, in digits 0–9."), numbers=shown)
