"""The keys of the operator, outside the database: what wraps the keys of the partners."""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from .box import KEY_BYTES, Box, CannotOpen

NAME = re.compile(r"[A-Za-z0-9_-]{1,20}")
ADVICE = (
    "CASE_KEYS must be one or more “name:key” divided by commas, each name once, the first for what is new; "
    "a key is 32 random bytes in base64 (openssl rand -base64 32)."
)


class UnknownKey(CannotOpen):
    """A value names a key that the ring no longer holds."""


class KeyRing:
    """Named 256-bit keys. The first seals what is new; all of them open. Raises ValueError with advice for a bad text."""

    def __init__(self, text: str) -> None:
        parts = [_read(part) for part in text.split(",") if part.strip()]
        keys = dict(parts)
        if not keys or len(keys) < len(parts):  # two keys of one name: one of them would open nothing, in silence
            raise ValueError(ADVICE)
        self.current = next(iter(keys))
        self._boxes = {name: Box(_derived(key, b"dalil wrapping"), name) for name, key in keys.items()}

    def wrap(self, key: bytes, place: str) -> bytes:
        """The key, sealed by the current key of the ring, for this place."""
        return self.current.encode() + b":" + self._boxes[self.current].seal_bytes(key, place)

    def unwrap(self, wrapped: bytes, place: str) -> bytes:
        """The key again, whichever key of the ring sealed it. UnknownKey if the ring lacks that one."""
        name, _colon, sealed = bytes(wrapped).partition(b":")
        if (box := self._boxes.get(name.decode("ascii", "replace"))) is None:
            raise UnknownKey(place)
        return box.open_bytes(sealed, place)

    def is_current(self, wrapped: bytes) -> bool:
        """Whether the current key sealed it, so that it need not be wrapped again."""
        return bytes(wrapped).partition(b":")[0].decode("ascii", "replace") == self.current


def _read(part: str) -> tuple[str, bytes]:
    name, _colon, text = part.strip().partition(":")
    try:
        key = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not NAME.fullmatch(name) or len(key) != KEY_BYTES or len(set(key)) < KEY_BYTES // 4:
        raise ValueError(ADVICE)
    return name, key


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(key)


@lru_cache(maxsize=4)
def _ring(text: str) -> KeyRing:
    return KeyRing(text)


def ring() -> KeyRing:
    """The key ring of this site (settings.CASE_KEYS)."""
    return _ring(settings.CASE_KEYS)
