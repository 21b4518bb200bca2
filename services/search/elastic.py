"""Engine 1: Elasticsearch 8, where settings.ELASTICSEARCH_URL names one, with its own analysers, filters and counts."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeVar
from zlib import crc32

from django.conf import settings
from django.utils.module_loading import import_string
from elasticsearch import ApiError, Elasticsearch

from . import documents, elastic_mapping
from .breaker import Breaker
from .elastic_query import asked
from .elastic_writing import CHANGE_S, Writing, said_of
from .entries import NOW, EngineFailed, Entry, Found, Query
from .reading import Plan

logger = logging.getLogger(__name__)
logging.getLogger("elastic_transport").setLevel(
    logging.ERROR
)  # (what fails is told once, by the door, without addresses)
PAGE_S = 0.4  # for a page, all in all: the embedded engine still answers within half a second
DEEP_S = 3.0  # for a page behind the ten thousandth entry: nobody turns to it on a phone
COPIES = 64  # ways to choose among the copies of a shard: the same query asks the same ones, and scores stay the same
WINDOW = 10_000  # entries that the engine sorts and skips by itself
AT_ONCE = 16  # calls on their way; another one fails at once
Answer = TypeVar("Answer")


class Elastic:
    """The contract of an engine, kept by Elasticsearch. Whatever is wrong with the server is EngineFailed.

    Calls for pages and changes have a deadline, name resolution and slow answers included, and a breaker each: after
    five failures in a row nobody asks for 30 seconds. A refused request (4xx) says that the engine is alive.
    """

    name = "elasticsearch"

    def __init__(self, url: str, node_class: str = "", alias: str = "dalil") -> None:
        more: dict[str, Any] = {"node_class": import_string(node_class)} if node_class else {}
        self.alias = alias
        self.client = Elasticsearch(
            url, connections_per_node=AT_ONCE, max_retries=0, retry_on_timeout=False, request_timeout=PAGE_S, **more
        )
        self.writing = Writing(self.client, alias)
        self.reads, self.writes = Breaker(), Breaker()
        self._room = threading.BoundedSemaphore(AT_ONCE)

    def search(self, plan: Plan, query: Query) -> Found:
        """The page of entries that fit best, how many fit, and the counts of the facets that were asked for."""
        body = asked(plan, query).to_dict()
        if query.offset + query.size <= WINDOW:
            return self._guarded(self.reads, PAGE_S, lambda: self._page(body, query.offset, query.size, PAGE_S))
        return self._guarded(self.reads, DEEP_S, lambda: self._deep(body, query.offset, query.size))

    def change(self, entries: Iterable[Entry], gone: Iterable[str]) -> None:
        """Make the index hold these entries as they are now, and none of the gone uids. Safe to repeat; seen at once.

        EngineFailed if it takes no changes. An entry that it refuses as such is logged by its uid and left out.
        """
        found, left = list(entries), list(gone)
        self._guarded(self.writes, CHANGE_S, lambda: self.writing.change(found, left))

    def rebuild(
        self, entries: Iterable[Entry], step: Callable[[int], None] = lambda _done: None, also: Iterable[str] = ()
    ) -> int:
        """Build a new index beside the one in use and swap it in; the number of entries. Old ones are removed.

        `entries` must be read as they are asked for, not before. `also` is for engines that keep a vocabulary. EngineFailed,
        and the old index stays, if the engine fails, refuses more than a hundredth of the entries, or another rebuild began.
        """
        del also
        broken: list[Exception] = []
        try:
            done = self.writing.rebuild(_noting(entries, broken), step)
        except Exception as error:
            self.writing.drop_unfinished()
            if error in broken or isinstance(error, EngineFailed):
                raise
            raise EngineFailed(said_of(error)) from error
        self.reads.succeeded()
        self.writes.succeeded()
        return done

    def is_built(self) -> bool:
        """Whether the engine has the index. EngineFailed if it does not answer."""
        return self._guarded(
            self.writes, CHANGE_S, lambda: bool(self._client(CHANGE_S).indices.exists(index=self.alias))
        )

    def terms(self, text: str, language: str) -> list[str]:
        """The terms that the engine's own analyser of this language makes of a text."""
        analyser = elastic_mapping.analyser(language)
        answer = self._client(CHANGE_S).indices.analyze(index=self.alias, analyzer=analyser, text=text)
        return [token["token"] for token in answer["tokens"]]

    def _client(self, seconds: float) -> Elasticsearch:
        return self.client.options(request_timeout=seconds)

    def _guarded(self, breaker: Breaker, seconds: float, call: Callable[[], Answer]) -> Answer:
        """What the call answers within its time. It runs in a thread, for nothing else ends a wait for a dead name server."""
        if not breaker.allows():
            raise EngineFailed("left alone after its errors")
        if not self._room.acquire(blocking=False):
            raise EngineFailed("too many calls are waiting")
        answer: list[Answer] = []
        errors: list[Exception] = []

        def ask() -> None:
            try:
                answer.append(call())
            except Exception as error:  # (whatever a server answers, no page breaks)
                errors.append(error)
            finally:
                self._room.release()

        thread = threading.Thread(target=ask, name="search-elastic", daemon=True)
        thread.start()
        thread.join(seconds)
        if answer:
            breaker.succeeded()
            return answer[0]
        error = errors[0] if errors else EngineFailed(f"no answer within {seconds} s")
        if _is_alive(error):
            breaker.succeeded()
        else:
            breaker.failed()
        raise EngineFailed(said_of(error)) from error

    def _ask(self, body: dict[str, Any], seconds: float) -> dict[str, Any]:
        """One search. An answer that lacks a shard or is out of time is none."""
        kind = "dfs_query_then_fetch" if settings.ELASTICSEARCH_SHARDS > 1 else "query_then_fetch"
        copy = f"copy{crc32(json.dumps(body['query']).encode()) % COPIES}"
        answer = self._client(seconds).search(
            index=self.alias, body=body, search_type=kind, allow_partial_search_results=False, preference=copy
        )
        if answer["timed_out"] or answer["_shards"]["failed"]:
            raise EngineFailed("an incomplete answer")
        return answer.body

    def _page(self, body: dict[str, Any], offset: int, size: int, seconds: float) -> Found:
        return _found(self._ask(body | {"from": offset, "size": size, "timeout": f"{seconds * 900:.0f}ms"}, seconds))

    def _deep(self, body: dict[str, Any], offset: int, size: int) -> Found:
        """A page far behind: from ten thousand to ten thousand by `search_after`, then the page. Nothing behind the end.

        The order ends with the uid, so it is the same for each step; one copy of each shard answers all of them
        (`preference`), so the scores are the same too. A point in time is not needed: entries are few that change within
        these seconds, and one that does is at worst shown twice or not at all.
        """
        first = self._page(body, 0, 0, DEEP_S)
        if offset >= first.total:
            return first
        light = {key: value for key, value in body.items() if key != "aggs"} | {"_source": False}
        skipped = 0
        while skipped < offset:
            stride = light | {"size": min(WINDOW, offset - skipped)}
            hits = self._ask(stride, DEEP_S)["hits"]["hits"]
            if not hits:
                return first
            skipped += len(hits)
            light["search_after"] = hits[-1]["sort"]
        page = _found(self._ask(body | {"size": size, "search_after": light["search_after"]}, DEEP_S))
        return Found(page.entries, first.total, first.facets)


def _noting(entries: Iterable[Entry], broken: list[Exception]) -> Iterator[Entry]:
    """The entries; what goes wrong with them is noted, for it is no fault of the engine."""
    try:
        yield from entries
    except Exception as error:
        broken.append(error)
        raise


def _found(answer: dict[str, Any]) -> Found:
    hits = answer["hits"]
    entries = tuple(
        (float(hit["_score"] or 0), documents.read_stored(hit["_source"]["source"])) for hit in hits["hits"]
    )
    counts = answer.get("aggregations", {})
    facets = {name: _counts(said) for name, said in counts.items()}
    return Found(entries, int(hits["total"]["value"]), facets)


def _counts(said: dict[str, Any]) -> dict[str, int]:
    """The values of a facet; what is only counted, such as what is open, has one value."""
    if "values" not in said:
        return {NOW: now} if (now := int(said["doc_count"])) else {}
    return {row["key"]: int(row["doc_count"]) for row in said["values"]["buckets"]}


def _is_alive(error: Exception) -> bool:
    """Whether the engine has answered and only does not want this."""
    return isinstance(error, ApiError) and 400 <= error.status_code < 500 and error.status_code not in {408, 429}


@lru_cache(maxsize=8)
def _engine(url: str, node_class: str) -> Elastic:
    return Elastic(url, node_class)


def engine() -> Elastic:
    """The engine of this site's settings; each process has one, with its breakers."""
    return _engine(settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_NODE_CLASS)
