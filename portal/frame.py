"""What surrounds every page: its language, its other languages, its canonical address, the way out of a journey."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html

from . import guides, journeys, languages, presenting
from .page_cache import same_for_everyone
from .wording import direction


@dataclass(frozen=True)
class Other:
    """The same page in a language of the site."""

    code: str
    name: str
    path: str
    full: str
    current: bool


def frame(request: HttpRequest, *, shown: str = "", path: str = "", query: str = "") -> dict[str, Any]:
    """The context that base.html needs. `shown` is the language of the content, where it differs from the reader's.

    `query` stays in the links to the other languages; the canonical address has none.
    """
    language = translation.get_language()
    path = path or request.path_info
    rest = "/".join(path.split("/")[2:]) if languages.from_path(path) else ""
    journey = journeys.token_of(request)
    prefix = f"{journeys.PREFIX}{journey}" if journey else ""
    asked = f"?{query}" if query else ""
    others = [
        Other(code, name, f"{prefix}/{code}/{rest}{asked}", f"{settings.BASE_URL}/{code}/{rest}", code == language)
        for code, name in settings.LANGUAGES
    ]
    shown = shown or language
    return {
        "language": language,
        "direction": direction(language),
        "shown": shown,
        "shown_direction": direction(shown),
        "shown_name": format_html('<bdi lang="{}">{}</bdi>', shown, dict(settings.LANGUAGES).get(shown, shown)),
        "missing": shown != language,
        "others": others,
        "canonical": f"{settings.BASE_URL}/{shown}/{rest}",
        "x_default": f"{settings.BASE_URL}/{settings.LANGUAGE_CODE}/{rest}",
        "journey": journey,
    }


def surround(request: HttpRequest) -> dict[str, Any]:
    """The frame of every public page that is rendered with its request, for the floors below (a context processor).

    Besides what `frame` gives: `topics` and `numbers` (emergency numbers), asked for only where a template shows them.
    Nothing for the CMS and for addresses without a language.
    """
    language = languages.from_path(request.path_info)
    if language is None:
        return {}
    return frame(request, query=request.GET.urlencode()) | {
        "topics": partial(guides.topics, language),
        "numbers": partial(emergency_numbers, language),
    }


def emergency_numbers(language: str) -> list[presenting.Item]:
    """The first numbers to call, of the guide that editors keep; none where there is no such guide."""
    found = guides.emergency(language)
    section = presenting.present(found).section("numbers") if found else None
    return section.plain_items if section else []


def public(template: str, context: dict[str, Any]) -> HttpResponse:
    """A public page: kept whole by the page cache, unless it belongs to a journey."""
    response = HttpResponse(render_to_string(template, context))
    response["Content-Language"] = context["language"]
    return same_for_everyone(response)


def private(template: str, context: dict[str, Any]) -> HttpResponse:
    """A page that no cache and no browser may keep."""
    response = HttpResponse(render_to_string(template, context))
    response["Content-Language"] = context["language"]
    response["Cache-Control"] = "no-store"
    return response
