"""Days as people of each language write them; in Arabic with the names of months that Morocco uses."""

from __future__ import annotations

import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

MONTHS = (
    _("January"), _("February"), _("March"), _("April"), _("May"), _("June"),
    _("July"), _("August"), _("September"), _("October"), _("November"), _("December"),
)  # fmt: skip


def day(date: datetime.date) -> str:
    """“20 November 2026”, “1er mai 2026”, «20 نونبر 2026»."""
    number = "1er" if date.day == 1 and get_language() == "fr" else str(date.day)
    return f"{number} {MONTHS[date.month - 1]} {date.year}"
