"""The procedure that leads a case, with its words: kept as it was when the case began, whatever is approved later."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class FrozenProcedure(models.Model):
    """The two texts (of the profile, and the shared one) that a procedure was read from. Never changed, never deleted."""

    digest = models.CharField(max_length=64, primary_key=True)  # SHA-256 of both
    profile = models.CharField(max_length=10)
    version = models.CharField(max_length=20)
    text = models.TextField()
    shared = models.TextField()
    first_used_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.profile} {self.version}"
