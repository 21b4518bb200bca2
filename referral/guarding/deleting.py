"""What editors may delete in the CMS: nothing that a case needs. They are told that it is needed, never by what or how often.

On PostgreSQL the rows of cases are hidden from an editor, while their foreign keys still hold: asked as the editor, nothing
would stand in the way, and the database would then refuse.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.signals import pre_delete

from referral.safety.isolation import as_system, is_enforced

OURS = "referral"


def needed(rows: Sequence[models.Model]) -> list[models.Model]:
    """Those of these rows, all of one model, that something else needs: they cannot be deleted."""
    if not rows:
        return []
    everything = type(rows[0])._base_manager
    with as_system():
        if not _is_needed(everything.filter(pk__in=[row.pk for row in rows])):
            return []
        return [row for row in rows if _is_needed(everything.filter(pk=row.pk))]


def _is_needed(rows: models.QuerySet[Any]) -> bool:
    """Whether a row stands in the way of these, or of what would go with them."""
    for relation in _relations(rows.model):
        found = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": rows})
        if relation.on_delete is models.PROTECT and found.exists():
            return True
        if relation.on_delete is models.CASCADE and found.exists() and _is_needed(found):
            return True
    return False


def _relations(model: type[models.Model]) -> Iterator[Any]:
    """The foreign keys that point to this model, those without a way back included."""
    for one in model._meta.get_fields(include_hidden=True):
        if one.auto_created and not one.concrete and (one.one_to_many or one.one_to_one):
            yield one


def _relations_of_cases(model: type[models.Model]) -> list[Any]:
    return [one for one in _relations(model) if one.related_model._meta.app_label == OURS]


def let_go(instance: models.Model, **_signal: Any) -> None:
    """Rows of cases that may forget what is deleted, or go with it, do so, though they are hidden from who deletes."""
    if not is_enforced():
        return  # Django finds them itself
    with as_system():
        for relation in _relations_of_cases(type(instance)):
            found = relation.related_model._base_manager.filter(**{relation.field.name: instance})
            if relation.on_delete is models.SET_NULL:
                found.update(**{relation.field.name: None})
            elif relation.on_delete is models.CASCADE:
                found.delete()


def listen() -> None:
    """From here on, whatever is deleted on the other floors is let go by cases."""
    for model in apps.get_models():
        if model._meta.app_label != OURS and _relations_of_cases(model):
            pre_delete.connect(let_go, sender=model, dispatch_uid=f"let go {model._meta.label}")
