"""Signing in: password, then second factor, then where one wanted to go. Every try leaves one row in the trail."""

from __future__ import annotations

import math
import time
import uuid
from functools import cache
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password, make_password
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from portal.zones import Zone, zone_of
from referral import outbox
from referral.models import AuditKind, Membership
from referral.safety import audit, slow_hashes
from referral.screens.confirmed import note_confirmed
from referral.screens.desk import PARTNER
from referral.words.choices import CaseRole

from . import delays, open_sessions
from .devices import place_of

BEGUN, ONWARD = "signing_in", "onward"  # in the session, between password and second factor
MOST_SECONDS = 600


def find(login: str) -> Any:
    """The account of this user name or e-mail address; None if there is none, or more than one."""
    name = login.strip()[:254]
    rows = list(get_user_model().objects.filter(Q(username__iexact=name) | Q(email__iexact=name)).order_by("pk")[:9])
    exact = [row for row in rows if row.username == name]
    found = exact or rows
    return found[0] if len(found) == 1 else None


def right_password(user: Any, password: str) -> bool:
    """Whether this is the password of an open account. Takes as long for no account, a closed one, and one without a password."""
    usable = user is not None and user.has_usable_password()
    right = user.check_password(password) if usable else check_password(password, _decoy())
    return bool(right and usable and user.is_active)


@cache
def _decoy() -> str:
    return make_password("nobody has this password")


def try_password(request: HttpRequest, login: str, password: str) -> tuple[Any, int]:
    """Who it is, or None; and how many minutes no try is looked at, or 0."""
    user, account = find(login), delays.plain(login)
    place = place_of(request, user.pk if user else None)
    if minutes := _minutes(account, place):
        return None, minutes
    try:
        with slow_hashes.place():
            right = right_password(user, password)
    except slow_hashes.Crowded:
        return None, 1
    if right:
        delays.succeeded(account, place)
        return user, 0
    _count(account, place, user, "sign_in:password")
    return None, _minutes(account, place)


def try_second(request: HttpRequest, user: Any, check: Any, what: str) -> tuple[str, int]:
    """What `check` found (empty: nothing), and how many minutes no try is looked at, or 0."""
    account, place = f"second factor {user.pk}", place_of(request, user.pk)
    if minutes := _minutes(account, place):
        return "", minutes
    if found := check():
        delays.succeeded(account, place)
        return str(found), 0
    _count(account, place, user, f"sign_in:{what}")
    return "", _minutes(account, place)


def _count(account: str, place: delays.Place, user: Any, what: str) -> None:
    """Count a wrong try. Its owner hears of many, once a day at most."""
    tries = delays.failed(account, place)
    if user is not None and tries % delays.TELL_AFTER == 0:
        outbox.tell([user.pk], f"sign_in:{timezone.localdate()}")
    audit.record(AuditKind.DENIED, what, by=audit.By(user.pk if user else None))


def _minutes(account: str, place: delays.Place) -> int:
    until = delays.waits_until(account, place)
    return max(1, math.ceil((until - timezone.now()).total_seconds() / 60)) if until else 0


def begin(request: HttpRequest, user: Any, onward: str) -> None:
    """The password was right: remember who it is, for as long as typing a code takes."""
    request.session.cycle_key()
    request.session[BEGUN] = {"user": user.pk, "at": time.time(), "next": onward}


def begun(request: HttpRequest) -> tuple[Any, str]:
    """Who has given a password in this session, and where they want to go; (None, "") if nobody, or too long ago."""
    state = request.session.get(BEGUN) or {}
    if time.time() - state.get("at", 0) > MOST_SECONDS:
        return None, ""
    user = get_user_model().objects.filter(pk=state["user"], is_active=True).first()
    return user, own_path(state.get("next", ""))


def finish(request: HttpRequest, user: Any, how: str) -> None:
    """Open the session with everything that this person may do, in their only organisation or in none yet."""
    request.session.pop(BEGUN, None)
    open_sessions.open_for(request, user, strong=True)
    note_confirmed(request)
    choose_only_partner(request, user)
    audit.record(AuditKind.SIGN_IN, f"sign_in:{how}", by=audit.By(user.pk))


def choose_only_partner(request: HttpRequest, user: Any) -> None:
    """Whoever belongs to one organisation acts for it."""
    partners = partners_of(user)
    if len(partners) == 1:
        request.session[PARTNER] = str(partners.pop())


def partners_of(user: Any) -> set[uuid.UUID]:
    """The organisations that somebody works for today."""
    return set(Membership.objects.valid().filter(user=user).values_list("partner", flat=True))


def note_wrong_passkey() -> None:
    """A passkey that is nobody's, or not right. There is nothing to guess, so nobody waits."""
    audit.record(AuditKind.DENIED, "sign_in:passkey", by=audit.By())


def own_path(path: str) -> str:
    """The path, if it is one of our pages for staff; empty otherwise, so that nobody is led away after signing in."""
    safe = url_has_allowed_host_and_scheme(path, allowed_hosts=None) and path.startswith("/") and path.isprintable()
    return path if safe and "\\" not in path and zone_of(path.partition("?")[0]) is not Zone.PUBLIC else ""


def home_of(request: HttpRequest, user: Any) -> str:
    """Where somebody goes who wanted nothing in particular."""
    roles = set(Membership.objects.valid().filter(user=user).values_list("role", flat=True))
    if not roles:
        return "/cms/" if user.has_perm("wagtailadmin.access_admin") else reverse("account")
    if PARTNER not in request.session:
        return reverse("choose-partner")
    return reverse("people" if roles == {CaseRole.ORGANISATION_ADMIN} else "casework")
