"""Who only looks at the door leaves no row; what the cookie then carries opens nothing and cannot be forged."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client

from portal.accounts import visits
from portal.models import StaffSession
from tests.people import app_of, code_now
from tests.portal.accounts.doors import DOOR, PASSWORD, browser, is_in, type_password

pytestmark = pytest.mark.django_db
PAGES = ("sign-in/", "forgotten/")


def cookie_of(client: Client) -> str:
    return next(one.value for one in client.cookies.values() if one.key == settings.SESSION_COOKIE_NAME)


def with_cookie(value: str) -> Client:
    client = browser()
    client.cookies[settings.SESSION_COOKIE_NAME] = value
    return client


def token_on(page) -> str:
    return str(page.context["csrf_token"])


@pytest.mark.parametrize("page", PAGES)
def test_looking_at_the_door_writes_no_row_however_often(page):
    for _visit in range(3):
        client = browser()
        for _look in range(2):
            assert client.get(f"{DOOR}{page}").status_code == 200
    assert not Session.objects.exists()


def test_the_form_of_a_visit_is_accepted_and_a_stranger_s_is_not(worker):
    app_of(worker)
    client, other = browser(enforce_csrf_checks=True), browser(enforce_csrf_checks=True)
    given = {"login": worker.username, "password": PASSWORD}
    token, foreign = (token_on(one.get(f"{DOOR}sign-in/")) for one in (client, other))
    assert client.post(f"{DOOR}sign-in/", given).status_code == 403
    assert client.post(f"{DOOR}sign-in/", {**given, "csrfmiddlewaretoken": foreign}).status_code == 403
    assert client.post(f"{DOOR}sign-in/", {**given, "csrfmiddlewaretoken": token}).status_code == 302
    assert Session.objects.count() == 1


def test_who_has_given_a_password_has_a_row_under_a_key_that_the_visit_did_not_know(worker):
    app_of(worker)
    client = browser()
    client.get(f"{DOOR}sign-in/")
    before = cookie_of(client)
    type_password(client, worker.username)
    assert Session.objects.get().session_key == cookie_of(client) != before
    client.post(f"{DOOR}second-factor/", {"code": code_now()})
    assert is_in(client)
    assert Session.objects.get().session_key == cookie_of(client) == StaffSession.objects.get().session_key
    assert not is_in(with_cookie(before))


def test_a_visit_that_somebody_made_up_says_nothing_and_signs_nobody_in(worker):
    mine = {"_auth_user_id": str(worker.pk), "_auth_user_hash": worker.get_session_auth_hash()}
    forged = signing.dumps(mine, key="another key, which is none of ours", salt=visits.__name__)
    for value in (visits.MARK + forged, visits.MARK, visits.MARK + "x" * 5000, "visit"):
        client = with_cookie(value)
        assert not is_in(client)
        assert client.get(f"{DOOR}sign-in/").status_code == 200
    assert not Session.objects.exists()


def test_what_a_passkey_was_asked_is_forgotten_after_ten_minutes_and_the_form_still_holds(monkeypatch):
    import time

    made = visits.SessionStore()
    made.update({name: "x" for name in visits.AT_THE_DOOR})
    made.save()
    assert set(visits.SessionStore(made.session_key).keys()) == visits.AT_THE_DOOR
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + visits.MOST_SECONDS + 1)
    assert set(visits.SessionStore(made.session_key).keys()) == visits.AT_THE_DOOR - {visits.CHALLENGE}
    monkeypatch.setattr("time.time", lambda: now + settings.SESSION_COOKIE_AGE + 1)
    late = visits.SessionStore(made.session_key)
    assert not late.keys()
    assert late.is_empty()


def test_signing_out_leaves_no_row(worker):
    from tests.portal.accounts.doors import walk_in

    client = browser()
    walk_in(client, worker)
    assert Session.objects.count() == 1
    client.post(f"{DOOR}sign-out/")
    client.get(f"{DOOR}sign-in/")
    assert not Session.objects.exists()
