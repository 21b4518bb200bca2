"""Makes records ready for bulk_create, which does not call their save()."""

from __future__ import annotations

import uuid
from typing import TypeVar

from django.db import models
from django.utils import timezone

from .models.records import NAMESPACE, Identified, Keyed, Translated

Record = TypeVar("Record", bound=models.Model)


def ready(record: Record) -> Record:
    """The same record with what save() gives a new one: the UUID of its key, the marks of its translations, the time."""
    if isinstance(record, Keyed):
        record.uuid = uuid.uuid5(NAMESPACE, f"{record._meta.model_name}:{record.key}")
    if isinstance(record, Translated):
        record.mark()
    if isinstance(record, Identified):
        record.modified_at = timezone.now()
    return record
