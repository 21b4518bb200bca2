"""What a change of the directory sets off: the entries of the services that it touches are indexed again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver

from . import models
from .models.records import is_bookkeeping
from .search.outbox import changed

PARTS = (
    models.ServicePlace,
    models.ServicePhone,
    models.ServiceContact,
    models.RequiredDocument,
    models.ServiceCost,
    models.OpeningHours,
    models.DatedHours,
)


@receiver([post_save, post_delete], sender=models.Service)
def service_changed(instance: models.Service, **signal: Any) -> None:
    if not is_bookkeeping(signal.get("update_fields")):
        changed("service", [instance.key])


def part_changed(instance: Any, **_signal: Any) -> None:
    """A row of a service. When the service itself is being deleted it is gone already, and has said so."""
    changed("service", keys(pk=instance.service_id))


for _part in PARTS:
    post_save.connect(part_changed, sender=_part)
    post_delete.connect(part_changed, sender=_part)


@receiver(post_save, sender=models.Organisation)
@receiver(pre_delete, sender=models.Organisation)
def organisation_changed(instance: models.Organisation, **signal: Any) -> None:
    if not is_bookkeeping(signal.get("update_fields")):
        changed("service", keys(organisation=instance.pk))


@receiver(post_save, sender=models.Location)
@receiver(pre_delete, sender=models.Location)
def location_changed(instance: models.Location, **signal: Any) -> None:
    if not is_bookkeeping(signal.get("update_fields")):
        changed("service", keys(places__location=instance.pk))


@receiver(post_save, sender=models.Category)
def category_changed(instance: models.Category, **_signal: Any) -> None:
    changed("service", keys(category=instance.pk))


def keys(**wanted: Any) -> Iterable[str]:
    """The keys of the services that fit."""
    return models.Service.objects.filter(**wanted).values_list("key", flat=True)
