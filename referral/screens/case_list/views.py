"""The cases that a member may see, and whether the person who has come is among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from referral.access import Member
from referral.actions.people import same_person
from referral.models import Case
from referral.reading.case_list import Wanted, Whose, list_page, with_next_due
from referral.safety.isolation import as_partner
from referral.screens.addresses import address, page_number
from referral.screens.desk import desk, shown
from referral.screens.due_words import Due, due
from referral.states.case_states import CaseStatus
from referral.states.clock import local
from referral.words.choices import CaseRole, Risk, Urgency

from .forms import Narrowing, SamePerson

SIZE = 50
MOST_FOUND = 20
MAY_LIST = (CaseRole.INTAKE, CaseRole.CASEWORKER, CaseRole.SUPERVISOR, CaseRole.DPO)


@dataclass(frozen=True)
class Row:
    """A case on one line."""

    case: Case
    address: str
    due: Due | None
    status: Any
    urgency: Any
    risk: Any

    @property
    def opened_on(self) -> date:
        """The day on which it was opened, in Morocco."""
        return local(self.case.opened_at).date()

    @property
    def is_open(self) -> bool:
        return self.case.status == CaseStatus.OPEN


@require_safe
@desk(*MAY_LIST)
def cases(request: HttpRequest, member: Member) -> HttpResponse:
    """A page of the list: own, of the team, or all, by status, urgency and risk; what is due first on top."""
    form, page = Narrowing(request.GET), page_number(request)
    wanted = form.wanted()
    found, more = list_page(member, wanted, page=page, size=SIZE)
    context = {
        "form": _shown_form(form, wanted), "rows": _rows(found, timezone.now()), "more": more, "page": page,
        "kept": urlencode({name: getattr(wanted, name) for name in ("whose", "status", "urgency", "risk")}),
        "person": SamePerson(), "mine": wanted.whose == Whose.MINE,
    }  # fmt: skip
    return shown(request, member, "referral/case_list/cases.html", context)


def _shown_form(form: Narrowing, wanted: Wanted) -> Narrowing:
    return Narrowing(initial={name: getattr(wanted, name) for name in form.fields})


def _rows(cases: list[Case], now: datetime) -> list[Row]:
    return [
        Row(
            case, address(("case",), code=case.code), due(getattr(case, "next_due", None), now),
            CaseStatus(case.status).label, Urgency(case.urgency).label, Risk(case.risk).label,
        )
        for case in cases
    ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@desk(*MAY_LIST)
def find_person(request: HttpRequest, member: Member) -> HttpResponse:
    """Whether the person is known here: by exact name or number. What this member may not see is not found."""
    form = SamePerson(request.POST or None)
    rows: list[Row] | None = None
    if request.method == "POST" and form.is_valid():
        found = form.carry_out(lambda: same_person(by=member, **form.given))
        if found is not None:
            with as_partner(member.partner):
                shown_cases = with_next_due(Case.objects.filter(pk__in=[case.pk for case in found[:MOST_FOUND]]))
                rows = _rows(list(shown_cases), timezone.now())
    context = {"form": form, "rows": rows}
    return shown(request, member, "referral/case_list/find_person.html", context, status=form.status)
