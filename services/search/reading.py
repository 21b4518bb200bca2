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
from .vocabulary import Vocabulary, may_be_offered
from .words import Word

MOST_WORDS = 24
SHORTEST_MEANT = 3  # letters: shorter words come out of any keys
NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")


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
    if _telling(words) and not any(word.known for word in _telling(words)):
        for other in keyboards.other_keyboards(cleaned):
            meant = _words(clean(other), vocabulary, thesaurus)
            if _telling(meant) and all(word.known and len(word.folded) >= SHORTEST_MEANT for word in _telling(meant)):
                concepts = tuple(thesaurus.concepts(meant))
                return Plan(cleaned, language, _worth_asking(meant, concepts), concepts, corrected=clean(other))
    concepts = tuple(thesaurus.concepts(words))
    return Plan(cleaned, language, _worth_asking(words, concepts), concepts, corrected=_corrected(words))


def _worth_asking(words: tuple[Word, ...], concepts: tuple[Concept, ...]) -> tuple[Word, ...]:
    """The telling words, or the small ones where there are no others; each knows whether it belongs to a synonym."""
    taken = {place for concept in concepts if len(concept.covers) > 1 for place in concept.covers}
    marked = tuple(replace(word, belongs=place in taken) for place, word in enumerate(words))
    return tuple(_telling(marked)) or marked


def _words(cleaned: str, vocabulary: Vocabulary, thesaurus: Thesaurus) -> tuple[Word, ...]:
    found = []
    for typed in text.words(cleaned)[:MOST_WORDS]:
        folded = max(text.fold_words(typed), key=len, default="")
        if not folded:
            continue
        found_in_texts = vocabulary.holds(folded)
        known = found_in_texts or vocabulary.knows(folded) or thesaurus.knows(folded)
        small = is_small(folded)
        instead = () if known or small or not _may_be_misspelt(folded) else tuple(vocabulary.near(folded))
        found.append(Word(typed, folded, found_in_texts, known, small, instead))
    return tuple(found)


def terms_of(word: Word, language: str) -> list[str]:
    """The terms of a word in this language, as typed and as folded: hamzas and accents may be missing or not."""
    return list(dict.fromkeys((*text.terms(word.typed, language), *text.terms(word.folded, language))))


def _may_be_misspelt(word: str) -> bool:
    return len(word) > 3 and not any(sign.isdigit() for sign in word)


def _telling(words: tuple[Word, ...]) -> list[Word]:
    return [word for word in words if not word.small]


def _corrected(words: tuple[Word, ...]) -> str:
    """What to ask “did you mean” about; empty where no word is surely another one."""
    meant = [next((one for one in word.instead[:1] if may_be_offered(word.folded, one)), "") for word in words]
    return " ".join(other or word.typed for word, other in zip(words, meant, strict=True)) if any(meant) else ""
