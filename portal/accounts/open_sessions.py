"""Sessions of staff: opened, seen, timed out on the server, ended at once (trust S2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from portal.models import StaffSession
from referral.screens.confirmed import note_confirmed

from .devices import family

IDLE = timedelta(minutes=settings.STAFF_IDLE_MINUTES)
LONGEST = timedelta(hours=settings.STAFF_LONGEST_HOURS)
TOUCHED_EVERY = timedelta(seconds=30)  # so that reading does not write a row each time
BACKEND = "django.contrib.auth.backends.ModelBackend"


def open_for(request: HttpRequest, user: Any, *, strong: bool) -> StaffSession:
    """Open a session under a new key. `strong`: the second factor was given."""
    auth.login(request, user, backend=BACKEND)
    if not request.session.session_key:
        request.session.create()
    return StaffSession.objects.create(
        user=user, session_key=str(request.session.session_key), strong=strong, device=family(request)
    )


def strengthen(request: HttpRequest) -> None:
    """The second factor was set up in this session: it goes on under a new key, with everything open."""
    row = StaffSession.objects.get(session_key=request.session.session_key)
    request.session.cycle_key()
    row.session_key, row.strong = str(request.session.session_key), True
    row.save(update_fields=["session_key", "strong"])
    note_confirmed(request)


def keep_after_new_password(request: HttpRequest, user: Any) -> None:
    """This session goes on, under a new key, although the password is another one."""
    before = request.session.session_key
    auth.update_session_auth_hash(request, user)
    StaffSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def current(request: HttpRequest) -> StaffSession | None:
    """The open session that this request belongs to; None if it was ended, or has timed out."""
    key, now = request.session.session_key, timezone.now()
    row = open_ones(now).filter(session_key=key, user=request.user.pk).first() if key else None
    if row is not None and now - row.seen_at > TOUCHED_EVERY:
        row.seen_at = now
        StaffSession.objects.filter(pk=row.pk).update(seen_at=now)
    return row


def open_ones(now: datetime | None = None) -> QuerySet[StaffSession]:
    """Sessions that neither time-out has reached."""
    now = now or timezone.now()
    return StaffSession.objects.filter(seen_at__gt=now - IDLE, started_at__gt=now - LONGEST)


def end(sessions: QuerySet[StaffSession]) -> int:
    """End these sessions now: with the next request their browsers are strangers. How many there were."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    keys = list(sessions.values_list("session_key", flat=True))
    StaffSession.objects.filter(session_key__in=keys).delete()
    for key in keys:
        store(key).delete()
    return len(keys)


def end_all(user_id: int, *, but: str | None = None) -> int:
    """End every session of this person, but for the one with this key."""
    return end(StaffSession.objects.filter(user=user_id).exclude(session_key=but or ""))


def forget(request: HttpRequest) -> None:
    """End the session of this request."""
    StaffSession.objects.filter(session_key=request.session.session_key or "").delete()
    auth.logout(request)


def clear(now: datetime | None = None) -> int:
    """Remove the sessions that have timed out, and what Django keeps of them. Safe to run at any time."""
    now = now or timezone.now()
    found = StaffSession.objects.filter(Q(seen_at__lte=now - IDLE) | Q(started_at__lte=now - LONGEST))
    ended = end(found)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return ended
