"""Repairs letters before any search looks at them, and folds a text to the form in which two spellings are compared.

People paste from PDF files, type on Persian or Maghrebi keyboards, with or without vowel signs: `clean` makes of it the
letters that the analysers of Lucene expect. Send `clean(text)` to a real search node, and its terms are ours.
Sources: the Unicode Character Database as Python has it; Unicode Standard Annex 15 (normalisation forms).
"""

from __future__ import annotations

import re
import unicodedata

MAX_LENGTH = 100_000  # characters; what follows is not searched: no record is as long as a book

TATWEEL = "\u0640"
# Signs above and below Arabic letters: vowels, shadda, honorifics, Quranic pauses. They change no search.
ARABIC_MARKS = "\u0610-\u061a\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff"
# Hamza and madda as separate signs: first joined with their letter (alef + hamza above = أ), dropped where they stay.
JOINING_MARKS = "\u0653-\u0655"

# Letters of Persian keyboards and Maghrebi writing, by the letter of official Moroccan spelling (أڭادير is أكادير).
VARIANTS = {"ا": "ٱ", "ي": "یېے", "ك": "کڪگڭݣڮ", "ه": "ھہەۀ", "ة": "ۃ", "ف": "ڤڢڥ", "ق": "ڧ", "ب": "پ", "ج": "چ"}

HAMZA_FORMS = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ي", "ى": "ي", "ة": "ه", "ء": ""}
PUNCTUATION = {
    "'": "’‘ʼʻ‛`´ʹ′＇",
    '"': "“”„«»″",
    "-": "‐‑‒–—―−⁃﹘﹣－",
    "?": "؟",
    ",": "،٫٬",
    ";": "؛",
    "%": "٪",
    "*": "٭",
}
LATIN = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ŋ": "ng", "ɣ": "gh"}

SPACES = re.compile(r"\s+")
WORDS = re.compile(r"[^\W_]+")


def _letters(character: str) -> str | None:
    """What a ligature, a full-width or a positional form stands for; None when it only carries a vowel sign."""
    plain = unicodedata.normalize("NFKC", character)
    return re.sub(f"[ {TATWEEL}{ARABIC_MARKS}{JOINING_MARKS}]", "", plain) or None


def _repairs() -> dict[int, str | None]:
    """For each character that has one, its replacement before composition."""
    table: dict[int, str | None] = {}
    for code in range(0x10000):
        character = chr(code)
        category = unicodedata.category(character)
        if category == "Nd" and code > 0x7F:
            table[code] = str(unicodedata.decimal(character))
        elif category in {"Cc", "Cs"} or code == 0x200B:
            table[code] = " "
        elif category == "Cf":
            table[code] = None
    positional = [
        *range(0xFB00, 0xFB07),
        *range(0xFB50, 0xFDC8),
        *range(0xFDF0, 0xFDFA),
        *range(0xFE70, 0xFEFD),
        *range(0xFF21, 0xFF5B),
    ]
    for code in positional:
        if unicodedata.category(chr(code))[0] == "L" and _letters(chr(code)) != chr(code):
            table[code] = _letters(chr(code))
    table.update(dict.fromkeys(code for code in range(0x0600, 0x0900) if re.match(f"[{ARABIC_MARKS}]", chr(code))))
    table.update({ord(TATWEEL): None} | {ord(quote): "'" for quote in "‘ʼʻ＇"})
    return table


REPAIRS = _repairs()
AFTER_COMPOSITION: dict[int, str | None] = {
    **{ord(variant): letter for letter, variants in VARIANTS.items() for variant in variants},
    **dict.fromkeys(range(0x0653, 0x0656)),
}
FOLDS: dict[int, str | None] = {
    **{ord(sign): plain for plain, signs in PUNCTUATION.items() for sign in signs},
    **{ord(letter): plain for letter, plain in (HAMZA_FORMS | LATIN).items()},
    **dict.fromkeys([*range(0x0300, 0x0370), *range(0x0653, 0x0656)]),
}


def clean(text: str) -> str:
    """The same text in the letters an analyser expects, at most MAX_LENGTH characters of it.

    Positional forms, ligatures and full-width letters become plain letters, digits ASCII, Persian and Maghrebi letters
    those of official Moroccan spelling; vowel signs, tatweel and invisible signs go; controls become spaces.
    Accents, hamzas and capitals stay: the chain of each language decides about them.
    """
    text = text[:MAX_LENGTH]
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", text.translate(REPAIRS)).translate(AFTER_COMPOSITION)


def fold(text: str) -> str:
    """The form for comparing, suggesting and matching synonyms: small letters, no accents, no vowel signs, bare alef.

    ى is ي, ة is ه, a hamza is its seat; digits are ASCII; apostrophes, dashes and quotation marks are the typewriter's;
    spaces are single. Folding a folded text changes nothing.
    """
    folded = text[:MAX_LENGTH].lower() if text.isascii() else _folded(text)
    return SPACES.sub(" ", folded.translate(REPAIRS) if not folded.isprintable() else folded).strip()


def _folded(text: str) -> str:
    text = clean(text).translate(FOLDS)
    text = unicodedata.normalize("NFKD", text.casefold()).translate(REPAIRS).translate(FOLDS)
    text = unicodedata.normalize("NFKC", text.casefold()).translate(AFTER_COMPOSITION)
    return text.translate(FOLDS)


def fold_words(text: str) -> list[str]:
    """The words of the folded text, cut at everything that is neither a letter nor a digit: “l'école” is l, ecole."""
    return WORDS.findall(fold(text))
