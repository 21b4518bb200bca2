"""A word of a query, as it was typed and as it may have been meant."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """A word as typed and in its surface form.

    `found`: a text of the index holds it. `known`: or a synonym does. `instead`: known words that it may stand for.
    A `small` word (“the”, « pour », «ديال») says little: it is looked for only where there is no other. So is, in part,
    a word that `belongs` to a synonym of several words: “birth certificate” is not about every certificate.
    """

    typed: str
    folded: str
    found: bool
    known: bool
    small: bool = False
    instead: tuple[str, ...] = ()
    belongs: bool = False
