"""A plan as a query of tantivy: what matches, what is kept, in which order."""

from __future__ import annotations

import math
from collections.abc import Sequence

import tantivy
from django.utils import timezone

from services import open_now

from . import text
from .documents import LANGUAGES, SCHEMA
from .entries import Query
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
EARTH_KM = 6371.0
RINGS_KM = (10.0, 50.0, 250.0, 1500.0)
MOST_NEAR = 1000
ARABIC_LETTERS = {"ar", "ary", "fa", "ur"}  # languages that are written with them


def term(field: str, value: str) -> tantivy.Query:
    return Ask.term_query(SCHEMA, field, value)


def matching(plan: Plan) -> tantivy.Query:
    """Everything that has to do with the words of the plan; all there is if nothing was typed."""
    if not plan.text:
        return Ask.all_query()
    parts = [asked for word in plan.words if (asked := _word(word, plan.language)) is not None]
    parts += [asked for concept in plan.concepts if (asked := _concept(concept)) is not None]
    parts += _topics(plan.concepts)
    return Ask.boolean_query([(Occur.Should, part) for part in parts]) if parts else Ask.empty_query()


def _word(word: Word, language: str) -> tantivy.Query | None:
    """The best place in which a word, or what it may stand for, is found."""
    own = {code: terms_of(word, code) for code in languages_of(word.typed)}
    ways = _places(own, language, SMALL if word.small else BELONGS if word.belongs else 1.0)
    for other in word.instead:
        ways += _places({code: text.terms(other, code) for code in languages_of(other)}, language, INSTEAD)
    if not word.known and not word.small:
        ways += [
            Ask.boost_query(Ask.const_score_query(term("sounds", key), 4.0), HEARD) for key in keys_of(word.folded)
        ]
    return Ask.disjunction_max_query(ways, 0.1) if ways else None


def languages_of(word: str) -> list[str]:
    """The languages whose texts may hold a word in these letters: Latin letters are not looked for in Arabic texts."""
    is_arabic = any("\u0600" <= letter <= "\u08ff" for letter in word)
    return [code for code in LANGUAGES if (code in ARABIC_LETTERS) == is_arabic]


def _places(terms: dict[str, list[str]], own: str, boost: float) -> list[tantivy.Query]:
    return [
        Ask.boost_query(term(f"{field}_{language}", found), boost * weight * (OWN_LANGUAGE if language == own else 1.0))
        for language, forms in terms.items()
        for found in forms[:3]
        for field, weight in WEIGHTS.items()
    ]


def _concept(concept: Concept) -> tantivy.Query | None:
    """The words of a group of synonyms in every language: the best of them, wherever it is found."""
    ways = []
    for language in LANGUAGES:
        for form in concept.group.forms.get(language, ())[:MOST_FORMS]:
            if terms := text.terms(form, language)[:5]:
                ways += [_together(field, language, terms, weight) for field, weight in WEIGHTS.items()]
    return Ask.boost_query(Ask.disjunction_max_query(ways, 0.05), MEANT * concept.weight) if ways else None


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


def _together(field: str, language: str, terms: list[str], weight: float) -> tantivy.Query:
    name = f"{field}_{language}"
    if len(terms) == 1:
        return Ask.boost_query(term(name, terms[0]), weight)
    parts = [(Occur.Must, term(name, found)) for found in dict.fromkeys(terms)]
    return Ask.boost_query(Ask.boolean_query(parts), weight)


def with_filters(match: tantivy.Query, query: Query, *, without: str = "") -> tantivy.Query:
    """What matches and is kept by every filter but `without`; filters do not change the score."""
    parts = [(Occur.Must, match)]
    for name, values in query.filters.items():
        if name != without:
            kept = Ask.term_set_query(SCHEMA, f"is_{name}", list(values))
            parts.append((Occur.Must, Ask.const_score_query(kept, 0.0)))
    if query.near:
        parts.append((Occur.Must, Ask.const_score_query(term("has", "point"), 0.0)))
    if query.open_now and without != "open":
        parts += _open_now()
    return Ask.boolean_query(parts) if len(parts) > 1 else match


def _open_now() -> list[tuple[tantivy.Occur, tantivy.Query]]:
    any_of, none_of = open_now.now_tokens(timezone.localtime())
    parts = [(Occur.Must, Ask.const_score_query(Ask.term_set_query(SCHEMA, "open_in", list(any_of)), 0.0))]
    if none_of:
        parts.append((Occur.MustNot, Ask.term_set_query(SCHEMA, "open_in", list(none_of))))
    return parts


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
