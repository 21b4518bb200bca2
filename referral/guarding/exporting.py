"""Rows of cases as CSV, for a supervisor (own team) and the data-protection officer: tier 1 and needs, never a name.

Written straight to who asks, kept on no disk; no cell runs as a formula in a spreadsheet (scenarios 55, 56).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from referral.access import Member
from referral.models import AuditKind, Case, Need
from referral.permissions import NotFound, takeable_by
from referral.safety import audit
from referral.safety.isolation import as_partner
from referral.states.case_states import CaseStatus
from referral.words.choices import CaseRole, Urgency
from services.sheets.spreadsheet import FORMULA

COLUMNS = (
    "code", "status", "urgency", "opened_on", "changed_on", "closed_on", "closure_reason", "retain_until", "legal_hold",
    "training",
)  # fmt: skip
NEEDS = "needs"  # by the key of the service type; for supervisors, who may read the content (tier 2)
PORTION = 500
LIKE_A_FORMULA = "|%"  # what old spreadsheets run besides
FILTERS: Mapping[str, Any] = {"status": CaseStatus, "urgency": Urgency}
MARK = "\ufeff"  # so that spreadsheets read Arabic


def cell(value: Any) -> str:
    """A text that no spreadsheet runs: an apostrophe before what looks like a formula, also behind marks that nobody sees, in
    full-width signs, or as a phone number with its plus."""
    text = "" if value is None else str(value)
    seen = "".join(sign for sign in text if sign.isprintable() and not sign.isspace() and sign != "\ufeff")
    risky = FORMULA.match(text) or (seen and (FORMULA.match(seen) or seen[0] in LIKE_A_FORMULA))
    return f"'{text}" if risky else text


def exportable(member: Member, filters: Mapping[str, str]) -> QuerySet[Case]:
    """The rows that this member may take away: own team, or every code. NotFound for any other role."""
    if not member.has(CaseRole.SUPERVISOR, CaseRole.DPO):
        raise NotFound("export")
    rows = takeable_by(member).filter(erased_at=None)
    for name, choices in FILTERS.items():
        if filters.get(name) in choices.values:
            rows = rows.filter(**{name: filters[name]})
    return rows.order_by("opened_at", "pk")


def start(member: Member, filters: Mapping[str, str]) -> tuple[int, Iterator[str]]:
    """How many rows, and the file piece by piece. The trail has the export before the first piece leaves."""
    with as_partner(member.partner):
        number = exportable(member, filters).count()
        used = [name for name, choices in FILTERS.items() if filters.get(name) in choices.values]
        audit.record(AuditKind.EXPORT, "case.export", by=member.by, rows=number, fields=used)
    return number, _pieces(member, dict(filters))


def _pieces(member: Member, filters: Mapping[str, str]) -> Iterator[str]:
    """The head, then portions: each is read in a transaction of its own, so that a slow reader holds nothing."""
    with_needs = member.has(CaseRole.SUPERVISOR) and not member.has(
        CaseRole.DPO
    )  # who has rows of every team has no content
    yield MARK + _lines([[*COLUMNS, NEEDS] if with_needs else list(COLUMNS)])
    last: Case | None = None
    while True:
        with as_partner(member.partner):
            rows = exportable(member, filters)
            if last is not None:
                later = rows.filter(opened_at=last.opened_at, pk__gt=last.pk) | rows.filter(
                    opened_at__gt=last.opened_at
                )
                rows = later.order_by("opened_at", "pk")
            if with_needs:
                rows = rows.prefetch_related(Prefetch("needs", Need.objects.order_by("service_type")))
            found = list(rows[:PORTION])
        if found:
            yield _lines([_row(case, with_needs=with_needs) for case in found])
            last = found[-1]
        if len(found) < PORTION:
            return


def _row(case: Case, *, with_needs: bool) -> list[Any]:
    days = [timezone.localtime(at).date() if at else "" for at in (case.opened_at, case.changed_at, case.closed_at)]
    row: list[Any] = [
        case.code, case.status, case.urgency, *days, case.closure_reason, case.retain_until or "", int(case.legal_hold),
        int(case.is_training),
    ]  # fmt: skip
    return [*row, " ".join(dict.fromkeys(need.service_type for need in case.needs.all()))] if with_needs else row


def _lines(rows: list[list[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([[cell(value) for value in row] for row in rows])
    return out.getvalue()
