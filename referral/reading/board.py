"""What a supervisor must know of the team: who has how much, what nobody has, what waits for a decision. Tier 1 alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from referral import outbox
from referral.access import Member
from referral.models import AuditKind, Case, Membership, Partner, Referral, Task, TaskKind
from referral.models.referrals import OPEN_STATES
from referral.permissions import cases_for, sent_by
from referral.safety import audit
from referral.safety.isolation import as_partner
from referral.states.case_states import CaseStatus
from referral.states.events import Status
from referral.words.choices import CaseRole, Urgency

WORKED_ON = [str(CaseStatus.OPEN), str(CaseStatus.ON_HOLD)]
AGREEMENTS_AHEAD = timedelta(days=60)
UNSEEN = (Status.SENT,)


@dataclass
class Load:
    """What one person has in hand."""

    user: Any
    works_here: bool
    cases: dict[str, int] = field(default_factory=dict)  # by urgency
    late: int = 0
    waiting: int = 0  # referrals that the other side has

    @property
    def total(self) -> int:
        return sum(self.cases.values())


@dataclass(frozen=True)
class Board:
    """`closures`, `without_owner`: cases. Each list is at most so long as was asked, and one more if there are more."""

    loads: Sequence[Load]
    closures: Sequence[Case]
    decisions: Sequence[Task]
    without_owner: Sequence[Case]
    emergencies: Sequence[Referral]
    disputes: Sequence[Referral]
    agreements: Sequence[Partner]
    mails_given_up: int | None  # None: not for this member


def read_board(member: Member, now: datetime, *, most: int) -> Board:
    """The board of a supervisor. A fixed number of queries; one row in the trail."""
    with as_partner(member.partner):
        cases = cases_for(member).filter(status__in=WORKED_ON)
        sent = sent_by(member).filter(status__in=OPEN_STATES).select_related("case__owner", "service")
        board = Board(
            loads=_loads(member, cases, now),
            closures=_first(cases.filter(closure_asked_by__isnull=False).order_by("changed_at"), most),
            decisions=_decisions(member, most),
            without_owner=_first(_left(cases), most),
            emergencies=list(
                sent.filter(urgency=Urgency.EMERGENCY, status__in=[str(one) for one in UNSEEN]).order_by("due_at")[
                    :most
                ]
            ),
            disputes=list(sent.filter(disputes__gt=0).order_by("due_at")[:most]),
            agreements=_ending(now.date(), most),
            mails_given_up=outbox.given_up().count() if member.has(CaseRole.ORGANISATION_ADMIN) else None,
        )
        audit.record(AuditKind.SEARCH, "board", by=member.by, rows=sum(load.total for load in board.loads))
    return board


def _first(cases: QuerySet[Case], most: int) -> list[Case]:
    return list(cases.select_related("owner")[:most])


def _loads(member: Member, cases: QuerySet[Case], now: datetime) -> list[Load]:
    """A line for everybody who works here with cases and for everybody who still has one. Three counts, each by owner."""
    here = Membership.objects.valid().filter(partner=member.partner, role__in=(CaseRole.CASEWORKER, CaseRole.INTAKE))
    if member.supervised:
        here = here.filter(Q(team__in=member.supervised) | Q(team=None))
    there = set(here.values_list("user_id", flat=True))
    by_urgency = list(cases.values_list("owner", "urgency").annotate(Count("pk")).order_by())
    readable = Exists(cases.filter(pk=OuterRef("case")))
    late = Task.objects.filter(readable, partner=member.partner, done_at=None, due_at__lt=now, owner__isnull=False)
    waiting = (
        sent_by(member).filter(status__in=OPEN_STATES).exclude(status__in=(Status.INFO_REQUESTED, Status.DELIVERED))
    )
    late_of = dict(late.values_list("owner").annotate(Count("pk")).order_by())
    waiting_of = dict(waiting.values_list("case__owner").annotate(Count("pk")).order_by())
    wanted = there | {owner for owner, _urgency, _number in by_urgency}
    users = get_user_model().objects.filter(pk__in=wanted).order_by("first_name", "last_name", "username")
    found = {
        user.pk: Load(user, user.pk in there, late=late_of.get(user.pk, 0), waiting=waiting_of.get(user.pk, 0))
        for user in users
    }
    for owner, urgency, number in by_urgency:
        found[owner].cases[urgency] = number
    return list(found.values())


def _decisions(member: Member, most: int) -> list[Task]:
    """Decisions that are nobody's yet, but closures, which stand apart."""
    readable = Exists(cases_for(member).filter(pk=OuterRef("case")))
    rows = Task.objects.filter(readable, partner=member.partner, owner=None, done_at=None, kind=TaskKind.DECIDE)
    rows = rows.exclude(mark__startswith="closure:").select_related("case", "referral__service")
    return list(rows.order_by(F("due_at").asc(nulls_last=True))[:most])


def _left(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Cases of somebody who does not work here any more."""
    there = Membership.objects.valid().filter(
        user=OuterRef("owner"),
        partner=OuterRef("partner"),
        role__in=(CaseRole.CASEWORKER, CaseRole.SUPERVISOR, CaseRole.INTAKE),
    )
    return cases.filter(~Exists(there)).order_by("opened_at")


def _ending(today: date, most: int) -> list[Partner]:
    """Partners whose agreement ends soon or has ended, the next end first. Names of partners are no secret among them."""
    rows = Partner.objects.filter(is_active=True, agreement_until__lte=today + AGREEMENTS_AHEAD)
    return list(rows.order_by("agreement_until")[:most])


def days_left(partner: Partner) -> int:
    """Days until the agreement ends; below zero: since it has."""
    return (partner.agreement_until - timezone.localdate()).days if partner.agreement_until else 0
