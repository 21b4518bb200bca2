"""Keys under which words meet that sound alike: Darija in two scripts, and French as it is heard.

Nobody was taught to write Darija: محامي is mo7ami, mohami, lmo7ami. A key is for finding candidates behind the exact
search, never for showing. The tables are our own, made from the spellings of the glossary of the directory.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .french import without_elision
from .letters import clean, fold

LONGEST = 40  # letters; a longer word is no word that was heard

# Arabic script. Letters that Latin chat spelling does not tell apart have one sign; vowels, long or short, have none.
ARABIC_SIGNS = str.maketrans(
    "بتطثدذضظجحهخرزسصشعغفقكلمن",
    "btttddddjhhXrzssC3Gfkklmn",
    "اأإآىءئؤةوي",
)
ARABIC = re.compile("[\u0621-\u06ff]")
ARABIC_ARTICLE = re.compile("^(?:[وفبك]?ال|لل)(?=..)")
ARABIC_END = re.compile("(?<=...)[هة]$")
FIRST_SIGNS = {"و": "w", "ي": "y", **dict.fromkeys("عاأإآء", "a")}  # ع at the start is often left out in Latin
LATIN = re.compile(r"(?=.*[a-z])[a-z2356789'-]+")
LATIN_ARTICLE = re.compile(r"^(?:[ae]?l[-']|[ae]?l(?=[^aeiouyl'-]..)|[ae]?([a-z]|[cs]h)-(?=\1))")
# In this order: what a later rule makes of a letter must not be read again by an earlier one.
LATIN_LETTERS = (
    (re.compile(r"3'|gh"), "G"),
    (re.compile(r"7'|kh|5"), "X"),
    (re.compile(r"tch|[cs]h|x"), "C"),
    (re.compile(r"dj"), "j"),
    (re.compile(r"ph|v"), "f"),
    (re.compile(r"th|6"), "t"),
    (re.compile(r"dh|9'"), "d"),
    (re.compile(r"c(?=[eiy])"), "s"),
    (re.compile(r"ck|qu|[cq9]"), "k"),
    (re.compile(r"(?<=..a)h$"), ""),
    (re.compile(r"[78]"), "h"),
    (re.compile(r"p"), "b"),
    (re.compile(r"[2'-]"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"g"), "k"),
    (re.compile(r"^ou"), "w"),
    (re.compile(r"^[aeiou]+(?=[wy])"), ""),
    (re.compile(r"^(?:3|[aeiou]+)"), "a"),
    (re.compile(r"(?<=.)[aeiouwy]+"), ""),
)

# French as heard, read from the folded word. Nasal vowels are capitals; a and e are one, as are s and z.
FRENCH_SOUNDS = (
    (re.compile(r"y"), "i"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"(?:s|t)?ch|sh"), "C"),
    (re.compile(r"(?<!s)ti(?=on|el|eu[xs])"), "si"),
    (re.compile(r"gu(?=[ei])"), "G"),
    (re.compile(r"ge(?=[ao])|g(?=[ei])"), "j"),
    (re.compile(r"gn"), "ni"),
    (re.compile(r"G"), "g"),
    (re.compile(r"sc(?=[ei])|c(?=[ei])"), "s"),
    (re.compile(r"ck|qu|[cq]"), "k"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"h"), ""),
    (re.compile(r"z"), "s"),
    (re.compile(r"w"), "v"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"(?<=...)(?:er|et|es|e)s?$|(?<=...)[sxtdp]+$"), ""),
    (re.compile(r"(?<=...)e+$"), ""),
    (re.compile(r"eau|au"), "o"),
    (re.compile(r"oi"), "oa"),
    (re.compile(r"o?eu|ou"), "u"),
    (re.compile(r"(?:[ae]i|i|u)[mn](?![aeioumn])"), "I"),
    (re.compile(r"[ae][mn](?![aeioumn])"), "A"),
    (re.compile(r"o[mn](?![aeioumn])"), "O"),
    (re.compile(r"[ae]i|[ae]+"), "e"),
    (re.compile(r"(.)\1+"), r"\1"),
)
FRENCH = re.compile(r"[a-z]{4,}")


@lru_cache(maxsize=16_384)
def skeleton(word: str) -> str:
    """The consonants of a Darija or Arabic word, the same from Arabic letters and from Latin chat letters.

    mo7ami, mohami and محامي meet; so do lwra9 and الوراق. The article and the vowels are gone; only the sound that begins
    the word stays: w, y, or “a” for any vowel and for ع. Empty where fewer than two signs are left, for numbers, and for
    what is not one word.
    """
    if len(word) > LONGEST:
        return ""
    key = _arabic_skeleton(word) if ARABIC.search(word) else _latin_skeleton(word)
    return key if len(key) > 1 else ""


def _arabic_skeleton(word: str) -> str:
    letters = ARABIC_END.sub("", ARABIC_ARTICLE.sub("", clean(word).strip()))
    letters = re.sub("^[اأإآء]+(?=[وي])", "", letters)
    first = FIRST_SIGNS.get(letters[:1], "")
    key = first + letters[bool(first) :].translate(ARABIC_SIGNS)
    return key if key.isascii() and key.isalnum() else ""


def _latin_skeleton(word: str) -> str:
    letters = fold(word)
    if not LATIN.fullmatch(letters):
        return ""
    letters = LATIN_ARTICLE.sub("", letters)
    for spelling, sign in LATIN_LETTERS:
        letters = spelling.sub(sign, letters)
    return letters


@lru_cache(maxsize=16_384)
def sound_fr(word: str) -> str:
    """A French word, or an English one in a French ear, as it is heard: contrat and contra, refugier and réfugiés.

    Empty for a word of fewer than four letters, or with anything but Latin letters.
    """
    letters = fold(without_elision(word[: LONGEST + 1])).replace("-", "").replace("'", "")
    if len(letters) > LONGEST or not FRENCH.fullmatch(letters):
        return ""
    for spelling, sound in FRENCH_SOUNDS:
        letters = spelling.sub(sound, letters)
    return letters
