"""How records are asked for: readers see what is published, sure enough and not suspended."""

from __future__ import annotations

from typing import Self

from django.apps import apps
from django.db import models
from django.utils import timezone

from services.taxonomy import Confidence


class RecordQuerySet(models.QuerySet):
    def shown(self) -> Self:
        """What readers may see: live, and not of confidence C."""
        return self.filter(live=True).exclude(confidence=Confidence.C)


def _places() -> models.QuerySet:
    return apps.get_model("services", "Place").objects.all()


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
        areas = models.Prefetch("areas", _places().select_related("region"))
        return self.in_list(areas).prefetch_related("documents", "costs", "contacts", "terms")

    def in_list(self, areas: str | models.Prefetch = "areas") -> Self:
        """With everything that a row of a list reads."""
        spots = apps.get_model("services", "ServicePlace").objects.select_related(
            "location__city__region", "location__province__region"
        )
        return self.select_related("organisation", "category").prefetch_related(
            "phones", "hours", "dated_hours", areas, models.Prefetch("places", spots)
        )


RecordManager = models.Manager.from_queryset(RecordQuerySet)
ServiceManager = models.Manager.from_queryset(ServiceQuerySet)
