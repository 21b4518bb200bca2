"""A reader tells of a mistake without an account: kept once, from our own page only, with what was typed never lost."""

from __future__ import annotations

import re
import time

import pytest

from services.models import Report
from services.showing import reporting

from .directory import make_service

WORDS = "Le bureau a déménagé <b>rue Neuve</b>."


@pytest.fixture(autouse=True)
def _quiet():
    """Each test begins as a process that has taken nothing."""
    reporting._taken.clear()


@pytest.fixture
def service(db):
    return make_service()


@pytest.fixture
def later(monkeypatch):
    """Moves the clock on by some seconds."""
    moved, real = {"by": 0}, time.time

    def move(seconds: int) -> None:
        moved["by"] += seconds

    monkeypatch.setattr("time.time", lambda: real() + moved["by"])
    return move


def form(reader, address: str) -> str:
    """Open the form; its token."""
    page = reader.get(address).content.decode()
    return re.search(r'name="token" value="([^"]+)"', page)[1]


def address(service, language: str = "fr") -> str:
    return f"/{language}/services/{service.key}/report/"


def send(reader, service, later, **fields):
    """Open the form, wait a little, send it."""
    token = form(reader, address(service))
    later(10)
    return reader.post(address(service), {"token": token, "about": "closed", "words": WORDS, **fields})


def test_a_report_is_kept_with_its_words_and_nothing_of_the_reader(reader, service, later):
    answer = send(reader, service, later)
    assert (answer.status_code, answer["Location"]) == (303, f"{address(service)}?sent=yes")
    kept = Report.objects.get()
    assert (kept.service, kept.about, kept.words, kept.language, kept.state) == (service, "closed", WORDS, "fr", "new")
    assert {field.name for field in Report._meta.fields} == {
        "id", "service", "about", "words", "language", "state", "written_on", "once",
    }  # fmt: skip
    thanks = reader.get(answer["Location"])
    assert "Merci" in thanks.content.decode() or "Thank you" in thanks.content.decode()
    assert not answer.cookies
    assert not thanks.cookies


def test_the_same_form_sent_twice_is_kept_once(reader, service, later):
    token = form(reader, address(service))
    later(10)
    sent = {"token": token, "about": "phone", "words": ""}
    assert [reader.post(address(service), sent).status_code for _twice in range(2)] == [303, 303]
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    ],
)
def test_a_form_of_another_site_is_refused(reader, service, later, headers):
    token = form(reader, address(service))
    later(10)
    answer = reader.post(address(service), {"token": token, "about": "closed"}, headers=headers)
    assert answer.status_code == 403
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {"Origin": "null"}, {"Origin": "http://testserver"}],
)
def test_a_browser_that_sends_our_own_form_is_heard(reader, service, later, headers):
    token = form(reader, address(service))
    later(10)
    answer = reader.post(address(service), {"token": token, "about": "closed"}, headers=headers)
    assert answer.status_code == 303


def test_a_form_without_a_choice_is_shown_again_with_what_was_typed(reader, service, later):
    answer = send(reader, service, later, about="")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'role="alert"' in text
    assert "Le bureau a déménagé &lt;b&gt;rue Neuve&lt;/b&gt;." in text
    assert not Report.objects.exists()


def test_something_else_needs_words_and_too_many_words_are_refused_and_kept_in_the_form(reader, service, later):
    assert send(reader, service, later, about="other", words=" ").status_code == 200
    answer = send(reader, service, later, words="x" * 1001)
    assert answer.status_code == 200
    assert "x" * 1001 in answer.content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize("seconds", [0, 25 * 3600])
def test_a_form_sent_at_once_or_after_a_day_is_shown_again_with_a_new_token(reader, service, later, seconds):
    token = form(reader, address(service))
    later(seconds)
    answer = reader.post(address(service), {"token": token, "about": "hours", "words": WORDS})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "rue Neuve" in text
    assert not Report.objects.exists()
    new = re.search(r'name="token" value="([^"]+)"', text)[1]
    assert new != token
    later(10)
    assert reader.post(address(service), {"token": new, "about": "hours", "words": WORDS}).status_code == 303


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\u0623" * 40])
def test_a_token_that_is_not_ours_keeps_nothing(reader, service, token):
    assert reader.post(address(service), {"token": token, "about": "closed"}).status_code == 200
    assert not Report.objects.exists()


def test_a_token_of_one_service_is_none_of_another(reader, service, later):
    token = form(reader, address(service))
    other = make_service("test-other")
    later(10)
    reader.post(address(other), {"token": token, "about": "closed"})
    assert not Report.objects.exists()


def test_a_machine_that_fills_in_every_field_is_thanked_and_forgotten(reader, service, later):
    assert send(reader, service, later, **{reporting.TRAP: "https://spam.example"}).status_code == 303
    assert not Report.objects.exists()


def test_a_flood_on_one_service_is_slowed_down_and_does_not_silence_another(reader, service, later):
    most = reporting.A_MINUTE["service"]
    answers = [send(reader, service, later).status_code for _one in range(most + 2)]
    assert answers == [303] * most + [429] * 2
    assert Report.objects.count() == most
    assert send(reader, make_service("test-other"), later).status_code == 303


def test_what_is_missing_can_be_told_from_the_empty_search(reader, indexed, later):
    empty = reader.get("/fr/search/?q=zzxxqqwwkk").content.decode()
    token = re.search(r'name="token" value="([^"]+)"', empty)[1]
    assert "zzxxqqwwkk</textarea>" in empty, "the words are there already"
    later(10)
    answer = reader.post("/fr/search/missing/", {"token": token, "words": "Un dentiste"})
    assert answer.status_code == 303
    assert list(Report.objects.values_list("service", "about", "words")) == [(None, "missing", "Un dentiste")]


@pytest.mark.parametrize(
    "path", ["/fr/services/", "/fr/search/", "/fr/services/unhcr-register/", "/fr/", "/api/search", "/fr/nowhere/"]
)
def test_every_other_public_address_still_refuses_what_is_sent(reader, path):
    answer = reader.post(path, {"about": "closed"})
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
def test_the_form_takes_no_other_method(reader, service, method):
    assert getattr(reader, method)(address(service)).status_code == 405


def test_a_body_that_is_too_large_is_refused(reader, service):
    answer = reader.post(address(service), {"token": "x", "about": "closed", "words": "x" * 70_000})
    assert answer.status_code == 400


def test_the_form_is_never_kept_and_speaks_the_readers_language(reader, service):
    for language in ("ar", "fr", "en"):
        answer = reader.get(address(service, language))
        assert answer["Cache-Control"] == "no-store"
        assert f'<html lang="{language}"' in answer.content.decode()
        assert not answer.cookies


def test_inside_a_journey_the_form_stays_there(reader, service, later):
    journey = reader.get("/fr/guides/health/mental-health/")["Location"].split("/fr/")[0]
    inside = f"{journey}{address(service)}"
    token = form(reader, inside)
    later(10)
    answer = reader.post(inside, {"token": token, "about": "closed"})
    assert (answer.status_code, answer["Location"]) == (303, f"{inside}?sent=yes")
