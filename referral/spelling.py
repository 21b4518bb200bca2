"""One spelling for what people write in several ways, numbers and names, so that a blind index finds it again."""

from __future__ import annotations

import unicodedata

# ى as ي, ة as ه, the letters of Persian keyboards as the Arabic ones; a hamza of its own, and the stroke that lengthens, as nothing.
ALIKE = str.maketrans({"ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ٱ": "ا", "ء": None, "ـ": None})
COUNTRY = "212"  # of Morocco (ITU-T E.164); what follows has 9 digits
NATIONAL_DIGITS = 9


def plain_number(text: str) -> str:
    """The digits that count: those of every script as 0–9, without the 0, the 00 and the prefix of Morocco before them."""
    digits = "".join(str(unicodedata.digit(sign)) for sign in text if sign.isdigit()).lstrip("0")
    if digits.startswith(COUNTRY) and len(digits) >= len(COUNTRY) + NATIONAL_DIGITS:
        digits = digits[len(COUNTRY) :].lstrip("0")  # also +212 (0)6 …
    return digits


def plain_name(text: str) -> str:
    """The letters that count: small, without marks, hamzas, hyphens and spaces, so that Ben Ali is Benali."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if sign.isalnum()).translate(ALIKE)
