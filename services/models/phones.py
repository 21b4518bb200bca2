"""A telephone number of a service or an organisation: never of a person."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Orderable

from services.taxonomy import PhoneKind

from .records import Identified

NUMBER = RegexValidator(
    r"^(\+[1-9]\d{6,14}|0\d{9}|\d{2,5})$",
    _("Write the number with digits only, such as +212537545400, 0800004146 or 2511."),
)


class Phone(Orderable, Identified):
    """Digits as dialled: international (+212…), national (0…) or a short number."""

    number = models.CharField(_("Number"), max_length=20, validators=[NUMBER])
    kind = models.CharField(_("Kind"), max_length=12, choices=PhoneKind, default=PhoneKind.VOICE)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    source = models.CharField(_("Source"), max_length=500, blank=True)
    source_date = models.CharField(_("Date of the source"), max_length=10, blank=True)

    class Meta(Orderable.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.number
