"""The first hits that a phone shows: the best one, and beside it the other kind and the other things that were meant."""

from __future__ import annotations

from .entries import Entry, Query
from .reading import Plan

FIRST = 3  # hits that a phone shows without scrolling
WORTH = 0.2  # of the best hit's score: what is worth less does not move up
STRONG = 0.5  # of the surest topic: what less is sure was not meant
Scored = tuple[tuple[float, Entry], ...]


def mixed(entries: Scored, plan: Plan, query: Query) -> Scored:
    """On the first page, among the first three: a guide and a service, and each topic that the words clearly name.

    “See a doctor without papers” speaks of health and of residence; one explains, the other helps. Nothing is added and
    nothing lost: hits move up by at most a page, and only if they are worth it.
    """
    if query.page > 1 or query.near or not plan.text or len(entries) <= FIRST:
        return entries
    rest = [pair for pair in entries if pair[0] >= WORTH * entries[0][0]]
    first = [rest.pop(0)]
    wanted = {"guide", "service", *strong_topics(plan)} - marks(first[0][1])
    while rest and len(first) < FIRST:
        best = max(rest, key=lambda pair: (len(marks(pair[1]) & wanted), pair[0]))
        rest.remove(best)
        first.append(best)
        wanted -= marks(best[1])
    chosen = {id(entry) for _score, entry in first}
    return (*first, *(pair for pair in entries if id(pair[1]) not in chosen))


def marks(entry: Entry) -> set[str]:
    """What a hit is good for: its kind, its topic, its category."""
    return {entry.kind, entry.topic, *entry.facets.get("topic", ())}


def strong_topics(plan: Plan) -> set[str]:
    """The topics that the groups of synonyms name, those nearly as sure as the surest. One a group: its first."""
    sure: dict[str, float] = {}
    for concept in plan.concepts:
        topic = concept.group.topic.partition("|")[0]
        if topic and topic != "general":
            sure[topic] = max(sure.get(topic, 0.0), concept.weight)
    most = max(sure.values(), default=0.0)
    return {topic for topic, weight in sure.items() if weight >= STRONG * most}
