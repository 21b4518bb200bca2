"""What goes into the search and what comes out: entries, queries, hits and results. Both engines speak of nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

FACETS = ("kind", "topic", "category", "region", "city", "language", "welcomes")
OPEN, NOW = "open", "now"  # the facet of what is open at this moment, and its one value
ANYONE = "everyone"  # a value of “welcomes” that stands for all of them
LONGEST_QUERY = 300  # characters; what follows is not read
LARGEST_PAGE = 50


@dataclass(frozen=True)
class Section:
    """A part of a text that can be linked to."""

    anchor: str
    heading: str
    text: str


@dataclass(frozen=True)
class Words:
    """The texts of an entry in one language. `keywords`: what it is also found by, such as its city or organisation."""

    title: str
    summary: str = ""
    sections: tuple[Section, ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A guide or a service as the search knows it. It never holds a hidden address, a name of a person or a note.

    `path` is the address below the language. `facets` holds for each of FACETS its values. `point` is (latitude,
    longitude) in degrees. `open_in` are the terms of services/hours/open_now.py for its hours. `weight` (0 to 1) lifts what
    is confirmed and has room among equals.
    """

    kind: str
    identifier: str
    path: str
    topic: str
    texts: Mapping[str, Words]
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    point: tuple[float, float] | None = None
    open_in: tuple[str, ...] = ()
    weight: float = 0.0
    label: str = ""  # what a template may need of it: the icon of its category


@dataclass(frozen=True)
class Query:
    """What is asked. Unknown filters and values find nothing rather than fail; `page` counts from 1.

    `filters`: a name of FACETS → values, any of which will do; names add up. `open_now` keeps what is open at this
    moment. `near` is (latitude, longitude): the nearest first, and nothing without a point. `facets`: of which of
    FACETS, and whether of OPEN, the counts are wanted.
    """

    text: str = ""
    language: str = "fr"
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    open_now: bool = False
    near: tuple[float, float] | None = None
    page: int = 1
    size: int = 20
    facets: tuple[str, ...] = (*FACETS, OPEN)

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size


@dataclass(frozen=True)
class Hit:
    """One result, in the reader's language where it exists, else in `language`. `anchor`: the section that answers."""

    kind: str
    identifier: str
    topic: str
    title: SafeString
    excerpt: SafeString
    language: str
    path: str
    score: float
    anchor: str = ""
    heading: str = ""
    distance_km: float | None = None

    @property
    def url(self) -> str:
        return f"{self.path}#{self.anchor}" if self.anchor else self.path


@dataclass(frozen=True)
class Results:
    """A page of hits. `facets`: for each facet its values and how many each would leave. `corrected`: did you mean."""

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    corrected: str
    engine: str
    took_ms: float
    degraded: bool = False


@dataclass(frozen=True)
class Found:
    """What an engine answers: entries with their scores, before they are put into the reader's words."""

    entries: tuple[tuple[float, Entry], ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]


class EngineFailed(Exception):
    """The engine cannot answer: it is away, slow, or says what nobody understands. The door asks the other one."""
