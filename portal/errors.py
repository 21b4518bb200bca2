"""Pages for what goes wrong: in the reader's language, saying where to go, with the emergency numbers, no stack trace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from . import guides, languages
from .frame import emergency_numbers, frame

WORDS = {
    400: (
        _("This address cannot be read"),
        _("Part of the address is missing or broken. Start again from the home page."),
    ),
    403: (_("This page is closed to you"), _("You may not open this page. Start again from the home page.")),
    404: (_("This page does not exist"), _("The address may be wrong, or the page has moved. Choose what you need:")),
    405: (_("This cannot be done here"), _("This page can only be read. Start again from the home page.")),
    410: (_("This page has closed"), _("It closes by itself after two hours. You can start again from the home page.")),
    413: (
        _("This is too much at once"),
        _("What you sent is too large, and nothing of it was kept. Shorten it and send it again."),
    ),
    414: (_("This address is too long"), _("Check the address, or start again from the home page.")),
}


SESSION_ENDED = (
    _("Your session has ended"),
    _("Nothing was sent. Sign in again: what you typed in a form of casework is kept there as a draft."),
)


def page(request: HttpRequest, status: int, words: tuple[Any, Any] | None = None) -> HttpResponse:
    """The page for this status, in the language of the address or, failing that, of the browser. Never kept by a cache."""
    language = languages.from_path(request.path_info) or languages.from_header(
        request.headers.get("Accept-Language", "")
    )
    title, advice = words or WORDS[status]
    with translation.override(language):
        path = request.path_info if languages.from_path(request.path_info) else f"/{language}/"
        context = {"status": status, "title": title, "advice": advice, **frame(request, path=path), **_help(language)}
        response = HttpResponse(render_to_string("portal/error.html", context), status=status)
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = language
    return response


def _help(language: str) -> dict[str, Any]:
    """Topics and emergency numbers; nothing where the database does not answer, for an error page must not fail."""
    try:
        return {"topics": guides.topics(language), "numbers": emergency_numbers(language)}
    except DatabaseError:
        return {}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    too_much = request.method == "POST" and isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    return page(request, 413 if too_much else 400)


def no_token(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  (Django calls it so)
    """A form without the token of its session: mostly a session that has ended."""
    return page(request, 403, SESSION_ENDED)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  (Django calls it so)
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  (Django calls it so)
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (Django calls it so)
    """The last resort: a file, in every language, that needs neither database nor templates."""
    body = (Path(settings.BASE_DIR) / "templates" / "500.html").read_text(encoding="utf-8")
    response = HttpResponse(body, status=500)
    response["Cache-Control"] = "no-store"
    return response
