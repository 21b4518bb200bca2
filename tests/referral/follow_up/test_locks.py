"""Codes are locked before their case, by everybody: who tries a PIN holds the code, and makes a task of the case."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referral.access import Member, member_of
from referral.actions import closing, consents
from referral.follow_up import codes
from referral.models import Case
from referral.words.choices import CaseRole
from referral.words.consent_choices import Purpose
from tests.referral import making

from .opening import PIN, followed

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one lock, of the whole database"),
]
LOCKING = re.compile(r'^(?:UPDATE "referral_(\w+)"|SELECT .* FROM "referral_(\w+)".* FOR UPDATE)', re.DOTALL)


def close(case: Case, boss: Member) -> Callable[[], object]:
    owner = member_of(case.owner)
    assert owner is not None
    held = closing.request_closure(
        case, by=owner, version=case.version, closure_reason="needs_ended", feedback_asked=True
    )
    return lambda: closing.approve_closure(held, by=boss, version=held.version)


def make_another(case: Case, boss: Member) -> Callable[[], object]:
    return lambda: codes.make_code(case, by=boss, pin=PIN)


def take_back(case: Case, boss: Member) -> Callable[[], object]:
    """A conversation about a referral, and about following it online."""
    service = making.service()
    said = making.consent(case, service).consent
    said.grants.create(purpose=Purpose.ONLINE_FOLLOW_UP, given=True, categories=[])
    making.referral(case, boss, service)
    return lambda: consents.withdraw_consent(said, by=boss)


@pytest.mark.parametrize("scene", [close, make_another, take_back])
def test_the_codes_of_a_case_are_locked_before_the_case(scene: Callable[[Case, Member], Callable[[], object]]) -> None:
    found = followed(risk="low")
    boss = making.member(found.case.partner, CaseRole.SUPERVISOR, CaseRole.CASEWORKER)
    act = scene(found.case, boss)
    with CaptureQueriesContext(connection) as said:
        act()
    locks = [match[1] or match[2] for one in said if (match := LOCKING.match(one["sql"]))]
    assert locks.index("followupcode") < locks.index("case")
