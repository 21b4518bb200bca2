"""Every closed list of cases, consent and referrals, with its labels (referral.md b.2). Values are stable: stored, exported."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Stage(TextChoices):
    """Where a case stands in its procedure. Derived from completed steps, never typed."""

    IDENTIFICATION = "identification", pgettext_lazy("stage", "Identification")
    INFORMATION_CONSENT = "information_consent", pgettext_lazy("stage", "Information & consent")
    IMMEDIATE_SAFETY = "immediate_safety", pgettext_lazy("stage", "Immediate safety")
    ASSESSMENT = "assessment", pgettext_lazy("stage", "Assessment")
    ORIENTATION = "orientation", pgettext_lazy("stage", "Orientation")
    CARE_PLAN = "care_plan", pgettext_lazy("stage", "Care plan")
    FOLLOW_UP = "follow_up", pgettext_lazy("stage", "Follow-up")
    CLOSURE = "closure", pgettext_lazy("stage", "Closure")


class Urgency(TextChoices):
    """How soon. Kept apart from risk."""

    EMERGENCY = "emergency", pgettext_lazy("urgency", "Emergency (24 h)")
    URGENT = "urgent", pgettext_lazy("urgency", "Urgent (72 h)")
    NORMAL = "normal", pgettext_lazy("urgency", "Normal (2 weeks)")


class Risk(TextChoices):
    """How dangerous. Kept apart from urgency."""

    HIGH = "high", pgettext_lazy("risk", "High")
    MEDIUM = "medium", pgettext_lazy("risk", "Medium")
    LOW = "low", pgettext_lazy("risk", "Low")


class Handover(TextChoices):
    """How the person gets from one desk to the other."""

    INFORMATION = "information", pgettext_lazy("handover", "Information only")
    FACILITATED = "facilitated", pgettext_lazy("handover", "Facilitated")
    WARM = "warm", pgettext_lazy("handover", "Warm handover")
    ACCOMPANIED = "accompanied", pgettext_lazy("handover", "Accompanied")


class CaseRole(TextChoices):
    """What a member of an organisation may be in cases."""

    INTAKE = "intake", pgettext_lazy("case role", "Intake")
    CASEWORKER = "caseworker", pgettext_lazy("case role", "Caseworker")
    SUPERVISOR = "supervisor", pgettext_lazy("case role", "Supervisor")
    FOCAL_POINT = "focal_point", pgettext_lazy("case role", "Service focal point")
    DPO = "dpo", pgettext_lazy("case role", "Data protection officer")
    ORGANISATION_ADMIN = "org_admin", pgettext_lazy("case role", "Administrator of the organisation")
    STATISTICIAN = "statistician", pgettext_lazy("case role", "Statistician")


class DeclineReason(TextChoices):
    """Why a service does not take a referral."""

    NOT_ELIGIBLE = "not_eligible", pgettext_lazy("decline reason", "Not eligible")
    NO_CAPACITY = "no_capacity", pgettext_lazy("decline reason", "No capacity")
    OUT_OF_AREA = "out_of_area", pgettext_lazy("decline reason", "Out of area")
    LANGUAGE_UNAVAILABLE = "language_unavailable", pgettext_lazy("decline reason", "Language unavailable")
    CONFLICT_OF_INTEREST = "conflict_of_interest", pgettext_lazy("decline reason", "Conflict of interest")
    DUPLICATE = "duplicate", pgettext_lazy("decline reason", "Duplicate")
    SERVICE_CLOSED = "service_closed", pgettext_lazy("decline reason", "Service closed")
    WRONG_SERVICE_REDIRECTED = "wrong_service_redirected", pgettext_lazy("decline reason", "Wrong service: redirected")
    INSUFFICIENT_INFORMATION = "insufficient_information", pgettext_lazy("decline reason", "Insufficient information")
    SAFETY_CONCERN = "safety_concern", pgettext_lazy("decline reason", "Safety concern")
    OTHER = "other", pgettext_lazy("reason", "Other")


class NotDeliveredReason(TextChoices):
    """Why a service that was accepted was not given."""

    UNREACHABLE = "unreachable", pgettext_lazy("not delivered", "Unreachable")
    NO_SHOW = "no_show", pgettext_lazy("not delivered", "Did not come")
    CLIENT_REFUSED = "client_refused", pgettext_lazy("not delivered", "The person refused")
    NO_LONGER_NEEDED = "no_longer_needed", pgettext_lazy("not delivered", "No longer needed")
    MOVED = "moved", pgettext_lazy("not delivered", "Left the area")
    DETAINED = "detained", pgettext_lazy("not delivered", "Detained")
    REMOVED_OR_RETURNED = "removed_or_returned", pgettext_lazy("not delivered", "Removed or returned")
    MISSING_DOCUMENT = "missing_document", pgettext_lazy("not delivered", "Missing document")
    COST = "cost", pgettext_lazy("not delivered", "Cost")
    REFUSED_BY_DISCRIMINATION = "refused_by_discrimination", pgettext_lazy("not delivered", "Discriminatory refusal")
    PROVIDER_CANCELLED = "provider_cancelled", pgettext_lazy("not delivered", "Cancelled by the service")
    OTHER = "other", pgettext_lazy("reason", "Other")


class ClosureReason(TextChoices):
    """Why a case ends. Lost contact: at least 3 attempts, 2 channels, 30 days (our design, to be validated)."""

    GOALS_MET = "goals_met", pgettext_lazy("closure reason", "Goals met")
    NEEDS_ENDED = "needs_ended", pgettext_lazy("closure reason", "No more needs")
    TRANSFERRED = "transferred", pgettext_lazy("closure reason", "Transferred")
    RETURNED_VOLUNTARILY = "returned_voluntarily", pgettext_lazy("closure reason", "Returned voluntarily")
    RELOCATED = "relocated", pgettext_lazy("closure reason", "Relocated")
    CLIENT_REQUEST = "client_request", pgettext_lazy("closure reason", "At the person's request")
    CONSENT_WITHDRAWN = "consent_withdrawn", pgettext_lazy("closure reason", "Consent withdrawn")
    LOST_CONTACT = "lost_contact", pgettext_lazy("closure reason", "Contact lost")
    LEFT_AREA = "left_area", pgettext_lazy("closure reason", "Left the area")
    DIED = "died", pgettext_lazy("closure reason", "Died")
    NOT_ELIGIBLE = "not_eligible", pgettext_lazy("closure reason", "Not eligible")
    ADULTHOOD_TRANSITION = "adulthood_transition", pgettext_lazy("closure reason", "Turned 18")
    OTHER = "other", pgettext_lazy("reason", "Other")


class ServiceType(TextChoices):
    """What is asked of a service."""

    SHELTER = "shelter", pgettext_lazy("service type", "Shelter")
    HEALTH = "health", pgettext_lazy("service type", "Health")
    MHPSS = "mhpss", pgettext_lazy("service type", "Psychosocial support")
    LEGAL = "legal", pgettext_lazy("service type", "Legal aid")
    DOCUMENTATION = "documentation", pgettext_lazy("service type", "Documents")
    PROTECTION_AUTHORITY = "protection_authority", pgettext_lazy("service type", "Protection authority")
    CHILD_PROTECTION = "child_protection", pgettext_lazy("service type", "Child protection")
    FAMILY_TRACING = "family_tracing", pgettext_lazy("service type", "Family tracing")
    EDUCATION = "education", pgettext_lazy("service type", "Education")
    VOCATIONAL = "vocational", pgettext_lazy("service type", "Vocational training")
    EMPLOYMENT = "employment", pgettext_lazy("service type", "Employment")
    FOOD = "food", pgettext_lazy("service type", "Food")
    NFI = "nfi", pgettext_lazy("service type", "Non-food items")
    CASH = "cash", pgettext_lazy("service type", "Cash assistance")
    INTERPRETATION = "interpretation", pgettext_lazy("service type", "Interpretation")
    ASYLUM = "asylum", pgettext_lazy("service type", "Asylum")
    AVRR = "avrr", pgettext_lazy("service type", "Voluntary return")
    DISABILITY = "disability", pgettext_lazy("service type", "Disability")
    SEXUAL_REPRODUCTIVE_HEALTH = (
        "sexual_reproductive_health",
        pgettext_lazy("service type", "Sexual and reproductive health"),
    )


class Profile(TextChoices):
    """Which standard procedure leads a case: the 13 of referral.md (c), one pack each."""

    GEN = "gen", pgettext_lazy("profile", "Migrant needing orientation")
    UASC = "uasc", pgettext_lazy("profile", "Unaccompanied or separated child")
    VOT = "vot", pgettext_lazy("profile", "Victim or presumed victim of trafficking")
    GBV = "gbv", pgettext_lazy("profile", "Survivor of gender-based violence")
    ASY = "asy", pgettext_lazy("profile", "Asylum seeker or refugee")
    MED = "med", pgettext_lazy("profile", "Medical emergency")
    DIS = "dis", pgettext_lazy("profile", "Migrant with disability or older person")
    PREG = "preg", pgettext_lazy("profile", "Pregnant woman or new mother")
    AVR = "avr", pgettext_lazy("profile", "Candidate for assisted voluntary return")
    IRR = "irr", pgettext_lazy("profile", "Irregular arrival or rescue needing humanitarian help")
    LAB = "lab", pgettext_lazy("profile", "Labour exploitation")
    RAC = "rac", pgettext_lazy("profile", "Racism, hate crime or refusal of service")
    DET = "det", pgettext_lazy("profile", "Detained migrant")


class StepActor(TextChoices):
    """Who does a step of a procedure (the codes FW, CW, SV, HL, CP, PP, LG, IOM, UNHCR, FP of referral.md (c))."""

    FIRST_LINE = "first_line", pgettext_lazy("step actor", "First-line worker")
    CASEWORKER = "caseworker", pgettext_lazy("step actor", "Caseworker")
    SUPERVISOR = "supervisor", pgettext_lazy("step actor", "Supervisor")
    HEALTH = "health", pgettext_lazy("step actor", "Health service")
    CHILD_PROTECTION = "child_protection", pgettext_lazy("step actor", "Child-protection body")
    PROSECUTOR = "prosecutor", pgettext_lazy("step actor", "Public prosecutor")
    LEGAL = "legal", pgettext_lazy("step actor", "Legal aid or lawyer")
    IOM = "iom", pgettext_lazy("step actor", "IOM")
    UNHCR = "unhcr", pgettext_lazy("step actor", "UNHCR")
    FOCAL_POINT = "focal_point", pgettext_lazy("step actor", "Focal point of the receiving service")


class ContactChannel(TextChoices):
    """How to reach the person; each only if the safe-contact rules allow it."""

    IN_PERSON = "in_person", pgettext_lazy("contact channel", "In person")
    CALL = "call", pgettext_lazy("contact channel", "Phone call")
    VOICEMAIL = "voicemail", pgettext_lazy("contact channel", "Voicemail")
    SMS = "sms", pgettext_lazy("contact channel", "Text message")
    EMAIL = "email", pgettext_lazy("contact channel", "E-mail")
    TRUSTED_PERSON = "trusted_person", pgettext_lazy("contact channel", "Through a trusted person")
