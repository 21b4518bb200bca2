"""What readers tell about the directory: a mistake in a record, a service that is missing. No account, no address, no name."""

from __future__ import annotations

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from .service import Service


class Report(models.Model):
    """A reader's message. Deleted by `run_due` KEPT_DAYS after it was written, handled or not (trust P18, X49)."""

    KEPT_DAYS = 90

    class About(models.TextChoices):
        CLOSED = "closed", _("It is closed or has moved")
        PHONE = "phone", _("The number is wrong")
        HOURS = "hours", _("The hours are wrong")
        REFUSED = "refused", _("I was refused or badly received")
        OTHER = "other", _("Something else")
        MISSING = "missing", _("A service or guide is missing")

    class State(models.TextChoices):
        NEW = "new", _("New")
        HANDLED = "handled", _("Handled")
        NONSENSE = "nonsense", _("Nonsense")

    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.CASCADE, related_name="reports")
    about = models.CharField(_("About"), max_length=8, choices=About)
    words = models.TextField(_("In the reader's words"), blank=True, max_length=1000)
    language = models.CharField(_("Language"), max_length=8)
    state = models.CharField(_("State"), max_length=8, choices=State, default=State.NEW)
    written_on = models.DateField(_("Written on"), auto_now_add=True)  # a day, so that nobody learns who was there when
    once = models.CharField(max_length=64, unique=True, editable=False)  # the form's token: sent twice, kept once

    class Meta:
        ordering = ("state", "-written_on", "-pk")
        verbose_name = _("report")
        verbose_name_plural = _("reports")

    def __str__(self) -> str:
        return f"{self.get_about_display()} ({date_format(self.written_on)})"
