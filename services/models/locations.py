"""Where services are given."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin

from services.taxonomy import Answer, Precision

from .organisations import Organisation
from .places import Place
from .querysets import RecordManager
from .records import Keyed, Sourced, Translated


class Location(DraftStateMixin, LockableMixin, RevisionMixin, Sourced, Translated, Keyed):
    """A place that people go to (HSDS location).

    A hidden location (a shelter) never leaves the server: not on pages, in the API, maps, the sitemap, contact cards,
    the search index or logs. What readers may know of it is its region. Ask `shown()`, never the fields themselves.
    """

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("Organisation"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="locations",
    )
    name = models.CharField(_("Name"), max_length=200, blank=True)
    address = models.CharField(_("Address"), max_length=300, blank=True)
    directions = models.TextField(_("How to find it"), blank=True)
    city = models.ForeignKey(
        Place, verbose_name=_("City"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    province = models.ForeignKey(
        Place, verbose_name=_("Province"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    postal_code = models.CharField(_("Postal code"), max_length=10, blank=True)
    latitude = models.FloatField(
        _("Latitude"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("Longitude"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    precision = models.CharField(_("The point stands for"), max_length=5, choices=Precision, default=Precision.NONE)
    accessible = models.CharField(_("Wheelchair access"), max_length=7, choices=Answer, default=Answer.UNKNOWN)
    hidden = models.BooleanField(
        _("Hidden address"), default=False, help_text=_("For shelters: readers and partners learn the region, no more.")
    )

    objects = RecordManager()

    class Meta:
        ordering = ("key",)
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        constraints = [
            models.CheckConstraint(
                name="a_location_has_a_whole_point_or_none",
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.name or self.key)

    def clean(self) -> None:
        super().clean()
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError({"longitude": _("Give both numbers of the point, or none.")})

    @property
    def region(self) -> Place | None:
        """The region, which even a hidden location tells."""
        place = self.province or self.city
        return place.region if place else None

    @property
    def point(self) -> tuple[float, float] | None:
        """(latitude, longitude) in degrees for pages and indexes; None if hidden or unknown."""
        if self.hidden or self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude
