"""What the loading of the starter directory remembers, so that it knows an editor's change from its own words."""

from __future__ import annotations

from django.db import models


class StarterMark(models.Model):
    """One record that the starter files name: what they said of it, and how it stood once that was written.

    A record that no longer stands so belongs to the editors. A mark whose record is gone keeps it from being made again.
    `key` is “kind:key of the record”, “*” for the files as a whole.
    """

    key = models.CharField(max_length=130, primary_key=True)
    file_digest = models.CharField(max_length=64)
    record_digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.key
