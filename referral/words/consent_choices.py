"""The closed lists of consent: its status and basis, purposes, categories of data, who gave it, how, with whose help."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class ConsentStatus(TextChoices):
    """Where a consent stands (referral.md b.2)."""

    GIVEN = "given", pgettext_lazy("consent", "Given")
    REFUSED = "refused", pgettext_lazy("consent", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("consent", "Withdrawn")
    EXPIRED = "expired", pgettext_lazy("consent", "Expired")
    NOT_OBTAINABLE = "not_obtainable", pgettext_lazy("consent", "Not obtainable")


class LegalBasis(TextChoices):
    """On what a share rests. All but consent need a supervisor, a reason, and are checked by the server."""

    CONSENT = "consent", pgettext_lazy("legal basis", "Consent")
    VITAL_INTEREST = "vital_interest", pgettext_lazy("legal basis", "Vital interest")
    LEGAL_OBLIGATION = "legal_obligation", pgettext_lazy("legal basis", "Legal obligation")
    BEST_INTEREST_DECISION = "best_interest_decision", pgettext_lazy("legal basis", "Best-interest decision")


class Purpose(TextChoices):
    """What for. Each is asked separately; none is ticked beforehand; a refusal of one leaves the others."""

    RECORD = "record", pgettext_lazy("purpose", "Keeping a record of the case")
    REFERRAL = "referral", pgettext_lazy("purpose", "Sharing with a named service")
    TRANSFER = "transfer", pgettext_lazy("purpose", "Handing the case to another organisation")
    CONTACT = "contact", pgettext_lazy("purpose", "Contacting the person")
    ONLINE_FOLLOW_UP = "online_follow_up", pgettext_lazy("purpose", "Following the case online with a code")
    FAMILY_TRACING = "family_tracing", pgettext_lazy("purpose", "Tracing family members")
    STATISTICS = "statistics", pgettext_lazy("purpose", "Statistics without names")


class DataCategory(TextChoices):
    """A kind of information, as consent names it and as rules of a procedure exclude it from a packet."""

    NAME = "name", pgettext_lazy("category of data", "Name")
    CONTACT = "contact", pgettext_lazy("category of data", "Safe contact")
    LANGUAGE = "language", pgettext_lazy("category of data", "Language and interpreter")
    AGE_BAND = "age_band", pgettext_lazy("category of data", "Age group")
    SEX = "sex", pgettext_lazy("category of data", "Sex")
    NEED = "need", pgettext_lazy("category of data", "Service requested")
    REASON = "reason", pgettext_lazy("category of data", "Reason for the request")
    SPECIAL_NEEDS = "special_needs", pgettext_lazy("category of data", "Accessibility needs")
    REPRESENTATIVE = "representative", pgettext_lazy("category of data", "Representative of a child")
    HEALTH = "health", pgettext_lazy("category of data", "Health")
    ADDRESS = "address", pgettext_lazy("category of data", "Address")
    HOUSEHOLD = "household", pgettext_lazy("category of data", "Household size")
    IDENTITY_NUMBER = "identity_number", pgettext_lazy("category of data", "Identity number")
    DOCUMENTS = "documents", pgettext_lazy("category of data", "Scans of documents")
    LEGAL_STATUS = "status_declared", pgettext_lazy("category of data", "Status in the country")
    NARRATIVE = "narrative", pgettext_lazy("category of data", "Story of what happened")
    PERPETRATOR = "perpetrator", pgettext_lazy("category of data", "Perpetrator")
    DIAGNOSIS = "diagnosis", pgettext_lazy("category of data", "Diagnosis")
    HIV = "hiv", pgettext_lazy("category of data", "HIV")
    ROUTE = "route", pgettext_lazy("category of data", "Route of the journey")
    OTHER_REFERRALS = "other_referrals", pgettext_lazy("category of data", "Other referrals")
    NOTES = "notes", pgettext_lazy("category of data", "Case notes")


_C = DataCategory
# Never in a packet, whatever anybody agreed to (referral.md d.1).
NEVER_IN_PACKET = frozenset({
    _C.DOCUMENTS, _C.LEGAL_STATUS, _C.NARRATIVE, _C.PERPETRATOR, _C.DIAGNOSIS, _C.HIV, _C.ROUTE, _C.OTHER_REFERRALS,
    _C.NOTES,
})  # fmt: skip
# Only when the service needs it, each agreed to by itself (d.1).
ONLY_IF_NEEDED = frozenset({_C.ADDRESS, _C.HOUSEHOLD, _C.IDENTITY_NUMBER})
# What consent may name for a packet, in the order in which to ask.
SHAREABLE = tuple(category for category in DataCategory if category not in NEVER_IN_PACKET)


class ConsentMethod(TextChoices):
    """How consent was given (b.1)."""

    SIGNED = "signed", pgettext_lazy("consent method", "Signed")
    VERBAL_WITNESSED = "verbal_witnessed", pgettext_lazy("consent method", "Spoken before a witness")
    THUMBPRINT = "thumbprint", pgettext_lazy("consent method", "Thumbprint")
    DIGITAL = "digital", pgettext_lazy("consent method", "Digital")


class ConsentGiver(TextChoices):
    """Who gave consent (b.1)."""

    PERSON = "person", pgettext_lazy("consent given by", "The person")
    REPRESENTATIVE = "representative", pgettext_lazy("consent given by", "The representative")


class RepresentativeKind(TextChoices):
    """Who stands for a child (b.1). Consent counts only if verified and without conflict of interest."""

    PARENT = "parent", pgettext_lazy("representative", "Parent")
    LEGAL_GUARDIAN = "legal_guardian", pgettext_lazy("representative", "Legal guardian")
    JUDGE_APPOINTED = "judge_appointed", pgettext_lazy("representative", "Appointed by a judge")
    DE_FACTO = "de_facto", pgettext_lazy("representative", "De facto carer")
    NONE_KNOWN = "none_known", pgettext_lazy("representative", "None known")


class InterpreterKind(TextChoices):
    """Who interpreted. The last three must never do it (common rule 3); they can be recorded to be refused."""

    NOT_NEEDED = "not_needed", pgettext_lazy("interpreter", "Not needed")
    PROFESSIONAL = "professional", pgettext_lazy("interpreter", "Professional interpreter")
    BY_PHONE = "by_phone", pgettext_lazy("interpreter", "Interpreter by phone")
    STAFF = "staff", pgettext_lazy("interpreter", "Colleague who speaks the language")
    CHILD = "child", pgettext_lazy("interpreter", "Child")
    RELATIVE = "relative", pgettext_lazy("interpreter", "Relative")
    COMPANION = "companion", pgettext_lazy("interpreter", "Travel companion of unknown role")


REFUSED_INTERPRETERS = frozenset({InterpreterKind.CHILD, InterpreterKind.RELATIVE, InterpreterKind.COMPANION})
