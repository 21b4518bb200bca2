"""Turns a text into the terms of the search, the same for the engine in the process and for a real search node.

Words are cut as the `standard` tokenizer of Lucene cuts them (Unicode Standard Annex 29, word boundaries), except that
emoji are no words. Each language has its chain (arabic.py, french.py, english.py); any other language has its words
folded. `analyse(text)` gives what `_analyze` of Elasticsearch or OpenSearch gives for `clean(text)`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from . import arabic, english, french
from .letters import MAX_LENGTH, clean, fold, fold_words

__all__ = ["MAX_LENGTH", "MAX_WORD", "Token", "analyse", "clean", "fold", "fold_words", "terms", "words"]

MAX_WORD = 255  # letters; what follows in a longer word is not searched


class Token(NamedTuple):
    """A term and the place in the original text that it was made from."""

    term: str
    start: int
    end: int


def _ranges(accept: Callable[[str], bool]) -> str:
    """The characters that are accepted, as ranges of a regular expression."""
    ranges: list[list[int]] = []
    for code in (*range(0x80, 0x10000), *range(0xE0000, 0xE01F0)):
        if not accept(chr(code)):
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Mc", "Me", "Cf"} and character != "\u200b"


def _word_pattern() -> re.Pattern[str]:
    marks = _ranges(_is_mark)
    fractions = _ranges(lambda character: unicodedata.category(character) == "No")
    # Chinese characters and hiragana: each is a word.
    single = f"\u2e80-\u2fdf\u3005-\u3007\u3041-\u3096\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-{chr(0x3FFFF)}"
    no_letter = fractions + single
    run = rf"[^\W{no_letter}]*(?:[{marks}]+[^\W{no_letter}]*)*"
    inside_word = rf"(?<![\d_])[:.·'’‘＇](?=[^\W\d_{no_letter}])"
    inside_number = r"(?<=\d)[.,;'’‘،؍٬](?=\d)"
    return re.compile(
        rf"[{single}][{marks}]*|(?:(?<!_)_+)?[^\W_{no_letter}]{run}(?:(?:{inside_word}|{inside_number}){run})*"
    )


WORD = _word_pattern()


@lru_cache(maxsize=65_536)
def _folded_term(word: str) -> str:
    return fold(word).replace(" ", "")


CHAINS: dict[str, Callable[[str], str]] = {"ar": arabic.term, "fr": french.term, "en": english.term}


def words(text: str) -> list[str]:
    """The words of a text as the chains take them, cleaned but not folded.

    Ask `terms` about these, not about folded words: “bébé” and “bebe”, لاجئ and لاجي have different terms.
    """
    return [clean(word[:MAX_WORD]) for word in WORD.findall(text, 0, MAX_LENGTH)]


def chain(language: str) -> Callable[[str], str]:
    """What makes the term of one word of this language; a language without a chain has its words folded."""
    return CHAINS.get(language.partition("-")[0].lower(), _folded_term)


def analyse(text: str, language: str) -> list[Token]:
    """The terms of a text with their places, in order. Stop words have none.

    Never fails, whatever the characters; time grows with the length, of which at most MAX_LENGTH is read.
    """
    term_of = chain(language)
    found = []
    for match in WORD.finditer(text, 0, MAX_LENGTH):
        term = term_of(match[0][:MAX_WORD])
        if term:
            found.append(Token(term, match.start(), match.end()))
    return found


def terms(text: str, language: str) -> list[str]:
    """The terms of a text in order, without their places: for texts that are only indexed."""
    term_of = chain(language)
    return [term for word in WORD.findall(text, 0, MAX_LENGTH) if (term := term_of(word[:MAX_WORD]))]
