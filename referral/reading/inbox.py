"""What waits for a member, and what this member waits for: rows of tier 1 alone, a bounded number of them, nothing opened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from referral.access import Member
from referral.models import AuditKind, Case, CaseTransfer, FrozenProcedure, Referral, Task, TaskKind
from referral.models.referrals import OPEN_STATES
from referral.permissions import cases_for, received_by
from referral.procedures import Procedure
from referral.reading.versions import procedure_in
from referral.safety import audit
from referral.safety.isolation import as_partner
from referral.states.case_states import CaseStatus
from referral.states.clock import end_of_day
from referral.states.events import Status
from referral.words.choices import CaseRole, TextChoices

M = TypeVar("M", bound=Model)
DESK = (CaseRole.INTAKE, CaseRole.CASEWORKER, CaseRole.SUPERVISOR)
IN_CHARGE = (CaseRole.CASEWORKER, CaseRole.SUPERVISOR)
SENDERS_TURN = [str(Status.INFO_REQUESTED), str(Status.DELIVERED)]
RECEIVERS_TURN = [status for status in OPEN_STATES if status not in SENDERS_TURN]
# Tasks of nobody that are a supervisor's to take; a data-protection officer has some of their own.
NOBODYS = (TaskKind.DECIDE, TaskKind.REVIEW)
# Of a case that its owner need not read, and whose code is not shown: who decides who may read it.
UNREAD = (TaskKind.ACCESS, TaskKind.LET_IN)

# The columns that a line shows: a row of the directory holds all its texts, a row of a case its sealed ones.
NAMES = tuple(build_localized_fieldname("name", code) for code, _name in settings.LANGUAGES)
SHOWN_OF_REFERRAL = (
    "status", "urgency", "is_training", "due_at", "created_at", "case_id", "receiver_id", "service__key",
    *(f"service__{name}" for name in NAMES),
)  # fmt: skip
SHOWN_OF_TASK = (
    "kind", "step", "mark", "due_at", "made_at", "case__code", "case__urgency", "case__is_training", "case__procedure_id",
    "referral__urgency", "referral__is_training", *(f"referral__service__{name}" for name in NAMES),
)  # fmt: skip


class Wait(TextChoices):
    """The four lists. What is late comes first."""

    LATE = "late", _("Late")
    TODAY = "today", _("Due today")
    MINE = "mine", _("Waiting for me")
    OTHERS = "others", _("Waiting for others")


@dataclass
class Waiting:
    """Rows of the database for some of the lists, at most so many a list and kind."""

    now: datetime
    tasks: list[Task] = field(default_factory=list)
    received: list[Referral] = field(default_factory=list)
    sent: list[Referral] = field(default_factory=list)  # drafts too
    offers: list[CaseTransfer] = field(default_factory=list)
    closures: list[Case] = field(default_factory=list)  # whose closure this member has asked for

    def __len__(self) -> int:
        return sum(len(rows) for rows in (self.tasks, self.received, self.sent, self.offers, self.closures))


def waiting_for(member: Member, now: datetime, *, most: int, lists: Collection[Wait] = tuple(Wait)) -> Waiting:
    """What stands in these lists of a member, at most `most` rows a list and kind. One row in the trail.

    The number of queries depends on the roles alone, and each of them reads a bounded number of rows through an index.
    """
    found = Waiting(now)
    with as_partner(member.partner):
        if _acts(lists):
            found.tasks = _tasks(member, now, most, lists)
        if member.has(*DESK):
            found.sent = _sent(member, most, lists)
        if member.has(CaseRole.FOCAL_POINT):
            found.received = _received(member, now, most, lists)
        if member.has(*IN_CHARGE):
            found.offers = _offers(member, most)
            found.closures = _closures(member, most) if Wait.OTHERS in lists else []
        audit.record(AuditKind.SEARCH, "inbox", by=member.by, rows=len(found))
    return found


def _acts(lists: Collection[Wait]) -> bool:
    return bool({Wait.LATE, Wait.TODAY, Wait.MINE} & set(lists))


def _by_time(rows: QuerySet[M], now: datetime, most: int, lists: Collection[Wait]) -> Iterator[QuerySet[M]]:
    """The first rows of each list that has a time: late, today, later; what is due at no time comes last."""
    midnight = end_of_day(now)
    spans: dict[Wait, list[dict[str, Any]]] = {
        Wait.LATE: [{"due_at__lt": now}],
        Wait.TODAY: [{"due_at__gte": now, "due_at__lte": midnight}],  # the end of the day is midnight
        Wait.MINE: [{"due_at__gt": midnight}, {"due_at__isnull": True}],
    }
    for wait, wanted in spans.items():
        if wait in lists:
            yield from (rows.filter(**span).order_by("due_at")[:most] for span in wanted)


def _all_of(model: type[M], parts: Iterable[QuerySet[M]]) -> QuerySet[M]:
    """The rows of these short lists, in one query. (SQLite takes no limit in a part of a union, but below it.)"""
    first, *others = [model._default_manager.filter(pk__in=part.values("pk")).values("pk") for part in parts]
    return model._default_manager.filter(pk__in=first.union(*others, all=True) if others else first)


def _tasks(member: Member, now: datetime, most: int, lists: Collection[Wait]) -> list[Task]:
    """Tasks of this member, of the owner whose deputy they are, and those that are nobody's and theirs to take."""
    anybodys, readable = Task.objects.filter(done_at=None), _readable(member)
    waiting = anybodys.filter(partner=member.partner)
    unread = Q(kind__in=[str(kind) for kind in UNREAD])
    groups = [waiting.filter(Q(case=None) | readable | unread, owner=member.user_id)]
    if member.has(CaseRole.FOCAL_POINT):
        groups.append(waiting.filter(owner=None, kind=TaskKind.CORRECTED, case=None))
    if member.has(*IN_CHARGE):
        deputised = Case.objects.filter(deputy=member.user_id, partner=member.partner)
        groups.append(anybodys.filter(case__in=deputised).exclude(owner=member.user_id).exclude(owner=None))
    if member.has(CaseRole.SUPERVISOR):
        nobodys = waiting.filter(owner=None, kind__in=[str(kind) for kind in NOBODYS])
        groups.append(nobodys.filter(Q(case=None) | readable))
    parts = [part for group in groups for part in _by_time(group, now, most, lists)]
    rows = _all_of(Task, parts).select_related("case", "referral__service").only(*SHOWN_OF_TASK)
    return sorted(rows, key=lambda task: (task.due_at is None, task.due_at or task.made_at))


def _received(member: Member, now: datetime, most: int, lists: Collection[Wait]) -> list[Referral]:
    """Referrals to answer, and those whose sender must act first. Nothing of the case, which is not for them."""
    rows = received_by(member).filter(status__in=OPEN_STATES, due_at__isnull=False)  # of what is over, nothing is due
    parts = list(_by_time(rows.filter(status__in=RECEIVERS_TURN), now, most, lists))
    if Wait.OTHERS in lists:
        parts.append(rows.filter(status__in=SENDERS_TURN).order_by("due_at")[:most])
    found = (
        _all_of(Referral, parts)
        .select_related("service", "sender")
        .only(*SHOWN_OF_REFERRAL, "sender__names", "sender__key")
    )
    return sorted(found, key=_due)


def _sent(member: Member, most: int, lists: Collection[Wait]) -> list[Referral]:
    """Referrals of the cases that this member leads and that the other side must act on; drafts of this member's own.

    Where the sender must act there is a task, and it stands among the tasks.
    """
    leads = Q(case__owner=member.user_id) | Q(case__deputy=member.user_id)
    own = Referral.objects.filter(_readable(member), sender=member.partner)
    parts = []
    if Wait.OTHERS in lists:
        sent = own.filter(leads, status__in=RECEIVERS_TURN, due_at__isnull=False)
        parts.append(sent.order_by("due_at")[:most])
    if Wait.MINE in lists:
        drafts = own.filter(status=Status.DRAFT, created_by=member.user_id)
        parts.append(drafts.order_by("created_at")[:most])
    if not parts:
        return []
    rows = _all_of(Referral, parts).select_related("service", "case").only(*SHOWN_OF_REFERRAL, "case__code")
    return sorted(rows, key=_due)


def _readable(member: Member) -> Exists:
    """Whether this member may read the case of a row, asked row by row: a list ends after fifty, an archive grows."""
    return Exists(cases_for(member).filter(pk=OuterRef("case")))


def _due(referral: Referral) -> tuple[bool, datetime]:
    return referral.due_at is None, referral.due_at or referral.created_at


def _offers(member: Member, most: int) -> list[CaseTransfer]:
    """Cases that other partners offer, and those that this member has offered. The case itself comes with its own alone."""
    waiting = CaseTransfer.objects.filter(state=CaseTransfer.State.PENDING, is_offer=True)
    mine = Q(source=member.partner, asked_by=member.user_id)
    rows = waiting.filter(Q(taker=member.partner) | mine).select_related("source", "taker")
    return list(rows.order_by("made_at")[:most])


def _closures(member: Member, most: int) -> list[Case]:
    asked = cases_for(member).filter(status=CaseStatus.OPEN, closure_asked_by=member.user_id)
    return list(asked.order_by("changed_at")[:most])


def step_title(task: Task) -> Any:
    """What a task of a step asks for, in the words of the procedure of its case; empty for any other task."""
    if task.kind != TaskKind.STEP or task.case is None:
        return ""
    steps = _procedure(task.case.procedure_id).steps
    return next((step.title for step in steps if step.key == task.step), "")


@lru_cache(maxsize=64)
def _procedure(digest: str) -> Procedure:
    """A row that never changes, kept: a few versions of thirteen procedures."""
    return procedure_in(FrozenProcedure.objects.get(pk=digest))
