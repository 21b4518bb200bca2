"""Unknown, broken or hostile addresses: the right status, the reader's language, a way on, never a stack trace."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

WORDS = {"ar": "أرقام الطوارئ", "fr": "Numéros d’urgence", "en": "Emergency numbers"}


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize(
    "path",
    [
        "unknown/",
        "guides/unknown/",
        "guides/health/unknown/",
        "guides/?page=0",
        "guides/?page=-1",
        "guides/?page=x",
        "guides/?page=99999999",
        "guides/health/?page=2",
        "guides/?page=٣",
    ],
)
def test_an_unknown_page_is_a_404_that_says_where_to_go(reader, language, path):
    answer = reader.get(f"/{language}/{path}")
    text = answer.content.decode()
    assert answer.status_code == 404
    assert f'<html lang="{language}"' in text
    assert WORDS[language] in text
    assert f'href="/{language}/guides/health/"' in text, "topics to choose from"
    assert 'href="tel:19"' in text
    assert "Traceback" not in text


def test_an_unknown_language_answers_in_the_language_of_the_browser(reader):
    answer = reader.get("/de/guides/health/", headers={"accept-language": "ar"})
    assert answer.status_code == 404
    assert WORDS["ar"] in answer.content.decode()


def test_a_guide_under_the_wrong_topic_leads_to_the_right_one(reader):
    answer = reader.get("/fr/guides/residence/see-a-doctor/")
    assert (answer.status_code, answer["Location"]) == (301, "/fr/guides/health/see-a-doctor/")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options", "trace"])
def test_a_public_page_can_only_be_read(reader, method):
    answer = getattr(reader, method)("/ar/guides/health/see-a-doctor/")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
    assert '<html lang="ar"' in answer.content.decode()


def test_an_over_long_address_is_refused_in_the_readers_language(reader):
    answer = reader.get("/fr/" + "a" * 3000 + "/")
    assert answer.status_code == 414
    assert "trop longue" in answer.content.decode()


def test_a_wrong_host_is_refused_without_a_stack_trace(client, db):
    answer = client.get("/fr/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "Traceback" not in answer.content.decode()
    assert "evil.example" not in answer.content.decode()


def test_a_fault_of_ours_shows_the_static_page_with_numbers_in_every_language(reader, monkeypatch):
    from portal import views

    reader.raise_request_exception = False
    monkeypatch.setattr(views.guides, "topics", lambda language: 1 / 0)
    answer = reader.get("/fr/")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert all(
        word in text for word in ("panne", "الموقع معطل", "The site has a fault", 'href="tel:19"', 'href="tel:15"')
    )
    assert "ZeroDivisionError" not in text


def test_the_static_fault_page_has_the_numbers_of_the_emergency_guide():
    from pathlib import Path

    from portal.starter.reading import STARTER, read_guide

    guide = read_guide(STARTER / "guides" / "arrival" / "emergency-numbers.toml")
    known = {item.plain["number"] for item in guide.sections["numbers"]}
    text = Path("templates/500.html").read_text(encoding="utf-8")
    assert {"19", "177", "15"} <= known
    assert all(f"tel:{number}" in text for number in ("19", "177", "15"))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(min_size=1, max_size=60))
@example(path="en")
def test_no_address_at_all_makes_a_fault(reader, path):
    from urllib.parse import quote

    answer = reader.get("/" + quote(path, safe="/"))
    assert answer.status_code in {200, 301, 302, 303, 404, 410, 414}
    assert not answer.cookies or path.startswith("cms")


@settings(max_examples=200, deadline=None)
@given(header=st.text(max_size=200))
def test_any_accept_language_gives_a_language_of_ours(header):
    from portal import languages

    assert languages.from_header(header) in ("ar", "fr", "en")


@settings(max_examples=100, deadline=None)
@given(
    wanted=st.sampled_from(["ar", "fr", "en", "es"]),
    available=st.sets(st.sampled_from(["ar", "fr", "en", "es"])),
)
def test_the_best_language_is_the_wanted_one_or_one_that_exists(wanted, available):
    from portal import languages

    best = languages.best(wanted, available)
    assert best == (wanted if wanted in available else best)
    assert (best is None) == (not available)
    assert best is None or best in available
