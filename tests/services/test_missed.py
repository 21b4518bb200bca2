"""Searches that find nothing: counted without naming anybody, bounded, and never in the way of a page."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from services.models import MissedSearch
from services.models.searching import week_of
from services.search import missed as counting
from services.search.missed import forget, missed, plain


@pytest.fixture(autouse=True)
def _fresh(monkeypatch) -> None:
    """A process that has counted nothing yet, and does not take the same words for a page that is loaded again."""
    counting._written.clear()
    counting._recent.clear()
    counting._forgotten.clear()
    monkeypatch.setattr(counting, "AGAIN_AFTER_S", 0.0)


def count(text: str, times: int, language: str = "fr") -> None:
    for _each in range(times):
        missed(text, language)


def everything() -> str:
    return str([list(row.values()) for row in MissedSearch.objects.values()])


def test_words_are_kept_from_the_tenth_time_on_and_not_before(db):
    count("dentiste gratuit", 9)
    row = MissedSearch.objects.get()
    assert (row.times, row.words) == (9, "")
    assert "dentiste" not in everything()
    count("Dentiste  GRATUIT!", 1)
    row.refresh_from_db()
    assert (row.times, row.words) == (10, "dentiste gratuit")


def test_the_digest_cannot_be_made_again_without_the_secret_nor_in_another_week(db, settings, monkeypatch):
    missed("dentiste", "fr")
    settings.SECRET_KEY = "another secret of another site, long enough"
    missed("dentiste", "fr")
    monkeypatch.setattr(counting.timezone, "localdate", lambda: timezone.now().date() + datetime.timedelta(days=14))
    missed("dentiste", "fr")
    assert len({row.digest for row in MissedSearch.objects.all()}) == MissedSearch.objects.count()


def test_languages_are_counted_apart(db):
    count("dentiste", 2, "fr")
    count("dentiste", 3, "en")
    assert sorted(MissedSearch.objects.values_list("language", "times")) == [("en", 3), ("fr", 2)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("mon numéro 0612345678 avocat", "mon numero avocat"),
        ("+212 6 12 34 56 78 avocat", "avocat"),
        ("amina.b@example.org avocat", "avocat"),
        ("https://example.org/x?y avocat", "avocat"),
        ("carte AB123456", "carte"),
        ("طبيب ٠٦١٢٣٤٥٦٧٨ في الرباط", "طبيب في الرباط"),
        ("3amal f rabat", "amal f rabat"),
        ("12345", ""),
        ("<script>alert('x')</script>", ""),
        ("", ""),
        ("mot " * 13, ""),
        ("é" * 81, ""),
    ],
)
def test_what_looks_like_an_address_or_a_number_is_never_kept(typed, kept):
    assert plain(typed) == kept


@given(st.text(max_size=400))
def test_only_letters_and_single_spaces_are_kept(typed):
    words = plain(typed)
    assert len(words) <= 80
    assert not any(sign.isdigit() or sign in "@./\\" for sign in words)
    assert words == " ".join(words.split())


def test_what_was_rare_is_forgotten_with_its_week_and_the_rest_after_a_year(db):
    today = datetime.date(2026, 11, 21)
    monday = week_of(today)

    def row(weeks: int, words: str) -> None:
        MissedSearch.objects.create(
            language="fr", week=monday - datetime.timedelta(weeks=weeks), digest=f"{weeks}{words}", words=words, times=1
        )

    row(0, "")
    row(1, "")
    row(1, "dentiste")
    row(60, "avocat")
    assert forget(today) == 2
    assert sorted(MissedSearch.objects.values_list("digest", flat=True)) == ["0", "1dentiste"]


def test_the_first_search_of_a_new_week_forgets_the_last(db):
    last = week_of(timezone.localdate()) - datetime.timedelta(weeks=1)
    MissedSearch.objects.create(language="fr", week=last, digest="x", times=3)
    missed("dentiste", "fr")
    assert not MissedSearch.objects.filter(week=last).exists()


def test_a_week_takes_so_many_rows_and_no_more_but_goes_on_counting_those(db, monkeypatch):
    monkeypatch.setattr(counting, "MOST_A_WEEK", 2)
    for word in ("un", "deux", "trois"):
        missed(word, "fr")
    missed("un", "fr")
    assert sorted(MissedSearch.objects.values_list("times", flat=True)) == [1, 2]


def test_a_process_writes_so_much_a_minute_and_no_more(db, monkeypatch):
    monkeypatch.setattr(counting, "MOST_A_MINUTE", 3)
    count("dentiste", 8)
    assert MissedSearch.objects.get().times == 3


def test_a_page_that_is_loaded_again_counts_once(db, monkeypatch):
    monkeypatch.setattr(counting, "AGAIN_AFTER_S", 60.0)
    count("dentiste", 5)
    assert MissedSearch.objects.get().times == 1


def test_counting_costs_one_statement_once_the_words_are_known(db, django_assert_max_num_queries):
    missed("dentiste", "fr")
    with django_assert_max_num_queries(3) as asked:
        missed("dentiste", "fr")
    statements = [query["sql"] for query in asked.captured_queries if "SAVEPOINT" not in query["sql"].upper()]
    assert len(statements) == 1


def test_a_database_that_fails_does_not_fail_the_page(db, monkeypatch, caplog):
    def fail(*_args: Any) -> None:
        raise DatabaseError("the words: dentiste")

    monkeypatch.setattr(counting, "_count", fail)
    missed("dentiste", "fr")
    assert "DatabaseError" in caplog.text
    assert "dentiste" not in caplog.text
