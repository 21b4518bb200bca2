"""What happens behind the door: read the query, ask an engine, put the answer into the reader's words."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections
from django.utils import timezone

from services.hours import open_now
from services.taxonomy import Situation

from . import embedded, outbox, sources, synonyms, text, upkeep
from .answers import hit
from .entries import ANYONE, LARGEST_PAGE, EngineFailed, Found, Query, Results
from .kept import Kept
from .mixing import mixed
from .reading import Plan, clean, read
from .synonyms import Thesaurus, read_groups

logger = logging.getLogger(__name__)
THESAURUS_KEPT_S = 5.0
MOST_SUGGESTED = 8
MOST_KEPT = 500  # pages of answers
_thesaurus: list[tuple[float, Thesaurus]] = []
_found: Kept[Found] = Kept(MOST_KEPT)


def search(query: Query) -> Results:
    """A page of guides and services that fit the query. Never raises for anything that a reader can send.

    If no engine can answer, the page is empty and `degraded`.
    """
    began = time.perf_counter()
    query = _bounded(query)
    upkeep.look_after(engines())
    try:
        plan = plan_of(query)
        engine, found, degraded = _ask(plan, query)
    except EngineFailed as error:
        logger.warning("search: no engine answers (%s)", type(error).__name__)
        upkeep.heal(embedded.engine())
        return Results((), 0, {}, "", "none", _ms(began), degraded=True)
    hits = tuple(hit(entry, score, plan, query) for score, entry in mixed(found.entries, plan, query))
    corrected = plan.corrected if plan.corrected != text.fold(plan.text) else ""
    return Results(hits, found.total, _with_anyone(found.facets), corrected, engine, _ms(began), degraded)


def plan_of(query: Query) -> Plan:
    """What the query asks for. EngineFailed if the site has no index yet."""
    return read(query.text, query.language, embedded.engine().current().vocabulary, thesaurus())


def suggest(typed: str, language: str, most: int = MOST_SUGGESTED) -> list[str]:
    """Titles and synonyms that begin with what was typed; none that an editor has marked as never shown."""
    prefix = text.fold(clean(typed))
    if not prefix:
        return []
    found = thesaurus().beginning(prefix, language)
    try:
        found += embedded.engine().suggestions(prefix, language, most)
    except EngineFailed:
        upkeep.heal(embedded.engine())
    unique = {text.fold(one): one for one in reversed(found)}
    return [one for one in dict.fromkeys(found) if unique[text.fold(one)] == one][:most]


def rebuild(step: Callable[[int], None] = lambda _done: None, engine: str = "") -> dict[str, int]:
    """Build the index of every engine (or of one) anew beside the old and swap it in. How many entries each holds."""
    built = {}
    for one in engines():
        if engine in ("", one.name):
            done = outbox.forget_before(one.name)
            built[one.name] = one.rebuild(sources.entries(), step, also=thesaurus().words())
            done()
    upkeep.note_hours()
    return built


def prepare(say: Callable[[str], None]) -> None:
    """Make the index where there is none, else carry out what waits. What a site does before it serves."""
    try:
        embedded.engine().current()
        outbox.work()
    except EngineFailed:
        say(f"Search index… {sum(rebuild().values())} entries")


def warm() -> None:
    """Read the synonyms and open the index, so that the first reader does not wait for it. For a thread of its own; never raises."""
    try:
        plan_of(Query())
    except (EngineFailed, DatabaseError) as error:
        logger.warning("search: not ready yet (%s)", type(error).__name__)
    finally:
        connections.close_all()


def forget() -> None:
    """Keep no answer any longer: what a measurement begins with."""
    _found.forget()


def engines() -> list[Any]:
    """The engines of this site, the first one asked first."""
    found: list[Any] = [embedded.engine()]
    if settings.ELASTICSEARCH_URL:
        found.insert(0, import_module("services.search.elastic").engine())
    return found


def _ask(plan: Plan, query: Query) -> tuple[str, Found, bool]:
    *others, last = engines()
    for one in others:
        try:
            return one.name, one.search(plan, query), False
        except EngineFailed as error:
            logger.warning("search: %s does not answer (%s)", one.name, type(error).__name__)
    return last.name, _embedded(last, plan, query), bool(others)


def _embedded(engine: embedded.Embedded, plan: Plan, query: Query) -> Found:
    """What the embedded engine answers, or answered while nothing has changed. Where somebody is, is never kept."""
    if query.near:
        return engine.search(plan, query)
    state = (engine.state(), thesaurus(), open_now.now_tokens(timezone.localtime()))
    return _found.answer(state, (plan.text, query), lambda: engine.search(plan, query))


def thesaurus() -> Thesaurus:
    """The groups of synonyms, read again every THESAURUS_KEPT_S seconds, so that an editor's change holds at once."""
    now = time.monotonic()
    if not _thesaurus or now - _thesaurus[0][0] > THESAURUS_KEPT_S:
        from services.models import SynonymGroup

        rows = list(SynonymGroup.objects.all())
        codes = [code for code, _name in settings.LANGUAGES]
        marks = tuple(
            (row.key, row.topic, row.darija, *(synonyms.words_of(row, code) for code in codes)) for row in rows
        )
        kept = _thesaurus[0][1] if _thesaurus else None
        if kept is None or kept.marks != marks:
            kept = Thesaurus(read_groups(rows), marks)
        _thesaurus[:] = [(now, kept)]
    return _thesaurus[0][1]


def _bounded(query: Query) -> Query:
    size = min(max(query.size, 1), LARGEST_PAGE)
    page = min(max(query.page, 1), 1_000_000)
    known = {code for code, _name in settings.LANGUAGES}
    language = query.language if query.language in known else settings.LANGUAGE_CODE
    filters = {name: tuple(values) for name, values in query.filters.items()}
    if welcomes := filters.get("welcomes"):
        filters["welcomes"] = (*welcomes, ANYONE)
    return replace(query, size=size, page=page, language=language, filters=filters)


def _with_anyone(facets: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """The counts of the facets; whoever welcomes everyone is counted with each of them."""
    found = {name: dict(counts) for name, counts in facets.items()}
    if everyone := found.get("welcomes", {}).pop(ANYONE, 0):
        found["welcomes"] = {value: found["welcomes"].get(value, 0) + everyone for value in Situation.values}
    return found


def _ms(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 2)
