"""Reads the forms of a page as a browser would, and fills every field that takes words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

WORDS = {"text", "search", "password", "textarea", "url"}
KEPT = {"key", "version", "csrfmiddlewaretoken"}


@dataclass
class Form:
    """A form with method POST: where it goes, what it sends. `words`: names of fields that take words."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def filled(self, word: Callable[[str], str], today: str) -> dict[str, list[str]]:
        """What is sent when somebody writes a word into every field and ticks what there is."""
        usual = {
            "date": today,
            "datetime-local": f"{today}T09:00",
            "time": "09:00",
            "number": "1",
            "tel": "+212699887766",
        }
        sent = {}
        for name, kind in self.kinds.items():
            if kind in WORDS and name not in KEPT:
                sent[name] = [word(name)]
            elif kind == "email":
                sent[name] = [f"{word(name).split()[0]}@example.org"]
            elif kind in usual:
                sent[name] = [usual[kind]]
            else:
                sent[name] = self.fields.get(name, [])
        return sent


class Reader(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.inside: Form | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = Form(given.get("action", "")) if given.get("method", "").lower() == "post" else None
            self.forms += [self.inside] if self.inside else []
        elif self.inside is not None and tag in ("input", "textarea", "select", "button") and given.get("name"):
            self._take(tag, given)
        elif self.inside is not None and tag == "option" and self.select and given.get("value"):
            self.inside.fields.setdefault(self.select, [given["value"]])

    def _take(self, tag: str, given: dict[str, str]) -> None:
        assert self.inside is not None
        name, kind = given["name"], given.get("type", "text") if tag == "input" else tag
        if kind in ("file", "submit", "button") and name != "decision":
            return
        self.select = name if tag == "select" else ""
        self.inside.kinds[name] = kind
        if kind in ("radio", "checkbox", "hidden"):
            already = self.inside.fields.setdefault(name, [])
            if kind != "radio" or not already:
                already.append(given.get("value", "on"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        if tag == "select":
            self.select = ""


def forms_of(page: str) -> list[Form]:
    """Every form of this page that posts."""
    reader = Reader()
    reader.feed(page)
    return reader.forms
