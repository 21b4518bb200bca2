"""Wagtail revisions of loaded records, written in bulk: an editor's first comparison shows what was loaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.models import ReferenceIndex, Revision, RevisionMixin


def publish_versions(model: type[models.Model], keys: Sequence[int]) -> None:
    """A revision of each of these records as it stands, which is what editors open next, and what is published.

    Does nothing for models that keep no revisions.
    """
    if not issubclass(model, RevisionMixin):
        return
    records: Any = model._default_manager.filter(pk__in=keys).prefetch_related(*_parts(model))
    now = timezone.now()
    made = [
        Revision(
            content_type=record.get_content_type(),
            base_content_type=record.get_base_content_type(),
            object_id=str(record.pk),
            object_str=str(record),
            content=record.serializable_data(),
            created_at=now,
        )
        for record in records
    ]
    Revision.objects.bulk_create(made)
    for record, revision in zip(records, made, strict=True):
        record.latest_revision = record.live_revision = revision
        record.first_published_at = record.first_published_at or now
        record.last_published_at = now
    model._default_manager.bulk_update(
        records, ["latest_revision", "live_revision", "first_published_at", "last_published_at"], batch_size=100
    )
    for record in records:
        ReferenceIndex.create_or_update_for_object(record)  # so that editors see what names what


def _parts(model: type[models.Model]) -> list[str]:
    """What a revision holds besides the record's own columns."""
    below = [one.get_accessor_name() for one in model._meta.related_objects if isinstance(one.field, ParentalKey)]
    return [*filter(None, below), *(field.name for field in model._meta.many_to_many)]
