"""The groups of synonyms that editors keep, found in what somebody typed: one word or several, in any order, in any script.

A word is met in four ways, the surest first: as it is spelt, by its stem, by how it sounds in French, and by the
skeleton under which Darija in Arabic letters and in Latin letters are one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.conf import settings

from services.models import SynonymGroup

from . import sounds, text
from .languages import is_small
from .words import Word

MOST_WORDS = 5  # of one synonym
HIDDEN = "*"


@dataclass(frozen=True)
class Group:
    """A group as the search uses it. `shown`: the first word of each language that readers may see; `offered`: all of them."""

    key: str
    topic: str
    forms: Mapping[str, tuple[str, ...]]
    shown: Mapping[str, str]
    offered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Concept:
    """A group that was met, how surely (0 to 2), and in which words of the query (their numbers)."""

    group: Group
    weight: float
    covers: frozenset[int]


@dataclass
class Thesaurus:
    """All groups, ready to be met."""

    groups: Sequence[Group]
    marks: object = None  # what they were read from, to tell whether they have changed
    by_key: dict[str, list[tuple[int, Form]]] = field(default_factory=dict)
    shown: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for group in self.groups:
            for language, word in group.shown.items():
                self.shown.setdefault(language, []).append((text.fold(word), word))
        for number, group in enumerate(self.groups):
            for language, forms in group.forms.items():
                for synonym in forms:
                    form = form_of(synonym, language)
                    for key in frozenset().union(*form):
                        self.by_key.setdefault(key, []).append((number, form))

    def beginning(self, prefix: str, language: str) -> list[str]:
        """The words of this language that readers may be shown and whose folded form begins so."""
        return [shown for folded, shown in self.shown.get(language, ()) if folded.startswith(prefix)]

    def words(self) -> Iterator[str]:
        """Every word of every synonym that readers may be shown: what a misspelt word may have been."""
        for group in self.groups:
            for forms in group.offered.values():
                for form in forms:
                    yield from form.split()

    def knows(self, word: str) -> bool:
        """Whether a word in its surface form stands in some group, as it is or by its stem."""
        stems = (f"~{code}{term}" for code, _name in settings.LANGUAGES for term in text.terms(word, code))
        return any(key in self.by_key for key in (f"={word}", *stems))

    def concepts(self, words: Sequence[Word]) -> list[Concept]:
        """The groups that these words speak of, the surest first. A synonym of several words is met when all are there.

        “Sans papiers” is not “papiers”: a group that is met only in words that another one needs, and more, is left out.
        """
        present = keys_of_words(words)
        best: dict[int, Concept] = {}
        for number, form in {found for key in present for found in self.by_key.get(key, ())}:
            met = [max(keys & present.keys(), key=_sure, default="") for keys in form]
            if all(met):
                weight = min(map(_sure, met)) * (1 + LONGER * (len(form) - 1))
                if number not in best or weight > best[number].weight:
                    covers = frozenset(place for key in met for place in present[key])
                    best[number] = Concept(self.groups[number], min(weight, SUREST), covers)
        kept = [one for one in best.values() if not any(one.covers < other.covers for other in best.values())]
        return sorted(kept, key=lambda concept: (-concept.weight, concept.group.key))[:MOST_CONCEPTS]


# How sure each way of meeting a word is; the first character of a key names the way.
SURE = {"=": 1.0, "~": 0.9, "♪": 0.6, "#": 0.65}
LONGER = 0.35  # what each further word of a synonym adds
SUREST = 2.0
MOST_CONCEPTS = 6


def _sure(key: str) -> float:
    return SURE[key[0]]


Form = tuple[frozenset[str], ...]  # for each word of a synonym, the keys by which it can be met


@lru_cache(maxsize=100_000)  # when an editor changes a group, the other groups need not be read again
def form_of(synonym: str, language: str) -> Form:
    """How a synonym is met. One that is a single word but for small ones (“pas payé”) is met only as it is spelt."""
    words = text.fold_words(synonym)
    if len(words) > MOST_WORDS:
        return ()
    telling = [word for word in words if not is_small(word)]
    if len(telling) < len(words) and len(telling) < 2:
        return tuple(frozenset({f"={word}"}) for word in words)
    originals = {text.fold(word): word for word in text.words(synonym)}
    return tuple(frozenset(_ways(originals.get(word, word), word, language)) for word in telling)


def _ways(typed: str, folded: str, language: str) -> Iterator[str]:
    yield f"={folded}"
    if language in ("ar", "ary") and len(skeleton := sounds.skeleton(folded)) > 2:
        yield f"#{skeleton}"
    if language != "ary":
        yield from (f"~{language}{term}" for term in text.terms(typed, language))
    if language == "fr" and (heard := sounds.sound_fr(folded)):
        yield f"♪{heard}"


def keys_of_words(words: Sequence[Word]) -> dict[str, set[int]]:
    """Every key under which a word of the query may be known, with the numbers of the words that it stands for.

    A word that some text holds is what it is: only another one is met by its sound.
    """
    present: dict[str, set[int]] = defaultdict(set)
    for number, word in enumerate(words):
        for typed in (word.typed, *word.instead[:1]):
            for key in (*_spelt(typed), *(() if word.found else _heard(typed))):
                present[key].add(number)
    return present


def _spelt(typed: str) -> Iterator[str]:
    folded = text.fold(typed)
    yield from (f"={part}" for part in text.fold_words(typed))
    for language, _name in settings.LANGUAGES:
        yield from (f"~{language}{term}" for term in (*text.terms(typed, language), *text.terms(folded, language)))


def _heard(typed: str) -> Iterator[str]:
    for word in text.fold_words(typed):
        for form in {word, word.removeprefix("l")} if len(word) > 3 else {word}:  # “li9ama” is l-i9ama
            if skeleton := sounds.skeleton(form):
                yield f"#{skeleton}"
        if heard := sounds.sound_fr(word):
            yield f"♪{heard}"


def read_groups(rows: Iterable[SynonymGroup]) -> list[Group]:
    """Groups from the database: a word with * is searched and never shown."""
    found = []
    for row in rows:
        forms = {language: lines(words_of(row, language)) for language, _name in settings.LANGUAGES} | {
            "ary": lines(row.darija)
        }
        offered = {code: tuple(form for form in words if not form.endswith(HIDDEN)) for code, words in forms.items()}
        shown = {code: words[0] if words else "" for code, words in offered.items()}
        plain = {language: tuple(form.rstrip(HIDDEN) for form in words) for language, words in forms.items()}
        found.append(Group(row.key, row.topic, plain, shown, offered))
    return found


def words_of(row: SynonymGroup, language: str) -> str:
    return getattr(row, f"words_{language}", "") or ""


def lines(words: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in words.splitlines() if line.strip())
