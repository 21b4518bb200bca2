"""What must be done by when: tasks of people, effects that leave through the outbox, answers that repeats get again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

USER = settings.AUTH_USER_MODEL


class TaskKind(models.TextChoices):
    """Why somebody is asked to do something."""

    STEP = "step", _("A step of the procedure")
    ANSWER = "answer", _("Answer a referral")
    REFER_AGAIN = "refer_again", _("Refer again")
    CALL = "call", _("Call the service")
    CONFIRM = "confirm", _("Ask the person whether help arrived")
    INFORM = "inform", _("Inform the person and record their wishes")
    REVIEW = "review", _("Review the case")
    DECIDE = "decide", _("Decide as supervisor")
    ACCESS = "access", _("Decide who may read a case")
    LET_IN = "let_in", _("See who was given access to a case")
    DATA_REQUEST = "data_request", _("Answer a request about data")
    CORRECT = "correct", _("Do what the person asks about their data")
    CORRECTED = "corrected", _("What you received was corrected: ask the sender")
    COMPLAINT = "complaint", _("Answer a complaint")
    OTHER = "other", _("Other")


class Task(models.Model):
    """Something that somebody must do. `mark` makes timers safe to run twice: one task a mark."""

    case = models.ForeignKey("referral.Case", models.CASCADE, null=True, blank=True, related_name="tasks")
    referral = models.ForeignKey("referral.Referral", models.CASCADE, null=True, blank=True, related_name="tasks")
    partner = models.ForeignKey("referral.Partner", models.CASCADE, related_name="tasks")
    owner = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="tasks")
    kind = models.CharField(max_length=20, choices=TaskKind)
    step = models.CharField(max_length=60, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    escalation = models.PositiveSmallIntegerField(default=0)
    mark = models.CharField(max_length=120, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "due_at"], condition=Q(done_at__isnull=True), name="task_open"),
            models.Index(
                fields=["partner", "due_at"], condition=Q(done_at__isnull=True, owner__isnull=True), name="task_nobodys"
            ),
            models.Index(fields=["case", "due_at"], condition=Q(done_at__isnull=True), name="task_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.mark}"


class Effect(models.Model):
    """Something that must leave the site, written in the transaction that caused it. Holds no word of a case."""

    kind = models.CharField(max_length=20)
    user = models.ForeignKey(USER, models.CASCADE, null=True, related_name="+")
    mark = models.CharField(max_length=120, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(done_at__isnull=True, given_up_at__isnull=True),
                name="effect_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.mark}"


class Answered(models.Model):
    """What was answered to a request with this key: a repeat gets the same answer, another body is refused (422)."""

    who = models.CharField(max_length=60)
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    referral = models.ForeignKey("referral.Referral", models.CASCADE, null=True, related_name="+")
    case = models.ForeignKey("referral.Case", models.CASCADE, null=True, related_name="+")
    event = models.CharField(max_length=30)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("who", "key", name="a_request_is_carried_out_once")]

    def __str__(self) -> str:
        return f"{self.event} {self.key}"
