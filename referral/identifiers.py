"""Codes that people read, type and dictate: case code, follow-up code with its PIN, short code of a signed link."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from itertools import pairwise

from django.utils.translation import gettext as _

CASE_SYMBOLS = "ACEFHJKMNPRTUVWXY3479"  # without the look-alikes B8 G6 I1l 0OQD S5 Z2 (CLA's alphabet)
CASE_LENGTH = 8  # and a check symbol: 21 ** 8, about 35 bits. An identifier, not a secret
FOLLOW_UP_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
FOLLOW_UP_LENGTH = 12  # 60 bits
LOOKS_LIKE = str.maketrans("OIL", "011")  # Crockford: these letters are not in the alphabet, so nothing is lost
PIN_LENGTH = 6
SHORT_LENGTH = 6
PEPPER_BYTES = 16  # a shorter secret is refused
LONGEST_TYPED = 64  # characters: more is not a code, and is not looked at
CHECK_REMAINDER = 8  # chosen so that 7K3F-H9XR-M, the example of the specification, is a code


class WrongCode(ValueError):
    """What was typed is no code of this kind. `str()` is one sentence in the active language; it never repeats the code."""


class WeakPin(ValueError):
    """A PIN that many would try first. `str()` is one sentence in the active language."""


def new_case_code() -> str:
    """A random case code, such as 7K3F-H9XR-M, that carries nothing of the case. It may exist already: try again then."""
    symbols = "".join(secrets.choice(CASE_SYMBOLS) for _number in range(CASE_LENGTH))
    return _case_shape(symbols + check_symbol(symbols))


def parse_case_code(text: str) -> str:
    """The code in its one shape. Forgives case, spaces, dashes, wide letters and Arabic digits. Raises WrongCode.

    No look-alike is forgiven: of each such pair (0 and O, 1 and I, 5 and S …) neither is in the alphabet, so nobody
    knows which symbol was meant. The check symbol finds every single wrong symbol and every swap of neighbours.
    """
    symbols = _typed(text)
    if len(symbols) != CASE_LENGTH + 1 or not set(symbols) <= set(CASE_SYMBOLS):
        raise WrongCode(_("A case code has 9 letters and digits, such as 7K3F-H9XR-M."))
    if check_symbol(symbols[:CASE_LENGTH]) != symbols[CASE_LENGTH]:
        raise WrongCode(_("There is a typing mistake in this case code: compare it with the paper."))
    return _case_shape(symbols)


def check_symbol(symbols: str) -> str:
    """The symbol that makes the sum, each symbol weighing twice its right neighbour, the agreed remainder modulo 21.

    The pure system of ISO 7064 with radix 2, modulo 21. A wrong symbol changes the sum by a difference below 21 times a
    power of 2, a swap of neighbours by the same; 2 has no factor in common with 21, so neither is ever 0 modulo 21.
    """
    total = 0
    for symbol in symbols:
        total = (total + CASE_SYMBOLS.index(symbol)) * 2
    return CASE_SYMBOLS[(CHECK_REMAINDER - total) % len(CASE_SYMBOLS)]


def new_follow_up_code() -> str:
    """A secret of 60 random bits for the person, such as 4F7K-9QW2-M0XH (in groups of 4). Only its HMAC may be stored."""
    return _groups("".join(secrets.choice(FOLLOW_UP_SYMBOLS) for _number in range(FOLLOW_UP_LENGTH)))


def parse_follow_up_code(text: str) -> str:
    """The code in its one shape. Forgives case, spaces, dashes, Arabic digits, O for 0, I and L for 1. Raises WrongCode."""
    symbols = _typed(text).translate(LOOKS_LIKE)
    if len(symbols) != FOLLOW_UP_LENGTH or not set(symbols) <= set(FOLLOW_UP_SYMBOLS):
        raise WrongCode(_("The code has 12 letters and digits."))
    return _groups(symbols)


def parse_pin(text: str) -> str:
    """Six digits 0–9, typed as digits of any script. Raises WrongCode. For checking a PIN that somebody has."""
    digits = _typed(text)
    if not re.fullmatch(rf"[0-9]{{{PIN_LENGTH}}}", digits):
        raise WrongCode(_("The PIN has 6 digits."))
    return digits


def choose_pin(text: str) -> str:
    """A PIN that a person chooses. Raises WrongCode, and WeakPin for one that others would try first.

    Refused: fewer than three different digits (000000, 121212), a part repeated (123123), digits that count up or down,
    past 9 too (123456, 890123, 654321), also each twice (112233).
    """
    pin = parse_pin(text)
    halves = (pin[:3], pin[3:])
    doubled = pin[0::2] if pin[0::2] == pin[1::2] else ""
    if len(set(pin)) < 3 or halves[0] == halves[1] or _counts(pin) or (doubled and _counts(doubled)):
        raise WeakPin(_("This PIN is too easy to guess. Choose other digits."))
    return pin


def new_short_code() -> str:
    """Six random digits, which the sender reads out by phone: they open a signed link, and nothing without the link."""
    return f"{secrets.randbelow(10**SHORT_LENGTH):0{SHORT_LENGTH}}"


def parse_short_code(text: str) -> str:
    """Six digits 0–9, typed as digits of any script, with spaces. Raises WrongCode."""
    digits = _typed(text)
    if not re.fullmatch(rf"[0-9]{{{SHORT_LENGTH}}}", digits):
        raise WrongCode(_("The short code has 6 digits."))
    return digits


def hmac_of(code: str, pepper: bytes) -> str:
    """HMAC-SHA256 of a code in its one shape, as 64 hexadecimal digits: what is stored, and looked up, in its place.

    Compare with `hmac.compare_digest`. Raises ValueError if the pepper has fewer than PEPPER_BYTES bytes.
    """
    if len(pepper) < PEPPER_BYTES:
        raise ValueError(f"The pepper must have at least {PEPPER_BYTES} bytes.")
    return hmac.new(pepper, code.encode(), hashlib.sha256).hexdigest()


def _typed(text: str) -> str:
    """Letters and digits as capital ASCII; separators and invisible marks left out; empty if it is far too long."""
    if len(text) > LONGEST_TYPED:
        return ""
    found = []
    for sign in unicodedata.normalize("NFKC", text).upper():
        if unicodedata.category(sign) == "Nd":
            found.append(str(unicodedata.digit(sign)))
        elif not (sign.isspace() or unicodedata.category(sign) in {"Pd", "Cf"} or sign in "._·"):
            found.append(sign)
    return "".join(found)


def _case_shape(symbols: str) -> str:
    return f"{symbols[:4]}-{symbols[4:8]}-{symbols[8]}"


def _groups(symbols: str) -> str:
    return "-".join(symbols[start : start + 4] for start in range(0, len(symbols), 4))


def _counts(digits: str) -> bool:
    """Whether each digit is one more, or each one less, than the digit before, 0 after 9."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
    return steps in ({1}, {9})
