"""What services are about: categories, which readers see, and the finer terms below them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .records import KEY, Identified


class Category(Identified):
    """What a service is about, in one word. `guide_topic` names the topic of the guides that speak of the same."""

    key = models.CharField(_("Key"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    guide_topic = models.CharField(_("Topic of guides"), max_length=40, blank=True)
    icon = models.CharField(_("Icon"), max_length=30, blank=True)
    position = models.PositiveSmallIntegerField(_("Position"), default=0)

    class Meta:
        ordering = ("position", "key")
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return str(self.name)


class Term(Identified):
    """A theme or a term of the taxonomy (two levels), with the nearest terms of others, by name only."""

    code = models.CharField(_("Code"), max_length=10, unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="terms")
    name = models.CharField(_("Name"), max_length=160)
    categories = models.ManyToManyField(Category, blank=True, related_name="terms")
    open_eligibility = models.CharField(max_length=160, blank=True)
    unhcr_sector = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ("code",)
        verbose_name = _("term")
        verbose_name_plural = _("terms")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


__all__ = ["KEY", "Category", "Term"]
