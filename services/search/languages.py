"""Guesses in which languages a search was written: from its script and from small words. It orders, it excludes none.

Moroccan Arabic (Darija, ISO 639-3 “ary”) is named first when the words show it: its Latin chat letters or its own small
words. All languages of the site follow in any case.
"""

from __future__ import annotations

import re
from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language_info

from .letters import fold, fold_words
from .text import terms

DARIJA = "ary"

SMALL_WORDS = {
    "fr": """
        le la les un une des du de au aux et ou est sont je tu il elle nous vous ils mon ma mes son sa ses ce cette que
        qui quoi quel quelle comment combien pourquoi quand dans sur pour par avec sans pas ne puis peut faire chez
    """,
    "en": """
        the a an and or is are am i you he she we they my his her our this that what which who how when where why do
        does can could in on for with without not to of at from get have need
    """,
    "ar": """
        في من الى على عن مع هل ما ماذا كيف كم اين متى لماذا هذا هذه التي الذي او ثم لم لا ان انا هو هي نحن اريد
    """,
    DARIJA: """
        ديال ديالي ديالو بغيت باغي واش كيفاش فين علاش شحال شنو اش ماشي كاين كاينه بزاف دابا ليا لي هاد هادي مول راه
        dyal dyali dial diali dyalo bghit bagha baghi wach wash kifach kifash 3lach 3lash ch7al chhal chno
        chnou ach achno machi kayn kayna bzaf daba liya hadi moul rah mn fabor
        ana nta nti howa hiya hna f l d b w o ou li lli ila 3la m3a men fin feen kan kant
    """,
}
TELLING = {DARIJA: "mrati rajli weldi bladi khdma lkhdma"}  # words that show a language and are worth looking for
AMBIGUOUS = frozenset(["fin", "men", "ou", "li", "lli", "kan"])  # small in one, meaning in another
WORDS = {
    language: frozenset(
        word for word in fold_words(f"{words} {TELLING.get(language, '')}") if len(word) > 1 and word not in AMBIGUOUS
    )
    for language, words in SMALL_WORDS.items()
}
SMALL = frozenset(word for words in SMALL_WORDS.values() for word in fold_words(words))
ARABIC_LETTERS = re.compile("[\u0621-\u064a]")
LATIN_LETTERS = re.compile("[a-z]")
FRENCH_SIGNS = re.compile("[àâçéèêëîïôùûœ]|\\b(?:[ldjmnstc]|qu)['’]", re.IGNORECASE)
# What words of the language look like, for searches of one or two words without small words.
LOOKS = {
    "fr": re.compile(
        r"(?:eur|euse|eux|oire|aire|ette|elle|ique|isme|tés?|ité|ements?|ance|gne|ille|ois|ais|its?)s?\b|ou[bpv]|eau|qu|oi"
    ),
    "en": re.compile(
        r"(?:ing|ness|ship|ous|less|ght|ck|sh|ed|ty|ry|ly|th|um|er|or|ts)\b|\bwh|ee|oo|th|aw|sh|ck|k[ei]|w[aeiou]|y[aeiou]"
    ),
}
# A digit that stands for an Arabic letter inside a word: mo7ami, lwra9, 3onf; not B3, covid19 or 2026.
CHAT_LETTERS = re.compile(r"[a-z][3579][a-z]|\b[379](?!eme\b|rd\b|th\b)[a-z]{2}|[a-z]{2}[79]\b")
# kaydrebni, chedduni, nsabowa, ma khlesnich: endings and beginnings that French and English do not have together.
DARIJA_VERBS = re.compile(r"\bka[ynt][a-z]{3,}i\b|\b(?:ch|kh|3|7)[a-z]{2,}(?:uni|ouni)\b|\b[a-z]{2,}(?:owa|nich|hom)\b")
NEGATION = re.compile(r"\bma ?[a-z0-9]{2,}(?:ch|sh)i?\b|\bما ?[\u0621-\u064a]{2,}ش\b")


@lru_cache(maxsize=20_000)
def is_small(word: str) -> bool:
    """Whether a word in its surface form is among the smallest of some language of the site, and so says little."""
    return word in SMALL or not all(terms(word, language) for language, _name in settings.LANGUAGES)


def likely_languages(text: str) -> list[str]:
    """Every language of the site, the likeliest first; “ary” among them where the text shows Darija.

    Languages without evidence keep the order of the site's setting.
    """
    scores = dict.fromkeys((code for code, _ in settings.LANGUAGES), 0.0)
    folded = fold(text)
    for language, score in _evidence(text, folded).items():
        if language in scores or (language == DARIJA and score):
            scores[language] = scores.get(language, 0.0) + score
    return sorted(scores, key=lambda language: -scores[language])


def _evidence(text: str, folded: str) -> dict[str, float]:
    words = fold_words(folded)
    scores = {language: float(sum(word in small for word in words)) for language, small in WORDS.items()}
    arabic, latin = len(ARABIC_LETTERS.findall(folded)), len(LATIN_LETTERS.findall(folded))
    scores["fr"] += 1.5 * bool(FRENCH_SIGNS.search(text))
    scores[DARIJA] += 2 * len(CHAT_LETTERS.findall(folded)) + 1.5 * bool(NEGATION.search(folded))
    scores[DARIJA] += 0.5 * scores[DARIJA] + len(DARIJA_VERBS.findall(folded))
    if scores[DARIJA]:
        scores[DARIJA] += 1  # as its Latin letters count for French and English below
        scores["ar"] = max(scores["ar"], 0.9 * scores[DARIJA])
    for language, look in LOOKS.items():
        scores[language] += 0.2 * min(4, len(look.findall(folded)))
    if arabic or latin:
        share = arabic / (arabic + latin)
        scores["ar"] += 10 * share
        scores[DARIJA] += 10 * share if scores[DARIJA] else 0.0
        for language in _in_latin_letters():
            scores[language] = scores.get(language, 0.0) + (1 - share)
    return scores


@lru_cache(maxsize=1)
def _in_latin_letters() -> list[str]:
    """The languages of the site whose own name is written in Latin letters."""
    return [
        code for code, _ in settings.LANGUAGES if LATIN_LETTERS.search(get_language_info(code)["name_local"].lower())
    ]
