"""What the search keeps in the database: groups of synonyms, changes that wait for the index, searches that found nothing."""

from __future__ import annotations

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class SynonymGroup(models.Model):
    """Words that mean the same, in every language and in Darija written with Latin letters: one a line.

    The first word of a language is the one that readers are shown. A word that ends in * is searched and never shown:
    an insult, or a word that a frightened person may type and nobody should be offered.
    """

    key = models.SlugField(_("Key"), unique=True, max_length=60, allow_unicode=False)
    topic = models.CharField(_("Topic or category"), max_length=40, blank=True)
    words = models.TextField(_("Words, one a line"), blank=True)
    darija = models.TextField(_("Darija in Latin letters, one a line"), blank=True)

    class Meta:
        ordering = ("key",)
        verbose_name = _("group of synonyms")
        verbose_name_plural = _("groups of synonyms")

    def __str__(self) -> str:
        return self.key


class IndexJob(models.Model):
    """A change that the search index does not know yet. Written in the transaction of the change; deleted when indexed.

    Safe to do twice and in any order: a job says which entry to look at again, not what to write.
    """

    kind = models.CharField(max_length=12)
    identifier = models.CharField(max_length=120)
    engine = models.CharField(max_length=12)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.kind}:{self.identifier}"


class MissedSearch(models.Model):
    """A search that found nothing, counted by week and language (trust P18).

    Until it has been seen ENOUGH times its words are not kept, only a keyed digest that is forgotten with the week.
    """

    ENOUGH = 10

    language = models.CharField(_("Language"), max_length=8)
    week = models.DateField(_("Week of"))
    digest = models.CharField(max_length=64)
    words = models.CharField(_("Words"), max_length=80, blank=True)
    times = models.PositiveIntegerField(_("Times"), default=0)

    class Meta:
        ordering = ("-week", "-times")
        verbose_name = _("search without result")
        verbose_name_plural = _("searches without result")
        constraints = [
            models.UniqueConstraint(
                fields=("language", "week", "digest"), name="a_missed_search_is_counted_once_a_week"
            )
        ]

    def __str__(self) -> str:
        return self.words


def week_of(day: datetime.date) -> datetime.date:
    """The Monday of this day's week."""
    return day - datetime.timedelta(days=day.weekday())
