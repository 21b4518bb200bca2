"""Collects what is wrong with a pack, each as a sentence that names the file, the place in it and what to do."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

LONGEST_SHOWN = 600
MOST = 100  # sentences about one file; nobody reads more at once


class FaultyPack(Exception):
    """A text that is not a procedure. `faults` are the sentences, in the language of the reader."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Faults:
    """The sentences about one file, in the order in which they were found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.sentences: list[str] = []

    def add(self, place: str, sentence: str, **values: Any) -> None:
        """Add a sentence about a place such as “steps.orientation.limit”; empty: the whole file.

        After a hundred no more are kept.
        """
        if self.full:
            return
        shown = {name: value if isinstance(value, int) else visible(value) for name, value in values.items()}
        where = f"{self.file}, {visible(place)}" if place else self.file
        self.sentences.append(f"{where}: {sentence % shown if shown else sentence}")

    @property
    def full(self) -> bool:
        """Whether more sentences would help nobody."""
        return len(self.sentences) >= MOST

    def __bool__(self) -> bool:
        return bool(self.sentences)


def unknown(faults: Faults, place: str, found: list[str] | tuple[str, ...], allowed: Any) -> None:
    """A sentence for each of these that is not allowed here."""
    for value in found:
        if value not in allowed and not faults.full:
            faults.add(
                place,
                _("“%(value)s” is not known here. Use one of: %(allowed)s."),
                value=value,
                allowed=listed(allowed),
            )


def listed(values: Any) -> str:
    """Keys in a sentence, in a fixed order."""
    return ", ".join(values if isinstance(values, tuple | list) else sorted(values)) or "–"


def visible(value: object) -> str:
    """What somebody else wrote, short and without signs that cannot be seen."""
    text = "".join(sign if sign.isprintable() else "�" for sign in str(value))
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
