"""A guide as templates show it: sections of dressed texts, each with the numbers of its sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from .guides import Found
from .models import Source
from .sections import SECTIONS
from .wording import dress, phone_link

HEADINGS = {
    "in_short": _("In short"),
    "who_for": _("Is this for me?"),
    "numbers": _("Numbers to call"),
    "documents": _("What to bring"),
    "steps": _("What to do, step by step"),
    "deadlines": _("Deadlines"),
    "rights": _("Your rights"),
    "problems": _("If it goes wrong"),
    "beware": _("Beware"),
}
NOT_SHOWN = {"facts", "citations", "unsure", "if_you_have_it", "number"}


@dataclass
class Item:
    """A statement, document, step… ready to be shown."""

    texts: dict[str, SafeString]
    marks: list[int]
    unsure: bool
    if_you_have_it: bool = False
    call: SafeString | None = None

    def __getattr__(self, name: str) -> SafeString | str:
        return self.__dict__.get("texts", {}).get(name, "")

    @property
    def plain(self) -> Item:
        """The same without marks, for pages that have no list of sources."""
        return replace(self, marks=[])


@dataclass
class Section:
    """A part of a guide. `behind` says that its source has changed since it was translated."""

    name: str
    heading: str
    items: list[Item]
    behind: bool


@dataclass
class Citation:
    """An entry of the list of sources: a text and, of a law, its articles."""

    number: int
    title: SafeString
    articles: str
    date: str
    address: str


@dataclass
class Presented:
    """A guide ready for its template."""

    sections: list[Section]
    citations: list[Citation] = field(default_factory=list)

    def section(self, name: str) -> Section | None:
        return next((part for part in self.sections if part.name == name), None)

    @property
    def in_short(self) -> Section | None:
        return self.section("in_short")


class Numbering:
    """Numbers the sources of a guide in the order in which statements first rest on them."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[int, str], int] = {}

    def marks(self, citations: Iterable[Mapping[str, Any]]) -> list[int]:
        found = []
        for row in citations:
            value = row["value"]
            key = (value["source"], value.get("articles") or "")
            found.append(self.numbers.setdefault(key, len(self.numbers) + 1))
        return sorted(set(found))

    def entries(self, language: str) -> list[Citation]:
        """The list of sources; one query."""
        sources = Source.objects.in_bulk({pk for pk, _articles in self.numbers})
        return [
            Citation(number, dress(str(sources[pk]), language), articles, sources[pk].date, sources[pk].address)
            for (pk, articles), number in self.numbers.items()
            if pk in sources
        ]


def present(found: Found) -> Presented:
    """Everything that the guide's template shows. Sections without content are left out; one query for the sources."""
    numbering, sections = Numbering(), []
    for name in SECTIONS:
        blocks = getattr(found.page, name).raw_data
        items = [_item(block["value"], found.language, numbering) for block in blocks]
        if items:
            sections.append(Section(name, str(HEADINGS[name]), items, name in found.behind))
    return Presented(sections, numbering.entries(found.language))


def _item(value: Mapping[str, Any], language: str, numbering: Numbering) -> Item:
    texts = {
        name: dress(words, language)
        for name, words in value.items()
        if name not in NOT_SHOWN and isinstance(words, str) and words
    }
    return Item(
        texts=texts,
        marks=numbering.marks(value.get("citations") or ()),
        unsure=bool(value.get("unsure")),
        if_you_have_it=bool(value.get("if_you_have_it")),
        call=phone_link(value["number"]) if value.get("number") else None,
    )


def articles(numbers: str) -> str:
    """“art. 20” or “arts 8, 40” as a lawyer of this language writes it."""
    many = any(sign in numbers for sign in ",–-&")
    word = pgettext("several articles of a law", "arts") if many else pgettext("an article of a law", "art.")
    return f"{word} {numbers}"
