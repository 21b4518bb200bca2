"""The browser that somebody signs in with: its family in words, its group of addresses, and the cookie that says “was here before”."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from portal import languages

from .delays import Place, group_of

COOKIE, SALT = "device", "portal.accounts.device"
MOST_PEOPLE = 8  # of one browser at a shared desk
KEPT = 365 * 24 * 3600
BROWSERS = (("Edge", r"Edg"), ("Firefox", r"Firefox|FxiOS"), ("Chrome", r"Chrome|CriOS"), ("Safari", r"Safari"))
SYSTEMS = (
    ("Android", r"Android"), ("iOS", r"iPhone|iPad"), ("Windows", r"Windows"), ("macOS", r"Mac OS"), ("Linux", r"Linux"),
)  # fmt: skip


def family(request: HttpRequest) -> str:
    """Browser and system, enough to recognise one's own: “Firefox, Android”. Neither version nor address."""
    agent = request.headers.get("User-Agent", "")[:400]
    found = (next((name for name, sign in kinds if re.search(sign, agent)), "") for kinds in (BROWSERS, SYSTEMS))
    return ", ".join(name for name in found if name)


def place_of(request: HttpRequest, user_id: int | None) -> Place:
    """Where a try against this account comes from."""
    device = _device(request)
    if user_id is not None and user_id in device["people"]:
        return Place(known=True, digest=device["id"])
    return Place(known=False, digest=group_of(_address(request)))


def remember(request: HttpRequest, response: HttpResponse, user_id: int) -> None:
    """Mark this browser as one that this person has signed in with; the cookie goes to the account pages only."""
    device = _device(request)
    people = [user_id, *(one for one in device["people"] if one != user_id)][:MOST_PEOPLE]
    value = signing.dumps({"id": device["id"], "people": people}, salt=SALT)
    for code in languages.codes():
        response.set_cookie(
            f"{COOKIE}_{code}", value, max_age=KEPT, path=f"/{code}/casework/account/", httponly=True,
            secure=settings.SESSION_COOKIE_SECURE, samesite="Strict",
        )  # fmt: skip


def _address(request: HttpRequest) -> str:
    """The address of the browser: what the proxy in front wrote last, where there is one that we trust. Never kept."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def _device(request: HttpRequest) -> dict[str, Any]:
    """What the cookie says; a new number where there is none, or it is not ours."""
    for code in languages.codes():
        try:
            return dict(signing.loads(request.COOKIES.get(f"{COOKIE}_{code}", ""), salt=SALT, max_age=KEPT))
        except signing.BadSignature:
            continue
    return {"id": secrets.token_hex(16), "people": []}
