"""Rows of the directory for tests, and what an editor does in the CMS: open a form, change it, send it back."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client
from wagtail.users.models import UserProfile

from services import search
from services.models import Category, Location, Organisation, Place, Service, ServicePlace

CMS = "/cms/snippets/services"


def make_organisation(key: str = "relais", **fields: Any) -> Organisation:
    given = {"name_fr": "Le Relais", "name_ar": "المحطة", "name_en": "The Relay", "kind": "association"}
    return Organisation.objects.create(key=key, **{**given, **fields})


def make_service(key: str = "relais-cours", *, places: tuple[Location, ...] = (), **fields: Any) -> Service:
    """A service in French, Arabic and English, live, of an organisation and a category that are made with it."""
    organisation = fields.pop("organisation", None) or Organisation.objects.filter(key="relais").first()
    category = fields.pop("category", None) or Category.objects.order_by("pk").first()
    given = {
        "organisation": organisation or make_organisation(),
        "category": category or Category.objects.create(key="courses", name_fr="Cours"),
        "name_fr": "Cours de français",
        "name_ar": "دروس الفرنسية",
        "name_en": "French lessons",
        "source": "https://example.org",
    }
    service = Service.objects.create(key=key, **{**given, **fields})
    for number, location in enumerate(places):
        ServicePlace.objects.create(service=service, location=location, sort_order=number)
    return service


def make_location(key: str, city: Place, **fields: Any) -> Location:
    return Location.objects.create(key=key, city=city, province=city.parent, **{"name_fr": f"Lieu {key}", **fields})


class _Form(HTMLParser):
    """Names and values of the fields of a page; rows that a script would add are none."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.select = self.textarea = ""
        self.inside_template = 0

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in pairs}
        name = got.get("name", "")
        if tag == "template":
            self.inside_template += 1
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in got:
            self.add(self.select, got.get("value", ""))
        elif tag == "textarea":
            self.textarea = name
            self.add(name, "")
        elif tag == "input" and got.get("type") not in ("submit", "button", "search"):
            if got.get("type") in ("checkbox", "radio") and "checked" not in got:
                return
            self.add(name, got.get("value", "on" if got.get("type") == "checkbox" else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self.inside_template -= 1
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.textarea = ""

    def handle_data(self, data: str) -> None:
        if self.textarea and self.textarea in self.values:
            self.values[self.textarea][-1] += data

    def add(self, name: str, value: str) -> None:
        if name and "__prefix__" not in name and not self.inside_template:
            self.values.setdefault(name, []).append(value)


def form_of(html: str) -> dict[str, Any]:
    """What a browser would send from this page: one value, or several."""
    parser = _Form()
    parser.feed(html)
    skipped = ("csrfmiddlewaretoken", "q", "overwrite_revision_id", "loaded_revision_id", "loaded_revision_created_at")
    return {
        name: values if len(values) > 1 else values[0].removeprefix("\n")
        for name, values in parser.values.items()
        if name not in skipped and not name.startswith("action-")
    }


def edit(editor: Client, record: Any, action: str = "action-publish", **changes: Any) -> Any:
    """Open the form of a record, change some of it, send it back."""
    address = f"{CMS}/{record._meta.model_name}/edit/{record.pk}/"
    typed = form_of(editor.get(address).content.decode())
    return editor.post(address, {**typed, **changes, action: "yes"})


def add(editor: Client, name: str, action: str = "action-publish", /, **given: Any) -> Any:
    address = f"{CMS}/{name}/add/"
    return editor.post(address, {**form_of(editor.get(address).content.decode()), **given, action: "yes"})


def speak(django_user_model, language: str) -> None:
    for user in django_user_model.objects.all():
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})


def found(words: str, language: str = "fr") -> list[str]:
    hits = search.search(search.Query(words, language, {"kind": ("service",)})).hits
    return [hit.identifier for hit in hits]


def bulk(editor: Client, action: str, records: list[Any], **given: Any) -> Any:
    ids = "&".join(f"id={record.pk}" for record in records)
    address = f"/cms/bulk/services/{records[0]._meta.model_name}/{action}/?{ids}&next={CMS}/service/"
    shown = editor.get(address)
    assert shown.status_code == 200, shown
    return editor.post(address, given)
