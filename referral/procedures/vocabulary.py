"""The words a procedure may use: stages, actors, service types, units, machine rules. Keys only; screens add labels."""

from __future__ import annotations

from types import MappingProxyType

PROFILES = ("gen", "uasc", "vot", "gbv", "asy", "med", "dis", "preg", "avr", "irr", "lab", "rac", "det")
SHARED = "common"  # the pack without steps, whose rules, fields and sources every profile may use

SOURCE_STATUSES = ("official", "derived_international", "draft")
SEEN = ("text", "excerpt", "abstract", "existence_only", "general_knowledge", "our_design")

# In the order in which a case goes through them.
STAGES = (
    "identification",
    "information_consent",
    "immediate_safety",
    "assessment",
    "orientation",
    "care_plan",
    "follow_up",
    "closure",
)
ACTORS = (
    "first_line",
    "caseworker",
    "supervisor",
    "health",
    "child_protection",
    "prosecutor",
    "legal",
    "iom",
    "unhcr",
    "focal_point",
)
ESCALATIONS = ("caseworker", "supervisor", "dpo")
SERVICE_TYPES = (
    "shelter",
    "health",
    "mhpss",
    "legal",
    "documentation",
    "protection_authority",
    "child_protection",
    "family_tracing",
    "education",
    "vocational",
    "employment",
    "food",
    "nfi",
    "cash",
    "interpretation",
    "asylum",
    "avrr",
    "disability",
    "sexual_reproductive_health",
)

URGENCIES = ("emergency", "urgent", "normal")
# Hours of wall clock; the inter-agency referral form has 24 hours, 72 hours, 2 weeks.
URGENCY_HOURS = MappingProxyType({"emergency": 24, "urgent": 72, "normal": 14 * 24})

LONGEST = 10_000  # the greatest amount of a limit: no date overflows
COUNTED_UNITS = ("hours", "days", "working_days")  # hours are wall clock
UNITS = (*COUNTED_UNITS, "end_of_day", "by_urgency")
OPENED = "opened"  # a limit that counts from the opening of the case

TYPED_KINDS = ("text", "number", "yes_no", "date", "datetime", "choice", "choices")
CHOICE_KINDS = frozenset({"choice", "choices"})
DATED_KINDS = frozenset({"date", "datetime"})
CASE_KIND = "case"  # not typed: the software looks at the case itself
TIERS = (2, 3, 4)  # ordinary case content, identity, details of violence, trafficking, health, children and safe places
CASE_CHECKS = frozenset(
    {
        "consent_recorded",
        "consent_names_recipient",
        "urgency_set",
        "risk_set",
        "safe_contact_set",
        "representative_known",
        "needs_recorded",
        "referral_made",
        "plan_agreed",
        "screening_done",
        "closure_reason_set",
        "outcome_recorded",
        "interpreter_known",
        "language_known",
        "age_band_known",
        "follow_up_planned",
    }
)

PACKET_CATEGORIES = frozenset(
    {
        "narrative",
        "perpetrator",
        "diagnosis",
        "hiv",
        "status_declared",
        "route",
        "documents",
        "other_referrals",
        "notes",
        "contact",
        "name",
        "address",
    }
)
RECIPIENT_KINDS = frozenset({"consulate", "employer", "police", "border", "religious"})
SCREENS = ("trafficking", "child", "asylum", "gbv", "health")
UNSAFE_INTERPRETERS = frozenset({"child", "relative", "companion"})
CHANNELS = frozenset({"voicemail", "sms", "email"})

MANUAL = "manual"  # read and ticked by a person
STEP_DONE = "step_done"  # its args are keys of steps of the same pack
# Each machine rule with what its args may be; empty: it takes none.
MACHINE_RULES = MappingProxyType(
    {
        "packet_excludes": PACKET_CATEGORIES,
        "recipient_kind_not": RECIPIENT_KINDS,
        "recipient_type_is": frozenset(SERVICE_TYPES),
        "screens_answered": frozenset(SCREENS),
        "consent_names_recipient": frozenset(),
        "representative_or_best_interest": frozenset(),
        "representative_verified": frozenset(),
        "recipient_accessible": frozenset(),
        "recipient_welcomes_women": frozenset(),
        "recipient_hides_address": frozenset(),
        "interpreter_not": UNSAFE_INTERPRETERS,
        "channel_not": CHANNELS,
        "no_open_referral": frozenset(URGENCIES),
        "four_eyes": frozenset(),
        "closure_reason_needs_supervisor": frozenset(),
        "no_incident_narrative": frozenset(),
    }
)
