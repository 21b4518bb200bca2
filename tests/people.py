"""How tests sign somebody in: with password and second factor behind them, for one partner."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from portal.models import StaffSession
from referral.access import Member
from referral.screens.confirmed import CONFIRMED_AT

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of the authenticator app of everybody in tests


def app_of(user: Any) -> Authenticator:
    """The authenticator app of this user, set up if there was none."""
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return found or TOTP.activate(user, SECRET).instance


def code_now(steps: int = 0, secret: str = SECRET) -> str:
    """What the app shows now, or so many steps of 30 seconds later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def enter(client: Client, user: Any, *, strong: bool = True) -> Client:
    """Sign this user in, as the door does after both factors, given just now; not `strong`: after the password alone."""
    if strong:
        app_of(user)
    client.force_login(user)
    StaffSession.objects.create(user=user, session_key=client.session.session_key, strong=strong)
    if strong:
        confirmed(client, time.time())
    return client


def confirmed(client: Client, at: float) -> None:
    """The second factor was given at this moment, and not since."""
    session = client.session
    session[CONFIRMED_AT] = at
    session.save()


def sign_in(user: Any, partner: Any = None) -> Client:
    """A browser in which this user is signed in, acting for this partner."""
    client = enter(Client(headers={"accept": "text/html"}), user)
    if partner is not None:
        session = client.session
        session["partner"] = str(partner.pk)
        session.save()
    return client


def at_desk(member: Member) -> Client:
    """A browser in which this member is signed in."""
    from django.contrib.auth import get_user_model

    return sign_in(get_user_model().objects.get(pk=member.user_id), member.partner)
