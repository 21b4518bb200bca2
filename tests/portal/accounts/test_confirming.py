"""The second factor once more, in an open session."""

from __future__ import annotations

import time

import pytest

from portal.accounts import delays, second_factor
from referral.screens.confirmed import CONFIRMED_AT, LASTS
from tests.people import app_of, code_now, confirmed, sign_in
from tests.portal.accounts.doors import DOOR, browser, session_of, walk_in

pytestmark = pytest.mark.django_db
CONFIRM = f"{DOOR}confirm/"


def stale(user):
    """A browser whose second factor is of some time ago."""
    client = sign_in(user)
    confirmed(client, time.time() - LASTS - 5)
    return client


def test_who_has_just_come_in_by_both_factors_is_not_asked_again(worker):
    client = browser()
    walk_in(client, worker)
    assert time.time() - session_of(client)[CONFIRMED_AT] < LASTS
    assert "Thank you" in client.get(CONFIRM).content.decode()


def test_a_recovery_code_confirms_where_there_is_no_phone_and_no_script(worker):
    client = stale(worker)
    code, *_rest = second_factor.new_recovery_codes(worker)
    assert "Thank you" in client.post(CONFIRM, {"code": code}).content.decode()
    confirmed(client, 0.0)
    assert client.post(CONFIRM, {"code": code}).status_code == 400, "a second time"


def test_a_code_that_was_used_at_the_door_does_not_confirm(worker):
    client, code = browser(), code_now()
    walk_in(client, worker, code=code)
    confirmed(client, 0.0)
    assert client.post(CONFIRM, {"code": code}).status_code == 400
    assert "Thank you" not in client.get(CONFIRM).content.decode()


def test_wrong_tries_wait_as_they_do_at_the_door(worker):
    client = stale(worker)
    answers = [client.post(CONFIRM, {"code": "000000"}).status_code for _each in range(delays.FREE + 2)]
    assert set(answers) == {400, 429}
    assert client.post(CONFIRM, {"code": code_now()}).status_code == 429


@pytest.mark.parametrize("sent", [{}, {"code": ""}, {"code": "\0"}, {"credential": "{}"}, {"credential": "["}])
def test_nothing_and_nonsense_confirm_nothing(worker, sent):
    client = stale(worker)
    assert client.post(CONFIRM, sent).status_code == 400
    assert "Thank you" not in client.get(CONFIRM).content.decode()


@pytest.mark.parametrize("onward", ["https://example.org/", "//example.org", "/en/guides/", "/\\example.org"])
def test_it_leads_to_our_own_pages_for_staff_only(worker, onward):
    page = sign_in(worker).get(CONFIRM, {"next": onward}).content.decode()
    assert f'class="button" href="{onward}"' not in page
    assert f'<a href="{DOOR}">' in page


def test_a_stranger_and_who_has_given_a_password_alone_confirm_nothing(worker):
    app_of(worker)
    assert browser().post(CONFIRM, {"code": code_now()})["Location"].startswith(f"{DOOR}sign-in/")
    client = browser()
    client.post(f"{DOOR}sign-in/", {"login": worker.username, "password": "a long password 2026"})
    assert client.post(CONFIRM, {"code": code_now()}).status_code == 302


@pytest.mark.parametrize(
    ("language", "words"), [("en", "repeat the second step"), ("fr", "encore une fois"), ("ar", "مرة أخرى")]
)
def test_it_asks_in_three_languages_by_a_plain_form(worker, language, words):
    page = stale(worker).get(f"/{language}/casework/account/confirm/").content.decode()
    assert words in page
    assert '<form method="post" novalidate>' in page
