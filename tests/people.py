"""How tests sign somebody in: with password and second factor behind them, for one partner."""

from __future__ import annotations

from typing import Any

from django.test import Client

from referral.access import Member


def sign_in(user: Any, partner: Any = None) -> Client:
    """A browser in which this user is signed in, acting for this partner."""
    client = Client(headers={"accept": "text/html"})
    client.force_login(user)
    if partner is not None:
        session = client.session
        session["partner"] = str(partner.pk)
        session.save()
    return client


def at_desk(member: Member) -> Client:
    """A browser in which this member is signed in."""
    from django.contrib.auth import get_user_model

    return sign_in(get_user_model().objects.get(pk=member.user_id), member.partner)
