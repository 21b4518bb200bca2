"""How records stand in the database, as digests: two are equal exactly if no editor has changed a word between them."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection
from functools import cache
from typing import Any

from django.db import models
from modelcluster.fields import ParentalKey
from modeltranslation.translator import translator

from services.models.records import translated_fields

# What differs between two databases, or changes without an editor.
NOT_WORDS = {
    "id",
    "uuid",
    "modified_at",
    "made_from",
    "language_marks",
    "sort_order",
    "latest_revision_id",
    "live_revision_id",
} | {
    "first_published_at",
    "last_published_at",
}


def key_field(model: type[models.Model]) -> str:
    """The field by which the files name records of this model."""
    return "key" if any(field.name == "key" for field in model._meta.concrete_fields) else "code"


def standing(model: type[models.Model], keys: Collection[str]) -> dict[str, str]:
    """The digest of each of these records that is there, with its parts and what it names; few queries for any number."""
    name = key_field(model)
    records = {one.pk: one for one in model._default_manager.filter(**{f"{name}__in": keys})}
    below: dict[int, list[Any]] = defaultdict(list)
    for relation in model._meta.related_objects:
        if isinstance(relation.field, ParentalKey):
            owner = relation.field.attname
            rows = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": list(records)})
            for row in rows.order_by("sort_order", "pk"):
                below[getattr(row, owner)].append([relation.name, _words(row, owner)])
    joins: Any = model._meta.many_to_many
    for field in joins:
        through, own, other = field.remote_field.through, field.m2m_column_name(), field.m2m_reverse_name()
        pairs = through._default_manager.filter(**{f"{own}__in": list(records)}).order_by(own, other)
        for owner_key, other_key in pairs.values_list(own, other):
            below[owner_key].append([field.name, other_key])
    return {getattr(one, name): _digest([_words(one), below[pk]]) for pk, one in records.items()}


def _words(record: models.Model, *without: str) -> dict[str, Any]:
    """What the record says. A text that is empty and one that is not there are the same."""
    values = record.__dict__
    return {
        name: values[name] for name in _names(type(record)) if name not in without and values[name] not in (None, "")
    }


@cache
def _names(model: type[models.Model]) -> tuple[str, ...]:
    """The columns with words of their own: of a translated field, only those of the languages."""
    doubled = translated_fields(model) if model in translator.get_registered_models() else ()
    return tuple(sorted({field.attname for field in model._meta.concrete_fields} - NOT_WORDS - set(doubled)))


def _digest(words: Any) -> str:
    return hashlib.sha256(json.dumps(words, sort_keys=True, default=str).encode()).hexdigest()
