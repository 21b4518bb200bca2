"""Engine 2: tantivy, in the process, without a server. It also answers when Elasticsearch does not.

The index lies in a folder of its own generation; `current` names the one in use, so that a rebuild is swapped in by one
rename and readers never see a gap. One process writes at a time (tantivy's lock); readers are never kept waiting.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import tantivy
from django.conf import settings

from . import documents, text, vocabulary
from .embedded_query import matching, ranked, with_filters
from .entries import EngineFailed, Entry, Found, Query
from .reading import Plan
from .vocabulary import Vocabulary

HEAP = 128_000_000
MOST_VALUES = 200  # of a facet
TOTAL = "total"
LOCK_TRIES = 40  # × 50 ms: as long as another process may take to commit


class Index:
    """One generation of the index, open for reading."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if (folder / "shape").read_text(encoding="utf-8") != documents.SHAPE:
            raise ValueError("the index was built for other languages or by another release")
        self.index = tantivy.Index.open(str(folder / "entries"))
        self.vocabulary = Vocabulary(folder / "words", self._holds)

    def searcher(self) -> tantivy.Searcher:
        self.index.reload()
        return self.index.searcher()

    def _holds(self, word: str) -> bool:
        searcher = self.index.searcher()
        return any(
            searcher.doc_freq(f"{field}_{language}", term)
            for language in documents.LANGUAGES
            for term in text.terms(word, language)
            for field in documents.FIELDS
        )


class Embedded:
    """The contract of an engine, kept by tantivy."""

    name = "embedded"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: Index | None = None
        self._lock = threading.Lock()

    def current(self) -> Index:
        """The generation in use. EngineFailed if there is none or it cannot be read."""
        try:
            target = self.folder / os.readlink(self.folder / "current")  # noqa: PTH115  (a third of the time)
            if self._open is None or self._open.folder != target:
                self._open = Index(target)
        except (OSError, ValueError) as error:
            raise EngineFailed(str(error)) from error
        return self._open

    def is_built(self) -> bool:
        """Whether there is an index that can be read."""
        try:
            self.current().searcher()
        except (EngineFailed, ValueError):
            return False
        return True

    def search(self, plan: Plan, query: Query) -> Found:
        """The page of entries that fit best, how many fit, and the counts of the facets that were asked for."""
        index = self.current()
        try:
            searcher = index.searcher()
            match = matching(plan)
            facets = self._facets(searcher, match, query)
            hits = ranked(searcher, match, query)
            entries = tuple((score, documents.entry_of(searcher.doc(address))) for score, address in hits)
            return Found(entries, facets.pop(TOTAL)[""], facets)
        except ValueError as error:
            raise EngineFailed(str(error)) from error

    @staticmethod
    def _facets(searcher: tantivy.Searcher, match: tantivy.Query, query: Query) -> dict[str, dict[str, int]]:
        """Of each facet, the values and how many each would leave (its own filter does not count); under TOTAL, all."""
        found: dict[str, dict[str, int]] = {}
        free = [name for name in query.facets if name not in query.filters]
        filtered = [name for name in query.facets if name in query.filters]
        for names, without in [([*free, "kind"], ""), *(([name], name) for name in filtered)]:
            asked = {name: {"terms": {"field": f"is_{name}", "size": MOST_VALUES}} for name in names}
            answer = searcher.aggregate(with_filters(match, query, without=without), asked)
            counts = {name: {row["key"]: int(row["doc_count"]) for row in answer[name]["buckets"]} for name in names}
            if not without:
                found[TOTAL] = {"": sum(counts["kind"].values())}  # every entry has one kind
            found |= {name: counts[name] for name in names if name in query.facets and (without or name in free)}
        return found

    def suggestions(self, prefix: str, language: str, most: int) -> list[str]:
        """Titles and words of this language that begin like this, the commonest first."""
        field = f"begins_{language}"
        searcher = self.current().searcher()
        try:
            return [term for term, _times in searcher.terms_with_prefix(field, prefix, limit=most)]
        except ValueError:
            return []

    def change(self, entries: Iterable[Entry], gone: Iterable[str]) -> None:
        """Make the index hold these entries as they are now, and none of the gone uids. Safe to repeat."""
        index = self.current().index
        writer = _writer(index)
        try:
            for entry in entries:
                writer.delete_documents_by_term("uid", documents.uid(entry))
                writer.add_document(documents.document(entry))
            for uid in gone:
                writer.delete_documents_by_term("uid", uid)
            writer.commit()
        finally:
            del writer

    def rebuild(
        self, entries: Iterable[Entry], step: Callable[[int], None] = lambda _done: None, also: Iterable[str] = ()
    ) -> int:
        """Build a new generation beside the one in use and swap it in; the number of entries. Old ones are removed.

        `also`: words that are known though no entry holds them, such as synonyms.
        """
        with self._lock:
            folder = self.folder / f"generation-{time.time_ns()}"
            (folder / "entries").mkdir(parents=True)
            index = tantivy.Index(documents.SCHEMA, path=str(folder / "entries"))
            writer = index.writer(heap_size=HEAP, num_threads=1)
            counted = Counter(form for word in also for form in vocabulary.surface(word))
            done = 0
            for entry in entries:
                writer.add_document(documents.document(entry, counted))
                done += 1
                step(done)
            writer.commit()
            writer.wait_merging_threads()
            vocabulary.write(folder / "words", counted)
            (folder / "shape").write_text(documents.SHAPE, encoding="utf-8")
            self._swap(folder)
            return done

    def _swap(self, folder: Path) -> None:
        link = self.folder / f"next-{os.getpid()}"
        link.unlink(missing_ok=True)
        link.symlink_to(folder.name)
        link.replace(self.folder / "current")
        for old in self.folder.glob("generation-*"):
            if old != folder:
                shutil.rmtree(old, ignore_errors=True)


def _writer(index: tantivy.Index) -> tantivy.IndexWriter:
    """The only writer; waits while another process writes."""
    for left in range(LOCK_TRIES, -1, -1):
        try:
            return index.writer(heap_size=HEAP, num_threads=1)
        except ValueError as error:
            if "lock" not in str(error).lower() or not left:
                raise EngineFailed(str(error)) from error
            time.sleep(0.05)
    raise EngineFailed("another process keeps the index locked")


_ENGINES: dict[str, Embedded] = {}


def engine() -> Embedded:
    """The engine over the folder of this site."""
    folder = Path(settings.SEARCH_DIR)
    return _ENGINES.setdefault(str(folder), Embedded(folder))
