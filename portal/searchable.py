"""Guides as the search knows them, down to the section that answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.utils import translation

from services.search.entries import Entry, Section, Words

from .guides import guide_rows, topic_of
from .presenting import HEADINGS
from .sections import SECTIONS
from .wording import plain

KIND = "guide"
NOT_TEXT = {"facts", "citations", "unsure", "if_you_have_it", "number"}
WEIGHT = 1.0  # a guide explains; a service helps once one knows what to ask


def entries(identifiers: Sequence[str] | None = None) -> Iterator[Entry]:
    """The entries of these guides (by key), or of all, each in every language that it is live in."""
    rows = guide_rows().order_by("slug", "path")
    if identifiers is not None:
        rows = rows.filter(slug__in=identifiers)
    topics = _topic_names()
    together: list[dict[str, Any]] = []
    for row in rows.iterator(chunk_size=200):
        if together and row["slug"] != together[0]["slug"]:
            yield _entry(together, topics)
            together = []
        together.append(row)
    if together:
        yield _entry(together, topics)


def _entry(rows: list[dict[str, Any]], topics: dict[tuple[str, str], str]) -> Entry:
    topic, key = topic_of(rows[0]["url_path"]), rows[0]["slug"]
    texts = {}
    for row in rows:
        language = row["locale__language_code"]
        texts[language] = _words(row, language, topics.get((topic, language), ""))
    return Entry(
        kind=KIND,
        identifier=key,
        path=f"/guides/{topic}/{key}/",
        topic=topic,
        texts=texts,
        facets={"kind": (KIND,), "topic": (topic,)},
        weight=WEIGHT,
        label=topic,
    )


def _words(row: dict[str, Any], language: str, topic: str) -> Words:
    sections = []
    with translation.override(language):
        for name in SECTIONS:
            blocks = json.loads(row[f"{name}_text"])
            text = " ".join(_text_of(block["value"]) for block in blocks)
            if text:
                sections.append(Section(name, str(HEADINGS[name]), text))
    summary = sections[0].text if sections and sections[0].anchor == "in_short" else ""
    rest = tuple(section for section in sections if section.anchor != "in_short")
    return Words(plain(row["title"]), summary, rest, (topic,) if topic else ())


def _text_of(value: dict[str, Any]) -> str:
    words = [text for name, text in value.items() if name not in NOT_TEXT and isinstance(text, str) and text]
    return " ".join(plain(text) for text in words)


def _topic_names() -> dict[tuple[str, str], str]:
    from .models import TopicPage

    rows = TopicPage.objects.live().values_list("slug", "locale__language_code", "title")
    return {(slug, language): title for slug, language, title in rows}


LANGUAGES = settings.LANGUAGES
