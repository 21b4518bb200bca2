"""A plan as a query of tantivy: what matches, what is kept, in which order."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

import tantivy
from django.utils import timezone

from services.hours import open_now

from . import text
from .documents import LANGUAGES, SCHEMA
from .entries import OPEN, Query
from .reading import Plan, terms_of
from .synonyms import Concept
from .vocabulary import keys_of
from .words import Word

Occur, Ask = tantivy.Occur, tantivy.Query
WEIGHTS = {"title": 5.0, "keywords": 2.5, "body": 1.0}
OWN_LANGUAGE = 1.15  # a word of the reader's own language counts a little more
SMALL = 0.15  # a word that says little
BELONGS = 0.4  # a word of a synonym of several words
INSTEAD = 0.6  # a word that may have been meant
HEARD = 0.5  # a word that only sounds alike
MEANT = 0.8  # the words of a synonym
MOST_FORMS = 4  # of a group, in a language
TOPIC = 20.0  # what a whole topic is worth, where a synonym names it
COMMON = 10_000  # entries: a word in more of them ranks but does not find, if another part of the query does
EARTH_KM = 6371.0
RINGS_KM = (10.0, 50.0, 250.0, 1500.0)
MOST_NEAR = 1000
ARABIC_LETTERS = {"ar", "ary", "fa", "ur"}  # languages that are written with them


def term(field: str, value: str) -> tantivy.Query:
    return Ask.term_query(SCHEMA, field, value)


class Way(NamedTuple):
    """One place in which something may be found, and in how many entries its rarest term is."""

    asked: tantivy.Query
    reach: int


class Match(NamedTuple):
    """What finds entries, and what also orders them: in a large index very common words rank but do not find."""

    finds: tantivy.Query
    ranks: tantivy.Query


Times = Callable[[str, str], int]  # (field, term) → entries that have it


def matching(plan: Plan, times: Times) -> Match:
    """Everything that has to do with the words of the plan; all there is if nothing was typed.

    A word in more than COMMON entries tells little, and to read them all takes long. Where the query has a rarer part,
    that part finds and the common ones only rank (`ranks` is then another query than `finds`). Smaller indexes know no
    such words.
    """
    if not plan.text:
        everything = Ask.all_query()
        return Match(everything, everything)
    parts = [asked for word in plan.words if (asked := _word(word, plan.language, times)) is not None]
    parts += [asked for concept in plan.concepts if (asked := _concept(concept, times)) is not None]
    rare = [part for part in parts if part.reach <= COMMON] or sorted(parts, key=lambda part: part.reach)[:1]
    finds = [(Occur.Should, part.asked) for part in rare] + [(Occur.Should, topic) for topic in _topics(plan.concepts)]
    if not finds:
        nothing = Ask.empty_query()
        return Match(nothing, nothing)
    found = Ask.boolean_query(finds)
    others = [(Occur.Should, part.asked) for part in parts if part not in rare]
    return Match(found, Ask.boolean_query([(Occur.Must, found), *others]) if others else found)


def _best(ways: list[Way], tie: float, boost: float = 1.0) -> Way | None:
    if not ways:
        return None
    best = Ask.disjunction_max_query([way.asked for way in ways], tie)
    return Way(best if boost == 1.0 else Ask.boost_query(best, boost), max(way.reach for way in ways))


def _word(word: Word, language: str, times: Times) -> Way | None:
    """The best place in which a word, or what it may stand for, is found."""
    own = {code: terms_of(word, code) for code in languages_of(word.typed)}
    ways = _places(own, language, SMALL if word.small else BELONGS if word.belongs else 1.0, times)
    for other in word.instead:
        ways += _places({code: text.terms(other, code) for code in languages_of(other)}, language, INSTEAD, times)
    if not word.known and not word.small:
        heard = [(key, Ask.const_score_query(term("sounds", key), 4.0)) for key in keys_of(word.folded)]
        ways += [Way(Ask.boost_query(asked, HEARD), times("sounds", key)) for key, asked in heard]
    return _best(ways, 0.1)


def languages_of(word: str) -> list[str]:
    """The languages whose texts may hold a word in these letters: Latin letters are not looked for in Arabic texts."""
    is_arabic = any("\u0600" <= letter <= "\u08ff" for letter in word)
    return [code for code in LANGUAGES if (code in ARABIC_LETTERS) == is_arabic]


def _places(terms: dict[str, list[str]], own: str, boost: float, times: Times) -> list[Way]:
    return [
        _together(field, language, [found], boost * weight * (OWN_LANGUAGE if language == own else 1.0), times)
        for language, forms in terms.items()
        for found in forms[:3]
        for field, weight in WEIGHTS.items()
    ]


def _concept(concept: Concept, times: Times) -> Way | None:
    """The words of a group of synonyms in every language: the best of them, wherever it is found."""
    ways = []
    for language in LANGUAGES:
        for form in concept.group.forms.get(language, ())[:MOST_FORMS]:
            if terms := text.terms(form, language)[:5]:
                ways += [_together(field, language, terms, weight, times) for field, weight in WEIGHTS.items()]
    return _best(ways, 0.05, MEANT * concept.weight)


def _topics(concepts: Sequence[Concept]) -> list[tantivy.Query]:
    """The topics and categories that the groups belong to, each as much as its surest group: many groups are no louder."""
    sure: dict[str, float] = {}
    for concept in concepts:
        for topic in filter(None, concept.group.topic.split("|")):
            sure[topic] = max(sure.get(topic, 0.0), concept.weight)
    return [
        Ask.const_score_query(term(f"is_{facet}", topic), TOPIC * weight)
        for topic, weight in sure.items()
        for facet in ("topic", "category")
    ]


def _together(field: str, language: str, terms: list[str], weight: float, times: Times) -> Way:
    name = f"{field}_{language}"
    reach = min(times(name, found) for found in terms)
    if len(terms) == 1:
        return Way(Ask.boost_query(term(name, terms[0]), weight), reach)
    parts = [(Occur.Must, term(name, found)) for found in dict.fromkeys(terms)]
    return Way(Ask.boost_query(Ask.boolean_query(parts), weight), reach)


def with_filters(match: tantivy.Query, query: Query, *, but: Collection[str] = ()) -> tantivy.Query:
    """What matches and is kept by every filter except those of these names; filters do not change the score."""
    parts = [(Occur.Must, match)]
    parts += [(Occur.Must, _any_of(f"is_{name}", values)) for name, values in query.filters.items() if name not in but]
    if query.near:
        parts.append((Occur.Must, Ask.const_score_query(term("has", "point"), 0.0)))
    if query.open_now and OPEN not in but:
        any_of, none_of = open_now.now_tokens(timezone.localtime())
        parts.append((Occur.Must, _any_of("open_in", any_of)))
        parts += [(Occur.MustNot, term("open_in", token)) for token in none_of]
    return Ask.boolean_query(parts) if len(parts) > 1 else match


def _any_of(field: str, values: Iterable[str]) -> tantivy.Query:
    return Ask.const_score_query(Ask.boolean_query([(Occur.Should, term(field, value)) for value in values]), 0.0)


def ranked(searcher: tantivy.Searcher, match: tantivy.Query, query: Query) -> list[tuple[float, tantivy.DocAddress]]:
    """The page of addresses in their order."""
    kept = with_filters(match, query)
    if query.near:
        return _nearest(searcher, kept, query)
    return searcher.search(kept, query.size, count=False, offset=query.offset, weight_by_field="weight").hits


def _nearest(searcher: tantivy.Searcher, kept: tantivy.Query, query: Query) -> list[tuple[float, tantivy.DocAddress]]:
    """The nearest first. Rings grow until one holds the page; of MOST_NEAR in a ring the best matching are ordered."""
    assert query.near is not None  # noqa: S101  (the caller has asked)
    hits: list[tuple[float, tantivy.DocAddress]] = []
    for ring in RINGS_KM:
        inside = Ask.boolean_query([(Occur.Must, kept), (Occur.Must, _box(query.near, ring))])
        hits = searcher.search(inside, MOST_NEAR, count=False).hits
        if len(hits) >= query.offset + query.size:
            break
    addresses = [address for _score, address in hits]
    latitudes = searcher.fast_field_values("latitude", addresses)
    longitudes = searcher.fast_field_values("longitude", addresses)
    order = sorted(
        (distance_km(query.near, (float(latitude or 0), float(longitude or 0))), number)
        for number, (latitude, longitude) in enumerate(zip(latitudes, longitudes, strict=True))
    )
    page = order[query.offset : query.offset + query.size]
    return [(hits[number][0], addresses[number]) for _distance, number in page]


def _box(point: tuple[float, float], kilometres: float) -> tantivy.Query:
    """Everything with a point in the square around this one."""
    high = min(math.degrees(kilometres / EARTH_KM), 180.0)
    wide = min(high / max(math.cos(math.radians(point[0])), 0.01), 360.0)
    number = tantivy.FieldType.Float
    parts = [
        (Occur.Must, Ask.range_query(SCHEMA, "latitude", number, point[0] - high, point[0] + high)),
        (Occur.Must, Ask.range_query(SCHEMA, "longitude", number, point[1] - wide, point[1] + wide)),
    ]
    return Ask.const_score_query(Ask.boolean_query(parts), 0.0)


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres over the ground between two points in degrees (haversine; a sphere is exact to 0.5 %)."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(a), math.radians(b)) for a, b in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))
