"""What stands in one field of the form: words with their direction and language, so that no value disturbs its neighbours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi

from services.presenting import Text, listed

LONGEST = 300
PARAGRAPH = 80  # signs
JOINERS = "\u200c\u200d"  # letters of Persian and of Indian scripts need them
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # controls, bidi controls, halves of pairs, no characters
MARKS = r"[\u0300-\u036f\u0483-\u0489\u064b-\u065f\u0670\u20d0-\u20f0]"
PILES = re.compile(rf"({MARKS}{{3}}){MARKS}+")  # marks upon marks, which would climb over the lines above
NUMBER = re.compile(r"\+?\d[\d\u00a0 ./()-]*\d")  # a phone number, a date: from left to right inside Arabic too
ISOLATED = "\u2066\\g<0>\u2069"
STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}
CUT = "…"


@dataclass(frozen=True)
class Words:
    """A text that stands by itself: it is isolated from what is beside it. `day`: written out by the template."""

    text: str
    direction: str
    language: str = ""
    day: date | None = None

    @property
    def is_long(self) -> bool:
        """Whether it is a paragraph, which begins on its own side of the paper."""
        return len(self.text) > PARAGRAPH


@dataclass(frozen=True)
class Field:
    """A label and what stands beside it: words, boxes to tick, or so many lines to write on. `wide`: alone in its row."""

    label: str
    words: tuple[Words, ...] = ()
    boxes: tuple[str, ...] = ()
    lines: range = range(0)
    wide: bool = False


@dataclass(frozen=True)
class Section:
    """A part of the form: rows of one wide or two narrow fields."""

    title: str
    rows: tuple[tuple[Field, ...], ...]
    note: str = ""


def section(title: Any, fields: Iterable[Field | None], note: Any = "") -> Section:
    """The fields that there are, two narrow ones a row."""
    rows: list[list[Field]] = []
    for field in filter(None, fields):
        if field.wide or not rows or rows[-1][0].wide or len(rows[-1]) > 1:
            rows.append([field])
        else:
            rows[-1].append(field)
    rows = [row if len(row) > 1 else [replace(row[0], wide=True)] for row in rows]
    return Section(str(title), tuple(map(tuple, rows)), str(note))


def field(label: Any, *words: Words | None, wide: bool = False) -> Field | None:
    """A field with what is known; None if nothing is."""
    known = tuple(one for one in words if one is not None and (one.text or one.day))
    return Field(str(label), known, wide=wide) if known else None


def ours(text: Any) -> Words:
    """A text of the site in the language of the form."""
    return Words(str(text), _direction_of_page(), get_language() or "")


def told(text: Text) -> Words | None:
    """A text of the directory in the language that it has."""
    return Words(text.words, direction_of(text.words), text.language) if text else None


def typed(value: Any, longest: int = LONGEST) -> Words | None:
    """What somebody has typed, harmless, in its own direction; its language is known only where its letters tell."""
    text = cleaned(value, longest)
    if not text:
        return None
    direction = direction_of(text)
    return Words(NUMBER.sub(ISOLATED, text), direction, "ar") if direction == "rtl" else Words(text, direction)


def code(value: Any) -> Words | None:
    """A code, a number, an address of mail: from left to right in every language."""
    text = cleaned(value)
    return Words(text, "ltr") if text else None


def on(moment: datetime | None, *, hour: bool = False) -> Words | None:
    """A day, with the time of day if the hour counts."""
    if moment is None:
        return None
    local = timezone.localtime(moment)
    return Words(local.strftime("%H:%M") if hour else "", _direction_of_page(), day=local.date())


def chosen(choices: type[TextChoices], value: Any) -> Words | None:
    """The label of a value of a closed list; a value that is no longer in it stands as it was kept."""
    known = {str(one.value): one.label for one in choices}
    return ours(known[value]) if isinstance(value, str) and value in known else typed(value)


def several(choices: Any, values: Any) -> Words | None:
    """The labels of several values in one list; `choices`: pairs of value and label."""
    known = {str(value): str(label) for value, label in choices}
    found = values if isinstance(values, list | tuple) else []
    return ours(listed(known.get(str(one)) or cleaned(one, 40) for one in found)) if found else None


def cleaned(value: Any, longest: int = LONGEST) -> str:
    """One line without anything unseen, cut where it is longer than what the form of the screen takes."""
    text = unicodedata.normalize("NFC", value if isinstance(value, str) else "")[: longest * 4]
    seen = "".join(sign if sign in JOINERS or unicodedata.category(sign) not in UNSEEN else " " for sign in text)
    line = PILES.sub(r"\1", " ".join(seen.split()))
    return line if len(line) <= longest else line[:longest].rstrip() + CUT


def direction_of(text: str) -> str:
    """That of the first letter; of the page where there is none."""
    found = (STRONG.get(unicodedata.bidirectional(sign)) for sign in text)
    return next((one for one in found if one), "ltr")


def _direction_of_page() -> str:
    return "rtl" if get_language_bidi() else "ltr"
