"""Which types of help (referral.md b.2) a service of the directory gives: read from its category and its terms, never typed."""

from __future__ import annotations

from referral.words.choices import ServiceType
from services.models import Service, Term

_T = ServiceType
BY_CATEGORY: dict[str, tuple[ServiceType, ...]] = {
    "emergency": (_T.PROTECTION_AUTHORITY,),
    "health": (_T.HEALTH,),
    "shelter": (_T.SHELTER,),
    "food_and_basic_needs": (_T.FOOD, _T.NFI),
    "legal_aid": (_T.LEGAL,),
    "residence": (_T.DOCUMENTATION,),
    "asylum": (_T.ASYLUM,),
    "protection": (_T.PROTECTION_AUTHORITY,),
    "gbv": (_T.PROTECTION_AUTHORITY, _T.MHPSS),
    "child_protection": (_T.CHILD_PROTECTION,),
    "maternal_child": (_T.SEXUAL_REPRODUCTIVE_HEALTH, _T.HEALTH),
    "mental_health": (_T.MHPSS,),
    "civil_registration": (_T.DOCUMENTATION,),
    "education": (_T.EDUCATION,),
    "employment": (_T.EMPLOYMENT,),
    "vocational_training": (_T.VOCATIONAL,),
    "language_training": (_T.EDUCATION,),
    "financial": (_T.CASH,),
    "trafficking": (_T.PROTECTION_AUTHORITY,),
    "community": (_T.MHPSS,),
    "voluntary_return": (_T.AVRR,),
}
BY_TERM: dict[str, ServiceType] = {
    "10.4": _T.DOCUMENTATION,
    "30.3": _T.SEXUAL_REPRODUCTIVE_HEALTH,
    "30.5": _T.MHPSS,
    "70.2": _T.CHILD_PROTECTION,
    "70.5": _T.DISABILITY,
    "70.6": _T.FAMILY_TRACING,
    "80.4": _T.FOOD,
    "80.5": _T.NFI,
    "100.4": _T.INTERPRETATION,
    "110.1": _T.AVRR,
    "110.2": _T.AVRR,
}
UNLISTED = (_T.MHPSS,)  # a category that editors have added: somebody who listens


def types_of(service: Service) -> tuple[ServiceType, ...]:
    """The types of help that this service gives, the one of its category first. Never empty."""
    by_category = BY_CATEGORY.get(service.category.key, UNLISTED)
    by_term = [BY_TERM[code] for code in _codes(service) if code in BY_TERM]
    return tuple(dict.fromkeys((*by_category, *by_term)))


def _codes(service: Service) -> list[str]:
    """Of rows that were fetched with it, or of one short query: whole terms are long rows."""
    if "terms" in getattr(service, "_prefetched_objects_cache", {}):
        return [term.code for term in service.terms.all()]
    return list(Term.objects.filter(services=service).order_by("code").values_list("code", flat=True))
