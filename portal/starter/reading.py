"""Reads a starter file and refuses, with file, line and reason, what cannot be loaded.

No Django here: translators and lawyers run the same check with nothing but Python.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STARTER = Path(__file__).parent
LANGUAGES = ("fr", "ar", "en")

AUDIENCES = ("everyone", "resident", "irregular", "asylum", "employer", "future", "mre")


@dataclass(frozen=True)
class Shape:
    """What an item of a section holds: texts it must have, texts it may have, and plain values."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    most: int = 12


SECTIONS: dict[str, Shape] = {
    "in_short": Shape(("text",), most=3),
    "who_for": Shape(("text",), most=8),
    "numbers": Shape(("name",), ("when",), plain=("number",), most=14),
    "documents": Shape(("name",), ("where", "note"), plain=("if_you_have_it",), most=14),
    "steps": Shape(("title", "text"), ("where", "how_long", "cost")),
    "deadlines": Shape(("what", "when")),
    "rights": Shape(("text",)),
    "problems": Shape(("title", "text")),
    "beware": Shape(("text",)),
}
ITEM_KEYS = {"id", "facts", "unsure", "sure"}
GUIDE_KEYS = {"key", "topic", "audience", "sensitive", "checked_on", "check_by", "related", "title"}


class StarterError(Exception):
    """A starter file cannot be loaded; says which file, which line, and why."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        self.path, self.line, self.reason = path, line, reason
        super().__init__(f"{path}:{line}: {reason}")


@dataclass(frozen=True)
class Item:
    """One statement, document, step… of a guide, in every language."""

    id: str
    section: str
    texts: dict[str, dict[str, str]]  # field → language → text
    facts: tuple[str, ...]
    plain: dict[str, Any]
    unsure: bool
    sure: str
    line: int


@dataclass(frozen=True)
class StarterGuide:
    """A guide as it stands in its file: the same structure in every language."""

    path: Path
    key: str
    topic: str
    audience: str
    sensitive: bool
    checked_on: datetime.date
    check_by: datetime.date
    related: tuple[str, ...]
    title: dict[str, str]
    sections: dict[str, tuple[Item, ...]] = field(default_factory=dict)

    def items(self) -> Iterator[Item]:
        """Every item, in the order in which a reader meets them."""
        for items in self.sections.values():
            yield from items


class Source:
    """The text of a starter file, able to say on which line a thing stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines = path.read_text(encoding="utf-8").splitlines()

    def line_of(self, pattern: str, after: int = 1) -> int:
        """The first line at or below `after` that begins with `pattern`; else `after`."""
        for number, text in enumerate(self.lines[after - 1 :], start=after):
            if re.match(pattern, text.strip()):
                return number
        return after

    def item_lines(self, section: str) -> list[int]:
        """The line of each `[[section]]` header, in order."""
        header = f"[[{section}]]"
        return [n for n, text in enumerate(self.lines, start=1) if text.strip() == header]

    def error(self, line: int, reason: str) -> StarterError:
        return StarterError(self.path, line, reason)


def parse(path: Path) -> tuple[Source, dict[str, Any]]:
    """The file's text and its data; a file that is not TOML is refused with its line."""
    source = Source(path)
    try:
        return source, tomllib.loads("\n".join(source.lines))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        raise source.error(int(found[1]) if found else len(source.lines), str(error)) from None


def read_guide(path: Path) -> StarterGuide:
    """The guide in this file, or StarterError at the first thing that is wrong with it."""
    source, data = parse(path)
    for name in data.keys() - GUIDE_KEYS - SECTIONS.keys():
        line = source.line_of(rf"(\[+{re.escape(name)}[\].]|{re.escape(name)}\s*[.=])")
        raise source.error(line, f"“{name}” is not a part of a guide")
    for name in GUIDE_KEYS - {"related"}:
        if name not in data:
            raise source.error(1, f"“{name}” is missing")
    _check_head(source, data)
    title = languages_of(source, data["title"], "title", source.line_of(r"\[title\]"))
    return StarterGuide(
        path=path,
        title=title,
        related=tuple(data.get("related", ())),
        sections={name: _read_section(source, name, data.get(name, [])) for name in SECTIONS},
        **{name: data[name] for name in GUIDE_KEYS - {"related", "title"}},
    )


def _check_head(source: Source, data: dict[str, Any]) -> None:
    for name, right, reason in _rules_of_head(source, data):
        if not right:
            raise source.error(source.line_of(rf"{name}\s*="), reason)
    if data["check_by"] <= data["checked_on"]:
        raise source.error(source.line_of(r"check_by\s*="), "check_by must be later than checked_on")


def _rules_of_head(source: Source, data: dict[str, Any]) -> Iterator[tuple[str, bool, str]]:
    """(name, whether it is right, what is wrong with it) for each plain value of a guide."""
    file, folder = source.path.stem, source.path.parent.name
    yield "key", data["key"] == file, f"key “{data['key']}” differs from the file's name “{file}”"
    yield "topic", data["topic"] == folder, f"topic “{data['topic']}” differs from the folder “{folder}”"
    known = ", ".join(AUDIENCES)
    yield "audience", data["audience"] in AUDIENCES, f"unknown audience “{data['audience']}”; one of {known}"
    yield "sensitive", isinstance(data["sensitive"], bool), "sensitive must be true or false"
    for name in ("checked_on", "check_by"):
        yield name, type(data[name]) is datetime.date, f"{name} must be a date, written 2026-11-20"


def languages_of(source: Source, texts: Any, name: str, line: int) -> dict[str, str]:
    """One text a language, none missing, none unknown; else refused at this line."""
    if not isinstance(texts, dict):
        raise source.error(line, f"“{name}” needs one text a language: {', '.join(LANGUAGES)}")
    for language in LANGUAGES:
        text = texts.get(language, "")
        if not isinstance(text, str) or not text.strip():
            raise source.error(line, f"“{name}” is missing in {language}")
    if unknown := texts.keys() - set(LANGUAGES):
        raise source.error(line, f"“{name}” has an unknown language: {', '.join(sorted(unknown))}")
    return {language: texts[language].strip() for language in LANGUAGES}


def _read_section(source: Source, section: str, rows: Any) -> tuple[Item, ...]:
    lines = source.item_lines(section)
    if not isinstance(rows, list) or len(rows) != len(lines):
        raise source.error(source.line_of(rf"\[+{section}\]"), f"write each item of {section} under [[{section}]]")
    shape, items, seen = SECTIONS[section], [], set()
    for line, row in zip(lines, rows, strict=True):
        item = _read_item(source, section, shape, row, line)
        if item.id in seen:
            raise source.error(source.line_of(r"id\s*=", line), f"“{item.id}” stands twice in {section}")
        seen.add(item.id)
        items.append(item)
    if len(items) > shape.most:
        raise source.error(lines[shape.most], f"{section} holds at most {shape.most} items")
    return tuple(items)


def _read_item(source: Source, section: str, shape: Shape, row: dict[str, Any], line: int) -> Item:
    known = ITEM_KEYS | {*shape.required, *shape.optional, *shape.plain}
    for name in row.keys() - known:
        raise source.error(source.line_of(rf"{re.escape(name)}[.\s=]", line), f"{section} has no “{name}”")
    for name in ("id", "facts", *shape.required):
        if not row.get(name):
            raise source.error(line, f"“{name}” is missing")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", str(row["id"])):
        raise source.error(source.line_of(r"id\s*=", line), "an id is made of a-z, 0-9 and hyphens")
    if "number" in shape.plain and not re.fullmatch(r"\+?[0-9]{2,15}", str(row.get("number", ""))):
        raise source.error(source.line_of(r"number\s*=", line), "number must be digits only, in quotes")
    texts = {
        name: languages_of(source, row[name], name, source.line_of(rf"{name}\.", line))
        for name in (*shape.required, *shape.optional)
        if name in row
    }
    return Item(
        id=row["id"],
        section=section,
        texts=texts,
        facts=tuple(row["facts"]),
        plain={name: row[name] for name in shape.plain if name in row},
        unsure=bool(row.get("unsure", False)),
        sure=str(row.get("sure", "")),
        line=line,
    )
