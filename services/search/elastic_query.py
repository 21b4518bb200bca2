"""A plan as a query of Elasticsearch: what matches, what is kept, how many each facet holds, in which order.

Every text is a value of a `match` or a `term`: there is no query language in it to be abused (trust.md X24). Synonyms
are put into the query, not into the index, so that an editor's change holds at once and nothing is indexed again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils import timezone
from elasticsearch.dsl import Q, Search
from elasticsearch.dsl.query import Query as Asked

from services.hours import open_now

from . import text
from .elastic_mapping import FIELDS, LANGUAGES, place
from .embedded_query import (
    BELONGS,
    HEARD,
    INSTEAD,
    MEANT,
    MOST_FORMS,
    OWN_LANGUAGE,
    SMALL,
    TOPIC,
    WEIGHTS,
    languages_of,
)
from .entries import OPEN, Query
from .reading import Plan
from .synonyms import Concept
from .vocabulary import keys_of
from .words import Word

MOST_CLAUSES = 2000  # of a query; Elasticsearch takes 1024 on the smallest node, and 64 times the heap in MB a thread
FUZZY = 0.4  # a word that neither is known nor is like one that is
MOST_FUZZY = 20  # terms that a misspelt word may become
MOST_VALUES = 200  # of a facet
# Lucene leaves the constant factor of BM25 (1 + k1 = 2.2) out, tantivy has it: what is not BM25 is as much smaller.
CONSTANT = 1 / 2.2


class Room:
    """How many clauses a part of the query may still have, so that no query is too large for the engine."""

    def __init__(self, clauses: int) -> None:
        self.left = clauses

    def takes(self, clauses: int) -> bool:
        fits = clauses <= self.left
        if fits:
            self.left -= clauses
        return fits


def matching(plan: Plan) -> Asked:
    """Everything that has to do with the words of the plan; all there is if nothing was typed."""
    if not plan.text:
        return Q("match_all")
    for_words = MOST_CLAUSES // (2 * max(len(plan.words), 1))
    for_concepts = MOST_CLAUSES // (2 * max(len(plan.concepts), 1))
    parts = [asked for word in plan.words if (asked := _word(word, plan.language, Room(for_words))) is not None]
    for concept in plan.concepts:
        if (asked := _concept(concept, plan.language, Room(for_concepts))) is not None:
            parts.append(asked)
    parts += _topics(plan.concepts)
    return Q("bool", should=parts) if parts else Q("match_none")


def _word(word: Word, own: str, room: Room) -> Asked | None:
    """The best place in which a word, or what it may stand for, is found."""
    boost = SMALL if word.small else BELONGS if word.belongs else 1.0
    forms = [(form, boost) for form in _unlike(word.typed, word.folded)] + [(form, INSTEAD) for form in word.instead]
    ways = [_match(form, fields, lift) for form, lift in forms if room.takes(len(fields := _fields(form, own)))]
    if not word.known and not word.small:
        heard = Q("terms", sounds=keys_of(word.folded))
        ways.append(Q("constant_score", filter=heard, boost=4.0 * HEARD * CONSTANT))
        fields = _fields(word.folded, own)
        if not word.instead and _may_be_misspelt(word.folded) and room.takes(len(fields) * MOST_FUZZY):
            more = {"fuzziness": "AUTO", "prefix_length": 1, "max_expansions": MOST_FUZZY}
            ways.append(_match(word.folded, fields, FUZZY, **more))
    return Q("dis_max", queries=ways, tie_breaker=0.1) if ways else None


def _fields(form: str, own: str) -> list[str]:
    """The fields whose language may hold a word in these letters, with their weights."""
    return [
        f"{field}_{language}^{WEIGHTS[field] * (OWN_LANGUAGE if language == own else 1.0):g}"
        for language in languages_of(form)
        for field in FIELDS
    ]


def _match(form: str, fields: list[str], boost: float, **more: object) -> Asked:
    return Q(
        "multi_match", query=text.clean(form), type="best_fields", fields=fields, tie_breaker=0.1, boost=boost, **more
    )


def _unlike(typed: str, folded: str) -> Iterator[str]:
    """A word as typed, and as folded where that makes another term: hamzas and accents may be missing or not."""
    yield typed
    if folded != typed and any(text.terms(folded, code) != text.terms(typed, code) for code in LANGUAGES):
        yield folded


def _may_be_misspelt(word: str) -> bool:
    return len(word) > 3 and not any(sign.isdigit() for sign in word)


def _concept(concept: Concept, own: str, room: Room) -> Asked | None:
    """The words of a group of synonyms in every language: the best of them, wherever it is found."""
    ways = []
    for language in sorted(LANGUAGES, key=lambda code: code != own):
        fields = [f"{field}_{language}^{WEIGHTS[field]:g}" for field in FIELDS]
        for form in concept.group.forms.get(language, ())[:MOST_FORMS]:
            count = len(text.terms(form, language))
            if count and room.takes(count * len(fields)):
                ways.append(_match(form, fields, 1.0, operator="and"))
    return Q("dis_max", queries=ways, tie_breaker=0.05, boost=MEANT * concept.weight) if ways else None


def _topics(concepts: Sequence[Concept]) -> list[Asked]:
    """The topics and categories that the groups belong to, each as much as its surest group."""
    sure: dict[str, float] = {}
    for concept in concepts:
        for topic in filter(None, concept.group.topic.split("|")):
            sure[topic] = max(sure.get(topic, 0.0), concept.weight)
    return [
        Q("constant_score", filter=Q("term", **{f"is_{facet}": topic}), boost=TOPIC * weight * CONSTANT)
        for topic, weight in sure.items()
        for facet in ("topic", "category")
    ]


def weighed(match: Asked) -> Asked:
    """The match, times log2(2 + weight of the entry), as the embedded engine has it."""
    lift = {"field_value_factor": {"field": "weight", "modifier": "log2p", "missing": 0}, "weight": 1 / math.log10(2)}
    return Q("function_score", query=match, functions=[lift], boost_mode="multiply")


def _kept(query: Query) -> dict[str, Asked]:
    """The filters that facets count without, by their names: each facet ignores its own."""
    kept = {name: _terms(f"is_{name}", values) for name, values in query.filters.items()}
    return kept | ({OPEN: _open_now()} if query.open_now else {})


def _terms(field: str, values: Iterable[str]) -> Asked:
    return Q("terms", **{field: [value for value in values if value.isprintable()]})


def _open_now() -> Asked:
    any_of, none_of = open_now.now_tokens(timezone.localtime())
    return Q("bool", filter=[_terms("open_in", any_of)], must_not=[_terms("open_in", none_of)])


def asked(plan: Plan, query: Query) -> Search:
    """The search without its page: match, filters, facets and order. Equals come in the order of their uid."""
    kept = _kept(query)
    common = {name: one for name, one in kept.items() if name not in query.facets}
    own = {name: one for name, one in kept.items() if name in query.facets}
    filters = list(common.values())
    near = place(query.near)
    filters += [Q("exists", field="point")] if near else []
    search = Search().query(Q("bool", must=[weighed(matching(plan))], filter=filters))
    if own:
        search = search.post_filter(Q("bool", filter=list(own.values())))
    for name in query.facets:
        others = [one for other, one in own.items() if other != name]
        if name == OPEN:
            search.aggs.bucket(OPEN, {"filter": Q("bool", filter=[*others, _open_now()]).to_dict()})
            continue
        count = {"terms": {"field": f"is_{name}", "size": MOST_VALUES}}
        search.aggs.bucket(name, {"filter": Q("bool", filter=others).to_dict(), "aggs": {"values": count}})
    order: list[dict[str, Any]] = [{"_score": "desc"}]
    if near:
        order = [{"_geo_distance": {"point": near, "order": "asc", "unit": "km", "distance_type": "arc"}}]
    order.append({"uid": "asc"})
    return search.extra(sort=order, track_scores=True, track_total_hits=True).source(["source"])
