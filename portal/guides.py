"""Finds guides and topics for a reader: which page, in which language, and how old its parts are."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse

from . import journeys, languages
from .models import GuidePage, TopicPage
from .page_cache import once_a_publication
from .querysets import shown_in, visible
from .sections import SECTIONS
from .translation_status import sections_behind

PAGE_SIZE = 100
PARTS = (*SECTIONS, "related")
TEXTS = {f"{name}_text": Cast(name, TextField()) for name in PARTS}
PLAIN = ("title", "slug", "sensitive", "checked_on", "check_by")
LINK_FIELDS = ("locale__language_code", "slug", "url_path", "title", "sensitive", Cast("in_short", TextField()))
EMERGENCY = ("arrival", "emergency-numbers")


@dataclass(frozen=True)
class Link:
    """A guide or topic in a list: where it is, what it is called, in which language its words are."""

    key: str
    topic: str
    title: str
    language: str
    sensitive: bool = False
    summary: str = ""
    icon: str = ""
    is_main: bool = False

    def address(self, journey: str = "") -> str:
        """Its address; inside a journey a sensitive guide has one without words."""
        if self.sensitive and journey:
            return reverse("discreet-guide", args=[journeys.code(self.topic, self.key)])
        return reverse("guide", args=[self.topic, self.key]) if self.topic else reverse("topic", args=[self.key])


@dataclass(frozen=True)
class Content:
    """What a guide's page shows, read from the database without building a page: parts are plain lists of blocks."""

    title: str
    slug: str
    sensitive: bool
    checked_on: datetime.date
    check_by: datetime.date
    parts: Mapping[str, list[dict[str, Any]]]

    @classmethod
    def of(cls, page: GuidePage) -> Content:
        """The content of a page that an editor is still typing."""
        parts = {name: list(getattr(page, name).raw_data) for name in PARTS}
        return cls(page.title, page.slug, page.sensitive, page.checked_on, page.check_by, parts)

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Content:
        """The content of a row that holds PLAIN and TEXTS."""
        parts = {name: json.loads(row[f"{name}_text"]) for name in PARTS}
        return cls(**{name: row[name] for name in PLAIN}, parts=parts)

    @property
    def summary(self) -> str:
        """The first sentence that a reader meets."""
        return self.parts["in_short"][0]["value"]["text"] if self.parts["in_short"] else ""


@dataclass(frozen=True)
class Found:
    """A guide for a reader who wanted `wanted`: the page, the language it is in, and the sections that fell behind."""

    page: Content
    wanted: str
    language: str
    behind: frozenset[str]
    source_language: str


def find(topic: str, key: str, wanted: str) -> Found | str | None:
    """The guide in the wanted language or the next best. A topic's name if it lives under another topic; None if nowhere.

    One query, whatever the number of guides.
    """
    rows = list(guide_rows().filter(slug=key))
    here = {row["locale__language_code"]: row for row in rows if topic_of(row["url_path"]) == topic}
    if not here:
        return topic_of(rows[0]["url_path"]) if rows else None
    language = languages.best(wanted, here) or wanted
    row = here[language]
    source = here.get(row["stamps__source_language"] or "", {})
    return Found(
        page=Content.read(row),
        wanted=wanted,
        language=language,
        behind=sections_behind(row["stamps__made_from"] or {}, source.get("stamps__sections") or {}),
        source_language=row["stamps__source_language"] or "",
    )


@once_a_publication
def guide_rows() -> QuerySet[Any]:
    """What `find` and the search ask for. Built once a publication: to build a query costs more here than to ask it."""
    stamps = ("stamps__sections", "stamps__made_from", "stamps__source_language")
    return visible(GuidePage).values("url_path", "locale__language_code", *stamps, *PLAIN, **TEXTS)


def find_by_code(code: str) -> tuple[str, str] | None:
    """(topic, key) of the sensitive guide that this code stands for inside journeys."""
    rows = visible(GuidePage).filter(sensitive=True).values_list("url_path", "slug").distinct()
    for path, key in rows:
        if journeys.code(topic_of(path), key) == code:
            return topic_of(path), key
    return None


def topics(language: str) -> list[Link]:
    """Topics that hold a guide, main ones first. Asked of the database once a publication and language."""
    return list(_topics(language))


@once_a_publication
def _topics(language: str) -> tuple[Link, ...]:
    pages = shown_in(TopicPage, language).filter(numchild__gt=0)
    rows = pages.values_list("slug", "title", "locale__language_code", "intro", "icon", "is_main", "position")
    found = [
        (position, Link(slug, "", title, code, False, intro, icon, is_main))
        for slug, title, code, intro, icon, is_main, position in rows
    ]
    return tuple(link for _position, link in sorted(found, key=lambda pair: (not pair[1].is_main, pair[0])))


def links(language: str, *, topic: str = "", page: int = 1) -> tuple[list[Link], bool]:
    """One page of guides (PAGE_SIZE), of a topic or of all, and whether more follow. One query."""
    pages = shown_in(GuidePage, language)
    if topic:
        pages = pages.filter(url_path__contains=f"/guides/{topic}/")
    start = (page - 1) * PAGE_SIZE
    rows = pages.values_list("translation_key", *LINK_FIELDS)[start : start + PAGE_SIZE + 1]
    return [_link(row) for row in rows[:PAGE_SIZE]], len(rows) > PAGE_SIZE


def keepable() -> list[tuple[str, str]]:
    """(topic, key) of every guide that a phone may keep: none that is sensitive in any language. One query."""
    rows = visible(GuidePage).order_by("path").values_list("url_path", "slug", "sensitive")
    places = dict.fromkeys((topic_of(path), key) for path, key, _sensitive in rows)
    sensitive = {(topic_of(path), key) for path, key, is_sensitive in rows if is_sensitive}
    return [place for place in places if place not in sensitive]


def related(guide: Content, language: str) -> list[Link]:
    """The guides that an editor chose as related, in the reader's language. One query."""
    chosen = [block["value"] for block in guide.parts["related"]]
    if not chosen:
        return []
    rows, keys = _related_rows()
    found = rows.filter(translation_key__in=keys.filter(pk__in=chosen))
    return [_link((*row, "[]")) for row in _best_rows(found, language)]


@once_a_publication
def _related_rows() -> tuple[QuerySet[Any], QuerySet[Any]]:
    """What `related` asks for, without summaries, and the keys of pages; built once a publication."""
    rows = visible(GuidePage).order_by("path").values_list("translation_key", *LINK_FIELDS[:-1])
    return rows, GuidePage.objects.order_by().values("translation_key")


def topic_title(topic: str, language: str) -> str:
    """What a topic is called in this language."""
    return next((link.title for link in topics(language) if link.key == topic), "")


def _best_rows(rows: Iterable[tuple[Any, ...]], language: str) -> list[tuple[Any, ...]]:
    """Of the rows that share a first value, the one whose second value is the best language."""
    groups: dict[Any, dict[str, tuple[Any, ...]]] = {}
    for row in rows:
        groups.setdefault(row[0], {})[row[1]] = row
    return [group[languages.best(language, group) or language] for group in groups.values()]


def emergency(language: str) -> Found | None:
    """The guide that holds the emergency numbers, wherever an editor has put it."""
    found = find(*EMERGENCY, language)
    return found if isinstance(found, Found) else None


def _link(row: tuple[Any, ...]) -> Link:
    _key, code, slug, path, title, sensitive, in_short = row
    blocks = json.loads(in_short)
    return Link(slug, topic_of(path), title, code, sensitive, blocks[0]["value"]["text"] if len(blocks) else "")


def topic_of(url_path: str) -> str:
    return url_path.rstrip("/").split("/")[-2]
