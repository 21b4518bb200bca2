"""Every word that the index holds, to tell a known word from a misspelt one and to find the one that was meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import tantivy

from . import sounds, text
from .everyday import is_everyday

NEAR = 4
ENOUGH_FOR_TWO = 7  # letters from which two mistakes are forgiven
LONG = 8  # letters from which one mistake more is no other word
FEW_NEIGHBOURS = 5  # letters from which one letter changed rarely gives another word
FEW_NEIGHBOURS_ARABIC = 6  # Arabic writes few vowels, so that its short words lie close together
LOOKED_AT = 60
SILENT = frozenset("rstxz")
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

    `holds` tells whether the index itself has a word by its stem, in any language. Words that everybody spells so are
    known as well: “je veux” is not “je veut”, though our texts may hold only the latter.
    """

    def __init__(self, folder: Path, holds: Callable[[str], bool]) -> None:
        self.holds = lru_cache(maxsize=50_000)(holds)
        self.index = tantivy.Index.open(str(folder))
        self.searcher = self.index.searcher()
        self.knows = lru_cache(maxsize=50_000)(self._knows)
        self.near = lru_cache(maxsize=20_000)(self._near)

    def _knows(self, word: str) -> bool:
        return is_everyday(word) or self.searcher.doc_freq("word", word) > 0 or self.holds(word)

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


def may_be_offered(typed: str, other: str) -> bool:
    """Whether to ask “did you mean” this other word: to look for it as well costs nothing, to be corrected wrongly does.

    Only what sounds the same or has one mistake, not in the first letter (J. J. Pollock, A. Zamora, “Automatic spelling
    correction in scientific and scholarly text”, CACM 27(4), 1984), in a word long enough that its neighbours are few;
    never another form of the same word, nor chat letters.
    """
    if any(sign.isdigit() for sign in other) or _is_other_form(typed, other):
        return False
    mistakes = distance(typed, other)
    if (heard := sounds.sound_fr(typed)) and heard == sounds.sound_fr(other):
        return mistakes <= (2 if len(typed) < LONG else 3)
    few = FEW_NEIGHBOURS_ARABIC if is_arabic(typed) else FEW_NEIGHBOURS
    return typed[0] == other[0] and len(typed) >= few and mistakes <= (1 if len(typed) < LONG else 2)


def is_arabic(word: str) -> bool:
    return any("\u0600" <= letter <= "\u08ff" for letter in word)


def _is_other_form(one: str, other: str) -> bool:
    """“Veux” and “veut”: French writes the endings of one verb with letters that nobody hears."""
    return one[:-1] == other[:-1] and {one[-1], other[-1]} <= SILENT


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


def folded(counted: Counter[str]) -> Counter[str]:
    """The same counts for the surface forms of the words. Each distinct word is folded once."""
    found: Counter[str] = Counter()
    for word, times in counted.items():
        for form in surface(word):
            found[form] += times
    return found


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
