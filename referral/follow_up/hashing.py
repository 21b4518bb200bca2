"""What is kept in place of a code, a PIN, a network: keyed hashes, under keys derived from one secret that outlives the ring."""

from __future__ import annotations

from datetime import date

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from referral.encryption import Box
from referral.encryption.box import KEY_BYTES
from referral.identifiers import hmac_of
from referral.safety.keys import follow_up_secret


def code_hash(code: str) -> str:
    """What a code in its one shape is found by."""
    return hmac_of(code, _key("codes"))


def pin_word(code: str, pin: str) -> str:
    """What Argon2 is given in place of a PIN. People use one PIN for many things: the database alone must not tell it."""
    return hmac_of(f"{code} {pin}", _key("pins"))


def count_digest(what: str, about: str = "", on: date | None = None) -> str:
    """The name of a count. With a day it is another one every day, so that no network is known again tomorrow."""
    return hmac_of(f"{what} {on or ''} {about}", _key("counts"))


def ticket_box() -> Box:
    """Seals what an opened page carries in place of code and PIN."""
    return Box(_key("tickets"), "follow-up tickets")


def _key(purpose: str) -> bytes:
    info = f"dalil follow-up {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(follow_up_secret())
