"""Reads the smaller starter files: home, topics, statements. Refused with file, line and reason like the guides."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .reading import LANGUAGES, Source, languages_of, parse

NAMESPACE = uuid.UUID("6a1fb7a6-0d0c-4b52-9a53-5b1f6a2c6f10")


@dataclass
class StarterPage:
    """A page as its file has it: plain fields, and each language's words by their place in the page."""

    path: Path
    key: str
    fields: dict[str, Any] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)

    def digest(self) -> str:
        text = json.dumps([self.key, self.fields, self.words], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def read_frame(path: Path) -> tuple[StarterPage, StarterPage]:
    """The home page and the list of guides."""
    source, data = parse(path)
    pages: list[StarterPage] = []
    for name, key in (("home", "home"), ("guides", "guides")):
        line = source.line_of(rf"\[{name}\]")
        pages.append(StarterPage(path, key, {}, _words(source, data.get(name, {}), ("title", "intro"), line)))
    return pages[0], pages[1]


def read_topics(path: Path) -> list[StarterPage]:
    """The topics, with their sign and position."""
    source, data = parse(path)
    lines = source.item_lines("topics")
    pages: list[StarterPage] = []
    for line, row in zip(lines, data.get("topics", []), strict=True):
        if row.get("key") in {page.key for page in pages} or not row.get("key"):
            raise source.error(line, f"topic key “{row.get('key')}” is missing or stands twice")
        fields = {
            "icon": row.get("icon", "star"),
            "is_main": row.get("is_main", False),
            "position": row.get("position", 100),
        }
        pages.append(StarterPage(path, row["key"], fields, _words(source, row, ("title", "intro"), line)))
    return pages


def read_statements(folder: Path) -> list[StarterPage]:
    """About, privacy, accessibility."""
    return [_read_statement(path) for path in sorted(folder.glob("*.toml"))]


def _read_statement(path: Path) -> StarterPage:
    source, data = parse(path)
    if data.get("key") != path.stem:
        raise source.error(1, f"key differs from the file's name “{path.stem}”")
    words = _words(source, data, ("title",), source.line_of(r"\[title\]"))
    blocks = []
    for line, row in zip(source.item_lines("passages"), data.get("passages", []), strict=True):
        identity = str(uuid.uuid5(NAMESPACE, f"{path.stem}/passages/{row.get('id')}"))
        texts = _words(source, row, ("heading", "text"), line)
        for code in LANGUAGES:
            words[code] |= {f"passages.{identity}.{name}": texts[code][name] for name in ("heading", "text")}
        blocks.append({"type": "passage", "id": identity, "value": dict(texts[LANGUAGES[0]])})
    return StarterPage(path, path.stem, {"passages": blocks}, words)


def _words(source: Source, row: dict[str, Any], names: tuple[str, ...], line: int) -> dict[str, dict[str, str]]:
    """language → name → text; refused where one is missing."""
    texts = {name: languages_of(source, row.get(name), name, line) for name in names}
    return {code: {name: texts[name][code] for name in names} for code in LANGUAGES}
