"""Where sessions are kept: a row for whoever has given something, nothing but the cookie for who only stands at the door."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.internal.auth import STATE_SESSION_KEY as CHALLENGE
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as Rows
from django.core import signing
from django.middleware.csrf import CSRF_SESSION_KEY

AT_THE_DOOR = {CSRF_SESSION_KEY, CHALLENGE}  # the token of the form, and what a passkey is asked
MARK = "visit."
MOST_SECONDS = 600  # for a passkey to answer


class SessionStore(Rows):
    """Django's own, but a session with nothing in it that is not known to the page itself writes no row.

    It travels in the cookie, signed. The first thing more that is kept, and every new key, makes a row under a key of chance:
    nobody is signed in without one.
    """

    def load(self) -> dict[str, Any]:
        if not _is_visit(self.session_key):
            return super().load()
        if found := _opened(self.session_key, MOST_SECONDS):
            return found
        found = _opened(self.session_key, settings.SESSION_COOKIE_AGE)
        if not found:
            self._session_key = None
        return {name: value for name, value in found.items() if name != CHALLENGE}

    def save(self, must_create: bool = False) -> None:
        if self.session_key and not _is_visit(self.session_key):
            return super().save(must_create)
        data = dict(self.items())
        if not must_create and data and set(data) <= AT_THE_DOOR:
            self._session_key = MARK + signing.dumps(data, salt=__name__)
            return None
        self._session_key = None
        return super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        if not _is_visit(session_key or self.session_key):
            super().delete(session_key)


def _is_visit(key: str | None) -> bool:
    return bool(key and key.startswith(MARK))


def _opened(key: str | None, seconds: int) -> dict[str, Any]:
    """What the cookie says, if we wrote it and not too long ago; otherwise nothing."""
    try:
        found: dict[str, Any] = signing.loads((key or "").removeprefix(MARK), salt=__name__, max_age=seconds)
    except signing.BadSignature:
        return {}
    return found
