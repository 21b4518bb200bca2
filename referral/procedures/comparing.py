"""Compares two versions of a procedure for the person who approves one: what was added, removed, changed, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from .shapes import Field, Procedure, Rule, Source, Step, Words

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
Place = tuple[str, str, str, str]


@dataclass(frozen=True)
class Change:
    """One difference. `before` is empty for what was added, `after` for what was removed.

    `part`: procedure, step, rule, field or source. `key`: of that part; empty for the procedure. `aspect`: its column,
    such as "limit.amount" or "title". `language`: of a text; empty for what is not a text.
    """

    kind: str
    part: str
    key: str
    aspect: str
    language: str
    before: str
    after: str


def compare(old: Procedure, new: Procedure) -> list[Change]:
    """Every difference, in the order of the new version, then what only the old one has. Equal versions: an empty list.

    A part that exists in one version only counts as added or removed with all its columns; otherwise a column changed.
    """
    before, after = dict(_rows(old)), dict(_rows(new))
    parts_before, parts_after = ({place[:2] for place in rows} for rows in (before, after))
    changes = []
    for place in chain(after, (place for place in before if place not in after)):
        was, now = before.get(place, ""), after.get(place, "")
        if was != now:
            kind = CHANGED if place[:2] in parts_before & parts_after else ADDED if place in after else REMOVED
            changes.append(Change(kind, *place, was, now))
    return changes


def _rows(procedure: Procedure) -> Iterator[tuple[Place, str]]:
    """Each non-empty value of a procedure with its place."""
    head = ("profile", "version", "source_status", "official_source", "validated_by", "sensitive", "start", "general")
    own = _values(procedure, head) | {"steps": ", ".join(step.key for step in procedure.steps)}
    yield from _part("procedure", "", own, {name: getattr(procedure, name) for name in ("title", "summary", "legal")})
    for step in procedure.steps:
        yield from _part("step", step.key, _step(step), {"title": step.title, "what": step.what, "when": step.when})
    for rule in procedure.rules.values():
        yield from _part("rule", rule.key, _rule(rule), {"wording": rule.wording})
    for field in procedure.fields.values():
        labels = {f"choices.{choice}": label for choice, label in field.choices}
        yield from _part("field", field.key, _field(field), {"label": field.label, **labels})
    for source in procedure.sources.values():
        yield from _part("source", source.id, _source(source), {})


def _part(part: str, key: str, values: Mapping[str, str], words: Mapping[str, Words]) -> Iterator[tuple[Place, str]]:
    for aspect, value in values.items():
        if value:
            yield (part, key, aspect, ""), value
    for aspect, text in words.items():
        for language, written in text.by_language:
            yield (part, key, aspect, language), written


def _values(shape: object, names: tuple[str, ...]) -> dict[str, str]:
    return {name: _shown(getattr(shape, name)) for name in names}


def _shown(value: object) -> str:
    """A value as the file writes it: lists with commas, true and false as such, nothing for none and 0."""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) if isinstance(value, tuple) else str(value or "")


def _step(step: Step) -> dict[str, str]:
    lists = ("next", "actors", "fields", "must", "must_not", "services", "sources")
    values = _values(step, ("stage", *lists, "escalate_to"))
    if step.limit:
        values |= {
            "limit.amount": _shown(step.limit.amount),
            "limit.unit": step.limit.unit,
            "limit.from": step.limit.since,
        }
    if step.every:
        values |= {"every.amount": _shown(step.every.amount), "every.unit": step.every.unit}
    return values


def _rule(rule: Rule) -> dict[str, str]:
    return _values(rule, ("check", "args", "sources", "services"))


def _field(field: Field) -> dict[str, str]:
    choices = ", ".join(choice for choice, _label in field.choices)
    return _values(field, ("kind", "check", "tier")) | {"choices": choices}


def _source(source: Source) -> dict[str, str]:
    return _values(source, ("title", "date", "seen", "verify"))
