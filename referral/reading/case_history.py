"""What happened to a case and who has looked at it, read from the trail: no value of the case is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils import timezone

from referral.access import Member
from referral.models import AuditEntry, AuditKind, Case, CaseTransfer
from referral.permissions import NotFound, get_case_for
from referral.safety import audit
from referral.safety.isolation import as_partner, as_system
from referral.safety.keys import partner_box
from referral.states.case_states import CaseEvent, sentence
from referral.states.events import Event
from referral.words.choices import CaseRole

KEPT_BY_SOURCE = timedelta(days=30)  # after a transfer (referral.md b.3, our design)
HAPPENED = (AuditKind.CHANGE, AuditKind.OVERRIDE, AuditKind.TIMER)
ALL = slice(None)
LOOKED = (AuditKind.READ, AuditKind.SEARCH, AuditKind.EXPORT, AuditKind.PRINT, AuditKind.BREAK_GLASS)


@dataclass(frozen=True)
class Happened:
    """One row of the trail: what, by whom, when, from which screen or event."""

    at: datetime
    kind: str
    what: str
    who: str  # a name; empty: the system
    fields: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """For an event of the case, what happened in the active language; else the word of the trail."""
        _case, _dot, event = self.what.partition("case.")
        return sentence(CaseEvent(event), self.who) if event in CaseEvent.values else self.what


def timeline(member: Member, code: str, rows: slice = ALL) -> list[Happened]:
    """What happened to this case itself, last first, or these rows of it; its referrals have events of their own.

    NotFound for who may not see it. Reading it is in the trail.
    """
    with as_partner(member.partner):
        case = get_case_for(member, code)
        found = _happened(_rows(case).filter(kind__in=HAPPENED).exclude(what__in=Event.values)[rows])
        audit.record(AuditKind.READ, "case.timeline", by=member.by, case_id=case.pk, rows=len(found))
    return found


def readers(member: Member, code: str, rows: slice = ALL) -> list[Happened]:
    """Who has looked at this case, last first, or these rows: for who is in charge of it and the data-protection officer.

    NotFound for anybody else (scenario 61). Reading it is in the trail.
    """
    with as_partner(member.partner):
        case = Case.objects.filter(partner=member.partner, code=code).first()
        may = case is not None and (member.has(CaseRole.DPO) or member.user_id in (case.owner_id, case.deputy_id))
        if case is None or not may:
            raise NotFound(code)
        found = _happened(_rows(case).filter(kind__in=LOOKED)[rows])
        audit.record(AuditKind.READ, "case.readers", by=member.by, case_id=case.pk, rows=len(found))
    return found


def own_events(member: Member, code: str, shown: slice = ALL) -> list[Happened]:
    """What this partner itself did in a case that it has handed over, for 30 days: what, when and who, and no content.

    Last first, or these rows. Whoever worked on it sees it, and a supervisor. NotFound for anybody else, and afterwards.
    """
    with as_system():
        since = timezone.now() - KEPT_BY_SOURCE
        left = CaseTransfer.objects.filter(
            source=member.partner, case__code=code, state=CaseTransfer.State.ACCEPTED, answered_at__gt=since
        ).exclude(case__partner=member.partner)
        transfer = left.select_related("case").order_by("-answered_at").first()
        if transfer is None:
            raise NotFound(code)
        rows = _rows(transfer.case).filter(partner_id=member.partner.pk, at__lte=transfer.answered_at)
        if not member.has(CaseRole.SUPERVISOR) and not rows.filter(user_id=member.user_id).exists():
            raise NotFound(code)
        found = _happened(rows.filter(kind__in=HAPPENED)[shown])
        audit.record(AuditKind.READ, "case.own_events", by=member.by, case_id=transfer.case_id, rows=len(found))
    return found


@dataclass(frozen=True)
class Offer:
    """A case that another partner offers: what it says about it, and nothing of the case itself."""

    transfer: CaseTransfer
    version: int
    told: Mapping[str, Any]


def offers(member: Member) -> list[Offer]:
    """The cases that are offered to this partner and wait for its answer. Reading them is in the trail."""
    if not member.has(CaseRole.CASEWORKER, CaseRole.SUPERVISOR):
        return []
    with as_system():
        rows = CaseTransfer.objects.filter(taker=member.partner, state=CaseTransfer.State.PENDING, is_offer=True)
        box = partner_box(member.partner)
        found = [
            Offer(row, row.case.version, row.opened(box)["words"] or {})
            for row in rows.select_related("case", "source").order_by("made_at")
        ]
        if found:
            audit.record(AuditKind.READ, "transfer.offers", by=member.by, rows=len(found))
    return found


def _rows(case: Case) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(case_id=case.pk).order_by("-pk")


def _happened(rows: QuerySet[AuditEntry]) -> list[Happened]:
    entries = list(rows)
    people = get_user_model()._default_manager.in_bulk({entry.user_id for entry in entries if entry.user_id})
    names: dict[int, str] = {pk: str(user.get_full_name() or user) for pk, user in people.items()}
    return [
        Happened(entry.at, entry.kind, entry.what, names.get(entry.user_id or 0, ""), tuple(entry.fields))
        for entry in entries
    ]
