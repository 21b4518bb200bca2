"""A guide as templates show it: sections of dressed texts, each with the numbers of its sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext_lazy as _

from .guides import Found
from .models import Source
from .sections import SECTIONS
from .wording import dress, phone_link, without_links

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
# How each section looks: the sign of its heading, the component of its list, the classes of a list of statements.
LOOKS = {
    "in_short": ("star", "statements", ""),
    "who_for": ("question", "statements", "statements"),
    "numbers": ("phone", "numbers", ""),
    "documents": ("document", "documents", ""),
    "steps": ("arrow", "steps", ""),
    "deadlines": ("clock", "deadlines", ""),
    "rights": ("shield", "statements", "statements rights"),
    "problems": ("scales", "problems", ""),
    "beware": ("warning", "statements", "statements beware"),
}
MOST_PLAIN = 4  # emergency numbers on the home page and on error pages
NOT_SHOWN = {"facts", "citations", "unsure", "if_you_have_it", "number"}


class Item(dict[str, Any]):
    """A statement, document, step… ready to be shown: its dressed texts, marks, unsure, if_you_have_it, call.

    A dictionary, for a template finds a key at its first try; a part that is missing is the empty text.
    """

    def __missing__(self, _name: str) -> str:
        return ""


@dataclass
class Section:
    """A part of a guide. `behind` says that its source has changed since it was translated."""

    name: str
    heading: str
    items: list[Item]
    behind: bool
    sign: str = ""
    component: str = ""
    kind: str = ""

    @property
    def plain_items(self) -> list[Item]:
        """The first items without marks, for pages that have no list of sources."""
        return [Item(item | {"marks": ""}) for item in self.items[:MOST_PLAIN]]


@dataclass
class Presented:
    """A guide ready for its template."""

    sections: list[Section]
    citations: list[Item] = field(default_factory=list)

    def section(self, name: str) -> Section | None:
        return next((part for part in self.sections if part.name == name), None)

    @property
    def in_short(self) -> Section | None:
        return self.section("in_short")

    def without(self, *names: str) -> list[Section]:
        return [part for part in self.sections if part.name not in names]


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

    def entries(self, language: str) -> list[Item]:
        """The list of sources: number, title, articles, date, address; one query."""
        sources = Source.objects.in_bulk({pk for pk, _articles in self.numbers})
        return [
            Item(
                number=str(number),
                title=without_links(dress(str(sources[pk]), language)),
                articles=articles,
                date=sources[pk].date,
                address=sources[pk].address,
            )
            for (pk, articles), number in self.numbers.items()
            if pk in sources
        ]


def present(found: Found) -> Presented:
    """Everything that the guide's template shows. Sections without content are left out; one query for the sources."""
    numbering, sections = Numbering(), []
    for name in SECTIONS:
        blocks = found.page.parts[name]
        items = [_item(block["value"], found.language, numbering) for block in blocks]
        if items:
            sections.append(section(name, items, name in found.behind))
    return Presented(sections, numbering.entries(found.language))


def section(name: str, items: list[Item], behind: bool) -> Section:
    """A section with its heading in the active language and its look."""
    sign, component, kind = LOOKS[name]
    return Section(name, str(HEADINGS[name]), items, behind, sign, f"components/{component}.html", kind)


def _item(value: Mapping[str, Any], language: str, numbering: Numbering) -> Item:
    texts = {
        name: dress(words, language)
        for name, words in value.items()
        if name not in NOT_SHOWN and isinstance(words, str) and words
    }
    return Item(
        texts,
        marks=marks(numbering.marks(value.get("citations") or ())),
        unsure=unsure_mark(get_language() or "") if value.get("unsure") else "",
        if_you_have_it=bool(value.get("if_you_have_it")),
        call=phone_link(value["number"]) if value.get("number") else "",
    )


def marks(numbers: list[int]) -> SafeString:
    """The links from a statement to its sources (templates/components/marks.html), built once a list of numbers."""
    return _marks(tuple(numbers), get_language() or "") if numbers else SafeString("")


@lru_cache(maxsize=2048)
def _marks(numbers: tuple[int, ...], _language: str) -> SafeString:
    return render_to_string("components/marks.html", {"marks": [str(number) for number in numbers]})


@lru_cache(maxsize=16)
def unsure_mark(_language: str) -> SafeString:
    """“Not confirmed: ask first” (templates/components/unsure.html) in the active language."""
    return render_to_string("components/unsure.html")


def articles(numbers: str) -> str:
    """“art. 20” or “arts 8, 40” as a lawyer of this language writes it."""
    many = any(sign in numbers for sign in ",–&")
    word = pgettext("several articles of a law", "arts") if many else pgettext("an article of a law", "art.")
    return f"{word} {numbers}"
