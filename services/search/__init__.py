"""The door of the search: search(), suggest(), rebuild(), changed(). Nothing else of this package is imported from outside.

Two engines answer alike: Elasticsearch where settings.ELASTICSEARCH_URL names one, and the embedded engine, which every
site has and which answers whenever the other cannot.
"""

from .door import prepare, rebuild, search, suggest, warm
from .entries import FACETS, NOW, OPEN, Entry, Hit, Query, Results, Section, Words
from .missed import missed as note_missed
from .outbox import changed, work

__all__ = [
    "FACETS",
    "NOW",
    "OPEN",
    "Entry",
    "Hit",
    "Query",
    "Results",
    "Section",
    "Words",
    "changed",
    "note_missed",
    "prepare",
    "rebuild",
    "search",
    "suggest",
    "warm",
    "work",
]
