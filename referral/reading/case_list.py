"""The cases that a member may see, in pages: rows of tier 1, the one that is due first on top; nothing is opened."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import pgettext_lazy

from referral.access import Member
from referral.models import AuditKind, Case, Task
from referral.permissions import cases_for
from referral.safety import audit
from referral.safety.isolation import as_partner
from referral.states.case_states import CaseStatus
from referral.words.choices import TextChoices


class Whose(TextChoices):
    """Which cases."""

    MINE = "mine", pgettext_lazy("whose cases", "Mine")
    TEAM = "team", pgettext_lazy("whose cases", "My team's")
    ALL = "all", pgettext_lazy("whose cases", "All that I may see")


@dataclass(frozen=True)
class Wanted:
    """What is asked for; empty: any."""

    whose: str = Whose.MINE
    status: str = CaseStatus.OPEN
    urgency: str = ""
    risk: str = ""


def list_page(member: Member, wanted: Wanted, *, page: int, size: int) -> tuple[list[Case], bool]:
    """A page of cases, and whether there are more after it. As many queries for one case as for a hundred; one row in the trail."""
    with as_partner(member.partner):
        first = (page - 1) * size
        found = list(_rows(member, wanted)[first : first + size + 1])
        audit.record(AuditKind.SEARCH, "cases.list", by=member.by, rows=len(found[:size]))
    return found[:size], len(found) > size


def with_next_due(cases: QuerySet[Case]) -> QuerySet[Case]:
    """With the moment of their next task, which comes first; those without any last."""
    tasks = Task.objects.filter(case=OuterRef("pk"), done_at=None, due_at__isnull=False).order_by("due_at")
    annotated = cases.annotate(next_due=Subquery(tasks.values("due_at")[:1]))
    return annotated.select_related("owner", "team").order_by(F("next_due").asc(nulls_last=True), "-changed_at", "pk")


def _rows(member: Member, wanted: Wanted) -> QuerySet[Case]:
    rows = cases_for(member)
    if wanted.whose == Whose.MINE:
        rows = rows.filter(Q(owner=member.user_id) | Q(deputy=member.user_id))
    elif wanted.whose == Whose.TEAM:
        rows = rows.filter(team__in=member.teams)
    for name in ("status", "urgency", "risk"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    return with_next_due(rows)
