"""What makes case data unreadable to whoever has only the database: the key ring, keys wrapped by keys, sealed fields.

ring → partner key → case key → field. The ring is in CASE_KEYS, outside the database; everything else is a row. AES-256-GCM
(NIST SP 800-38D) with random 96-bit nonces; HKDF-SHA256 (RFC 5869) where a key is derived. See docs/decisions/0013.
"""

from .box import Box, CannotOpen, keyed_digest, new_key
from .fields import SealedField
from .ring import KeyRing, UnknownKey, ring

__all__ = ["Box", "CannotOpen", "KeyRing", "SealedField", "UnknownKey", "keyed_digest", "new_key", "ring"]
