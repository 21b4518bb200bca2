"""What every answer carries, and what is done with a public request before its view is looked for."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import Resolver404, get_script_prefix, resolve, set_script_prefix
from django.utils import translation

from . import errors, journeys, languages, styles
from .zones import Zone, is_door, is_served, zone_of

GetResponse = Callable[[HttpRequest], HttpResponse]

LONGEST_PATH = 400
EVERYWHERE = ("/healthz", "/readyz", "/robots.txt")  # in every zone; and the script of staff, which stands at the root
CMS_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; base-uri 'self'; form-action 'self'; frame-ancestors 'self'; object-src 'none'"
)
PERMISSIONS = "camera=(), geolocation={}, microphone=(), payment=(), usb=(), interest-cohort=()"


def public_policy() -> str:
    """Nothing from elsewhere; one style sheet, inside the page and known by its digest."""
    return (
        f"default-src 'none'; style-src {styles.digests()}; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


POLICIES: dict[Zone, Callable[[], str]] = {
    Zone.PUBLIC: public_policy,
    Zone.CMS: lambda: CMS_POLICY,
    Zone.CASES: lambda: f"{public_policy()}; require-trusted-types-for 'script'",
}


class SafeHeaders:
    """The security headers of every answer, errors and files included (trust S5, S8)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        zone = zone_of(request.path_info)
        response.headers.setdefault("Content-Security-Policy", POLICIES[zone]())
        if zone is Zone.CMS:  # a preview is a public page, with its own policy, in a frame of the CMS
            policy = response.headers["Content-Security-Policy"]
            response.headers["Content-Security-Policy"] = policy.replace("ancestors 'none'", "ancestors 'self'")
        # A form needs its origin: under no-referrer browsers send “null”, and Django refuses it.
        response.headers["Referrer-Policy"] = "no-referrer" if zone is Zone.PUBLIC else "same-origin"
        response.headers.setdefault("Permissions-Policy", self._permissions(request))
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers["X-Frame-Options"] = "SAMEORIGIN" if zone is Zone.CMS else "DENY"
        if zone is Zone.CASES:
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex"
        elif zone is Zone.CMS:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    @staticmethod
    def _permissions(request: HttpRequest) -> str:
        """Nothing of the device; only a view that says `asks_for_place` may ask where the reader is, after a tap."""
        asks = request.resolver_match and getattr(request.resolver_match.func, "asks_for_place", False)
        return PERMISSIONS.format("(self)" if asks else "()")


def takes_posts(path: str) -> bool:
    """Whether a reader may send something to this address: its view says so, with `takes_public_posts`."""
    with translation.override(languages.from_path(path) or settings.LANGUAGE_CODE):
        try:
            return getattr(resolve(path).func, "takes_public_posts", False)
        except Resolver404:
            return False


class PublicPages:
    """Reads only, but for forms that ask for it: other methods are refused, over-long addresses too; journeys are opened."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = zone_of(request.path_info)
        is_ours = (
            is_served(zone)
            or is_door(request.path_info)
            or request.path_info in EVERYWHERE
            or request.path_info.startswith("/casework-")
        )
        if not is_ours or "\x00" in request.path_info:  # which PostgreSQL takes for a fault of ours
            return errors.page(request, 404)
        if zone is not Zone.PUBLIC:
            return self.get_response(request)
        if len(request.path_info) > LONGEST_PATH:
            return errors.page(request, 414)
        parts = journeys.split(request.path_info)
        path = parts[1] if parts else request.path_info
        if request.method not in ("GET", "HEAD") and not (request.method == "POST" and takes_posts(path)):
            response = errors.page(request, 405)
            response["Allow"] = "GET, HEAD"
            return response
        if parts:
            return self._in_journey(request, *parts)
        return self.get_response(request)

    def _in_journey(self, request: HttpRequest, token: str, rest: str) -> HttpResponse:
        """Serve the rest of the address as if the site stood under /j/TOKEN/, so that every link stays there."""
        language = languages.from_path(rest) or languages.from_header(request.headers.get("Accept-Language", ""))
        state = journeys.state(token)
        if rest == "/exit/" or rest.startswith("/exit/"):
            journeys.end(token)
            wanted, _slash, gone = rest.removeprefix("/exit/").strip("/").partition("/")
            return self._leave(wanted or language) if gone else self._blank(f"{request.path_info.rstrip('/')}/gone/")
        if state is journeys.State.ENDED:
            return self._leave(language)
        if state is not journeys.State.OPEN:
            with translation.override(language):
                return errors.page(request, 410 if state is journeys.State.EXPIRED else 404)
        before = get_script_prefix()
        set_script_prefix(f"{journeys.PREFIX}{token}/")
        request.META[journeys.KEY], request.path_info = token, rest
        try:
            response = self.get_response(request)
        finally:
            set_script_prefix(before)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        return response

    @staticmethod
    def _blank(onward: str) -> HttpResponse:
        """An empty page that goes on at once, so that the guide leaves the screen after one round trip to ourselves.

        A browser puts the page left behind into its memory for Back only when the next one has come: the second
        answer's Clear-Site-Data then drops it. Without this hop one press of Back shows the guide (Chromium 156).
        """
        response = HttpResponse('<!doctype html><html lang="fr"><title>Dalil</title></html>')
        response["Refresh"] = f"0; url={onward}"
        response["Cache-Control"] = "no-store"
        response["Clear-Site-Data"] = '"cache"'
        return response

    @staticmethod
    def _leave(language: str) -> HttpResponse:
        language = language if language in languages.codes() else settings.LANGUAGE_CODE
        response = HttpResponseRedirect(journeys.exit_address(language), status=303)
        response["Cache-Control"] = "no-store"
        response["Clear-Site-Data"] = '"cache"'
        return response


class Language(LocaleMiddleware):
    """The language of a public page is the one in its address, and nothing else; the CMS asks the browser."""

    def process_request(self, request: HttpRequest) -> None:
        if zone_of(request.path_info) is Zone.CMS:
            super().process_request(request)
            return
        header = request.headers.get("Accept-Language", "")
        translation.activate(languages.from_path(request.path_info) or languages.from_header(header))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, _request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response
