"""The case: who is in charge, how urgent and dangerous it is, where it stands; and what is written in it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.encryption import SealedField
from referral.states.case_states import CaseStatus
from referral.words.choices import ClosureReason, ContactChannel, Profile, Risk, ServiceType, Urgency

from .sealed import SealedRow

USER = settings.AUTH_USER_MODEL


class Case(SealedRow):
    """One person's case in one partner. Status governs access; the stage follows from the steps that are done."""

    code = models.CharField(max_length=12, unique=True)
    partner = models.ForeignKey("referral.Partner", models.PROTECT, related_name="cases")
    team = models.ForeignKey("referral.Team", models.PROTECT, null=True, blank=True, related_name="cases")
    owner = models.ForeignKey(USER, models.PROTECT, related_name="owned_cases")
    deputy = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="deputised_cases")
    opened_by = models.ForeignKey(USER, models.PROTECT, related_name="opened_cases")
    status = models.CharField(max_length=12, choices=CaseStatus, default=CaseStatus.OPEN)
    profile = models.CharField(max_length=10, choices=Profile)
    other_profiles = models.JSONField(default=list)
    other_procedures = models.JSONField(
        default=dict
    )  # of each of them: the digest of the FrozenProcedure that it began with
    procedure_version = models.CharField(max_length=20)
    procedure = models.ForeignKey("referral.FrozenProcedure", models.PROTECT, related_name="cases")
    urgency = models.CharField(max_length=10, choices=Urgency)
    risk = models.CharField(max_length=10, choices=Risk)
    is_restricted = models.BooleanField(default=False)
    is_minor = models.BooleanField(default=False)
    is_training = models.BooleanField(default=True)
    opened_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    hold_until = models.DateField(null=True, blank=True)
    closure_asked_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closure_reason = models.CharField(max_length=30, choices=ClosureReason, blank=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    retain_until = models.DateField(null=True, blank=True)
    legal_hold = models.BooleanField(default=False)
    erased_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    merged_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    best_interest = SealedField(tier=3)  # the documented decision for a child without representative
    reasons = SealedField(tier=2)  # of holding, closing, reopening …: a list of {event, at, by, words}
    dates = SealedField(tier=4)  # moments that time limits count from and that are known before their step is done

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=CaseStatus.values), name="a_case_has_a_known_status"),
            models.CheckConstraint(
                condition=~models.Q(status=CaseStatus.CLOSED) | ~models.Q(closure_reason=""),
                name="a_closed_case_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["partner", "status", "owner"])]

    def __str__(self) -> str:
        return self.code


class StepDone(SealedRow):
    """A step of the procedure that is done, with what was found. A step that comes back has several rows."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    procedure = models.ForeignKey("referral.FrozenProcedure", models.PROTECT, related_name="+")
    step = models.CharField(max_length=60)
    done_at = models.DateTimeField(default=timezone.now)
    done_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    ticked = models.JSONField(default=list)  # keys of the rules that were read and ticked
    answers = SealedField(tier=2)
    delicate_answers = SealedField(tier=4)

    class Meta:
        ordering = ("done_at", "pk")


class Screening(SealedRow):
    """The screening questions as they were put once, with the urgency and the risk that were found."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="screenings")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    answered = models.JSONField(default=list)  # which screens have an answer, never which one
    urgency = models.CharField(max_length=10, choices=Urgency)
    risk = models.CharField(max_length=10, choices=Risk)
    answers = SealedField(tier=4)

    class Meta:
        ordering = ("made_at", "pk")


class Need(SealedRow):
    """Something the person needs, and what was agreed about it: an item of the care plan once it has a goal."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="needs")
    service_type = models.CharField(max_length=40, choices=ServiceType)
    due_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    responsible = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    words = SealedField(tier=2)
    goal = SealedField(tier=2)


class Note(SealedRow):
    """What a caseworker writes down. Never changed: a correction is a new note."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    written_at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    words = SealedField(tier=2)

    class Meta:
        ordering = ("-written_at", "-pk")


class ContactAttempt(SealedRow):
    """An attempt to reach the person: closing for lost contact needs three, by two channels, over thirty days."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="attempts")
    channel = models.CharField(max_length=20, choices=ContactChannel)
    tried_at = models.DateTimeField(default=timezone.now)
    tried_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    reached = models.BooleanField(default=False)
    words = SealedField(tier=2)


class Orientation(models.Model):
    """Somebody was told where to go; nothing tells who. No name, no code, the day and not the hour (referral.md d.1)."""

    partner = models.ForeignKey("referral.Partner", models.PROTECT, related_name="orientations")
    on = models.DateField(default=timezone.localdate)
    language = models.CharField(_("Language"), max_length=10, blank=True)
    age_band = models.CharField(_("Age group"), max_length=10, blank=True)
    sex = models.CharField(_("Sex"), max_length=10, blank=True)
    need = models.CharField(_("Need"), max_length=40, choices=ServiceType)
    service = models.ForeignKey("services.Service", models.SET_NULL, null=True, blank=True, related_name="+")
    given = models.BooleanField(_("Information was given"), default=True)
    is_training = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.on} {self.need}"
