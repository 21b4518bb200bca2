"""An entry as a document of Elasticsearch, and the index that takes it: a chain of the engine's own filters a language.

The chains are those of text.py, so that both engines find the same: `_analyze` with `dalil_L` of a cleaned text gives
what `text.terms` gives (tests/services/search/analysis.json). Stop words come before the stem, as in the engine's own
analysers of these names; emoji are dropped, as there.
"""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings
from elasticsearch.dsl import Index, analyzer, token_filter

from . import documents, text
from .entries import FACETS, Entry
from .vocabulary import keys_of, surface

FIELDS = documents.FIELDS
LANGUAGES = documents.LANGUAGES
ELIDED = ["l", "m", "t", "qu", "n", "s", "j", "d", "c", "jusqu", "quoiqu", "lorsqu", "puisqu"]

NO_EMOJI = token_filter("dalil_no_emoji", type="keep_types", types=["<EMOJI>"], mode="exclude")
CHAINS: dict[str, tuple[Any, ...]] = {
    "ar": (
        "lowercase",
        "decimal_digit",
        token_filter("dalil_stop_ar", type="stop", stopwords="_arabic_"),
        "arabic_normalization",
        token_filter("dalil_stem_ar", type="stemmer", language="arabic"),
    ),
    "fr": (
        token_filter("dalil_elision_fr", type="elision", articles=ELIDED, articles_case=True),
        "lowercase",
        token_filter("dalil_stop_fr", type="stop", stopwords="_french_"),
        token_filter("dalil_stem_fr", type="stemmer", language="light_french"),
    ),
    "en": (
        token_filter("dalil_possessive_en", type="stemmer", language="possessive_english"),
        "lowercase",
        token_filter("dalil_stop_en", type="stop", stopwords="_english_"),
        token_filter("dalil_stem_en", type="stemmer", language="english"),
    ),
}
WITHOUT_CHAIN: tuple[Any, ...] = ("lowercase", "decimal_digit", "arabic_normalization", "asciifolding")


def analyser(language: str) -> str:
    """The name of the analyser of a language, in the index and in `_analyze`."""
    return f"dalil_{language.replace('-', '_')}"


def index(name: str) -> Index:
    """An index for entries, of ELASTICSEARCH_SHARDS shards. It has no replica and is not refreshed until it is full."""
    made = Index(name)
    made.settings(
        number_of_shards=settings.ELASTICSEARCH_SHARDS,
        number_of_replicas=0,
        refresh_interval="-1",
    )
    for language in LANGUAGES:
        chain = (NO_EMOJI, *CHAINS.get(language.partition("-")[0], WITHOUT_CHAIN))
        made.analyzer(analyzer(analyser(language), tokenizer="standard", filter=list(chain)))
    return made


def mapping() -> dict[str, Any]:
    """What the index knows of each field; a field that is not named here is refused."""
    keyword = {"type": "keyword"}
    fields: dict[str, Any] = {
        "uid": keyword,
        "gone": {"type": "boolean"},
        "sounds": keyword | {"doc_values": False},
        "open_in": keyword | {"doc_values": False},
        "point": {"type": "geo_point"},
        "weight": {"type": "float"},
        "source": keyword | {"index": False, "doc_values": False},
    }
    fields |= {f"is_{name}": keyword | {"eager_global_ordinals": True} for name in FACETS}
    fields |= {
        f"{field}_{language}": {"type": "text", "analyzer": analyser(language), "index_options": "freqs"}
        for language in LANGUAGES
        for field in FIELDS
    }
    return {"dynamic": "strict", "properties": fields}


def document(entry: Entry) -> dict[str, Any]:
    """The document of an entry. A hidden address cannot be in it: it is not in the entry."""
    found: dict[str, Any] = {
        "uid": documents.uid(entry),
        "source": documents.stored(entry),
        "sounds": _heard(entry),
        "open_in": list(entry.open_in),
        "weight": float(entry.weight),
    }
    for language, words in entry.texts.items():
        if language in LANGUAGES:
            headings = (section.heading for section in words.sections)
            body = " ".join((words.summary, *headings, *(section.text for section in words.sections)))
            found[f"title_{language}"] = text.clean(words.title)
            found[f"keywords_{language}"] = text.clean(" ".join(words.keywords))
            found[f"body_{language}"] = text.clean(body)
    for name in FACETS:
        found[f"is_{name}"] = list(entry.facets.get(name, ()))
    if (point := place(entry.point)) is not None:
        found["point"] = point
    return found


def place(point: tuple[float, float] | None) -> dict[str, float] | None:
    """The point as the engine takes it; None for no number. Outside the world is at its edge."""
    if point is None or not all(map(math.isfinite, point)):
        return None
    return {"lat": min(max(float(point[0]), -90.0), 90.0), "lon": min(max(float(point[1]), -180.0), 180.0)}


def _heard(entry: Entry) -> list[str]:
    """How the words of titles, headings and keywords sound."""
    heard: set[str] = set()
    for language, words in entry.texts.items():
        if language in LANGUAGES:
            parts = (words.title, *words.keywords, *(section.heading for section in words.sections))
            for word in {word for part in parts for word in documents.cut(part)}:
                for form in surface(word):
                    heard.update(keys_of(form))
    return sorted(heard)
