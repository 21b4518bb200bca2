"""How a reader without an account sends something: from our own page only, once, not too fast; no cookie, no address kept.

A form carries a token: random, signed and dated, bound to what it is about. It is the proof that our page was opened a
moment before (no cookie exists that a foreign site could ride on), and what keeps a message sent twice from being kept
twice. A flood is slowed down in each process, per service and in all, so that one flooded service does not silence the
others (trust X49); nobody's address is looked at.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from services.models import Report, Service

SALT = "services.reporting"
TRAP = "website"  # a field that no person sees; machines fill it in
OPEN_S = 24 * 3600  # how long an opened form can be sent
FASTEST_S = 2  # nobody reads and fills in the form faster
LARGEST_BODY = 64 * 1024
A_MINUTE = {"service": 10, "all": 60}  # messages that one process takes a minute
_taken: dict[str, deque[float]] = {}
MOST_COUNTED = 2000

View = Callable[..., HttpResponse]


def reader_form(view: View) -> View:
    """A view that readers may send something to. Only forms of our own pages reach it; see `may_send`."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if request.method == "POST":
            if not comes_from_here(request):
                raise PermissionDenied
            if not (request.META.get("CONTENT_LENGTH") or "0").isdigit() or _length(request) > LARGEST_BODY:
                raise SuspiciousOperation("a form of this size is none of ours")
        response = view(request, *args, **named)
        response["Cache-Control"] = "no-store"
        return response

    checked.takes_public_posts = True  # type: ignore[attr-defined]  # (the middleware of the site reads it)
    return csrf_exempt(checked)


def _length(request: HttpRequest) -> int:
    return int(request.META.get("CONTENT_LENGTH") or 0)


def comes_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sends it, or does not say.

    `Referrer-Policy: no-referrer` makes browsers send `Origin: null` (Fetch standard); that says nothing.
    """
    site = request.headers.get("Sec-Fetch-Site", "")
    origin = request.headers.get("Origin", "null")
    if site:
        return site == "same-origin"
    return origin == "null" or urlsplit(origin).netloc == request.get_host()


def new_token(about: str) -> str:
    """A token for a form about this (the key of a service, “” for none)."""
    return _signer(about).sign(secrets.token_urlsafe(9))


def is_valid(token: str, about: str) -> bool:
    """Whether we gave this token for a form about this, at least FASTEST_S and at most OPEN_S ago."""
    signer = _signer(about)
    try:
        signer.unsign(token, max_age=OPEN_S)
    except BadSignature:
        return False
    try:
        signer.unsign(token, max_age=FASTEST_S)
    except BadSignature:
        return True
    return False


def keep(service: Service | None, sent: Mapping[str, str], *, language: str, token: str) -> bool:
    """Keep a message (`about` and `words`); the same form sent again changes nothing.

    False if too many come at once: nothing is kept, and the reader can try again in a minute.
    """
    once = hashlib.sha256(token.encode()).hexdigest()
    if Report.objects.filter(once=once).exists():
        return True
    if not _takes(f"service {service.pk}" if service else "missing"):
        return False
    about = sent.get("about", Report.About.MISSING)
    fields = {"service": service, "about": about, "words": sent["words"].strip(), "language": language}
    Report.objects.get_or_create(once=once, defaults=fields)
    return True


def _takes(name: str) -> bool:
    """Whether this process still takes one more this minute."""
    now = time.monotonic()
    if len(_taken) > MOST_COUNTED:
        _taken.clear()
    counted = [
        (_taken.setdefault(name, deque()), A_MINUTE["service"]),
        (_taken.setdefault("", deque()), A_MINUTE["all"]),
    ]
    for moments, _most in counted:
        while moments and now - moments[0] > 60:
            moments.popleft()
    if any(len(moments) >= most for moments, most in counted):
        return False
    for moments, _most in counted:
        moments.append(now)
    return True


def _signer(about: str) -> TimestampSigner:
    return TimestampSigner(salt=f"{SALT}:{about}")
