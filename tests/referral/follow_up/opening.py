"""A case with a code, and the page on which the person types it."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from django.test import Client

from referral.access import Member
from referral.follow_up import codes
from referral.models import Case, FollowUpCode
from referral.words.consent_choices import Purpose
from tests.referral import making

PIN, WRONG_PIN = "482916", "482917"
PATH = "/fr/follow-up/"


class Followed(NamedTuple):
    """A case, who has it, and the code on the person's paper."""

    case: Case
    member: Member
    code: str

    @property
    def row(self) -> FollowUpCode:
        return FollowUpCode.objects.filter(case=self.case).latest("made_at")


def agreed_case(partner: str = "oujda", profile: str = "gen", **given: Any) -> tuple[Case, Member]:
    """A case whose person wants to follow it online."""
    member = making.member(making.partner(partner))
    case = making.case(member, profile, **given)
    making.consent(case, purpose=Purpose.ONLINE_FOLLOW_UP, categories=())
    return case, member


def followed(partner: str = "oujda", profile: str = "gen", **given: Any) -> Followed:
    case, member = agreed_case(partner, profile, **given)
    return Followed(case, member, codes.make_code(case, by=member, pin=PIN, found_safe=True).code)


def token(reader: Client, path: str = PATH) -> str:
    found = re.search(r'name="token" value="([^"]+)"', reader.get(path, headers={"accept": ""}).content.decode())
    assert found
    return found[1]


def ask(reader: Client, code: str, pin: str = PIN, *, path: str = PATH, form: str = "", **more: Any) -> Any:
    """Type code and PIN into a new form and send it; `form`: into this one."""
    return reader.post(path, {"code": code, "pin": pin, "token": form or token(reader, path)}, **more)


def ticket(answer: Any) -> dict[str, str]:
    """The hidden fields with which an opened page says “I received nothing”."""
    return dict(re.findall(r'name="(ticket|token)" value="([^"]+)"', answer.content.decode()))
