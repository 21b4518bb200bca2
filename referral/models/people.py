"""Who the person is: a row apart from the case, with a permission apart. Everything that names somebody is sealed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from referral.encryption import SealedField
from referral.words.consent_choices import RepresentativeKind

from .sealed import SealedRow


class Person(SealedRow):
    """The person of a case. `*_index` are keyed hashes of one partner: they find an exact name or number, and nothing else."""

    case = models.OneToOneField("referral.Case", models.CASCADE, related_name="person")
    alias = SealedField(tier=2)  # what the person wants to be called
    age_band = SealedField(tier=2)
    sex = SealedField(tier=2)
    languages = SealedField(tier=2)
    interpreter = SealedField(tier=2)
    special_needs = SealedField(tier=2)  # of access: sign language, ramp, somebody who comes along
    safe_contact = SealedField(tier=3)  # {channels: [...], number, hours, words}
    given_name = SealedField(tier=3)
    family_name = SealedField(tier=3)
    birth_date = SealedField(tier=3)
    nationality = SealedField(tier=3)
    phone = SealedField(tier=3)
    commune = SealedField(tier=3)
    address = SealedField(tier=4)
    code_word = SealedField(tier=4)
    status_declared = SealedField(tier=3)
    health = SealedField(tier=4)
    phone_index = models.CharField(max_length=32, blank=True, db_index=True)
    name_index = models.CharField(max_length=32, blank=True, db_index=True)


class Representative(SealedRow):
    """Who stands for a child. Consent of one that is not verified, or is in conflict, counts for nothing."""

    case = models.ForeignKey("referral.Case", models.CASCADE, related_name="representatives")
    kind = models.CharField(max_length=20, choices=RepresentativeKind)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    in_conflict = models.BooleanField(default=False)
    name = SealedField(tier=3)
    contact = SealedField(tier=3)
    document = SealedField(tier=3)

    @property
    def counts(self) -> bool:
        """Whether this person's consent counts."""
        return self.verified_by_id is not None and not self.in_conflict
