"""When a service counts as changed: also when its phones, hours, places, organisation, category or terms do.

HSDS partners ask for what changed after a moment (`modified_after`) and keep everything else as they have it; a changed
number that did not move `modified_at` would stay wrong with them. Terms and areas are written by saving the service.
`QuerySet.update()` and bulk writes bypass this: who uses them moves `modified_at` as well.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from django.utils import timezone

from . import models
from .models.records import is_bookkeeping

OF_A_SERVICE = (
    models.ServicePlace,
    models.ServicePhone,
    models.ServiceContact,
    models.RequiredDocument,
    models.ServiceCost,
    models.OpeningHours,
    models.DatedHours,
)


def touch(**wanted: Any) -> None:
    """Mark the services that fit as changed now, in one query."""
    models.Service.objects.filter(**wanted).update(modified_at=timezone.now())


def part_changed(instance: Any, **_signal: Any) -> None:
    touch(pk=instance.service_id)


for _part in OF_A_SERVICE:
    post_save.connect(part_changed, sender=_part)
    post_delete.connect(part_changed, sender=_part)


@receiver([post_save, pre_delete], sender=models.Location)
def location_changed(instance: models.Location, **signal: Any) -> None:
    if not is_bookkeeping(signal.get("update_fields")):
        touch(places__location=instance.pk)


@receiver(post_save, sender=models.Organisation)
def organisation_changed(instance: models.Organisation, **signal: Any) -> None:
    if not is_bookkeeping(signal.get("update_fields")):
        touch(organisation=instance.pk)


@receiver([post_save, post_delete], sender=models.OrganisationPhone)
def organisation_phone_changed(instance: models.OrganisationPhone, **_signal: Any) -> None:
    touch(organisation=instance.organisation_id)


@receiver(post_save, sender=models.Category)
def category_changed(instance: models.Category, **_signal: Any) -> None:
    touch(category=instance.pk)


@receiver(post_save, sender=models.Term)
def term_changed(instance: models.Term, **_signal: Any) -> None:
    touch(terms=instance.pk)
