"""Every event at every state and for every kind of actor: what the table does not hold is refused, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from referral.access import Member
from referral.actions import cases, closing, transfers
from referral.models import AuditEntry, Case, CaseTransfer
from referral.permissions import NotFound
from referral.refusals import GuardRefused
from referral.states.case_states import MACHINE, CaseActor, CaseEvent, CaseStatus
from referral.states.machine import IllegalEvent, NotYours
from referral.words.choices import CaseRole
from tests.referral import making

pytestmark = pytest.mark.django_db
Act = Callable[[Case, Member], Any]


def _day() -> Any:
    return timezone.localdate() + timedelta(days=5)


ACTIONS: dict[CaseEvent, Act] = {
    CaseEvent.HOLD: lambda case, by: cases.hold(case, by=by, version=0, reason="x", review_on=_day()),
    CaseEvent.RESUME: lambda case, by: cases.resume(case, by=by, version=0),
    CaseEvent.ASSIGN: lambda case, by: cases.assign(case, by=by, version=0, assignee=by.user_id),
    CaseEvent.OFFER_TRANSFER: lambda case, by: transfers.offer_transfer(
        case, by=by, version=0, taker=case.partner, handover_note="x"
    ),
    CaseEvent.ACCEPT_TRANSFER: lambda case, by: transfers.accept_transfer(case, by=by, version=0),
    CaseEvent.DECLINE_TRANSFER: lambda case, by: transfers.decline_transfer(case, by=by, version=0, reason="x"),
    CaseEvent.REQUEST_CLOSURE: lambda case, by: closing.request_closure(
        case, by=by, version=0, closure_reason="needs_ended", feedback_asked=True
    ),
    CaseEvent.APPROVE_CLOSURE: lambda case, by: closing.approve_closure(case, by=by, version=0),
    CaseEvent.RETURN_CLOSURE: lambda case, by: closing.return_closure(case, by=by, version=0, reason="x"),
    CaseEvent.REOPEN: lambda case, by: closing.reopen(case, by=by, version=0, reason="x"),
    CaseEvent.MERGE: lambda case, by: closing.merge(case, by=by, version=0, into=case),
    CaseEvent.UNMERGE: lambda case, by: closing.unmerge(case, by=by, version=0),
    CaseEvent.VOID: lambda case, by: closing.void(case, by=by, version=0),
}
# Opening and asking for a case start from nothing; expiry and erasure are timers'.
ELSEWHERE = {CaseEvent.OPEN, CaseEvent.REQUEST_TRANSFER, CaseEvent.EXPIRE_TRANSFER, CaseEvent.PURGE}


def _actors(owner: Member, taker: Member) -> dict[CaseActor, Member]:
    return {
        CaseActor.OWNER: owner,
        CaseActor.SUPERVISOR: making.member(owner.partner, CaseRole.SUPERVISOR),
        CaseActor.CASEWORKER: making.member(owner.partner),
        CaseActor.INTAKE: making.member(owner.partner, CaseRole.INTAKE),
        CaseActor.RECEIVING: taker,
        CaseActor.OUTSIDER: making.member(making.partner("fes"), CaseRole.SUPERVISOR),
    }


def test_every_event_of_the_table_has_its_action() -> None:
    assert set(ACTIONS) | ELSEWHERE == set(CaseEvent)


@pytest.mark.parametrize("status", list(CaseStatus))
def test_every_event_outside_the_table_is_refused_and_changes_nothing(status: CaseStatus) -> None:
    owner, taker = making.member(making.partner()), making.member(making.partner("rabat"))
    actors = _actors(owner, taker)
    case = making.case(owner, status=status, closure_reason="other" if status == CaseStatus.CLOSED else "")
    asked = {"source": owner.partner, "taker": taker.partner, "asked_by_id": owner.user_id}
    CaseTransfer.objects.create(case=case, **asked)
    before = Case.objects.values().get(pk=case.pk)
    tried = 0
    for event, act in ACTIONS.items():
        row = MACHINE.by_event[event]
        for kind, member in actors.items():
            if kind in row.who and status in row.sources:
                continue  # the table allows it: its guards have tests of their own
            expected = NotYours if kind not in row.who else IllegalEvent
            unseen = kind in (CaseActor.CASEWORKER, CaseActor.INTAKE)
            with pytest.raises((expected, NotFound) if unseen else expected):
                act(case, member)
            tried += 1
    assert tried > 50
    assert Case.objects.values().get(pk=case.pk) == before
    kinds = set(AuditEntry.objects.filter(case_id=case.pk).values_list("kind", flat=True))
    assert kinds <= {"denied", "refused"}


@pytest.mark.parametrize("event", list(ACTIONS))
def test_a_supervisor_of_another_team_and_a_stranger_learn_nothing(event: CaseEvent) -> None:
    owner = making.member(making.partner())
    case = making.case(owner, team=making.team(owner.partner, "North"))
    other = making.member(owner.partner, CaseRole.SUPERVISOR, in_team=making.team(owner.partner, "South"))
    with pytest.raises(NotFound):
        ACTIONS[event](case, other)
    with pytest.raises(NotYours):
        ACTIONS[event](case, making.member(making.partner("fes")))


def test_a_refusal_by_a_guard_changes_nothing_and_is_in_the_trail() -> None:
    owner = making.member(making.partner())
    case = making.case(owner)
    before = Case.objects.values().get(pk=case.pk)
    with pytest.raises(GuardRefused):
        closing.request_closure(case, by=owner, version=0, closure_reason="", feedback_asked=True)
    assert Case.objects.values().get(pk=case.pk) == before
    entry = AuditEntry.objects.last()
    assert (entry.kind, entry.what, entry.case_id) == ("refused", "case.request_closure:reason_given", case.pk)
