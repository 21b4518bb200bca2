"""Puts an entry into the reader's words: title, the section that answers, a highlighted excerpt, the distance."""

from __future__ import annotations

from django.conf import settings
from django.utils.safestring import SafeString

from . import text
from .embedded_query import distance_km
from .entries import Entry, Hit, Query, Section, Words
from .highlight import excerpt
from .reading import Plan, terms_of

TITLE_LENGTH = 300
EXCERPT_LENGTH = 180


def hit(entry: Entry, score: float, plan: Plan, query: Query) -> Hit:
    """The hit for this reader: in the reader's language where the entry has it, else in the next best, which is named."""
    language = best_language(entry, query.language)
    words = entry.texts.get(language, Words(entry.identifier))
    wanted = wanted_terms(plan, language)
    section = best_section(words, wanted, language)
    shown = section.text if section else words.summary
    return Hit(
        kind=entry.kind,
        identifier=entry.identifier,
        topic=entry.topic,
        title=excerpt(words.title, language, wanted, TITLE_LENGTH),
        excerpt=excerpt(shown, language, wanted, EXCERPT_LENGTH) if shown else SafeString(""),
        language=language,
        path=f"/{query.language}{entry.path}",
        score=round(score, 4),
        anchor=section.anchor if section else "",
        heading=section.heading if section else "",
        distance_km=round(distance_km(query.near, entry.point), 1) if query.near and entry.point else None,
    )


def best_language(entry: Entry, wanted: str) -> str:
    order = (wanted, *settings.FALLBACK_LANGUAGES, *entry.texts)
    return next((code for code in order if code in entry.texts), wanted)


def wanted_terms(plan: Plan, language: str) -> set[str]:
    """The terms of this language that answer the plan: of its words, of what they may stand for, of its synonyms."""
    found: set[str] = set()
    for word in plan.words:
        if not word.small:
            found.update(terms_of(word, language))
        for form in word.instead:
            found.update(text.terms(form, language))
    for concept in plan.concepts:
        for form in concept.group.forms.get(language, ()):
            terms = text.terms(form, language)
            if len(terms) == 1:
                found.update(terms)
    return found


def best_section(words: Words, wanted: set[str], language: str) -> Section | None:
    """The section that holds most of the wanted terms, a heading counting twice; None if the summary holds as many."""
    best, most = None, len(wanted & set(text.terms(words.summary, language)))
    for section in words.sections:
        held = len(wanted & set(text.terms(section.text, language)))
        held += len(wanted & set(text.terms(section.heading, language)))
        if held > most:
            best, most = section, held
    return best
