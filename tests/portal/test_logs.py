"""What fails leaves no address in a log, and nothing of a case: no code, no token of a link, no words of an exception."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from portal.zones import NoAddresses

SAID = "Amina of case ACEF-HJKM-NP"


@pytest.fixture
def failing(monkeypatch):
    """Every way to a case, a link and the follow-up page fails with words that tell something."""

    def fail(*_words, **_named):
        raise RuntimeError(SAID)

    monkeypatch.setattr("referral.screens.links.views.open_link", fail)
    monkeypatch.setattr("referral.screens.following.looking.open_code", fail)
    monkeypatch.setattr("referral.screens.following._is_ours", lambda _token: True)
    return fail


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/fr/casework/link/secret-token/", {"code": "123 456"}),
        ("/fr/follow-up/", {"code": "secret-token", "pin": "481516", "token": "x"}),
    ],
)
def test_a_fault_in_casework_leaves_neither_the_address_nor_the_words_of_the_exception(failing, caplog, path, sent):
    client = Client(raise_request_exception=False)
    assert client.post(path, sent).status_code == 500
    found = [record for record in caplog.records if record.name == "django.request"]
    assert found
    for told in ("secret-token", "ACEF", "Amina"):
        assert told not in caplog.text
    assert "RuntimeError" in caplog.text  # what somebody needs to mend it
    assert "views.py:" in caplog.text or "following.py:" in caplog.text


def test_a_fault_on_a_public_page_leaves_no_address_either():
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "%s: %s", ("Fault", "/j/token/fr/"), None)
    record.request = type("Request", (), {"path_info": "/fr/d/xyz/"})()
    record.status_code = 500
    assert NoAddresses().filter(record)
    assert record.getMessage() == "500 in public"
