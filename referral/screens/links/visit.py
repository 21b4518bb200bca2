"""The visit of somebody with a link: what their session holds between two requests, and when it ends.

The session is the one of staff pages, under keys of its own. The packet's key is in it only wrapped by the key ring, bound to
the link, the referral and this session: whoever copies the row, or signs in meanwhile, has nothing.
"""

from __future__ import annotations

import base64
import time
import uuid

from django.contrib.auth import logout
from django.http import HttpRequest

from referral.access import Linked
from referral.encryption import CannotOpen, ring

LINK, REFERRAL, KEY, SEEN = "link_id", "link_referral", "link_key", "link_seen"
IDLE_S = 30 * 60


def begin(request: HttpRequest, link: Linked) -> None:
    """From now on this browser acts for the receiver, and for nobody else: whoever was signed in is signed out.

    The key of the session changes, as at every sign-in.
    """
    end(request)
    if request.user.is_authenticated:
        logout(request)
    request.session.cycle_key()
    wrapped = ring().wrap(link.key, _place(request, link.link_id, link.referral_id))
    request.session[LINK], request.session[REFERRAL] = link.link_id, str(link.referral_id)
    request.session[KEY], request.session[SEEN] = base64.b64encode(wrapped).decode(), int(time.time())


def visitor(request: HttpRequest) -> Linked | None:
    """Who is here with a link; None for nobody, after half an hour without a request, and in another session."""
    session = request.session
    try:
        link_id, referral_id = int(session[LINK]), uuid.UUID(session[REFERRAL])
        is_fresh = 0 <= time.time() - int(session[SEEN]) < IDLE_S
        wrapped = base64.b64decode(session[KEY])
        key = ring().unwrap(wrapped, _place(request, link_id, referral_id)) if is_fresh else b""
    except (KeyError, ValueError, TypeError, CannotOpen):
        key = b""
    if not key:
        end(request)
        return None
    session[SEEN] = int(time.time())
    return Linked(link_id, referral_id, key)


def end(request: HttpRequest) -> None:
    """Nothing of the link stays in the session."""
    for name in (LINK, REFERRAL, KEY, SEEN):
        request.session.pop(name, None)


def _place(request: HttpRequest, link_id: int, referral_id: uuid.UUID) -> str:
    return f"visit {link_id} {referral_id} {request.session.session_key}"
