"""Journeys through sensitive guides that ended: their pages never open again (see portal/journeys.py)."""

from django.db import models


class EndedJourney(models.Model):
    """One ended journey. Holds a digest of a random token and a day: nothing about a person or a page."""

    digest = models.CharField(max_length=64, primary_key=True)
    ended_on = models.DateField()

    def __str__(self) -> str:
        return self.digest[:8]
