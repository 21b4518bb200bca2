"""Our search beside Wagtail's own search in the database, on the same records, round by round in turn.

Wagtail stands in a site of its own (tests/bench/wagtail_search) on SQLite, and on PostgreSQL too where TEST_DATABASE_URL
names a server on which we may make a database. It is tuned as shared/domain/performance.md says: filling.py and models.py
tell how. Ours is asked through its door, as a page asks it: with reading the query and marking the excerpts.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.prepared import ROOT, environment

from .directory import FILTERS, QUERIES, _spread

KINDS = {
    "plain": (),
    "two facets": ("category", "region"),
    "every facet": ("kind", "topic", "category", "region", "city", "language", "welcomes"),
}
OPERATORS = {"and": "every word", "or": "any word"}
LIMIT_S = 5.0  # a question is stopped after this time, and counts as this long
SLOW_S = 1.0  # a question that takes longer is asked once, not once a round
# Typed as people type, with the topic that they mean: wrong letters, and Arabic without hamza, with ى for ي, with harakat.
MISSPELT = (
    ("fr", "assistence judiciare", "legal-aid"), ("fr", "ecole inscripsion", "education"), ("fr", "refugier", "asylum"),
    ("en", "hosptal", "health"), ("en", "lawer", "legal-aid"), ("en", "asilum", "asylum"), ("ar", "بطاقه الاقامه", "residence"),
    ("ar", "التكوين المهنى", "skills"), ("ar", "لاجىء", "asylum"), ("ar", "بِطَاقَةُ الإِقَامَةِ", "residence"),
)  # fmt: skip
TOP = 3


def compare(site: Path, services: int, rounds: int) -> list[dict[str, Any]]:
    """A row for each search: milliseconds of each kind of question, and how much it finds. The site has its index already."""
    records = site / "records.jsonl"
    with contextlib.ExitStack() as stack:
        stack.callback(records.unlink, missing_ok=True)
        _once("records", environment(site), str(records))
        searches = [Search("ours", "", environment(site), {}, stack)]
        for database, url in _databases(site, stack):
            env = environment(
                site, DJANGO_SETTINGS_MODULE="tests.bench.wagtail_search.settings", BENCH_DATABASE_URL=url
            )
            built = _once("fill", env, str(records))
            searches += [
                Search(f"Wagtail, {database}, {words}", operator, env, built, stack)
                for operator, words in OPERATORS.items()
            ]
        for kind in ["cold", *[kind for _round in range(rounds) for kind in KINDS]]:
            for search in searches:
                for number in range(len(QUERIES)):
                    search.ask(kind, number)
        return [search.row() | {"services": services} for search in searches]


class Search:
    """A search in a process of its own, the times of what it was asked, and what it found."""

    def __init__(
        self, name: str, operator: str, env: dict[str, str], built: dict[str, Any], stack: contextlib.ExitStack
    ) -> None:
        self.name, self.built = name, built
        self.times: dict[str, list[float]] = {kind: [] for kind in ("cold", *KINDS)}
        self.slow: dict[tuple[str, int], float] = {}
        command = [sys.executable, "-m", "tests.bench.wagtail_directory", "answer", operator]
        self.process = stack.enter_context(
            subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )

    def ask(self, kind: str, number: int) -> None:
        """“cold” is every facet, asked for the first time."""
        what = "every facet" if kind == "cold" else kind
        if (took := self.slow.get((what, number))) is None:
            took = self._say(what, number)
            if took > SLOW_S * 1000 and kind != "cold":
                self.slow[what, number] = took
        self.times[kind].append(took)

    def row(self) -> dict[str, Any]:
        found = self._say("found", 0)
        return (
            {"search": self.name, "first_ms": self.times["cold"][0], "stopped": sum(took >= LIMIT_S * 1000 for took in self.slow.values())}
            | {kind: _spread(times) for kind, times in self.times.items()}
            | self.built
            | found
        )  # fmt: skip

    def _say(self, what: str, number: int) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps([what, number]), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.name} stopped: it says why above")
        return json.loads(answer)


def _databases(site: Path, stack: contextlib.ExitStack) -> Iterator[tuple[str, str]]:
    file = site / "wagtail.sqlite3"
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    yield "SQLite", f"sqlite:///{file}"
    if server := os.environ.get("TEST_DATABASE_URL", ""):
        yield "PostgreSQL", stack.enter_context(_own_database(server))


@contextlib.contextmanager
def _own_database(server: str) -> Iterator[str]:
    import psycopg

    name = f"bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _once(what: str, env: dict[str, str], path: str) -> Any:
    command = [sys.executable, "-m", "tests.bench.wagtail_directory", what, path]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"tests.bench.wagtail_directory {what} stopped:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def _write_records(path: str) -> int:
    """In a child of our site: every entry of our search, a line of JSON each. How many."""
    from services.search import sources

    written = 0
    with Path(path).open("w", encoding="utf-8") as lines:
        for entry in sources.entries():
            words = list(entry.texts.values())
            record = {
                "key": f"{entry.kind}:{entry.identifier}",
                "title": "\n".join(one.title for one in words),
                "body": "\n".join(text for one in words for text in _texts(one) if text),
                "facets": dict(entry.facets),
            }
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
            written += 1
    return written


def _texts(words: Any) -> Iterator[str]:
    yield words.summary
    for section in words.sections:
        yield section.heading
        yield section.text
    yield from words.keywords


def _ours(text: str, language: str, filters: dict[str, Any], facets: Sequence[str]) -> tuple[list[Any], int]:
    from services import search

    found = search.search(search.Query(text, language, filters=filters, facets=tuple(facets)))
    return list(found.hits), found.total


def _topics_of_ours(hit: Any) -> Sequence[str]:
    from services.search import sources

    return [topic for entry in sources.entries_of(hit.kind, [hit.identifier]) for topic in entry.facets["topic"]]


def _answer(operator: str) -> None:
    """In a child: one answer a line, until nobody asks any more."""
    if operator:
        from tests.bench.wagtail_search import asking

        peer = asking.Wagtail(operator, LIMIT_S)
        ask, topics = peer.page, peer.topics
    else:
        ask, topics = _ours, _topics_of_ours
    for line in sys.stdin:
        what, number = json.loads(line)
        answer = _found(ask, topics) if what == "found" else _timed(ask, number, KINDS[what])
        print(json.dumps(answer), flush=True)


def _timed(ask: Any, number: int, facets: Sequence[str]) -> float:
    """Milliseconds; the limit where the search was stopped at it."""
    language, text = QUERIES[number]
    began = time.perf_counter()
    try:
        ask(text, language, FILTERS, facets)
    except TimeoutError:
        return LIMIT_S * 1000
    return (time.perf_counter() - began) * 1000


def _found(ask: Any, topics: Any) -> dict[str, int]:
    """Of QUERIES with the filters, and of MISSPELT without: how many find anything; how many their topic among the first."""
    pages = [_page(ask, text, language, FILTERS) for language, text in QUERIES]
    misspelt = [(_page(ask, text, language, {}), topic) for language, text, topic in MISSPELT]
    return {
        "answered": sum(bool(page) for page in pages),
        "misspelt": sum(bool(page) for page, _topic in misspelt),
        "on_topic": sum(any(topic in topics(one) for one in page[:TOP]) for page, topic in misspelt),
    }


def _page(ask: Any, text: str, language: str, filters: dict[str, Any]) -> list[Any]:
    try:
        return ask(text, language, filters, ())[0]
    except TimeoutError:
        return []


def _child(what: str, argument: str) -> None:
    import django

    django.setup()
    if what == "answer":
        _answer(argument)
    elif what == "records":
        print(json.dumps(_write_records(argument)))
    else:
        from tests.bench.wagtail_search import filling

        print(json.dumps(filling.fill(Path(argument))))


if __name__ == "__main__":
    _child(*sys.argv[1:])
