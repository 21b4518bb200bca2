"""Telephone numbers as people read them and as phones dial them."""

from __future__ import annotations

import re

COUNTRY = "+212"
MOBILE = re.compile(r"^(?:\+212|0)[67]\d{8}$")


def international(digits: str) -> str:
    """“+212537545400” for “0537545400”; short numbers and those of other countries as they are."""
    return f"{COUNTRY}{digits[1:]}" if len(digits) == 10 and digits.startswith("0") else digits


def grouped(digits: str) -> str:
    """As people here say a number: “05 37 54 54 00” (spaces that do not break); others as they are."""
    national = f"0{digits[4:]}" if len(digits) == 13 and digits.startswith(COUNTRY) else digits
    if len(national) == 10 and national.startswith("0"):
        return "\u00a0".join(national[at : at + 2] for at in range(0, 10, 2))
    return national


def is_mobile(digits: str) -> bool:
    """Whether this number of the country can be sent a text message."""
    return bool(MOBILE.match(digits))
