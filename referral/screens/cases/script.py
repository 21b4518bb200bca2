"""The text that is read out before consent is asked, in the language of the person where it is written in it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language

FILE = Path(__file__).with_name("script.toml")
SPOKEN_AS = {"ary": "ar"}  # read in this written language


@dataclass(frozen=True)
class Script:
    """The text in one language, with its version, which the consent keeps."""

    language: str
    title: str
    lines: tuple[str, ...]

    @property
    def direction(self) -> str:
        return "rtl" if self.language in settings.LANGUAGES_BIDI else "ltr"


@cache
def scripts() -> tuple[str, tuple[Script, ...]]:
    """The version, and the text in each language that it is written in."""
    with FILE.open("rb") as file:
        raw = tomllib.load(file)
    version = str(raw.pop("version"))
    return version, tuple(Script(code, part["title"], tuple(part["lines"])) for code, part in raw.items())


def version() -> str:
    """The version of the text."""
    return scripts()[0]


def for_person(languages: Iterable[str]) -> tuple[list[Script], bool]:
    """The texts, the best for this person first; and whether it is in a language of theirs (else an interpreter reads it)."""
    wanted = [SPOKEN_AS.get(code, code) for code in languages]
    found = {script.language: script for script in scripts()[1]}
    first = next((code for code in wanted if code in found), None)
    order = list(dict.fromkeys([first or get_language() or settings.LANGUAGE_CODE, *found]))
    return [found[code] for code in order if code in found], first is not None


def spoken_here(languages: Iterable[str]) -> list[str]:
    """The languages of the person, first the one of this screen: whoever reads out reads that one."""
    here = get_language()
    return sorted(languages, key=lambda code: SPOKEN_AS.get(code, code) != here)
