"""Sensitive guides: read in a journey that, once left, answers with the neutral site."""

from __future__ import annotations

import datetime
import re

import pytest
from django.test import Client

from portal import journeys
from portal.models import EndedJourney

SENSITIVE = "/ar/guides/health/mental-health/"


@pytest.fixture
def inside(reader) -> str:
    """The address of a sensitive guide inside a new journey."""
    answer = reader.get(SENSITIVE)
    assert answer.status_code == 302
    return answer["Location"]


def test_a_browser_is_led_into_a_journey_whose_address_says_nothing(reader, inside):
    assert re.fullmatch(r"/j/[\w.-]+/ar/d/[0-9a-f]{12}/", inside)
    answer = reader.get(inside)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<title>Dalil</title>" in text
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    assert 'rel="canonical"' not in text, "nothing in the page's head tells what it is about"


def test_every_link_inside_a_journey_stays_inside(reader, inside):
    token = inside.split("/")[2]
    text = reader.get(inside).content.decode()
    links = [link for link in re.findall(r'<a [^>]*href="(/[^"]*)"', text)]
    assert links
    assert all(link.startswith(f"/j/{token}/") for link in links)


def test_a_sensitive_guide_listed_inside_a_journey_has_an_address_without_words(reader, inside):
    token = inside.split("/")[2]
    text = reader.get(f"/j/{token}/ar/guides/health/").content.decode()
    assert "mental-health" not in text
    assert f"/j/{token}/ar/d/{journeys.code('health', 'mental-health')}/" in text


def test_leaving_ends_the_journey_and_goes_to_the_neutral_site(reader, inside):
    token = inside.split("/")[2]
    blank = reader.get(f"/j/{token}/exit/ar/")
    assert (blank.status_code, blank["Refresh"]) == (200, f"0; url=/j/{token}/exit/ar/gone/")
    assert "<title>Dalil</title>" in blank.content.decode()
    left = reader.get(f"/j/{token}/exit/ar/gone/")
    assert (left.status_code, left["Location"]) == (303, "https://ar.wikipedia.org/")
    assert blank["Cache-Control"] == left["Cache-Control"] == "no-store"
    assert blank["Clear-Site-Data"] == left["Clear-Site-Data"] == '"cache"'
    for path in (inside, f"/j/{token}/ar/", f"/j/{token}/fr/guides/health/"):
        back = reader.get(path)
        assert back.status_code == 303
        assert back.content == b""


def test_a_journey_lasts_two_hours_and_then_says_only_that_it_has_closed(reader, inside, monkeypatch):
    import time

    later = time.time() + journeys.LIFE.total_seconds() + 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    answer = reader.get(inside)
    assert answer.status_code == 410
    assert "النفسي" not in answer.content.decode()


@pytest.mark.parametrize("token", ["none", "x.y.z", "a" * 200, "%00", "..", "AAAA.1xU.forged"])
def test_a_false_token_opens_nothing_and_writes_nothing(reader, token):
    assert reader.get(f"/j/{token}/ar/d/{journeys.code('health', 'mental-health')}/").status_code in (404, 414)
    assert reader.get(f"/j/{token}/exit/ar/gone/").status_code in (303, 404, 414)
    assert not EndedJourney.objects.exists()


def test_what_is_kept_of_a_journey_names_nobody_and_is_forgotten(reader, inside):
    token = inside.split("/")[2]
    EndedJourney.objects.create(digest="old", ended_on=datetime.date(2020, 1, 1))
    reader.get(f"/j/{token}/exit/ar/")
    row = EndedJourney.objects.get()
    assert token not in row.digest
    assert [field.name for field in EndedJourney._meta.get_fields()] == ["digest", "ended_on"]


def test_a_tool_that_does_not_ask_for_html_reads_the_guide_at_its_own_address(db):
    answer = Client().get(SENSITIVE)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert 'id="exit"' in text
    assert 'id="keep"' not in text


def test_two_readers_have_two_journeys(reader, inside):
    other = reader.get(SENSITIVE)["Location"]
    reader.get(f"/j/{inside.split('/')[2]}/exit/ar/")
    assert reader.get(other).status_code == 200


def test_the_exit_leads_only_to_the_neutral_site_whatever_the_address_says(reader, inside):
    token = inside.split("/")[2]
    for language in ("ar", "evil.example", "../x", "https:"):
        assert reader.get(f"/j/{token}/exit/{language.replace('/', '')}/gone/")["Location"].endswith(".wikipedia.org/")


def test_an_ordinary_guide_opens_at_its_own_address_without_a_journey(reader):
    answer = reader.get("/ar/guides/health/see-a-doctor/")
    assert answer.status_code == 200
    assert 'id="exit"' not in answer.content.decode()
