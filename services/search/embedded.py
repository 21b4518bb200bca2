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
from .embedded_facets import counted
from .embedded_query import matching, ranked
from .entries import EngineFailed, Entry, Found, Query
from .kept import Kept
from .reading import Plan
from .vocabulary import Vocabulary

HEAP = 128_000_000
REBUILD_HEAP = (
    600_000_000  # taken only as it fills: one segment of some hundred thousand entries, which is read fastest
)
MOST_KEPT = 2000  # suggestions
LOCK_TRIES = 40  # × 50 ms: as long as another process may take to commit


class Index:
    """One generation of the index, open for reading."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if (folder / "shape").read_text(encoding="utf-8") != documents.SHAPE:
            raise ValueError("the index was built for other languages or by another release")
        self.index = tantivy.Index.open(str(folder / "entries"))
        self._meta = str(folder / "entries" / "meta.json")
        self._searcher, self._version = self.index.searcher(), 0
        self.vocabulary = Vocabulary(folder / "words", self._holds)

    @property
    def version(self) -> int:
        """Changes with every commit, whichever process made it."""
        return os.stat(self._meta).st_mtime_ns  # noqa: PTH116  (a third of the time)

    def searcher(self) -> tantivy.Searcher:
        """A view of the index as it is now."""
        if (version := self.version) != self._version:
            self.index.reload()
            self._searcher, self._version = self.index.searcher(), version
        return self._searcher

    def _holds(self, word: str) -> bool:
        searcher = self.searcher()
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
        self._suggested: Kept[list[str]] = Kept(MOST_KEPT)

    def state(self) -> tuple[str, int]:
        """Changes whenever an answer may change. EngineFailed if there is no index."""
        index = self.current()
        try:
            return str(index.folder), index.version
        except OSError as error:
            raise EngineFailed(str(error)) from error

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
            match = matching(plan, searcher.doc_freq)
            total, facets = counted(searcher, match.finds, query)
            if not total and match.ranks is not match.finds:  # the filters keep nothing rare: then common words find
                match = matching(plan, lambda _field, _term: 0)
                total, facets = counted(searcher, match.finds, query)
            hits = ranked(searcher, match.ranks, query) if total > query.offset else []
            entries = tuple((score, documents.entry_of(searcher.doc(address))) for score, address in hits)
            return Found(entries, total, facets)
        except ValueError as error:
            raise EngineFailed(str(error)) from error

    def suggestions(self, prefix: str, language: str, most: int) -> list[str]:
        """Titles and words of this language that begin like this, the commonest first."""
        return self._suggested.answer(
            self.state(), (prefix, language, most), lambda: self._beginning(prefix, language, most)
        )

    def _beginning(self, prefix: str, language: str, most: int) -> list[str]:
        searcher = self.current().searcher()
        try:
            return [term for term, _times in searcher.terms_with_prefix(f"begins_{language}", prefix, limit=most)]
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
        except (OSError, ValueError) as error:  # a full disk, a broken file
            raise EngineFailed(str(error)) from error
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
            try:
                done = self._build(folder, entries, step, also)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)  # on a full disk, what was half built takes the last room
                raise
            self._swap(folder)
            return done

    @staticmethod
    def _build(folder: Path, entries: Iterable[Entry], step: Callable[[int], None], also: Iterable[str]) -> int:
        (folder / "entries").mkdir(parents=True)
        index = tantivy.Index(documents.SCHEMA, path=str(folder / "entries"))
        writer = index.writer(heap_size=REBUILD_HEAP, num_threads=1)
        counted = Counter(also)
        done = 0
        for entry in entries:
            writer.add_document(documents.document(entry, counted))
            done += 1
            step(done)
        writer.commit()
        writer.wait_merging_threads()
        vocabulary.write(folder / "words", vocabulary.folded(counted))
        (folder / "shape").write_text(documents.SHAPE, encoding="utf-8")
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
