"""Regions, prefectures and provinces, and cities of Morocco."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from services.taxonomy import PlaceKind


class Place(models.Model):
    """A region (ISO 3166-2:MA), a prefecture or province in it, or a city. Points are WGS 84 degrees, where known."""

    code = models.CharField(_("Code"), max_length=20, unique=True)
    kind = models.CharField(_("Kind"), max_length=12, choices=PlaceKind)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    region = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    hcp_code = models.CharField(max_length=10, blank=True)
    name = models.CharField(_("Name"), max_length=120)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    source = models.CharField(_("Source"), max_length=300, blank=True)

    class Meta:
        ordering = ("code",)
        verbose_name = _("place")
        verbose_name_plural = _("places")

    def __str__(self) -> str:
        return str(self.name)
