"""Every component in every state, for /L/components/: whoever changes one sees all of it, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from . import guides
from .guides import Link
from .presenting import Item, marks, present, section, unsure_mark
from .wording import dress, phone_link

LONG = "Caisse nationale de sécurité sociale et Office de la formation professionnelle"


@dataclass(frozen=True)
class State:
    name: str
    html: SafeString


@dataclass(frozen=True)
class Entry:
    """A component and its states."""

    name: str
    states: list[State]

    @property
    def label(self) -> str:
        """The name as words, which a narrow screen can break."""
        return self.name.replace("_", " ")


AROUND = ("header", "footer")


def entries() -> list[Entry]:
    """The states of every file under templates/components/; a test holds this list against that folder."""
    around = [Entry(name, [State("around this page, as around every other", SafeString(""))]) for name in AROUND]
    return around + [
        Entry(name, [State(label, _render(name, context)) for label, context in states]) for name, states in _states()
    ]


def _render(name: str, context: dict[str, Any]) -> SafeString:
    return render_to_string(f"components/{name}.html", _surround() | context)


def _surround() -> dict[str, Any]:
    language = get_language()
    return {"language": language, "shown": language, "journey": ""}


def _item(**states: Any) -> Item:
    """An item with words of a real guide, so that each language shows its own."""
    language = get_language() or ""
    found = guides.emergency(language)
    in_short = present(found).in_short if found else None
    words = in_short.items[0]["text"] if in_short else dress(gettext("In short"), language)
    names = states.pop("only", ("text", "title", "name", "what", "when", "where", "how_long", "cost", "note"))
    states["marks"] = marks(states.get("marks", []))
    states["unsure"] = unsure_mark(language) if states.get("unsure") else ""
    return Item(dict.fromkeys(names, words), **states)


def _states() -> list[tuple[str, list[tuple[str, dict[str, Any]]]]]:
    number = phone_link("2511")
    link = Link("health", "", gettext("Health"), get_language(), False, "", "heart")
    plain, unsure = _item(marks=[1, 2]), _item(unsure=True)
    law = Item(
        number="1",
        title=dress("Dahir n° 1-58-250", get_language() or ""),
        articles="6, 7",
        date="1958-09-06",
        address="https://adala.justice.gov.ma",
    )
    page = {"share_text": "Dalil", "canonical": "https://dalil.example/fr/"}
    return [
        ("links_of_languages", [("invisible: links in the head", {"canonical": page["canonical"], "others": _others()})]),
        ("notice_missing", [("another language", {"shown_name": format_html('<bdi lang="fr">{}</bdi>', "Français")})]),
        ("notice_older", [("a section", {"path": "/fr/", "name": "steps", "language": "fr"})]),
        ("notice_overdue", [("past its day", {})]),
        ("unsure", [("always the same", {})]),
        ("marks", [("two sources", {"marks": ["1", "12"]})]),
        ("statements", [("plain, and not confirmed", {"items": [plain, unsure], "kind": "statements"})]),
        ("numbers", [("to call, and not confirmed", {"items": [_item(call=number), _item(call=number, unsure=True)]})]),
        ("documents", [("to bring, and if you have it", {"items": [plain, _item(if_you_have_it=True, unsure=True)]})]),
        ("steps", [("with details, and short", {"items": [plain, _item(only=("title", "text"))]})]),
        ("deadlines", [("plain, and not confirmed", {"items": [plain, unsure]})]),
        ("problems", [("plain, and not confirmed", {"items": [plain, unsure]})]),
        ("section", [("older than its source", {"section": section("rights", [plain], True), "source_path": "/fr/"})]),
        ("sources", [("a law", {"citations": [law]})]),
        ("tools", [("of a guide", {"keepable": True}), ("of a sensitive guide", {"keepable": False})]),
        ("share", [("closed", page)]),
        ("card", [("a topic", {"link": link}), ("a long name", {"link": Link("work", "", LONG, "fr")})]),
        ("pages", [("in the middle", {"number": 2, "more": True})]),
        ("exit", [("outside a journey", {})]),
    ]  # fmt: skip


def _others() -> list[dict[str, Any]]:
    return [
        {"code": code, "name": name, "path": f"/{code}/", "full": f"/{code}/", "current": code == get_language()}
        for code, name in settings.LANGUAGES
    ]
