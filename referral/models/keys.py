"""The keys in the database: useless without the key ring of the operator. Backups leave out CaseKey, PacketKey (decision 0013)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class PartnerKey(models.Model):
    """A key of a partner, wrapped by the key ring. The newest wraps what is new; an older one stays while it is needed."""

    partner = models.ForeignKey("referral.Partner", models.CASCADE, related_name="keys")
    number = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField(default=timezone.now)
    wrapped = models.BinaryField()

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint("partner", "number", name="keys_of_a_partner_are_numbered")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.number}"


class IndexSecret(models.Model):
    """The secret of the blind indexes of a partner, wrapped by the key ring. It stays when the partner's key is replaced."""

    partner = models.OneToOneField("referral.Partner", models.CASCADE, primary_key=True, related_name="index_secret")
    wrapped = models.BinaryField()

    def __str__(self) -> str:
        return str(self.partner_id)


class CaseKey(models.Model):
    """The key of a case, wrapped by a key of a partner that may read it. Destroying all rows of a case erases the case."""

    case = models.ForeignKey("referral.Case", models.CASCADE, related_name="keys")
    partner = models.ForeignKey("referral.Partner", models.CASCADE, related_name="+")
    by = models.ForeignKey(PartnerKey, models.PROTECT, related_name="+")  # what is still needed cannot be deleted
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint("case", "partner", name="one_key_a_case_and_partner")]

    def __str__(self) -> str:
        return f"{self.case_id} for {self.partner_id}"


class PacketKey(models.Model):
    """The key of a packet, wrapped by a key of one of the two partners that may read it."""

    packet = models.ForeignKey("referral.Packet", models.CASCADE, related_name="keys")
    partner = models.ForeignKey("referral.Partner", models.CASCADE, related_name="+")
    by = models.ForeignKey(PartnerKey, models.PROTECT, related_name="+")
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint("packet", "partner", name="one_key_a_packet_and_partner")]

    def __str__(self) -> str:
        return f"{self.packet_id} for {self.partner_id}"
