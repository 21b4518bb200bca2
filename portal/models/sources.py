"""Sources: the laws, official texts and pages that statements of guides rest on."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet

DATE = RegexValidator(r"^\d{4}(-\d{2}){0,2}$", _("Write the date as 2003, 2003-11 or 2003-11-13."))


@register_snippet
class Source(models.Model):
    """A law, official text or page. `key` is stable; `date` is as precise as is known: 2003, 2003-11, 2003-11-13."""

    class Kind(models.TextChoices):
        LAW = "law", _("Law or decree")
        OFFICIAL = "official", _("Official text or statement")
        ORGANISATION = "organisation", _("Organisation")
        PRESS = "press", _("Press")

    objects: ClassVar[models.Manager] = models.Manager()

    key = models.SlugField(_("Key"), unique=True, max_length=60)
    title = models.CharField(_("Title"), max_length=300)
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind)
    date = models.CharField(_("Date"), max_length=10, blank=True, validators=[DATE])
    address = models.URLField(_("Address"), blank=True, max_length=500)

    class Meta:
        ordering = ("key",)
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.title
