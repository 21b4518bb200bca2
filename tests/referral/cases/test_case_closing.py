"""Ending a case and taking that back; merging doubles; what stands in the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from referral.access import Member
from referral.actions import cases, closing
from referral.models import Case, ContactAttempt, FollowUpCode, Packet, Task, TaskKind
from referral.permissions import NotFound
from referral.refusals import GuardRefused, Stale
from referral.states.case_states import CaseStatus
from referral.states.events import Status
from referral.states.machine import IllegalEvent, NotYours
from referral.words.choices import CaseRole
from tests.referral import making

pytestmark = pytest.mark.django_db
ENDED = {"closure_reason": "needs_ended", "feedback_asked": True}


@pytest.fixture
def worker() -> Member:
    return making.member(making.partner())


@pytest.fixture
def boss(worker: Member) -> Member:
    return making.member(worker.partner, CaseRole.SUPERVISOR)


def refused_by(guard: str) -> Any:
    return pytest.raises(GuardRefused, check=lambda refused: refused.guard.value == guard)


def asked_to_close(worker: Member, profile: str = "gen", **given: Any) -> Case:
    case = making.case(worker, profile, **{"risk": "low", **given})
    return closing.request_closure(case, by=worker, version=0, **ENDED)


@pytest.mark.parametrize("urgency", ["emergency", "urgent"])
def test_scenario_47_closure_is_refused_while_an_urgent_referral_is_open(worker: Member, urgency: str) -> None:
    case = making.case(worker)
    open_one = making.referral(case, worker, making.service(receiver=making.partner("rabat")), urgency=urgency)
    with refused_by("no_urgent_open") as refused:
        closing.request_closure(case, by=worker, version=0, **ENDED)
    assert refused.value.other == open_one.pk
    assert Case.objects.get().closure_asked_by is None


def test_scenario_47_an_urgent_referral_sent_after_the_request_stops_the_approval(worker: Member, boss: Member) -> None:
    case = asked_to_close(worker)
    making.referral(case, worker, making.service(receiver=making.partner("rabat")), urgency="urgent")
    with refused_by("no_urgent_open"):
        closing.approve_closure(case, by=boss, version=1)
    assert Case.objects.get().status == CaseStatus.OPEN


@pytest.mark.parametrize(
    "given",
    [{"profile": "vot"}, {"profile": "gbv"}, {"profile": "uasc"}, {"risk": "high"}, {"is_minor": True},
     {"other_profiles": ["gbv"]}],
)  # fmt: skip
def test_scenario_48_who_asked_does_not_approve_where_four_eyes_are_needed(given: dict[str, Any]) -> None:
    both = making.member(making.partner(), CaseRole.CASEWORKER, CaseRole.SUPERVISOR)
    case = asked_to_close(both, **given)
    with refused_by("four_eyes"):
        closing.approve_closure(case, by=both, version=1)
    other = making.member(both.partner, CaseRole.SUPERVISOR)
    assert closing.approve_closure(case, by=other, version=1).status == CaseStatus.CLOSED


def test_an_ordinary_case_may_be_closed_by_a_supervisor_who_is_in_charge_of_it() -> None:
    both = making.member(making.partner(), CaseRole.CASEWORKER, CaseRole.SUPERVISOR)
    assert closing.approve_closure(asked_to_close(both), by=both, version=1).status == CaseStatus.CLOSED


def test_scenario_49_a_closed_case_is_reopened_by_a_supervisor_with_a_reason_alone(
    worker: Member, boss: Member
) -> None:
    case = asked_to_close(worker)
    closing.approve_closure(case, by=boss, version=1)
    with pytest.raises(NotYours):
        closing.reopen(case, by=worker, version=2, reason="she came back")
    with refused_by("reason_given"):
        closing.reopen(case, by=boss, version=2, reason=" ")
    again = closing.reopen(case, by=boss, version=2, reason="she came back")
    assert (again.status, again.reopened_count, again.closure_reason, again.closed_at) == ("open", 1, "", None)
    assert Task.objects.filter(case=case, kind=TaskKind.STEP, done_at=None).exists()


def test_scenario_49_what_was_erased_is_not_reopened(worker: Member, boss: Member) -> None:
    case = asked_to_close(worker)
    closing.approve_closure(case, by=boss, version=1)
    Case.objects.update(erased_at=timezone.now())
    with refused_by("not_purged"):
        closing.reopen(case, by=boss, version=2, reason="x")


def test_closure_needs_a_reason_and_the_persons_opinion(worker: Member) -> None:
    case = making.case(worker)
    for given, guard in (
        ({"closure_reason": "", "feedback_asked": True}, "reason_given"),
        ({"closure_reason": "other", "feedback_asked": True}, "reason_given"),
        ({"closure_reason": "needs_ended", "feedback_asked": False}, "feedback_asked"),
    ):
        with refused_by(guard):
            closing.request_closure(case, by=worker, version=0, **given)
    assert closing.request_closure(case, by=worker, version=0, closure_reason="died", feedback_asked=False)


def attempts(case: Case, *found: tuple[int, str, bool]) -> None:
    for days, channel, reached in found:
        ContactAttempt.objects.create(
            case=case, channel=channel, reached=reached, tried_by_id=case.owner_id,
            tried_at=timezone.now() - timedelta(days=days),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "lost"),
    [
        ([(31, "call", False), (10, "call", False), (1, "sms", False)], True),
        ([(31, "call", False), (1, "sms", False)], False),
        ([(31, "call", False), (10, "call", False), (1, "call", False)], False),
        ([(29, "call", False), (10, "call", False), (1, "sms", False)], False),
        ([(60, "sms", False), (31, "call", True), (20, "call", False), (10, "sms", False), (1, "call", False)], False),
        ([(99, "call", True), (31, "call", False), (10, "call", False), (1, "sms", False)], True),
    ],
)
def test_contact_is_lost_after_3_attempts_in_2_ways_over_30_days_since_the_last_contact(
    worker: Member, found: list[tuple[int, str, bool]], lost: bool
) -> None:
    case = making.case(worker)
    attempts(case, *found)
    given = {"closure_reason": "lost_contact", "feedback_asked": False}
    if lost:
        assert closing.request_closure(case, by=worker, version=0, **given).closure_asked_by_id == worker.user_id
        return
    with refused_by("enough_attempts"):
        closing.request_closure(case, by=worker, version=0, **given)


def test_closing_withdraws_what_is_under_way_revokes_packets_and_ends_codes(worker: Member, boss: Member) -> None:
    case = making.case(worker, risk="low")
    sent = making.referral(case, worker, making.service(receiver=making.partner("rabat")))
    code = FollowUpCode.objects.create(
        case=case, code_hash="x", pin_hash="x", made_by_id=worker.user_id,
        expires_at=timezone.now() + timedelta(days=400),
    )  # fmt: skip
    now = closing.request_closure(case, by=worker, version=0, **ENDED)
    closing.approve_closure(case, by=boss, version=now.version)
    sent.refresh_from_db()
    code.refresh_from_db()
    assert sent.status == Status.WITHDRAWN
    assert not Packet.objects.filter(revoked_at=None).exists()
    assert code.expires_at <= timezone.now() + timedelta(days=90)


def test_nobody_approves_what_nobody_asked(worker: Member, boss: Member) -> None:
    with refused_by("closure_pending"):
        closing.approve_closure(making.case(worker), by=boss, version=0)


def test_a_supervisor_keeps_a_case_open_with_a_reason(worker: Member, boss: Member) -> None:
    case = asked_to_close(worker)
    with refused_by("reason_given"):
        closing.return_closure(case, by=boss, version=1, reason="")
    now = closing.return_closure(case, by=boss, version=1, reason="one need is left")
    assert (now.status, now.closure_asked_by, now.closure_reason) == ("open", None, "")
    assert making.opened(now, now)["reasons"][-1]["words"] == "one need is left"
    assert not Task.objects.filter(case=case, kind=TaskKind.DECIDE, done_at=None).exists()


def test_a_case_rests_at_most_30_days_and_not_while_an_emergency_is_open(worker: Member) -> None:
    case = making.case(worker)
    today = timezone.localdate()
    for day in (today, today + timedelta(days=31)):
        with refused_by("review_within_30_days"):
            cases.hold(case, by=worker, version=0, reason="travels", review_on=day)
    with refused_by("reason_given"):
        cases.hold(case, by=worker, version=0, reason=" ", review_on=today + timedelta(days=3))
    held = cases.hold(case, by=worker, version=0, reason="travels", review_on=today + timedelta(days=30))
    assert (held.status, Task.objects.get(kind=TaskKind.REVIEW).done_at) == ("on_hold", None)
    assert cases.resume(case, by=worker, version=1).hold_until is None
    assert Task.objects.get(kind=TaskKind.REVIEW).done_at is not None
    making.referral(case, worker, making.service(receiver=making.partner("rabat")), urgency="emergency")
    with refused_by("no_emergency_open"):
        cases.hold(case, by=worker, version=2, reason="travels", review_on=today + timedelta(days=3))


def test_a_case_is_assigned_to_an_active_caseworker_of_the_same_partner(worker: Member, boss: Member) -> None:
    case = making.case(worker)
    colleague = making.member(worker.partner)
    gone = making.member(worker.partner)
    user = making.user_of(gone)
    user.is_active = False
    user.save()
    stranger, desk = making.member(making.partner("rabat")), making.member(worker.partner, CaseRole.INTAKE)
    for wrong in (worker, boss, gone, stranger, desk):
        with refused_by("assignee_fits"):
            cases.assign(case, by=boss, version=0, assignee=wrong.user_id)
    assert cases.assign(case, by=boss, version=0, assignee=colleague.user_id).owner_id == colleague.user_id
    with pytest.raises(NotFound):
        cases.hold(case, by=worker, version=1, reason="x", review_on=timezone.localdate() + timedelta(days=1))


def test_two_cases_of_one_person_are_merged_and_parted_within_30_days(worker: Member, boss: Member) -> None:
    case, other = making.case(worker), making.case(worker)
    elsewhere = making.case(making.member(making.partner("rabat")))
    for wrong in (case, elsewhere):
        with refused_by("same_organisation"):
            closing.merge(case, by=boss, version=0, into=wrong)
    merged = closing.merge(case, by=boss, version=0, into=other)
    assert (merged.status, merged.merged_into) == ("merged", other)
    assert closing.unmerge(case, by=boss, version=1).merged_into is None
    closing.merge(case, by=boss, version=2, into=other)
    Case.objects.filter(pk=case.pk).update(merged_at=timezone.now() - timedelta(days=31))
    with refused_by("merged_30_days_ago"):
        closing.unmerge(case, by=boss, version=3)


def test_a_case_is_not_void_once_a_referral_was_sent(worker: Member, boss: Member) -> None:
    assert closing.void(making.case(worker), by=boss, version=0).status == CaseStatus.VOID
    case = making.case(worker)
    making.referral(case, worker, making.service(receiver=making.partner("rabat")))
    with refused_by("no_referral_sent"):
        closing.void(case, by=boss, version=0)


def test_a_stale_form_is_refused_before_its_guards_and_after_its_state(worker: Member, boss: Member) -> None:
    case = asked_to_close(worker)
    with pytest.raises(Stale):
        closing.approve_closure(case, by=boss, version=0)
    closing.approve_closure(case, by=boss, version=1)
    with pytest.raises(IllegalEvent):
        closing.approve_closure(case, by=boss, version=0)
