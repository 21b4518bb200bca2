"""What sign-in keeps: open sessions, delays after wrong tries, invitations. No address of a network is in it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

USER = settings.AUTH_USER_MODEL


class StaffSession(models.Model):
    """An open session of somebody. Without its row a session is nobody's: to delete it ends the session at once.

    `strong`: the second factor was given; before that only the pages open that set one up.
    """

    objects: ClassVar[models.Manager[StaffSession]] = models.Manager()

    user = models.ForeignKey(USER, models.CASCADE, related_name="staff_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    strong = models.BooleanField(default=False)
    device = models.CharField(max_length=60, blank=True)  # “Firefox, Android”: a family, never a version
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-seen_at",)

    def __str__(self) -> str:
        return f"{self.user_id} since {self.started_at:%Y-%m-%d %H:%M}"


class Delay(models.Model):
    """Wrong tries in one bucket, and from when on the next one is looked at. `bucket` is a keyed digest: it names nobody."""

    objects: ClassVar[models.Manager[Delay]] = models.Manager()

    bucket = models.CharField(max_length=64, primary_key=True)
    failed = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(default=timezone.now, db_index=True)
    until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.bucket[:8]} {self.failed}"


class Invitation(models.Model):
    """Somebody is asked to work with a partner. The account is made when the link is used, once.

    `is_proposal`: it waits for a second administrator, and no link works. `member`: no link at all, these roles for
    somebody who works there already.
    """

    objects: ClassVar[models.Manager[Invitation]] = models.Manager()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey("referral.Partner", models.CASCADE, related_name="invitations")
    team = models.ForeignKey("referral.Team", models.CASCADE, null=True, blank=True, related_name="+")
    roles = models.JSONField(default=list)
    name = models.CharField(max_length=150)
    email = models.EmailField()
    language = models.CharField(max_length=10)
    made_by = models.ForeignKey(USER, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)  # of a proposal that was confirmed: when it was
    is_proposal = models.BooleanField(default=False)
    member = models.ForeignKey(USER, models.CASCADE, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey(USER, models.SET_NULL, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None) | ~models.Q(confirmed_by=models.F("made_by")),
                name="nobody_confirms_their_own_proposal",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
