"""A standard procedure as the software holds it: steps, limits, rules, fields, sources and their texts. Nothing changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language

from .vocabulary import CASE_KIND, MANUAL


@dataclass(frozen=True)
class Words:
    """One text in several languages. `str()` gives it in the language of the reader."""

    by_language: tuple[tuple[str, str], ...] = ()

    def written_in(self, language: str) -> str:
        """The text in this language, or else in the first fallback language that has it, or else empty."""
        found = dict(self.by_language)
        order = (language, language.split("-", maxsplit=1)[0], *settings.FALLBACK_LANGUAGES)
        return next((found[code] for code in order if found.get(code)), "")

    def __str__(self) -> str:
        return self.written_in(get_language() or settings.LANGUAGE_CODE)


@dataclass(frozen=True)
class Source:
    """Where a row comes from, what we saw of it, and whether somebody must confirm it before anybody relies on it."""

    id: str
    title: str  # in the source's own language
    date: str  # ISO date or year; empty: not known
    seen: str
    verify: bool


@dataclass(frozen=True)
class Limit:
    """Within how much time a step is due. `since`: "opened", a step (when it was done), or else a dated field."""

    unit: str
    since: str
    amount: int = 0  # 0: by urgency


@dataclass(frozen=True)
class Rhythm:
    """How often a step comes back until the procedure moves on."""

    amount: int
    unit: str


@dataclass(frozen=True)
class Field:
    """Something that must be known: typed, or (kind "case") what the software reads from the case by `check`."""

    key: str
    kind: str
    label: Words
    check: str = ""
    tier: int = 0  # 0: not typed
    choices: tuple[tuple[str, Words], ...] = ()

    @property
    def typed(self) -> bool:
        """Whether somebody types it."""
        return self.kind != CASE_KIND


@dataclass(frozen=True)
class Rule:
    """What must or must not be done, and how that is checked."""

    key: str
    check: str
    wording: Words
    args: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    services: tuple[str, ...] = ()  # it concerns orientations to these service types only; empty: to any

    @property
    def manual(self) -> bool:
        """Whether a person reads and ticks it; otherwise the software enforces it."""
        return self.check == MANUAL


@dataclass(frozen=True)
class Step:
    """One row of a procedure. Keys of fields, rules and sources are looked up in the procedure."""

    key: str
    stage: str
    title: Words
    what: Words
    when: Words  # empty for most steps that have a limit
    next: tuple[str, ...]
    actors: tuple[str, ...]
    fields: tuple[str, ...]
    must: tuple[str, ...]
    must_not: tuple[str, ...]
    services: tuple[str, ...]
    sources: tuple[str, ...]
    limit: Limit | None = None
    every: Rhythm | None = None
    escalate_to: str = ""

    @property
    def is_end(self) -> bool:
        """Whether the procedure ends here."""
        return not self.next


@dataclass(frozen=True)
class Procedure:
    """One version of the procedure of one profile. Rules, fields and sources include those of the shared pack.

    `general` are the keys of the rules that hold at every step. Nothing in it is official unless `source_status` says so.
    """

    profile: str
    version: str
    source_status: str
    validated_by: str
    sensitive: bool
    start: str
    title: Words
    summary: Words
    legal: Words
    steps: tuple[Step, ...]
    fields: Mapping[str, Field]
    rules: Mapping[str, Rule]
    sources: Mapping[str, Source]
    general: tuple[str, ...]
    official_source: str = ""  # the id of the source that is its official document

    def step(self, key: str) -> Step:
        """The step of this key. Raises KeyError for a key of another procedure."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)

    @property
    def first_path(self) -> tuple[Step, ...]:
        """The steps from the start, taking the first way each time: the usual course of a case."""
        path: list[Step] = []
        key = self.start
        while key:
            step = self.step(key)
            if step in path:
                break
            path.append(step)
            key = step.next[0] if step.next else ""
        return tuple(path)
