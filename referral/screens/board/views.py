"""The supervisor's board: who has how much, what nobody has, what waits for a decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from referral.access import Member
from referral.models import Case, Partner, Referral
from referral.reading.board import Board, days_left, read_board
from referral.reading.inbox import Wait
from referral.screens.addresses import address
from referral.screens.desk import desk, shown
from referral.screens.due_words import due
from referral.screens.inbox.lines import Line, line_of_task
from referral.words.choices import CaseRole, Urgency

MOST = 25


@dataclass(frozen=True)
class Block:
    """One of the lists below the workload."""

    name: str
    heading: Any
    lines: list[Line]
    more: bool


@require_safe
@desk(CaseRole.SUPERVISOR)
def board(request: HttpRequest, member: Member) -> HttpResponse:
    """Workload, emergencies, decisions, closures, disputes, cases of nobody, agreements that end."""
    now = timezone.now()
    found = read_board(member, now, most=MOST + 1)
    blocks = [
        Block(name, heading, lines[:MOST], len(lines) > MOST) for name, heading, lines in _blocks(found, now) if lines
    ]
    loads = [(load, [(label, load.cases.get(value, 0)) for value, label in Urgency.choices]) for load in found.loads]
    context = {
        "loads": loads, "urgencies": Urgency.labels, "blocks": blocks, "mails_given_up": found.mails_given_up,
    }  # fmt: skip
    return shown(request, member, "referral/board/board.html", context)


def _blocks(found: Board, now: datetime) -> Iterable[tuple[str, str, list[Line]]]:
    yield "emergencies", _("Unanswered emergencies"), [_of_referral(one, now) for one in found.emergencies]
    yield (
        "closures",
        _("Closures to approve"),
        [_of_case(one, _("Approve the closure, or return it")) for one in found.closures],
    )
    yield "decisions", _("Decisions that nobody has taken"), [line_of_task(task, now) for task in found.decisions]
    yield "disputes", _("The person received nothing"), [_of_referral(one, now) for one in found.disputes]
    yield (
        "unassigned",
        _("Cases whose caseworker has left"),
        [_of_case(one, _("Put somebody in charge")) for one in found.without_owner],
    )
    yield "agreements", _("Data-sharing agreements ending or ended"), [_of_partner(one) for one in found.agreements]


def _of_referral(referral: Referral, now: datetime) -> Line:
    where = address(("referral", "case"), referral_id=referral.pk, code=referral.case.code)
    return Line(
        Wait.MINE, referral.service.name, where, due(referral.due_at, now), code=referral.case.code,
        beside=_name(referral.case.owner), urgency=referral.urgency, urgency_label=Urgency(referral.urgency).label,
    )  # fmt: skip


def _of_case(case: Case, what: str) -> Line:
    names = ("case-assign", "case") if case.closure_asked_by_id is None else ("case",)
    return Line(
        Wait.MINE, what, address(names, code=case.code), None, code=case.code, beside=_name(case.owner),
        urgency=case.urgency, urgency_label=Urgency(case.urgency).label,
    )  # fmt: skip


def _of_partner(partner: Partner) -> Line:
    left = days_left(partner)
    words = ngettext("%(number)d day left", "%(number)d days left", left) % {"number": left}
    return Line(Wait.MINE, partner.name, "", None, beside=words if left >= 0 else _("has ended"))


def _name(user: Any) -> str:
    return str(user.get_full_name() or user.get_username())
