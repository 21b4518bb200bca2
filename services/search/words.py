"""A word of a query, as it was typed and as it may have been meant."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """A word as typed and in its surface form. `known`: the index holds it; `instead`: known words that it may stand for.

    A `small` word (“the”, « pour », «ديال») says little: it is looked for, and hardly counts. So is a word that `belongs`
    to a synonym of several words: “birth certificate” is not about every certificate.
    """

    typed: str
    folded: str
    known: bool
    small: bool = False
    instead: tuple[str, ...] = ()
    belongs: bool = False
