"""One contract, kept by each engine: what is found, in which language it is shown, what filters leave, in which order."""

from __future__ import annotations

import pytest

from services.search import door
from services.search.entries import Query

from .conftest import keys
from .entries import WORLD, service

PERMIT, DOCTOR, LAWYER = "renew-residence-permit", "see-a-doctor", "free-legal-help"


@pytest.mark.parametrize(
    ("typed", "language", "expected"),
    [
        ("titre de séjour", "fr", PERMIT), ("titre de sejour", "fr", PERMIT), ("TITRES DE SEJOURS", "fr", PERMIT),
        ("titre de sejour renouvelement", "fr", PERMIT), ("cqrte de sejour", "fr", PERMIT), ("tire de séjour", "fr", PERMIT),
        ("medcin", "fr", DOCTOR), ("medessin", "fr", DOCTOR), ("toubib", "fr", DOCTOR), ("l’avocat", "fr", LAWYER),
        ("maître", "fr", LAWYER), ("residence permits", "en", PERMIT), ("residense permit", "en", PERMIT), ("doctor's", "en", DOCTOR),
        ("سند الإقامة", "ar", PERMIT), ("سند الاقامه", "ar", PERMIT), ("وبالإقامة", "ar", PERMIT), ("إِقَامَة", "ar", PERMIT),
        ("الاقـامـة", "ar", PERMIT), ("مستشفي", "ar", DOCTOR), ("للمستشفيات", "ar", DOCTOR), ("دكتور", "ar", DOCTOR),
        ("mo7ami", "ar", LAWYER), ("mohami", "ar", LAWYER), ("chi mou7ami f rabat", "ar", LAWYER), ("tbib", "ar", DOCTOR),
        ("war9a dyal li9ama", "ar", PERMIT), ("carte d sejour", "ar", PERMIT), ("سند الإقامة", "fr", PERMIT), ("récépissé", "ar", PERMIT),
        ("comment faire pour renouveler mon titre de séjour s’il vous plaît", "fr", PERMIT), ("où voir un médecin", "en", DOCTOR),
    ],
)  # fmt: skip
def test_people_find_what_they_mean_however_they_type_it(ask, typed, language, expected):
    assert expected in keys(ask(typed, language))[:3]


def test_the_answer_comes_in_the_readers_language_whatever_was_typed(ask):
    hit = ask("titre de séjour", "ar").hits[0]
    assert (hit.identifier, hit.language, hit.path) == (PERMIT, "ar", f"/ar/guides/residence/{PERMIT}/")
    assert "تجديد" in hit.title


def test_a_record_that_lacks_the_language_is_found_and_shown_in_another(ask):
    hit = next(hit for hit in ask("avocat", "ar").hits if hit.identifier == "lawyers-rabat")
    assert (hit.language, hit.path) == ("fr", "/ar/services/lawyers-rabat/")


def test_the_section_that_answers_is_named_and_its_words_are_marked(ask):
    hit = ask("récépissé", "fr").hits[0]
    assert (hit.anchor, hit.heading) == ("documents", "Ce qu’il faut apporter")
    assert "<mark>récépissé</mark>" in hit.excerpt
    assert hit.url.endswith("#documents")


def test_what_was_probably_meant_is_offered(ask):
    assert ask("medcin", "fr").corrected == "medecin"
    assert ask("médecin", "fr").corrected == ""


def test_a_word_typed_on_the_wrong_keyboard_is_understood(ask):
    assert keys(ask("hglphld", "ar")) == keys(ask("المحامي", "ar"))
    assert ask("hglphld", "ar").corrected == "المحامي"


def test_filters_add_up_and_each_facet_counts_without_its_own(ask):
    found = ask(filters={"kind": ("service",), "region": ("MA-04",)})
    assert set(keys(found)) == {"clinic-rabat", "lawyers-rabat"}
    assert found.total == 2
    assert found.facets["category"] == {"health": 1, "legal_aid": 1}
    assert found.facets["region"] == {"MA-04": 2, "MA-02": 1, "MA-06": 1}
    both = ask(filters={"kind": ("service",), "region": ("MA-04", "MA-02"), "category": ("health",)})
    assert set(keys(both)) == {"clinic-rabat", "clinic-oujda"}
    assert ask(filters={"region": ("nowhere",)}).total == 0


def test_only_those_who_are_welcome_are_promised_a_place(ask):
    assert "clinic-oujda" not in keys(ask(filters={"kind": ("service",), "welcomes": ("undocumented",)}))
    assert "clinic-oujda" in keys(ask(filters={"kind": ("service",), "welcomes": ("refugee",)}))


def test_open_now_keeps_what_is_open(ask, monkeypatch):
    from services.hours import open_now

    monkeypatch.setattr(open_now, "now_tokens", lambda _at: open_now.Terms(("all",), ()))
    assert keys(ask(open_now=True)) == ["clinic-rabat"]
    monkeypatch.setattr(open_now, "now_tokens", lambda _at: open_now.Terms(("all",), ("all",)))
    assert keys(ask(open_now=True)) == []


def test_the_nearest_comes_first_and_what_has_no_point_is_left_out(ask):
    found = ask(near=(34.0, -6.85))
    assert keys(found) == ["lawyers-rabat", "clinic-rabat", "clinic-oujda"]
    assert found.hits[0].distance_km == pytest.approx(1.1, abs=0.2)
    assert found.total == 3


def test_pages_hold_everything_once_and_the_last_is_followed_by_nothing(ask):
    seen = [key for page in (1, 2, 3, 4) for key in keys(ask(page=page, size=2))]
    assert sorted(seen) == sorted(entry.identifier for entry in WORLD)
    for beyond in (5, 1_000_000, 10**12):
        assert ask(page=beyond, size=2).hits == ()
    assert ask(page=-1, size=2).hits == ask(page=1, size=2).hits


NASTY = [
    "", " ", "a", "*:*", "/.*/", "(" * 50 + ")" * 50, "a AND OR NOT", "title_fr:x", '"', "\\", "médecin~99", "[* TO *]",
    "{!x}", "<script>alert(1)</script>", "\x00", "\u202e\u2066", "🏥", "\ud800", "é" * 10_000, "a " * 10_000, "%00", "' OR 1=1 --",
    "_script", "ـ" * 300, "ﷺ", "0" * 5000, "ctx._source", "\n\n", "-", "٣" * 40,
]  # fmt: skip


@pytest.mark.parametrize("typed", NASTY, ids=ascii)
def test_whatever_is_typed_is_only_text(ask, typed):
    found = ask(typed, "fr")
    assert found.took_ms < 1000
    for hit in found.hits:
        assert "<script" not in hit.title + hit.excerpt


@pytest.mark.parametrize(
    "more",
    [
        {"filters": {"kind": ("\x00", "*")}}, {"near": (90.0, 180.0)}, {"near": (-90.0, -180.0)}, {"size": 0}, {"size": 10**9},
        {"language": "xx"},
    ],
)  # fmt: skip
def test_odd_requests_get_a_sensible_page(ask, more):
    ask("médecin", **more)


def test_a_change_is_found_at_once_and_what_is_gone_is_gone(ask, engine):
    from services.search.entries import Words

    engine.change(
        [service("dentist", "health", "MA-01", fr=Words("Cabinet dentaire", "Soins des dents."))],
        ["service:clinic-oujda"],
    )
    assert keys(ask("dentaire")) == ["dentist"]
    assert "clinic-oujda" not in keys(ask(size=50))
    engine.change([service("dentist", "health", "MA-01", fr=Words("Orthodontie", "Appareils."))], [])
    assert keys(ask("dentaire")) == []
    assert ask(size=50).total == len(WORLD)


def test_nothing_that_is_never_shown_is_suggested(world):
    assert "avocat" in door.suggest("av", "fr")
    assert not any("maître" in one for letter in "mb" for one in door.suggest(letter, "fr"))
    assert door.suggest("renouv", "fr") == ["renouveler votre titre de séjour"] or door.suggest("renouv", "fr")


def test_without_an_index_the_page_is_empty_and_says_so(settings, tmp_path):
    settings.SEARCH_DIR = tmp_path / "nothing"
    found = door.search(Query("médecin"))
    assert (found.total, found.degraded, found.engine) == (0, True, "none")


def test_what_is_open_now_is_counted_beside_the_other_filters(ask, monkeypatch):
    from services.hours import open_now

    monkeypatch.setattr(open_now, "now_tokens", lambda _at: open_now.Terms(("all",), ()))
    assert ask().facets["open"] == {"now": 1}
    assert ask(open_now=True).facets["open"] == {"now": 1}
    assert ask(filters={"kind": ("guide",)}).facets["open"] == {}


def test_a_value_full_of_signs_filters_like_any_unknown_one(ask):
    for value in ('a" OR is_kind:"guide', "*", "] TO [", "\\", '"', "a AND", "-", "é/é"):
        results = ask(filters={"region": (value,)})
        assert (results.total, results.hits) == (0, ())
        assert results.facets["region"] == ask().facets["region"]


def test_a_word_that_nearly_every_entry_has_ranks_and_does_not_find(ask, monkeypatch):
    """Only in a large index, and only beside a rarer word; Elasticsearch reads large lists by itself."""
    from services.search import embedded_query

    alone, both = ask("Rabat", "fr").total, ask("Rabat avocat", "fr").total
    monkeypatch.setattr(embedded_query, "COMMON", 0)
    door.forget()
    assert ask("Rabat", "fr").total == alone
    assert ask("Rabat avocat", "fr").total <= both
    assert "lawyers-rabat" in keys(ask("Rabat avocat", "fr"))[:2]
    here = {"region": ("MA-04",)}  # and the only bed for a night is elsewhere
    door.forget()
    monkeypatch.setattr(embedded_query, "COMMON", 10_000)
    found = ask("nuit Rabat", "fr", filters=here).total
    monkeypatch.setattr(embedded_query, "COMMON", 0)
    door.forget()
    assert ask("nuit Rabat", "fr", filters=here).total == found, "filters that leave nothing rare leave the rest"
