"""Every word that the index holds, to tell a known word from a misspelt one and to find the one that was meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import tantivy

from . import sounds, text

NEAR = 4
ENOUGH_FOR_TWO = 7  # letters from which two mistakes are forgiven
LOOKED_AT = 60
PROCLITICS = "بلكوف"  # Arabic writes these with the next word: “by birth” is one word


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("word", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("sound", tokenizer_name="whitespace", index_option="basic")
    builder.add_unsigned_field("times", stored=True, fast=True)
    return builder.build()


SCHEMA = schema()


class Vocabulary:
    """The words of an index, in an index of their own beside it. Written whole by `write`; read by everybody.

    `holds` tells whether the index itself has a word by its stem, in any language.
    """

    def __init__(self, folder: Path, holds: Callable[[str], bool]) -> None:
        self.holds = lru_cache(maxsize=50_000)(holds)
        self.index = tantivy.Index.open(str(folder))
        self.searcher = self.index.searcher()
        self.knows = lru_cache(maxsize=50_000)(self._knows)
        self.near = lru_cache(maxsize=20_000)(self._near)

    def _knows(self, word: str) -> bool:
        return self.searcher.doc_freq("word", word) > 0 or self.holds(word)

    def _near(self, word: str) -> tuple[str, ...]:
        """Up to NEAR known words that this one may stand for, the likeliest first."""
        distance = 2 if len(word) >= ENOUGH_FOR_TWO else 1
        wanted = [(tantivy.Occur.Should, tantivy.Query.fuzzy_term_query(SCHEMA, "word", word, distance, True))]
        wanted += [(tantivy.Occur.Should, tantivy.Query.term_query(SCHEMA, "sound", key)) for key in keys_of(word)]
        if word[0] in PROCLITICS:
            wanted.append((tantivy.Occur.Should, tantivy.Query.term_query(SCHEMA, "word", word[1:])))
        hits = self.searcher.search(tantivy.Query.boolean_query(wanted), LOOKED_AT, order_by_field="times").hits
        found: list[tuple[float, int, str]] = []
        for times, address in hits:
            other = str(self.searcher.doc(address).get_first("word"))
            found.append((_unlikeness(word, other), -int(times), other))
        return tuple(other for unlike, _times, other in sorted(found)[:NEAR] if unlike < 4)


@lru_cache(maxsize=400_000)
def keys_of(word: str) -> tuple[str, ...]:
    """How a word sounds: in French, and as a skeleton."""
    keys = [f"f{sounds.sound_fr(word)}", f"s{sounds.skeleton(word)}"]
    return tuple(key for key in keys if len(key) > 3)


def _unlikeness(one: str, other: str) -> float:
    """0 for the same word: mistakes, less a half where both sound alike, more where the first letters differ."""
    alike = bool(set(keys_of(one)) & set(keys_of(other)))
    if one[1:] == other and one[0] in PROCLITICS:
        return 0.25
    return distance(one, other) - (0.75 if alike else 0) + (0.5 if one[:1] != other[:1] else 0)


def distance(one: str, other: str) -> int:
    """Mistakes between two words: letters wrong, missing, added or swapped with the next (Damerau 1964)."""
    before: list[int] = []
    line = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        older, before, line = before, line, [row]
        for column, sign in enumerate(other, 1):
            cost = min(before[column] + 1, line[-1] + 1, before[column - 1] + (letter != sign))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == sign:
                cost = min(cost, older[column - 2] + 1)
            line.append(cost)
    return line[-1]


def write(folder: Path, counted: Counter[str]) -> None:
    """Make the vocabulary of these words in an empty folder."""
    folder.mkdir(parents=True)
    index = tantivy.Index(SCHEMA, path=str(folder))
    writer = index.writer(heap_size=50_000_000, num_threads=1)
    for word, times in counted.items():
        document = tantivy.Document()
        document.add_text("word", word)
        document.add_text("sound", " ".join(keys_of(word)))
        document.add_unsigned("times", times)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


@lru_cache(maxsize=400_000)
def surface(word: str) -> tuple[str, ...]:
    """The surface forms of a word: “l’école” is l and ecole. Each distinct word is folded once."""
    return tuple(text.fold_words(word))
