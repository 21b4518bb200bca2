"""Journeys: how a sensitive guide is read so that, once left, Back does not show it again.

A browser that opens a sensitive guide is sent (302, so that no entry of history is made) into a journey: every link from
there stays under /j/TOKEN/…, nothing is stored by the browser (`no-store`), and “leave quickly” ends the token on the
server. Whatever Back then asks for answers with the neutral site. Plain links, no cookie, no JavaScript.

A token is random and signed, so reading writes nothing; leaving writes one digest. It lives two hours. A guide's address
in a journey is a code without words, and its title is neutral, so that history tells nothing (trust A19, A20).
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets
from enum import Enum

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import HttpRequest
from django.utils import timezone

from .models import EndedJourney

LIFE = datetime.timedelta(hours=2)
PREFIX = "/j/"
KEY = "dalil.journey"
_signer_salt = "journey"


class State(Enum):
    """What a token is worth."""

    OPEN = "open"
    ENDED = "ended"  # left on purpose: answer with the neutral site
    EXPIRED = "expired"  # too old: say that the page has closed
    FALSE = "false"  # never given by us


def begin() -> str:
    """A new token: at least 96 random bits, signed with the hour."""
    return _signer().sign(secrets.token_urlsafe(12))


def state(token: str) -> State:
    """What this token is worth now. One query, by primary key, for a genuine token."""
    try:
        _signer().unsign(token, max_age=LIFE)
    except SignatureExpired:
        return State.EXPIRED
    except BadSignature:
        return State.FALSE
    return State.ENDED if EndedJourney.objects.filter(digest=_digest(token)).exists() else State.OPEN


def end(token: str) -> None:
    """End a genuine journey for good; a false or old token changes nothing. Forgets those of the day before yesterday."""
    today = timezone.localdate()
    if state(token) is State.OPEN:
        EndedJourney.objects.get_or_create(digest=_digest(token), defaults={"ended_on": today})
        EndedJourney.objects.filter(ended_on__lt=today - datetime.timedelta(days=1)).delete()


def token_of(request: HttpRequest) -> str:
    """The journey that this request belongs to; “” for none. The middleware has found it open."""
    return str(request.META.get(KEY, ""))


def split(path: str) -> tuple[str, str] | None:
    """(token, rest of the path) of an address inside a journey; None for any other address."""
    if not path.startswith(PREFIX):
        return None
    token, _slash, rest = path[len(PREFIX) :].partition("/")
    return (token, f"/{rest}") if token else None


def code(topic: str, key: str) -> str:
    """The address of a guide inside journeys: always the same, and without a word that tells what it is about."""
    return hmac.new(settings.SECRET_KEY.encode(), f"guide {topic}/{key}".encode(), hashlib.sha256).hexdigest()[:12]


def exit_address(language: str) -> str:
    """The neutral site that people leave to."""
    return settings.EXIT_URL.format(language=language)


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=_signer_salt, sep=".")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
