"""The closed lists of requests about data, of complaints, and of why somebody is let in to a case that is not theirs."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class RequestKind(TextChoices):
    """What somebody asks about their data (law 09-08, arts 7–9)."""

    ACCESS = "access", pgettext_lazy("data request", "A copy of their data")
    RECTIFICATION = "rectification", pgettext_lazy("data request", "A correction")
    OPPOSITION = "opposition", pgettext_lazy("data request", "To stop using or sharing their data")
    ERASURE = "erasure", pgettext_lazy("data request", "To erase their data")


class Asker(TextChoices):
    """Who asks. Somebody else than the person must show that they may."""

    PERSON = "person", pgettext_lazy("asks", "The person")
    REPRESENTATIVE = "representative", pgettext_lazy("asks", "The representative of a child")
    LAWYER = "lawyer", pgettext_lazy("asks", "A lawyer with a written mandate")


class Outcome(TextChoices):
    """What came of a request about data."""

    COPY_GIVEN = "copy_given", pgettext_lazy("outcome of a data request", "A copy was given")
    CORRECTED = "corrected", pgettext_lazy("outcome of a data request", "Corrected")
    STOPPED = "stopped", pgettext_lazy("outcome of a data request", "Use or sharing stopped")
    ERASED = "erased", pgettext_lazy("outcome of a data request", "Erased")
    NOT_FOUND = "not_found", pgettext_lazy("outcome of a data request", "Nothing is kept about this person")
    REFUSED = "refused", pgettext_lazy("outcome of a data request", "Refused, with the reason")


# What a request of each kind may end with. Erased is the outcome of the erasure itself, never ticked by hand.
OUTCOMES = {
    RequestKind.ACCESS: (Outcome.COPY_GIVEN, Outcome.NOT_FOUND, Outcome.REFUSED),
    RequestKind.RECTIFICATION: (Outcome.CORRECTED, Outcome.NOT_FOUND, Outcome.REFUSED),
    RequestKind.OPPOSITION: (Outcome.STOPPED, Outcome.NOT_FOUND, Outcome.REFUSED),
    RequestKind.ERASURE: (Outcome.NOT_FOUND, Outcome.REFUSED),
}


class ComplaintOutcome(TextChoices):
    """What came of a complaint."""

    UPHELD = "upheld", pgettext_lazy("outcome of a complaint", "Founded")
    PARTLY = "partly", pgettext_lazy("outcome of a complaint", "Partly founded")
    NOT_UPHELD = "not_upheld", pgettext_lazy("outcome of a complaint", "Not founded")


class Ground(TextChoices):
    """Why somebody asks to read a case that is not theirs (referral.md b.6)."""

    SUPERVISION = "supervision", pgettext_lazy("ground", "Supervision of a restricted case")
    COMPLAINT = "complaint", pgettext_lazy("ground", "A complaint")
    BREACH = "breach", pgettext_lazy("ground", "A breach of data")
    DATA_REQUEST = "data_request", pgettext_lazy("ground", "A request of the person about their data")
    EMERGENCY = "emergency", pgettext_lazy("ground", "An emergency")
