"""The person's code: when there is one, when it ends, what the database knows of it."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone, translation

from referral.actions.cases import open_case
from referral.actions.closing import approve_closure, request_closure
from referral.actions.consents import withdraw_consent
from referral.encryption import new_key
from referral.follow_up import codes
from referral.follow_up.status import Shown
from referral.identifiers import WeakPin, WrongCode
from referral.models import AuditEntry, Consent, FollowUpCode
from referral.permissions import NotFound
from referral.refusals import GuardRefused, Stale
from referral.safety import keys
from referral.states.machine import NotYours
from referral.timers import erasure
from referral.words.choices import CaseRole
from tests.referral import making
from tests.referral.conftest import TEST_KEYS

from .opening import PIN, agreed_case, ask, followed

pytestmark = pytest.mark.django_db


def test_no_code_without_the_persons_own_yes():
    member = making.member(making.partner())
    case = making.case(member)
    with pytest.raises(GuardRefused) as refused:
        codes.make_code(case, by=member, pin=PIN)
    assert refused.value.guard == codes.CodeGuard.AGREED
    assert AuditEntry.objects.get(kind="refused").what == "follow_up.make_code:agreed_to_follow_up"
    assert not FollowUpCode.objects.exists()


@pytest.mark.parametrize("profile", ["vot", "gbv", "uasc", "det"])
def test_off_by_default_for_who_may_be_watched_until_the_safety_question_was_asked(profile):
    case, member = agreed_case(profile=profile)
    with pytest.raises(GuardRefused) as refused:
        codes.make_code(case, by=member, pin=PIN)
    assert refused.value.guard == codes.CodeGuard.SAFE
    codes.make_code(case, by=member, pin=PIN, found_safe=True)
    assert AuditEntry.objects.get(what="follow_up.make_code").fields == ["found_safe"]


@pytest.mark.parametrize("given", [{"is_minor": True}, {"is_restricted": True}, {"other_profiles": ["gbv"]}], ids=str)
def test_off_by_default_for_children_restricted_cases_and_second_profiles_too(given):
    case, member = agreed_case(**given)
    with pytest.raises(GuardRefused):
        codes.make_code(case, by=member, pin=PIN)
    assert not FollowUpCode.objects.exists()


def test_a_weak_pin_is_refused_and_makes_nothing():
    case, member = agreed_case()
    for pin, error in (("123456", WeakPin), ("000000", WeakPin), ("12345", WrongCode)):
        with pytest.raises(error):
            codes.make_code(case, by=member, pin=pin)
    assert not FollowUpCode.objects.exists()


def test_who_may_not_write_in_the_case_makes_and_ends_no_code():
    made = followed()
    stranger = making.member(making.partner("rabat"))
    with pytest.raises(NotFound):
        codes.make_code(made.case, by=stranger, pin=PIN)
    with pytest.raises(NotFound):
        codes.disable_code(made.case, by=stranger)
    reader = making.member(making.partner(), CaseRole.DPO)
    with pytest.raises((NotFound, NotYours)):
        codes.disable_code(made.case, by=reader)
    with pytest.raises(Stale):
        codes.make_code(made.case, by=made.member, pin=PIN, version=99)
    assert codes.current_code(made.case) == made.row


def test_a_new_code_ends_the_one_before(reader):
    made = followed()
    second = codes.make_code(made.case, by=made.member, pin=PIN)
    assert ask(reader, made.code).status_code == 403
    assert ask(reader, second.code).status_code == 200


def test_the_database_knows_neither_code_nor_pin():
    made = followed()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM referral_followupcode")
        kept = str(cursor.fetchall())
    bare = made.code.replace("-", "")
    assert not [part for part in (made.code, bare, bare[:4], bare[-4:], PIN) if part in kept]
    assert made.row.pin_hash.startswith("argon2$argon2id$")


def test_two_people_with_one_pin_have_nothing_in_common_in_the_database():
    assert followed().row.pin_hash != followed("rabat").row.pin_hash


def test_the_answer_to_a_print_of_the_code_does_not_show_it():
    case, member = agreed_case()
    made = codes.make_code(case, by=member, pin=PIN)
    assert made.code not in repr(made)


def test_withdrawing_consent_ends_the_code_at_once(reader):
    made = followed()
    assert ask(reader, made.code).status_code == 200
    withdraw_consent(Consent.objects.get(case=made.case), by=made.member)
    assert ask(reader, made.code).status_code == 403


def test_consent_that_has_run_out_ends_the_code(reader):
    made = followed()
    Consent.objects.filter(case=made.case).update(expires_at=timezone.now() - timedelta(minutes=1))
    assert ask(reader, made.code).status_code == 403


def test_ending_a_code_works_in_a_closed_case_too(reader):
    made = followed()
    supervisor = making.member(making.partner(), CaseRole.SUPERVISOR)
    waiting = request_closure(made.case, by=made.member, version=0, closure_reason="goals_met", feedback_asked=True)
    approve_closure(waiting, by=supervisor, version=waiting.version)
    assert made.row.expires_at <= timezone.now() + timedelta(days=90)
    with translation.override("en"):  # whatever the pages of earlier tests have left
        finished = str(Shown.FINISHED.label)
    assert finished in ask(reader, made.code, path="/en/follow-up/").content.decode()
    assert codes.disable_code(made.case, by=made.member) == 1
    assert ask(reader, made.code).status_code == 403


def test_an_erased_case_answers_like_a_code_that_never_was(reader):
    made = followed()
    erasure.erase_case(made.case, timezone.now())
    erased, unknown = ask(reader, made.code), ask(reader, "0000-0000-0000")
    assert (erased.status_code, len(erased.content)) == (unknown.status_code, len(unknown.content))


def test_codes_open_after_the_key_ring_was_changed(reader, settings):
    made = followed()
    settings.CASE_KEYS = f"fresh:{base64.b64encode(new_key()).decode()},{TEST_KEYS}"
    call_command("rotate_case_keys")
    settings.CASE_KEYS = settings.CASE_KEYS.partition(",")[0]
    assert ask(reader, made.code).status_code == 200
    assert len(keys.follow_up_secret()) == 32


def test_opening_a_case_makes_no_code():
    member = making.member(making.partner())
    open_case(by=member, profile="gen", urgency="normal", risk="low")
    assert not FollowUpCode.objects.exists()
