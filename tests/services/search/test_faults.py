"""Whatever is wrong with the search server, the page answers from the embedded engine within half a second."""

from __future__ import annotations

import threading
import time

import pytest

from services.search import door, elastic
from services.search.breaker import Breaker
from services.search.elastic import Elastic
from services.search.entries import EngineFailed, Query
from services.search.reading import Plan
from services.search.words import Word

from . import faulty
from .entries import WORLD
from .test_breaker import Clock

PLAN = Plan("médecin", "fr", (Word("médecin", "medecin", True, True),), ())
HIT = {"_score": 1.0, "_source": {"source": "rubbish"}}
BLOCKED = {"error": {"type": "cluster_block_exception", "reason": "index is read-only"}, "status": 403}
MISSING = {"error": {"type": "index_not_found_exception", "reason": "no such index"}, "status": 404}
FAULTS = {
    "hangs": faulty.hang,
    "hangs up": faulty.hang_up,
    "takes ten seconds": faulty.after(10, faulty.answer(200, faulty.GOOD)),
    "answers in drops": faulty.in_drops(0.1),
    "503": faulty.answer(503, {"error": "no master", "status": 503}),
    "500": faulty.answer(500, b"<html>proxy</html>"),
    "429": faulty.answer(429, {"error": {"type": "circuit_breaking_exception"}, "status": 429}),
    "rubbish": faulty.answer(200, b"\x00\xff{{{ not json"),
    "another page": faulty.answer(200, b'"<html>Welcome to our wifi</html>"'),
    "null": faulty.answer(200, b"null"),
    "a list": faulty.answer(200, []),
    "another object": faulty.answer(200, {"ok": True}),
    "hits of another kind": faulty.answer(200, faulty.GOOD | {"hits": {"total": {"value": 1}, "hits": [HIT]}}),
    "truncated": faulty.answer(200, b'{"took": 1, "timed_ou', length=5000),
    "not Elasticsearch": faulty.answer(200, faulty.GOOD, product=False),
    "out of time": faulty.answer(200, faulty.GOOD | {"timed_out": True}),
    "a shard is missing": faulty.answer(200, faulty.GOOD | {"_shards": {"total": 2, "successful": 1, "failed": 1}}),
    "no index": faulty.answer(404, MISSING),
    "read-only": faulty.answer(403, BLOCKED),
    "refuses the query": faulty.answer(400, {"error": {"type": "too_many_clauses"}, "status": 400}),
}
NOWHERE = {
    "nobody listens": "http://127.0.0.1:9",
    "unknown host": "http://search.invalid:9200",
    "unroutable": "http://192.0.2.1:9200",
}


def failing(engine: Elastic) -> float:
    """How long it takes to fail, in seconds; the test fails if it does not, or if anything but EngineFailed comes out."""
    began = time.perf_counter()
    with pytest.raises(EngineFailed) as failed:
        engine.search(PLAN, Query("médecin"))
    assert "médecin" not in str(failed.value), "what people search is in no log"
    return time.perf_counter() - began


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_server_is_given_up_within_half_a_second(fault):
    with faulty.server(FAULTS[fault]) as server:
        assert failing(Elastic(server.url)) < 0.5
        assert server.calls == 1, "one call for one page: no second try"


@pytest.mark.parametrize("where", NOWHERE)
def test_a_server_that_is_nowhere_is_given_up_within_half_a_second(where):
    assert failing(Elastic(NOWHERE[where])) < 0.5


@pytest.mark.parametrize("fault", ["hangs", "503", "rubbish", "no index", "answers in drops"])
def test_the_page_comes_from_the_embedded_engine_and_says_so(fault, world, settings, monkeypatch):
    with faulty.server(FAULTS[fault]) as server:
        settings.ELASTICSEARCH_URL = server.url
        engine = Elastic(server.url)
        monkeypatch.setattr(elastic, "engine", lambda: engine)
        found = door.search(Query("médecin"))
    assert (found.engine, found.degraded) == ("embedded", True)
    assert found.hits[0].identifier == "see-a-doctor"
    assert found.took_ms < 500


def test_after_five_faults_nobody_waits_and_after_half_a_minute_it_is_asked_again():
    clock = Clock()
    with faulty.server(FAULTS["hangs"]) as server:
        engine = Elastic(server.url)
        engine.reads = Breaker(clock=clock)
        for _ in range(5):
            failing(engine)
        assert failing(engine) < 0.01
        assert server.calls == 5
        server.manner = faulty.answer(200, faulty.GOOD)
        assert failing(engine) < 0.01
        clock.now += 30
        assert engine.search(PLAN, Query("médecin")).total == 0
        assert engine.search(PLAN, Query("médecin")).total == 0


@pytest.mark.parametrize("fault", ["refuses the query", "no index"])
def test_a_server_that_only_refuses_is_not_taken_for_dead(fault):
    with faulty.server(FAULTS[fault]) as server:
        engine = Elastic(server.url)
        for _ in range(7):
            failing(engine)
        assert server.calls == 7


def test_calls_that_hang_do_not_pile_up():
    over, started = threading.Event(), []

    def hang() -> None:
        started.append(1)
        over.wait(60)

    engine = Elastic("http://127.0.0.1:9")
    engine.reads = Breaker(errors=10_000)
    for _ in range(elastic.AT_ONCE + 10):
        with pytest.raises(EngineFailed):
            engine._guarded(engine.reads, 0.01, hang)
    over.set()
    assert len(started) == elastic.AT_ONCE


@pytest.mark.parametrize("fault", [*FAULTS])
def test_a_server_at_fault_takes_no_changes_and_nothing_else_happens(fault, monkeypatch):
    monkeypatch.setattr(elastic, "CHANGE_S", 0.3)
    with faulty.server(FAULTS[fault]) as server, pytest.raises(EngineFailed):
        Elastic(server.url).change(WORLD[:1], ["guide:gone"])


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"hangs", "takes ten seconds", "answers in drops"}))
def test_a_rebuild_on_a_faulty_server_fails_as_an_engine_does(fault):
    with faulty.server(FAULTS[fault]) as server, pytest.raises(EngineFailed):
        Elastic(server.url).rebuild(WORLD)


def test_what_goes_wrong_while_entries_are_read_is_no_fault_of_the_engine():
    def entries():
        yield WORLD[0]
        raise LookupError("the database is away")

    with faulty.server(faulty.answer(200, {"acknowledged": True})) as server, pytest.raises(LookupError):
        Elastic(server.url).rebuild(entries())
