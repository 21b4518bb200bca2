"""The tables of the directory, after Open Referral HSDS 3.0, and what people in this country need beyond it."""

from .loading import StarterMark
from .locations import Location
from .organisations import Organisation, OrganisationPhone
from .places import Place
from .reports import Report
from .searching import IndexJob, MissedSearch, SynonymGroup
from .service import (
    DatedHours,
    OpeningHours,
    RequiredDocument,
    Service,
    ServiceContact,
    ServiceCost,
    ServicePhone,
    ServicePlace,
)
from .terms import Category, Term

__all__ = [
    "Category",
    "DatedHours",
    "IndexJob",
    "Location",
    "MissedSearch",
    "OpeningHours",
    "Organisation",
    "OrganisationPhone",
    "Place",
    "Report",
    "RequiredDocument",
    "Service",
    "ServiceContact",
    "ServiceCost",
    "ServicePhone",
    "ServicePlace",
    "StarterMark",
    "SynonymGroup",
    "Term",
]
