"""Whether somebody stands for a child."""

from __future__ import annotations

from referral.models import Case, Representative
from referral.words.consent_choices import RepresentativeKind


def represented(case: Case) -> bool:
    """Whether a child has somebody whose word counts, or a documented best-interest decision. True for an adult."""
    if not case.is_minor or case.best_interest is not None:
        return True
    found = Representative.objects.filter(case=case).exclude(kind=RepresentativeKind.NONE_KNOWN)
    return any(one.counts for one in found)
