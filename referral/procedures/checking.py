"""Checks a pack as a whole: says in clear sentences what is wrong with it, where, and what to do."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from .faults import Faults, unknown
from .form import CHOICE, KEY, SOURCE_ID, VERSION, check_form
from .paths import Steps, check_clock, check_paths
from .vocabulary import (
    ACTORS,
    CASE_CHECKS,
    CASE_KIND,
    CHOICE_KINDS,
    COUNTED_UNITS,
    DATED_KINDS,
    ESCALATIONS,
    LONGEST,
    MACHINE_RULES,
    MANUAL,
    PROFILES,
    SEEN,
    SERVICE_TYPES,
    SHARED,
    SOURCE_STATUSES,
    STAGES,
    STEP_DONE,
    TIERS,
    TYPED_KINDS,
    UNITS,
)
from .wording import check_wording

Raw = dict[str, Any]
MONTH = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")  # of a date that is not known to the day


def check(raw: Raw, file: str, shared: Raw | None) -> list[str]:
    """Every fault of a pack that was read from TOML, given the shared pack (None: this is the shared one). Never raises."""
    faults = Faults(file)
    check_form(raw, faults)
    if not faults:
        _check_meaning(raw, shared or {}, faults)
    return faults.sentences


def _check_meaning(raw: Raw, shared: Raw, faults: Faults) -> None:
    _check_head(raw, faults)
    sources = _keys(raw, shared, "sources", faults)
    fields = shared.get("fields", {}) | raw.get("fields", {})
    for key in _repeated([step["key"] for step in raw.get("steps", [])]):
        faults.add("steps", _("“%(key)s” appears twice. Keep one, or give the other its own key."), key=key)
    steps = {step["key"]: step for step in raw.get("steps", [])}
    for part in ("fields", "rules"):
        _keys(raw, shared, part, faults)
    for source in raw.get("sources", []):
        _check_source(source, faults)
    for key, field in raw.get("fields", {}).items():
        _check_field(key, field, faults)
    for key, rule in raw.get("rules", {}).items():
        _check_rule(key, rule, sources, steps, faults)
    rules = {**shared.get("rules", {}), **raw.get("rules", {})}
    for key, step in steps.items():
        _check_step(key, step, {"fields": fields, "must": rules, "must_not": rules, "sources": sources}, faults)
        _check_time(key, step, steps, fields, faults)
    if raw["profile"] == SHARED:
        _check_list("general", raw["general"], rules, faults)
    else:
        check_paths(raw["start"], steps, faults)
        _check_use(raw, faults)
    check_wording(raw, faults)


def _check_head(raw: Raw, faults: Faults) -> None:
    unknown(faults, "profile", [raw["profile"]], (*PROFILES, SHARED))
    unknown(faults, "source_status", [raw["source_status"]], SOURCE_STATUSES)
    if not VERSION.fullmatch(raw["version"]):
        faults.add("version", _("Write the version as the year, a point and a number: 2026.1."))
    if raw["source_status"] == "official" and not raw["validated_by"].strip():
        faults.add("validated_by", _("An official procedure names who approved it. Write the name, or say “draft”."))
    _check_official(raw, faults)


def _check_official(raw: Raw, faults: Faults) -> None:
    """“official” is said of a text that somebody has read in its official, dated document, and of nothing else."""
    named, official = raw.get("official_source", ""), raw["source_status"] == "official"
    if not official:
        if named:
            faults.add("official_source", _("Only an official procedure names its official document. Remove it."))
        return
    found = next((source for source in raw.get("sources", []) if source["id"] == named), None)
    if found is None or found["seen"] != "text" or found["verify"] or not found["date"]:
        faults.add(
            "official_source",
            _("An official procedure names its official document: a source of this pack with its date, read as text, that "
              "nobody must confirm any more. Name it, or say “draft”."),
        )  # fmt: skip


def _keys(raw: Raw, shared: Raw, part: str, faults: Faults) -> set[str]:
    """The keys of this part in the pack and the shared one. Adds a sentence for each that is there twice or ill-formed."""
    own, others = (
        [row["id"] for row in rows] if part == "sources" else list(rows)
        for rows in (raw.get(part, []), shared.get(part, []))
    )
    form = SOURCE_ID if part == "sources" else KEY
    for key in own:
        if not form.fullmatch(key):
            faults.add(part, _("“%(key)s” is not a key. Use small letters a–z, digits and _ or -."), key=key)
    for key in [*_repeated(own), *sorted(set(own) & set(others))]:
        faults.add(
            part, _("“%(key)s” appears twice, or is already in the shared pack. Keep one, or rename it."), key=key
        )
    return {*own, *others}


def _repeated(keys: list[str]) -> list[str]:
    return sorted(key for key, times in Counter(keys).items() if times > 1)


def _check_source(source: Raw, faults: Faults) -> None:
    place = f"sources.{source['id']}"
    unknown(faults, f"{place}.seen", [source["seen"]], SEEN)
    if not source["title"].strip():
        faults.add(f"{place}.title", _("This text is missing or empty. Write it."))
    if source["seen"] == "general_knowledge" and not source["verify"]:
        faults.add(f"{place}.verify", _("What is only general knowledge must be confirmed. Write verify = true."))
    if source["date"] and not MONTH.fullmatch(source["date"]):
        try:
            datetime.date.fromisoformat(source["date"])
        except ValueError:
            faults.add(f"{place}.date", _("Write a year, a month or a day such as 2026-01-31, or leave it empty."))


def _check_field(key: str, field: Raw, faults: Faults) -> None:
    place, kind = f"fields.{key}", field["kind"]
    unknown(faults, f"{place}.kind", [kind], (*TYPED_KINDS, CASE_KIND))
    if kind == CASE_KIND:
        unknown(faults, f"{place}.check", [field.get("check", "")], CASE_CHECKS)
    elif field.get("tier") not in TIERS:
        faults.add(f"{place}.tier", _("Say how sensitive this field is: tier 2, 3 or 4."))
    if kind != CASE_KIND and "check" in field:
        faults.add(f"{place}.check", _("Only a field of kind “case” has a check. Remove it."))
    choices = field.get("choices", [])
    if bool(choices) != (kind in CHOICE_KINDS) or _repeated(choices):
        faults.add(f"{place}.choices", _("A choice needs its choices, each once; another field has none."))
    for choice in choices:
        if not CHOICE.fullmatch(choice):
            faults.add(
                f"{place}.choices", _("“%(key)s” is not a key. Use small letters a–z, digits and _ or -."), key=choice
            )


def _check_rule(key: str, rule: Raw, sources: set[str], steps: Steps, faults: Faults) -> None:
    place, args = f"rules.{key}", rule.get("args", [])
    rules: dict[str, Any] = {**MACHINE_RULES, MANUAL: frozenset(), STEP_DONE: frozenset(steps)}
    if rule["check"] not in rules:
        unknown(faults, f"{place}.check", [rule["check"]], rules)
    elif args and not rules[rule["check"]] and rule["check"] != STEP_DONE:
        faults.add(f"{place}.args", _("The rule “%(rule)s” takes no args. Remove them."), rule=rule["check"])
    elif not args and (rules[rule["check"]] or rule["check"] == STEP_DONE):
        faults.add(f"{place}.args", _("The rule “%(rule)s” needs args. Name at least one."), rule=rule["check"])
    else:
        _check_list(f"{place}.args", args, rules[rule["check"]], faults)
    _check_list(f"{place}.services", rule.get("services", []), SERVICE_TYPES, faults)
    _check_list(f"{place}.sources", rule.get("sources", []), sources, faults)
    if rule.get("sources") == []:
        faults.add(f"{place}.sources", _("Say where this comes from: name at least one source."))


def _check_step(key: str, step: Raw, known: Raw, faults: Faults) -> None:
    place = f"steps.{key}"
    if not KEY.fullmatch(key):
        faults.add(place, _("“%(key)s” is not a key. Use small letters a–z, digits and _ or -."), key=key)
    unknown(faults, f"{place}.stage", [step["stage"]], STAGES)
    for part, allowed in {**known, "actors": ACTORS, "services": SERVICE_TYPES}.items():
        _check_list(f"{place}.{part}", step[part], allowed, faults)
    for part in ("sources", "actors"):
        if not step[part]:
            faults.add(f"{place}.{part}", _("This row names none. Name at least one."))
    for rule in sorted(set(step["must"]) & set(step["must_not"])):
        faults.add(place, _("“%(rule)s” cannot be both a must and a must not. Keep one."), rule=rule)
    for repeated in _repeated(step["next"]):
        faults.add(f"{place}.next", _("“%(key)s” appears twice. Keep one."), key=repeated)
    if "escalate_to" in step:
        unknown(faults, f"{place}.escalate_to", [step["escalate_to"]], ESCALATIONS)


def _check_list(place: str, found: list[str], allowed: Any, faults: Faults) -> None:
    unknown(faults, place, found, allowed)
    for key in _repeated(found):
        faults.add(place, _("“%(key)s” appears twice. Keep one."), key=key)


def _check_time(key: str, step: Raw, steps: Steps, fields: Raw, faults: Faults) -> None:
    limit, every = step.get("limit"), step.get("every")
    if every is not None:
        unknown(faults, f"steps.{key}.every.unit", [every["unit"]], COUNTED_UNITS)
        _check_amount(f"steps.{key}.every.amount", every["amount"], LONGEST, faults)
    if limit is None:
        return
    place = f"steps.{key}.limit"
    unknown(faults, f"{place}.unit", [limit["unit"]], UNITS)
    if limit["unit"] == "by_urgency":
        if "amount" in limit:
            faults.add(f"{place}.amount", _("A limit by urgency has no amount of its own. Remove it."))
    else:
        _check_amount(
            f"{place}.amount", limit.get("amount", 0), 1 if limit["unit"] == "end_of_day" else LONGEST, faults
        )
    dated = [name for name, field in fields.items() if field.get("kind") in DATED_KINDS]
    check_clock(key, limit["from"], steps, dated, faults)


def _check_amount(place: str, amount: int, greatest: int, faults: Faults) -> None:
    if not 1 <= amount <= greatest:
        faults.add(place, _("A limit is a whole number from 1 to %(greatest)s. Correct it."), greatest=greatest)


def _check_use(raw: Raw, faults: Faults) -> None:
    """A rule or field of its own that no step names would never be shown, and never hold."""
    for part, lists in {"rules": ("must", "must_not"), "fields": ("fields",)}.items():
        used = {key for step in raw["steps"] for name in lists for key in step[name]}
        for key in sorted(set(raw.get(part, {})) - used):
            faults.add(f"{part}.{key}", _("No step names this. Name it in a step, or remove it."))
