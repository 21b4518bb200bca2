"""Finds guides and topics for a reader: which page, in which language, and how old its parts are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from wagtail.blocks import StreamValue

from . import journeys, languages
from .models import GuidePage, TopicPage
from .querysets import shown_in
from .translation_status import sections_behind

PAGE_SIZE = 100
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
class Found:
    """A guide for a reader who wanted `wanted`: the page, the language it is in, and the sections that fell behind."""

    page: GuidePage
    wanted: str
    language: str
    behind: frozenset[str]
    source_language: str


def find(topic: str, key: str, wanted: str) -> Found | str | None:
    """The guide in the wanted language or the next best. A topic's name if it lives under another topic; None if nowhere.

    Three queries, whatever the number of guides.
    """
    rows = list(
        GuidePage.objects.live()
        .public()
        .filter(slug=key)
        .values(
            "pk",
            "url_path",
            "locale__language_code",
            "stamps__sections",
            "stamps__made_from",
            "stamps__source_language",
        )
    )
    here = {row["locale__language_code"]: row for row in rows if _topic_of(row["url_path"]) == topic}
    if not here:
        return _topic_of(rows[0]["url_path"]) if rows else None
    language = languages.best(wanted, here) or wanted
    row = here[language]
    source = here.get(row["stamps__source_language"] or "", {})
    return Found(
        page=GuidePage.objects.get(pk=row["pk"]),
        wanted=wanted,
        language=language,
        behind=sections_behind(row["stamps__made_from"] or {}, source.get("stamps__sections") or {}),
        source_language=row["stamps__source_language"] or "",
    )


def find_by_code(code: str) -> tuple[str, str] | None:
    """(topic, key) of the sensitive guide that this code stands for inside journeys."""
    rows = GuidePage.objects.live().public().filter(sensitive=True).values_list("url_path", "slug").distinct()
    for path, key in rows:
        if journeys.code(_topic_of(path), key) == code:
            return _topic_of(path), key
    return None


def topics(language: str) -> list[Link]:
    """Topics that hold a guide, main ones first."""
    pages = shown_in(TopicPage, language).filter(numchild__gt=0)
    rows = pages.values_list("slug", "title", "locale__language_code", "intro", "icon", "is_main", "position")
    found = [
        (position, Link(slug, "", title, code, False, intro, icon, is_main))
        for slug, title, code, intro, icon, is_main, position in rows
    ]
    return [link for _position, link in sorted(found, key=lambda pair: (not pair[1].is_main, pair[0]))]


def links(language: str, *, topic: str = "", page: int = 1) -> tuple[list[Link], bool]:
    """One page of guides (PAGE_SIZE), of a topic or of all, and whether more follow. One query."""
    pages = shown_in(GuidePage, language)
    if topic:
        pages = pages.filter(url_path__contains=f"/guides/{topic}/")
    start = (page - 1) * PAGE_SIZE
    found = _links(pages.only("slug", "title", "url_path", "sensitive", "in_short", "locale"), start, PAGE_SIZE + 1)
    return found[:PAGE_SIZE], len(found) > PAGE_SIZE


def related(guide: GuidePage, language: str) -> list[Link]:
    """The guides that an editor chose as related, in the reader's language. One query."""
    chosen = [block["value"] for block in guide.related.raw_data]
    if not chosen:
        return []
    keys = GuidePage.objects.filter(pk__in=chosen).values("translation_key")
    return _links(shown_in(GuidePage, language).filter(translation_key__in=keys).defer("stamps"), 0, 8)


def topic_title(topic: str, language: str) -> str:
    """What a topic is called in this language."""
    return shown_in(TopicPage, language).filter(slug=topic).values_list("title", flat=True).first() or ""


def emergency(language: str) -> Found | None:
    """The guide that holds the emergency numbers, wherever an editor has put it."""
    found = find(*EMERGENCY, language)
    return found if isinstance(found, Found) else None


def _links(pages: QuerySet[Any], start: int, count: int) -> list[Link]:
    rows = pages.values_list("slug", "url_path", "title", "locale__language_code", "sensitive", "in_short")
    return [
        Link(slug, _topic_of(path), title, code, sensitive, _first_words(in_short))
        for slug, path, title, code, sensitive, in_short in rows[start : start + count]
    ]


def _first_words(in_short: StreamValue) -> str:
    blocks = in_short.raw_data
    return blocks[0]["value"]["text"] if len(blocks) else ""


def _topic_of(url_path: str) -> str:
    return url_path.rstrip("/").split("/")[-2]
