"""Seals and opens values with one key. A sealed value opens only in the place for which it was sealed."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
TAG_BYTES = 16
NONCE_BYTES = 12  # random: safe for 2³² values a key (NIST SP 800-38D §8.3); a case has some hundreds
VERSION = b"\x01"
BLOCK = 32  # bytes; a sealed text tells its length only in steps of this


class CannotOpen(Exception):
    """The value was changed, moved to another place, or sealed with another key. Says nothing of the value."""


def new_key() -> bytes:
    """A random 256-bit key."""
    return secrets.token_bytes(KEY_BYTES)


class Box:
    """Seals values under one key. `about`: whose key it is; a value of one box never opens in another.

    `older`: keys that were in use before; they still open, and seal nothing. ValueError for a key that is not 256 bits long.
    """

    def __init__(self, key: bytes, about: str, older: Iterable[bytes] = ()) -> None:
        keys = [key, *older]
        if any(len(one) != KEY_BYTES for one in keys):
            raise ValueError("A key has 256 bits.")
        self._ciphers = [AESGCM(one) for one in keys]
        self._about = about

    def seal(self, value: Any, place: str) -> bytes:
        """The value (anything that JSON can hold) as bytes that only this box opens, and only for this `place`."""
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        plain += b" " * (-len(plain) % BLOCK)
        return self.seal_bytes(plain, place)

    def open(self, sealed: bytes, place: str) -> Any:
        """The value again. CannotOpen where anything is wrong with it."""
        plain = self.open_bytes(sealed, place)
        try:
            return json.loads(plain.decode("utf-8", "surrogatepass"))
        except ValueError:  # it was sealed as bytes; the error holds the plain text, so it goes no further
            pass
        raise CannotOpen(place)

    def seal_bytes(self, plain: bytes, place: str) -> bytes:
        """Bytes as they are: files, and keys of other boxes. Their length shows."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return VERSION + nonce + self._ciphers[0].encrypt(nonce, plain, self._bound(place))

    def open_bytes(self, sealed: bytes, place: str) -> bytes:
        """The bytes again. CannotOpen where anything is wrong with them."""
        sealed = bytes(sealed)
        if not looks_sealed(sealed):
            raise CannotOpen(place)
        nonce, rest = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        for cipher in self._ciphers:
            with suppress(InvalidTag):
                return cipher.decrypt(nonce, rest, self._bound(place))
        raise CannotOpen(place)

    def _bound(self, place: str) -> bytes:
        return json.dumps([self._about, place]).encode()  # a list: no two pairs read alike


def looks_sealed(value: bytes) -> bool:
    """Whether these bytes have the shape of a sealed value: a guard against plain text in a sealed column, and no proof."""
    return value[:1] == VERSION and len(value) >= 1 + NONCE_BYTES + TAG_BYTES


def keyed_digest(key: bytes, plain: bytes) -> str:
    """HMAC-SHA256 in hex: tells whether bytes are the same to who has the key, and nothing to anybody else."""
    return hmac.new(key, plain, hashlib.sha256).hexdigest()
