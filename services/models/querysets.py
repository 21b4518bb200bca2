"""How records are asked for: readers see what is published, sure enough and not suspended."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone

from services.taxonomy import Confidence


class RecordQuerySet(models.QuerySet):
    def shown(self) -> Self:
        """What readers may see: live, and not of confidence C."""
        return self.filter(live=True).exclude(confidence=Confidence.C)


class ServiceQuerySet(RecordQuerySet):
    def shown(self) -> Self:
        """What readers may see: also not suspended today, and of an organisation that they may see."""
        today = timezone.localdate()
        return (
            super()
            .shown()
            .exclude(suspended_until__gte=today)
            .filter(organisation__live=True)
            .exclude(organisation__confidence=Confidence.C)
        )

    def with_parts(self) -> Self:
        """With everything that a page, an entry or an export reads: a fixed number of queries for any number of rows."""
        return self.select_related("organisation", "category").prefetch_related(
            "phones",
            "hours",
            "dated_hours",
            "documents",
            "costs",
            "contacts",
            "terms",
            "areas__region",
            "places__location__city__region",
            "places__location__province__region",
        )


RecordManager = models.Manager.from_queryset(RecordQuerySet)
ServiceManager = models.Manager.from_queryset(ServiceQuerySet)
