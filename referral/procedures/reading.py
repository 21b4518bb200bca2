"""Reads the text of a pack, which may be hostile: a procedure comes out, or sentences that say what is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from .checking import check
from .faults import FaultyPack, visible
from .form import languages
from .shapes import Field, Limit, Procedure, Rhythm, Rule, Source, Step, Words
from .vocabulary import SHARED

GREATEST_BYTES = 200_000
MOST_POINTS = 60  # in one line: a key of thousands of parts would keep the reader of TOML busy for hours

Raw = dict[str, Any]


def read_pack(text: str, file: str, shared: Raw | None) -> Procedure:
    """The procedure in this text; `shared` is the shared pack (None: this is it). Raises FaultyPack, nothing else."""
    raw = read_tables(text, file)
    if (raw.get("profile") == SHARED) == (shared is None):
        faults = check(raw, file, shared)
    else:
        faults = [f"{file}, profile: " + _("The shared pack cannot stand for a profile, nor a profile for it.")]
    if faults:
        raise FaultyPack(faults)
    return _procedure(raw, shared or {})


def read_tables(text: str, file: str) -> Raw:
    """The tables of a TOML text of at most 200,000 bytes. Raises FaultyPack with one sentence."""
    sentence = _refused(text)
    if not sentence:
        try:
            return tomllib.loads(text)
        except RecursionError:
            sentence = _("The brackets are nested too deeply. Write plain lists.")
        except ValueError as error:  # also integers too long to be read
            sentence = _("This is not TOML (%(error)s). Correct it there.") % {"error": visible(error)}
    raise FaultyPack([f"{file}: {sentence}"])


def _refused(text: str) -> str:
    if len(text.encode("utf-8", "replace")) > GREATEST_BYTES:
        return _("The text is longer than %(bytes)s bytes. Shorten it.") % {"bytes": GREATEST_BYTES}
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > MOST_POINTS:
            values = {"line": number, "points": MOST_POINTS}
            return _("Line %(line)s has more than %(points)s points. Write it as several sentences or lists.") % values
    return ""


def _procedure(raw: Raw, shared: Raw) -> Procedure:
    both = (shared, raw)
    return Procedure(
        profile=raw["profile"],
        version=raw["version"],
        source_status=raw["source_status"],
        validated_by=raw["validated_by"].strip(),
        sensitive=raw["sensitive"],
        start=raw.get("start", ""),
        title=_words(raw, "title"),
        summary=_words(raw, "summary"),
        legal=_words(raw, "legal"),
        steps=tuple(_step(step, raw) for step in raw.get("steps", [])),
        fields=MappingProxyType(
            {key: _field(key, found, pack) for pack in both for key, found in pack.get("fields", {}).items()}
        ),
        rules=MappingProxyType(
            {key: _rule(key, found, pack) for pack in both for key, found in pack.get("rules", {}).items()}
        ),
        sources=MappingProxyType({found["id"]: Source(**found) for pack in both for found in pack.get("sources", [])}),
        general=tuple((shared or raw)["general"]),
        official_source=raw.get("official_source", ""),
    )


def _words(raw: Raw, *address: str) -> Words:
    """The text at this address, in every language of the pack that has it."""
    found = ((code, _at(raw[code], address)) for code in languages(raw))
    return Words(tuple((code, text.strip()) for code, text in found if text.strip()))


def _at(texts: Any, address: Iterable[str]) -> str:
    for key in address:
        texts = texts.get(key, "") if isinstance(texts, dict) else ""
    return texts if isinstance(texts, str) else ""


def _field(key: str, found: Raw, raw: Raw) -> Field:
    choices = tuple((choice, _words(raw, "choices", f"{key}.{choice}")) for choice in found.get("choices", []))
    label = _words(raw, "fields", key)
    return Field(key, found["kind"], label, found.get("check", ""), found.get("tier", 0), choices)


def _rule(key: str, found: Raw, raw: Raw) -> Rule:
    lists = (tuple(found.get(part, ())) for part in ("args", "sources", "services"))
    return Rule(key, found["check"], _words(raw, "rules", key), *lists)


def _step(found: Raw, raw: Raw) -> Step:
    key, limit, every = found["key"], found.get("limit"), found.get("every")
    lists = ("next", "actors", "fields", "must", "must_not", "services", "sources")
    return Step(
        key=key,
        stage=found["stage"],
        title=_words(raw, "steps", key, "title"),
        what=_words(raw, "steps", key, "what"),
        when=_words(raw, "steps", key, "when"),
        limit=Limit(limit["unit"], limit["from"], limit.get("amount", 0)) if limit else None,
        every=Rhythm(every["amount"], every["unit"]) if every else None,
        escalate_to=found.get("escalate_to", ""),
        **{part: tuple(found[part]) for part in lists},
    )
