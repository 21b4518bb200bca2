"""An entry as a document of the embedded index, and back. Texts are analysed here, so that the index holds only terms."""

from __future__ import annotations

import json
import math
from collections import Counter
from functools import lru_cache

import tantivy
from django.conf import settings

from . import text
from .entries import FACETS, Entry, Section, Words
from .vocabulary import keys_of, surface

SHORT = 100
FIELDS = ("title", "keywords", "body")
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("uid", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("stored", stored=True, tokenizer_name="raw", index_option="basic")
    for language in LANGUAGES:
        for field in FIELDS:
            builder.add_text_field(f"{field}_{language}", tokenizer_name="whitespace", index_option="freq")
        builder.add_text_field(f"begins_{language}", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("sounds", tokenizer_name="whitespace", index_option="basic")
    for name in FACETS:
        builder.add_text_field(f"is_{name}", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("open_in", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("has", tokenizer_name="raw", index_option="basic")
    builder.add_float_field("latitude", indexed=True, fast=True)
    builder.add_float_field("longitude", indexed=True, fast=True)
    builder.add_float_field("weight", fast=True)
    return builder.build()


SCHEMA = _schema()
# What an index must have been built for; one of another shape is built anew. Raise the number when documents change.
SHAPE = json.dumps([1, LANGUAGES, FIELDS, FACETS])


def uid(entry: Entry) -> str:
    return f"{entry.kind}:{entry.identifier}"


def document(entry: Entry, counted: Counter[str] | None = None) -> tantivy.Document:
    """The document of an entry, whose words are added to `counted`. A hidden address cannot be in it: the entry has none."""
    found = tantivy.Document()
    found.add_text("uid", uid(entry))
    found.add_text("stored", stored(entry))
    heard: set[str] = set()
    for language, words in entry.texts.items():
        if language in LANGUAGES:
            _add_texts(found, language, words, heard, counted)
    found.add_text("sounds", " ".join(sorted(heard)))
    for name in FACETS:
        for value in entry.facets.get(name, ()):
            found.add_text(f"is_{name}", value)
    found.add_text("open_in", " ".join(entry.open_in))
    if entry.point and all(map(math.isfinite, entry.point)):
        found.add_float("latitude", float(entry.point[0]))
        found.add_float("longitude", float(entry.point[1]))
        found.add_text("has", "point")
    found.add_float("weight", float(entry.weight))
    return found


def _add_texts(
    found: tantivy.Document, language: str, words: Words, heard: set[str], counted: Counter[str] | None
) -> None:
    """The terms of each field, how its telling words sound, and what its title begins with. Each text is cut once."""
    term_of = text.chain(language)
    title, keywords = cut(words.title), [word for part in words.keywords for word in cut(part)]
    headings = [word for section in words.sections for word in cut(section.heading)]
    body = [*cut(words.summary), *headings, *(word for section in words.sections for word in cut(section.text))]
    for field, parts in (("title", title), ("keywords", keywords), ("body", body)):
        if terms := [term for word in parts if (term := term_of(word))]:
            found.add_text(f"{field}_{language}", " ".join(terms))
    for word in {*title, *keywords, *headings}:
        for form in surface(word):
            heard.update(keys_of(form))
    if counted is not None:
        counted.update((*title, *title, *keywords, *body))
    found.add_text(f"begins_{language}", text.fold(words.title)[:120])


def cut(part: str) -> list[str]:
    """The words of a text as they stand in it; those of short texts, which return again and again, are kept."""
    return _kept_cut(part) if len(part) < SHORT else _cut(part)


@lru_cache(maxsize=50_000)
def _kept_cut(part: str) -> list[str]:
    return _cut(part)


def _cut(part: str) -> list[str]:
    return [word[: text.MAX_WORD] for word in text.WORD.findall(part, 0, text.MAX_LENGTH)]


def stored(entry: Entry) -> str:
    """What is kept of an entry to show it: everything but its hours."""
    texts = {
        language: [
            words.title,
            words.summary,
            [[s.anchor, s.heading, s.text] for s in words.sections],
            list(words.keywords),
        ]
        for language, words in entry.texts.items()
    }
    facets = {name: list(values) for name, values in entry.facets.items()}
    return json.dumps(
        [entry.kind, entry.identifier, entry.path, entry.topic, texts, facets, entry.point, entry.weight, entry.label],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def entry_of(found: tantivy.Document) -> Entry:
    """The entry of a document, without its hours: those are asked of the index only."""
    return read_stored(str(found.get_first("stored")))


def read_stored(stored: str) -> Entry:
    kind, identifier, path, topic, texts, facets, point, weight, label = json.loads(stored)
    return Entry(
        kind=kind,
        identifier=identifier,
        path=path,
        topic=topic,
        texts={
            language: Words(title, summary, tuple(Section(*section) for section in sections), tuple(keywords))
            for language, (title, summary, sections, keywords) in texts.items()
        },
        facets={name: tuple(values) for name, values in facets.items()},
        point=(point[0], point[1]) if point else None,
        weight=weight,
        label=label,
    )
