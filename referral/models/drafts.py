"""What somebody has typed and not yet sent: kept for hours, sealed, for nobody else."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from referral.encryption import SealedField

from .sealed import SealedRow


class Draft(SealedRow):
    """One form, half filled in, of one user in one partner. Sealed under the key of the partner."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    partner = models.ForeignKey("referral.Partner", models.CASCADE, related_name="+")
    form = models.CharField(max_length=80)
    changed_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    typed = SealedField(tier=4)

    class Meta:
        constraints = [models.UniqueConstraint("user", "partner", "form", name="one_draft_a_form_and_user")]
