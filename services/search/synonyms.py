"""The groups of synonyms that editors keep, found in what somebody typed: one word or several, in any order, in any script.

A word is met in four ways, the surest first: as it is spelt, by its stem, by how it sounds in French, and by the
skeleton under which Darija in Arabic letters and in Latin letters are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings

from services.models import SynonymGroup

from . import sounds, text
from .languages import is_small

MOST_WORDS = 5  # of one synonym
HIDDEN = "*"


@dataclass(frozen=True)
class Group:
    """A group as the search uses it. `shown`: the word of each language that readers may see."""

    key: str
    topic: str
    forms: Mapping[str, tuple[str, ...]]
    shown: Mapping[str, str]


@dataclass(frozen=True)
class Concept:
    """A group that was met, and how surely (0 to 1)."""

    group: Group
    weight: float


@dataclass
class Thesaurus:
    """All groups, ready to be met."""

    groups: Sequence[Group]
    marks: object = None  # what they were read from, to tell whether they have changed
    by_key: dict[str, list[tuple[int, frozenset[str]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, group in enumerate(self.groups):
            for language, forms in group.forms.items():
                for form in forms:
                    for keys in keys_of_form(form, language):
                        for key in keys:
                            self.by_key.setdefault(key, []).append((number, keys))

    def knows(self, word: str) -> bool:
        """Whether a word in its surface form stands in some group, as it is or by its stem."""
        stems = (f"~{code}{term}" for code, _name in settings.LANGUAGES for term in text.terms(word, code))
        return any(key in self.by_key for key in (f"={word}", *stems))

    def concepts(self, query: str) -> list[Concept]:
        """The groups that the query speaks of. A synonym of several words is met when all its words are there."""
        present = keys_of_query(query)
        best: dict[int, float] = {}
        for key in present:
            for number, needed in self.by_key.get(key, ()):
                if needed <= present.keys():
                    sure = min(present[key] * SURE[key[0]] for key in needed) * (1 + 0.35 * (len(needed) - 1))
                    best[number] = max(best.get(number, 0.0), sure)
        found = [Concept(self.groups[number], min(weight, 2.0)) for number, weight in best.items()]
        return sorted(found, key=lambda concept: -concept.weight)[:12]


# How sure each way of meeting a word is; the first character of a key names the way.
SURE = {"=": 1.0, "~": 0.9, "♪": 0.6, "#": 0.65}


def keys_of_form(form: str, language: str) -> list[frozenset[str]]:
    """The sets of keys by which a synonym can be met, one set a way."""
    words = text.fold_words(form)
    words = [word for word in words if not is_small(word)] or words
    if not words or len(words) > MOST_WORDS:
        return []
    sets = [frozenset(f"={word}" for word in words)]
    skeletons = [sounds.skeleton(word) for word in words] if language in ("ar", "ary") else []
    if skeletons and all(skeletons) and sum(map(len, skeletons)) > 2:
        sets.append(frozenset(f"#{skeleton}" for skeleton in skeletons))
    if language != "ary" and (terms := text.terms(form, language)):
        sets.append(frozenset(f"~{language}{term}" for term in terms))
    if language == "fr" and all(heard := [sounds.sound_fr(word) for word in words]):
        sets.append(frozenset(f"♪{sound}" for sound in heard))
    return sets


def keys_of_query(query: str) -> dict[str, float]:
    """Every key under which a word of the query may be known, with 1 for each: what is met is as sure as its way."""
    present: dict[str, float] = {}
    for word in text.fold_words(query):
        present[f"={word}"] = 1.0
        for form in {word, word.removeprefix("l")} if len(word) > 3 else {word}:
            if skeleton := sounds.skeleton(form):
                present[f"#{skeleton}"] = 1.0
        if heard := sounds.sound_fr(word):
            present[f"♪{heard}"] = 1.0
    for language, _name in settings.LANGUAGES:
        for term in text.terms(query, language):
            present[f"~{language}{term}"] = 1.0
    return present


def read_groups(rows: Iterable[SynonymGroup]) -> list[Group]:
    """Groups from the database: a word with * is searched and never shown."""
    found = []
    for row in rows:
        forms = {language: lines(words_of(row, language)) for language, _name in settings.LANGUAGES} | {
            "ary": lines(row.darija)
        }
        shown = {
            language: next((form for form in words if not form.endswith(HIDDEN)), "")
            for language, words in forms.items()
        }
        plain = {language: tuple(form.rstrip(HIDDEN) for form in words) for language, words in forms.items()}
        found.append(Group(row.key, row.topic, plain, shown))
    return found


def words_of(row: SynonymGroup, language: str) -> str:
    return getattr(row, f"words_{language}", "") or ""


def lines(words: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in words.splitlines() if line.strip())
