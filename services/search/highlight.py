"""Shows why a text was found: its best passage, with the words that were looked for marked."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from . import french
from .text import Token, analyse

LEAD = 40  # characters shown before the first word found; also how far a cut moves to fall between words
# What must not reach a page: controls, and marks that turn the direction of whatever follows a cut.
UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f]")
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
SURROGATES = re.compile("[\ud800-\udfff]")


def excerpt(text: str, language: str, wanted: set[str], length: int = 200) -> SafeString:
    """The passage of about `length` characters that has most of the wanted terms, as HTML, each of them in <mark>.

    `wanted` holds analysed terms of the same language, with the near spellings that the search accepted. All else is
    escaped. A short text is shown whole; a cut falls between words, never inside a letter with its vowel signs, and is
    shown by an ellipsis. Time grows with the length of the text.
    """
    hits = [token for token in analyse(text, language) if token.term in wanted]
    start, end = _window(text, hits, length)
    parts, position = [], start
    for token in hits:
        if token.start >= position and token.end <= end:
            word = _start_of_word(text, token, language)
            parts += [_plain(text[position:word]), "<mark>", _plain(text[word : token.end]), "</mark>"]
            position = token.end
    parts.append(_plain(text[position:end]))
    before, after = "… " if start > 0 else "", " …" if end < len(text) else ""
    return mark_safe(before + "".join(parts).strip() + after)  # noqa: S308  (every part was escaped)


def _plain(text: str) -> str:
    return escape(SURROGATES.sub("\ufffd", TURNS.sub("", UNSHOWN.sub(" ", text))))


def _start_of_word(text: str, token: Token, language: str) -> int:
    """Where the word begins behind an elided article: in “l'école”, école is marked."""
    if not language.startswith("fr"):
        return token.start
    return token.end - len(french.without_elision(text[token.start : token.end]))


def _window(text: str, hits: list[Token], length: int) -> tuple[int, int]:
    if len(text) <= length:
        return 0, len(text)
    first, last = _densest(hits, length)
    start = max(0, min(first - min(LEAD, max(0, length - (last - first)) // 2), len(text) - length))
    end = min(len(text), max(start + length, last))
    return _between_words(text, start, forwards=True, limit=first), _between_words(
        text, end, forwards=False, limit=last
    )


def _densest(hits: list[Token], length: int) -> tuple[int, int]:
    """The first and last character of the hits that fit in the length and have most different terms, then most hits."""
    best, best_place = (0, 0), (0, 0)
    seen: Counter[str] = Counter()
    left = 0
    for right, token in enumerate(hits):
        seen[token.term] += 1
        while left < right and token.end - hits[left].start > length:
            dropped = hits[left].term
            seen[dropped] -= 1
            if not seen[dropped]:
                del seen[dropped]
            left += 1
        score = (len(seen), right - left + 1)
        if score > best:
            best, best_place = score, (hits[left].start, token.end)
    return best_place


def _between_words(text: str, place: int, *, forwards: bool, limit: int) -> int:
    """The nearest place between two words from here towards the limit; else one between two letters."""
    if place in {0, len(text)}:
        return place
    step = 1 if forwards else -1
    reach = min(max(limit, place), place + LEAD) if forwards else max(min(limit, place), place - LEAD)
    for candidate in range(place, reach + step, step):
        if candidate in {0, len(text)} or text[candidate].isspace() or text[candidate - 1].isspace():
            return candidate
    return _between_letters(text, place)


def _between_letters(text: str, place: int) -> int:
    while 0 < place < len(text) and (
        unicodedata.category(text[place])[0] == "M"
        or text[place] in "\u200c\u200d"
        or "\udc00" <= text[place] <= "\udfff"
    ):
        place -= 1
    return place
