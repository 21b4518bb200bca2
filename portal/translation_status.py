"""The state of a translation, section by section. Pure: digests in, names of sections out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

# What a section holds besides words: a new source or a fact number makes no translation older.
NOT_WORDS = {"facts", "citations", "type"}


def digests(wording: Mapping[str, Any]) -> dict[str, str]:
    """A digest for each section: the same words in the same blocks give the same digest, whatever their sources."""
    return {name: _digest(_words(part)) for name, part in wording.items()}


def sections_behind(made_from: Mapping[str, str], source_now: Mapping[str, str]) -> frozenset[str]:
    """The sections whose source has changed since the translation was made. Nothing known of its making: none."""
    if not made_from:
        return frozenset()
    return frozenset(name for name, digest in source_now.items() if made_from.get(name) != digest)


def _words(part: Any) -> Any:
    """Without what is not read, and without what is empty: a form writes “no” where a file says nothing."""
    if isinstance(part, Mapping):
        return {
            name: _words(value)
            for name, value in part.items()
            if name not in NOT_WORDS and value not in ("", None, False)
        }
    if isinstance(part, list | tuple):
        return [_words(value) for value in part]
    return part


def _digest(words: Any) -> str:
    return hashlib.sha256(json.dumps(words, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
