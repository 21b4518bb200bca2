"""Who looked at what and who changed what: only ever added, each row chained to the one before. No value of a case is in it."""

from __future__ import annotations

from django.db import models


class AuditKind(models.TextChoices):
    """What was done."""

    READ = "read"
    SEARCH = "search"
    EXPORT = "export"
    PRINT = "print"
    DENIED = "denied"
    REFUSED = "refused"
    CHANGE = "change"
    OVERRIDE = "override"
    BREAK_GLASS = "break_glass"
    SIGN_IN = "sign_in"
    TIMER = "timer"


class AuditEntry(models.Model):
    """A row of the trail. Ids are plain numbers, not foreign keys: the trail outlives what it speaks of."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=AuditKind)
    user_id = models.BigIntegerField(null=True)
    partner_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    referral_id = models.UUIDField(null=True)
    what = models.CharField(max_length=60)  # an event, a screen, a command
    fields = models.JSONField(default=list)  # names of fields, never values
    rows = models.PositiveIntegerField(null=True)  # how many, of a search or an export
    before = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["case_id", "at"]), models.Index(fields=["user_id", "at"])]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.what}"


class AuditHead(models.Model):
    """The end of the chain: one row, locked while a row is added. `secret`, wrapped by the key ring, makes the digests."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    digest = models.CharField(max_length=64)
    number = models.PositiveBigIntegerField(default=0)
    secret = models.BinaryField()

    def __str__(self) -> str:
        return str(self.number)
