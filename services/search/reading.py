"""Reads what somebody typed: its words, what it means (synonyms), how it may have been meant (keyboard, spelling).

The plan that comes out is the same for both engines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from . import keyboards, text
from .entries import LONGEST_QUERY
from .languages import is_small
from .synonyms import Concept, Thesaurus
from .vocabulary import Vocabulary

MOST_WORDS = 24
NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")


@dataclass(frozen=True)
class Word:
    """A word as typed and in its surface form. `known`: the index holds it; `instead`: known words that it may stand for.

    A `small` word (“the”, « pour », «ديال») says little: it is looked for, and hardly counts. So is a word that `belongs`
    to a synonym of several words: “birth certificate” is not about every certificate.
    """

    typed: str
    folded: str
    known: bool
    small: bool = False
    instead: tuple[str, ...] = ()
    belongs: bool = False


@dataclass(frozen=True)
class Plan:
    """What is looked for. `text` is what was typed, cleaned; `corrected` what was probably meant, or empty."""

    text: str
    language: str
    words: tuple[Word, ...]
    concepts: tuple[Concept, ...]
    corrected: str = ""


def clean(typed: str) -> str:
    """One line of at most LONGEST_QUERY characters, without control, bidi and invisible characters. It is only text."""
    return " ".join(NOT_TEXT.sub(" ", typed[: 4 * LONGEST_QUERY]).split())[:LONGEST_QUERY]


def read(typed: str, language: str, vocabulary: Vocabulary, thesaurus: Thesaurus) -> Plan:
    """The plan for a query. Cost is bounded by MOST_WORDS, whatever is typed."""
    cleaned = clean(typed)
    words = _words(cleaned, vocabulary, thesaurus)
    if words and not any(word.known and not word.small for word in words):
        for other in keyboards.other_keyboards(cleaned):
            meant = _words(clean(other), vocabulary, thesaurus)
            if meant and sum(word.known for word in meant) * 2 > len(meant):
                concepts = tuple(thesaurus.concepts(_meant(meant)))
                return Plan(cleaned, language, _belonging(meant, concepts), concepts, corrected=clean(other))
    concepts = tuple(thesaurus.concepts(_meant(words)))
    return Plan(cleaned, language, _belonging(words, concepts), concepts, corrected=_corrected(words))


def _belonging(words: tuple[Word, ...], concepts: tuple[Concept, ...]) -> tuple[Word, ...]:
    taken = {place for concept in concepts if len(concept.covers) > 1 for place in concept.covers}
    return tuple(replace(word, belongs=place in taken) for place, word in enumerate(words))


def _words(cleaned: str, vocabulary: Vocabulary, thesaurus: Thesaurus) -> tuple[Word, ...]:
    found = []
    for typed in text.words(cleaned)[:MOST_WORDS]:
        folded = max(text.fold_words(typed), key=len, default="")
        if not folded:
            continue
        known = vocabulary.knows(folded) or thesaurus.knows(folded)
        small = is_small(folded)
        instead = () if known or small or not _may_be_misspelt(folded) else tuple(vocabulary.near(folded))
        found.append(Word(typed, folded, known, small, instead))
    return tuple(found)


def terms_of(word: Word, language: str) -> list[str]:
    """The terms of a word in this language, as typed and as folded: hamzas and accents may be missing or not."""
    return list(dict.fromkeys((*text.terms(word.typed, language), *text.terms(word.folded, language))))


def _may_be_misspelt(word: str) -> bool:
    return len(word) > 3 and not any(sign.isdigit() for sign in word)


def _meant(words: tuple[Word, ...]) -> list[str]:
    """The words, each unknown one with the known one that it most likely stands for."""
    return [" ".join((word.typed, *word.instead[:1])) for word in words]


def _corrected(words: tuple[Word, ...]) -> str:
    if not any(word.instead for word in words):
        return ""
    return " ".join(word.instead[0] if word.instead else word.typed for word in words)
