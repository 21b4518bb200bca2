"""The menu of casework: which desks there are, and for which roles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from referral.access import Member
from referral.words.choices import CaseRole

R = CaseRole
WORKERS = (R.INTAKE, R.CASEWORKER, R.SUPERVISOR)


@dataclass(frozen=True)
class Entry:
    """A desk: its address, its word, who sees it. `is_here`: the page shown is this one."""

    name: str
    label: Any
    icon: str
    roles: tuple[CaseRole, ...]
    address: str = ""
    is_here: bool = False


ENTRIES = (
    Entry("casework", _("Inbox"), "message", (*WORKERS, R.FOCAL_POINT)),
    Entry("cases", _("Cases"), "document", (*WORKERS, R.DPO)),
    Entry("case-new", _("New case"), "people", WORKERS),
    Entry("orientation", _("Orientation without a case"), "compass", WORKERS),
    Entry("board", _("Board of the team"), "clock", (R.SUPERVISOR,)),
    Entry("procedures", _("Procedures"), "law", ()),
    Entry("requests", _("Requests and complaints"), "shield", (*WORKERS, R.DPO)),
    Entry("people", _("People"), "people", (R.ORGANISATION_ADMIN,)),
    Entry("organisation", pgettext_lazy("label", "Organisation"), "home", (R.ORGANISATION_ADMIN,)),
)


def of(member: Member, here: str) -> Iterable[Entry]:
    """The desks of this member, in their order; no roles: everybody's."""
    for entry in ENTRIES:
        if entry.roles and not member.has(*entry.roles):
            continue
        try:
            address = reverse(entry.name)
        except NoReverseMatch:
            continue
        yield Entry(entry.name, entry.label, entry.icon, entry.roles, address, entry.name == here)
