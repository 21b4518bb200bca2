"""The likely languages of a search: an order, never an exclusion."""

from __future__ import annotations

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from services.search.languages import likely_languages


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("طلب اللجوء", "ar"),
        ("visa المغرب كيف", "ar"),
        ("comment demander l'asile au Maroc", "fr"),
        ("inscription scolaire", "fr"),
        ("l’école", "fr"),
        ("fin de contrat", "fr"),
        ("3eme etage", "fr"),
        ("what documents do I need to enrol my daughter in school", "en"),
        ("boss won't pay me", "en"),
        ("free lawyer", "en"),
        ("bghit mo7ami fabor", "ary"),
        ("3onsoriya f lkhdma", "ary"),
        ("rajli kaydrebni", "ary"),
        ("باغي نجدد لاكارط ديال السيجور", "ary"),
        ("مول الدار ما بغاش يرجع ليا التسبيق", "ary"),
    ],
)
def test_the_likeliest_language_comes_first(text, first):
    assert likely_languages(text)[0] == first


def test_darija_brings_arabic_next():
    assert likely_languages("bghit mo7ami fabor")[:2] == ["ary", "ar"]


@pytest.mark.parametrize("text", ["B3", "covid19", "h24", "CNSS 2026", "2511", "3eme"])
def test_digits_alone_are_no_darija(text):
    assert "ary" not in likely_languages(text)


@given(text=st.text(max_size=60))
def test_no_language_of_the_site_is_excluded(text):
    found = likely_languages(text)
    assert set(found) - {"ary"} == {code for code, _ in settings.LANGUAGES}
    assert len(found) == len(set(found))


def test_a_fourth_language_is_in_the_order(settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("es", "Español")]
    assert set(likely_languages("visa")) == {"ar", "fr", "en", "es"}
