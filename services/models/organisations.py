"""Who runs services."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin

from services.taxonomy import ProviderKind

from .phones import Phone
from .querysets import RecordManager
from .records import Keyed, Sourced, Translated


class Organisation(DraftStateMixin, LockableMixin, RevisionMixin, Sourced, Translated, Keyed, ClusterableModel):
    """A public authority, association, agency or consulate (HSDS organization)."""

    name = models.CharField(_("Name"), max_length=200)
    description = models.TextField(_("Description"), blank=True)
    kind = models.CharField(_("Kind of provider"), max_length=12, choices=ProviderKind, default=ProviderKind.UNKNOWN)
    website = models.URLField(_("Website"), max_length=300, blank=True)
    email = models.EmailField(_("E-mail of the organisation"), blank=True)

    objects = RecordManager()

    class Meta:
        ordering = ("key",)
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return str(self.name)


class OrganisationPhone(Phone):
    organisation = ParentalKey(Organisation, on_delete=models.CASCADE, related_name="phones")
