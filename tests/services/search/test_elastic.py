"""Elasticsearch on a real Lucene-based node: its terms are ours, a rebuild leaves no gap, nothing that changes meanwhile is lost."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from services.search import elastic, elastic_mapping, elastic_query, text
from services.search.entries import EngineFailed, Query, Words
from services.search.reading import Plan
from services.search.synonyms import Concept, Group
from services.search.words import Word

from .entries import WORLD, service

pytestmark = pytest.mark.engine
ANALYSIS = json.loads((Path(__file__).parent / "analysis.json").read_text(encoding="utf-8"))
ALL = Plan("", "fr", (), ())


def plan(*words: str) -> Plan:
    """A plan of known words."""
    return Plan(" ".join(words), "fr", tuple(Word(word, text.fold(word), True, True) for word in words), ())


def uids(found) -> list[str]:
    return [entry.identifier for _score, entry in found.entries]


@pytest.fixture
def node(search_node) -> elastic.Elastic:
    """The engine over WORLD."""
    search_node.rebuild(WORLD)
    return search_node


def many(number: int) -> list:
    return [service(f"place-{one:05}", "health", "MA-04", fr=Words(f"Centre numéro {one}")) for one in range(number)]


@pytest.mark.parametrize("language", elastic_mapping.LANGUAGES)
def test_the_engine_makes_the_same_terms_as_we_do(node, language):
    rows = [row for row in ANALYSIS if row["language"] == language]
    assert rows
    for row in rows:
        assert node.terms(text.clean(row["text"]), language) == row["terms"], row["text"]


def test_an_index_has_the_shards_and_copies_of_the_settings(search_node, settings):
    settings.ELASTICSEARCH_SHARDS, settings.ELASTICSEARCH_REPLICAS = 3, 1
    search_node.rebuild(WORLD)
    (said,) = search_node.client.options(request_timeout=5).indices.get_settings(index=search_node.alias).body.values()
    assert (said["settings"]["index"]["number_of_shards"], said["settings"]["index"]["number_of_replicas"]) == (
        "3",
        "1",
    )
    assert uids(search_node.search(plan("médecin"), Query("médecin"))) == ["see-a-doctor"]


def test_during_rebuilds_no_reader_finds_nothing(node):
    totals: list[int] = []
    failures: list[Exception] = []
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            try:
                totals.append(node.search(ALL, Query()).total)
            except EngineFailed as error:
                failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for _ in range(4):
        node.rebuild(WORLD)
    over.set()
    for reader in readers:
        reader.join()
    assert not failures
    assert len(totals) > 20
    assert set(totals) == {len(WORLD)}


def test_one_index_remains_after_a_rebuild(node):
    node.rebuild(WORLD)
    names = node.client.options(request_timeout=5).indices.get(index=f"{node.alias}-*").body
    assert len(names) == 1


def test_what_changes_during_a_rebuild_is_in_the_new_index(node):
    def entries():
        node.change(
            [service("night-shelter", "shelter", "MA-06", fr=Words("Hébergement rénové"))], ["guide:see-a-doctor"]
        )
        node.change([service("newcomer", "shelter", "MA-06", fr=Words("Nouvel hébergement"))], [])
        yield from WORLD  # (the rebuild read these before the changes)

    node.rebuild(entries())
    assert set(uids(node.search(plan("hébergement"), Query("hébergement")))) == {"night-shelter", "newcomer"}
    assert uids(node.search(plan("médecin"), Query("médecin"))) == []
    assert node.search(ALL, Query()).total == len(WORLD)
    node.change([WORLD[1]], [])
    assert uids(node.search(plan("médecin"), Query("médecin"))) == ["see-a-doctor"]


def test_an_unfinished_rebuild_changes_nothing_for_readers_and_leaves_nothing(node):
    def entries():
        yield WORLD[0]
        raise LookupError

    with pytest.raises(LookupError):
        node.rebuild(entries())
    assert node.search(ALL, Query()).total == len(WORLD)
    assert len(node.client.options(request_timeout=5).indices.get(index=f"{node.alias}-*").body) == 1


def test_the_progress_of_a_rebuild_is_told_entry_by_entry(search_node):
    told: list[int] = []
    assert search_node.rebuild(many(1200), told.append) == 1200
    assert told == list(range(1, 1201))


def test_an_entry_that_the_engine_refuses_is_named_and_the_others_are_taken(node, caplog, monkeypatch):
    document = elastic_mapping.document
    wrong = lambda entry: document(entry) | ({"weight": "heavy"} if entry.identifier == "wrong" else {})  # noqa: E731  (a line)
    monkeypatch.setattr(elastic_mapping, "document", wrong)
    right = service("right", "shelter", "MA-06", fr=Words("Dortoir"))
    node.change([replace(right, identifier="wrong"), right], [])
    assert uids(node.search(plan("dortoir"), Query("dortoir"))) == ["right"]
    assert "refuses service:wrong" in caplog.text
    with pytest.raises(EngineFailed, match="refuses 1 of 2"):
        node.rebuild([replace(right, identifier="wrong"), right])
    assert node.search(ALL, Query()).total == len(WORLD) + 1


def test_a_read_only_index_takes_no_changes_but_answers(node):
    admin = node.client.options(request_timeout=5).indices
    admin.put_settings(index=node.alias, settings={"blocks.write": True})
    with pytest.raises(EngineFailed):
        node.change([WORLD[0]], [])
    assert node.search(ALL, Query()).total == len(WORLD)
    admin.put_settings(index=node.alias, settings={"blocks.write": False})
    node.change([WORLD[0]], [])


def test_without_an_index_nothing_is_made_by_accident(search_node):
    with pytest.raises(EngineFailed):
        search_node.search(ALL, Query())
    with pytest.raises(EngineFailed):
        search_node.change([WORLD[0]], [])
    assert not search_node.is_built()
    search_node.rebuild(WORLD)
    assert search_node.is_built()


def test_pages_behind_the_window_hold_everything_once(search_node, monkeypatch):
    search_node.rebuild(many(130))
    monkeypatch.setattr(elastic, "WINDOW", 20)
    monkeypatch.setattr(elastic, "DEEP_S", 30.0)
    seen = [uid for page in range(1, 10) for uid in uids(search_node.search(ALL, Query(page=page, size=15)))]
    assert seen == [entry.identifier for entry in many(130)]
    beyond = search_node.search(ALL, Query(page=1_000_000, size=50))
    assert (beyond.entries, beyond.total) == ((), 130)


def test_pages_behind_the_window_are_in_the_order_of_distance_too(search_node, monkeypatch):
    places = [replace(entry, point=(30 + number / 10, -7.0)) for number, entry in enumerate(many(40))]
    search_node.rebuild(reversed(places))
    monkeypatch.setattr(elastic, "WINDOW", 20)
    found = search_node.search(ALL, Query(near=(30.0, -7.0), page=3, size=15))
    assert uids(found) == [entry.identifier for entry in places[30:]]


@pytest.mark.parametrize("near", [(91.0, 181.0), (float("nan"), 0.0), (float("inf"), 0.0), (1e300, -1e300)])
def test_a_point_outside_the_world_breaks_nothing(node, near):
    node.search(ALL, Query(near=near))
    node.change([service("odd", "health", "MA-04", point=near, fr=Words("Bizarre"))], [])
    assert uids(node.search(plan("bizarre"), Query("bizarre"))) == ["odd"]


def test_the_largest_query_that_can_be_typed_is_small_enough_for_the_engine(node):
    unknown = tuple(
        Word(f"zzzzzzx{n}é", f"zzzzzzxy{n}e", False, False, False, ("un", "deux", "trois", "quatre")) for n in range(24)
    )
    forms = tuple(f"{n} rue de la très longue liste" for n in range(40))
    group = Group("big", "health|legal-aid", dict.fromkeys(elastic_mapping.LANGUAGES, forms), {})
    huge = Plan("x", "fr", unknown, tuple(Concept(group, 1.0, frozenset()) for _ in range(12)))
    node.search(huge, Query("x"))
    assert elastic_query.MOST_CLAUSES <= 2000


def test_a_word_that_nobody_knows_is_found_with_a_wrong_letter(node):
    misspelt = Plan("pasepot", "fr", (Word("pasepot", "pasepot", False, False),), ())
    assert uids(node.search(misspelt, Query("pasepot"))) == ["renew-residence-permit"]


def test_a_record_that_is_confirmed_stands_before_its_equals(node):
    twins = [service(key, "x", "MA-01", fr=Words("Crèche")) for key in ("a", "b")]
    node.change([twins[0], replace(twins[1], weight=1.0)], [])
    first, second = node.search(plan("crèche"), Query("crèche")).entries
    assert (first[1].identifier, first[0] / second[0]) == ("b", pytest.approx(1.585, abs=0.001))
