"""Leave to read what is not one's own: asked, approved by somebody else, told, over by itself; and it never writes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from referral import permissions
from referral.actions import cases as actions
from referral.actions.case_desk import for_event, for_writing
from referral.guarding import files, letting_in
from referral.guarding.letting_in import LettingGuard
from referral.models import AccessGrant, AuditEntry, Effect, Membership, Task, TaskKind
from referral.permissions import NotFound, cases_for
from referral.reading.case_history import readers
from referral.reading.casebook import read_case
from referral.refusals import GuardRefused, WrongField
from referral.states.case_states import CaseEvent, CaseGuard
from referral.states.machine import NotYours, Refused
from referral.tiers import most_tier
from referral.words.choices import CaseRole, Profile
from referral.words.request_choices import Ground
from tests.people import at_desk
from tests.referral import making

from .house import House

pytestmark = pytest.mark.django_db
DPO = CaseRole.DPO


@pytest.fixture
def house():
    return House()


def ask(by, case, ground=Ground.EMERGENCY, reason="The worker is away and the person is in danger"):
    return letting_in.ask(by=by, code=case.code, ground=ground, reason=reason)


def told(mark: str) -> set[int]:
    return set(Effect.objects.filter(mark__startswith=f"{mark}:").values_list("user_id", flat=True))


def who_decides(house, grant) -> set[str]:
    """To whom the request is listed, and whom the action lets answer it: the same people."""
    people = {name: who for name, who in vars(house).items() if hasattr(who, "roles")}
    listed = {name for name, who in people.items() if grant in letting_in.waiting_for(who)}
    for name in people.keys() - listed:
        with pytest.raises((NotFound, GuardRefused)):
            letting_in.approve(grant, by=people[name])
    grant.refresh_from_db()
    assert grant.approved_at is None
    return listed


def at(monkeypatch, moment) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


# Recorded requests -------------------------------------------------------------------------------------------------------


def test_scenario_40_the_supervisor_reads_a_restricted_case_by_a_recorded_request_and_the_owner_is_told(house):
    case = house.case(is_restricted=True)
    with pytest.raises(NotFound):
        permissions.get_case_for(house.supervisor, case.code)
    grant = ask(house.supervisor, case, Ground.SUPERVISION, "The weekly review of the team")
    assert most_tier(house.supervisor, case) == 0  # asked is not let in
    letting_in.approve(grant, by=house.worker)
    assert most_tier(house.supervisor, case) == 4
    assert house.worker.user_id in told(f"access:{grant.pk}")
    task = Task.objects.get(kind=TaskKind.LET_IN, owner_id=house.worker.user_id)
    assert task.case == case
    assert [row.what for row in AuditEntry.objects.filter(case_id=case.pk)] == ["access.ask", "access.approve"]
    [shown] = letting_in.let_in(house.worker)
    assert (shown.user_id, shown.until - shown.approved_at) == (house.supervisor.user_id, timedelta(days=7))


@pytest.mark.parametrize(("ground", "tier"), [(Ground.COMPLAINT, 2), (Ground.BREACH, 2), (Ground.DATA_REQUEST, 4)])
def test_the_officer_reads_as_much_as_the_ground_needs_and_no_longer_than_it_lasts(house, monkeypatch, ground, tier):
    case = house.case()
    grant = ask(house.officer, case, ground)
    letting_in.approve(grant, by=house.supervisor)
    assert most_tier(house.officer, case) == tier
    assert not permissions.may_write(house.officer, case)
    at(monkeypatch, timezone.now() + letting_in.LASTS[ground])
    assert most_tier(house.officer, case) == 0


@pytest.mark.parametrize(("who", "ground"), [
    ("officer", Ground.EMERGENCY), ("officer", Ground.SUPERVISION), ("supervisor", Ground.BREACH),
    ("supervisor", Ground.DATA_REQUEST), ("worker", Ground.EMERGENCY), ("worker", Ground.SUPERVISION),
    ("other", Ground.SUPERVISION),
])  # fmt: skip
def test_on_another_ground_than_ones_own_there_is_no_such_case(house, who, ground):
    with pytest.raises(NotFound):
        ask(getattr(house, who), house.case(), ground)


def test_nobody_lets_oneself_in_and_only_who_may_decide_decides_once(house):
    case = house.case(is_restricted=True)
    grant = ask(house.supervisor, case, Ground.SUPERVISION)
    with pytest.raises(GuardRefused) as refused:
        letting_in.approve(grant, by=house.supervisor)
    assert refused.value.guard == CaseGuard.FOUR_EYES
    for stranger in (making.member(house.partner), House("rabat").officer):
        with pytest.raises(NotFound):
            letting_in.approve(grant, by=stranger)
    letting_in.refuse(grant, by=house.worker)
    assert grant.pk not in letting_in.waiting_for(house.worker).values_list("pk", flat=True)
    for answer in (letting_in.approve, letting_in.refuse):
        with pytest.raises(GuardRefused) as refused:
            answer(grant, by=house.worker)
        assert refused.value.guard == LettingGuard.STILL_WAITS
    assert most_tier(house.supervisor, case) == 0
    assert house.supervisor.user_id in told(f"access-refused:{grant.pk}")


def test_requests_are_listed_for_who_decides_and_never_for_who_asked(house):
    grant = ask(house.supervisor, house.case(), Ground.SUPERVISION)
    away = House("rabat")
    assert who_decides(house, grant) == {"other", "officer"}
    assert list(letting_in.waiting_for(away.officer)) == []
    [asked] = letting_in.with_reasons(house.officer, letting_in.waiting_for(house.officer))
    assert asked.reason.startswith("The worker is away")


# Restricted cases --------------------------------------------------------------------------------------------------------


def test_who_supervises_a_restricted_case_is_decided_by_who_is_in_charge_or_was_let_in_already(house):
    house.deputy = making.member(house.partner)
    case = house.case(is_restricted=True, deputy=making.user_of(house.deputy))
    first = ask(house.supervisor, case, Ground.SUPERVISION)
    assert who_decides(house, first) == {"worker", "deputy"}
    assert told(f"access:{first.pk}") == {house.worker.user_id, house.deputy.user_id}
    letting_in.approve(first, by=house.deputy)
    house.third = making.member(house.partner, CaseRole.SUPERVISOR, in_team=house.team)
    assert who_decides(house, ask(house.third, case, Ground.SUPERVISION)) == {"worker", "deputy", "supervisor"}


def test_when_nobody_is_in_charge_any_more_the_usual_ones_decide_at_a_restricted_case(house):
    case = house.case(is_restricted=True)
    grant = ask(house.supervisor, case, Ground.SUPERVISION)
    assert who_decides(house, grant) == {"worker"}
    Membership.objects.filter(user=house.worker.user_id).update(valid_to=timezone.localdate() - timedelta(days=1))
    assert who_decides(house, grant) == {"other", "officer"}
    assert letting_in.approve(grant, by=house.other).until is not None


def test_a_supervisor_with_a_complaint_about_a_restricted_case_asks_the_officer_and_nobody_whom_it_may_be_about(house):
    case = house.case(is_restricted=True)
    grant = ask(house.supervisor, case, Ground.COMPLAINT)
    assert who_decides(house, grant) == {"officer"}
    Membership.objects.filter(user=house.officer.user_id).update(valid_to=timezone.localdate() - timedelta(days=1))
    assert who_decides(house, grant) == {"other"}


def test_a_supervisor_who_may_only_read_a_restricted_case_lets_nobody_in(house):
    case = house.case(is_restricted=True)
    letting_in.approve(ask(house.other, case, Ground.COMPLAINT), by=house.officer)
    letting_in.approve(ask(house.other, case), by=house.officer)
    assert who_decides(house, ask(house.supervisor, case, Ground.SUPERVISION)) == {"worker"}


@pytest.mark.parametrize(("who", "ground"), [("supervisor", Ground.EMERGENCY), ("officer", Ground.BREACH)])
def test_an_emergency_and_an_officer_at_a_restricted_case_wait_for_no_single_person(house, who, ground):
    grant = ask(getattr(house, who), house.case(is_restricted=True), ground)
    assert who_decides(house, grant) == {"supervisor", "other", "officer"} - {who}


def test_who_is_in_charge_of_a_restricted_case_finds_the_request_on_screen_and_answers_it(house):
    case = house.case(is_restricted=True)
    grant = ask(house.supervisor, case, Ground.SUPERVISION, "The weekly review")
    client = at_desk(house.worker)
    assert "The weekly review" in client.get("/en/casework/access/").content.decode()
    assert "The weekly review" not in at_desk(house.officer).get("/en/casework/access/").content.decode()
    assert client.post(f"/en/casework/access/{grant.pk}/", {"answer": "approve"}).status_code == 302
    assert most_tier(house.supervisor, case) == 4


def test_the_reason_is_sealed_and_the_trail_has_none_of_it(house):
    grant = ask(house.other, house.case(), reason="Kanaryreason")
    assert b"Kanaryreason" not in bytes(grant.reason)
    assert "Kanaryreason" not in repr(list(AuditEntry.objects.values()))
    with pytest.raises(WrongField):
        ask(house.other, house.case(), reason="  \u202e ")


# Emergency access --------------------------------------------------------------------------------------------------------


def test_scenario_41_emergency_access_lasts_two_hours_is_told_and_is_over_by_the_clock(house, monkeypatch):
    case = house.case()
    grant = letting_in.approve(ask(house.other, case), by=house.officer)
    assert grant.kind == AccessGrant.Kind.BREAK_GLASS
    assert grant.until - grant.approved_at == timedelta(hours=2)
    second = making.member(house.partner, DPO)
    case2 = house.case()
    grant2 = letting_in.approve(ask(house.other, case2), by=house.supervisor)
    assert told(f"let-in:{grant2.pk}") == {
        house.worker.user_id,
        house.officer.user_id,
        second.user_id,
        house.other.user_id,
    }
    officers = Task.objects.filter(kind=TaskKind.LET_IN, mark__startswith=f"let-in:{grant2.pk}")
    assert {task.owner_id: task.case for task in officers} == {
        house.worker.user_id: case2, house.officer.user_id: None, second.user_id: None,
    }  # fmt: skip
    assert AuditEntry.objects.filter(kind="break_glass", what="access.approve").count() == 2
    assert [row.what for row in readers(house.worker, case.code)] == ["access.approve", "access.ask"]
    before = grant.until - timedelta(seconds=1)
    at(monkeypatch, before)
    assert cases_for(house.other).filter(pk=case.pk).exists()
    at(monkeypatch, grant.until)
    assert not cases_for(house.other).filter(pk=case.pk).exists()


@pytest.mark.parametrize("restricted", [False, True])
@pytest.mark.parametrize("who", ["other", "supervisor"])
def test_scenario_41_whoever_was_let_in_by_emergency_reads_and_writes_nothing(house, who, restricted):
    """The supervisor of the very team may write in a case that is not restricted: by being that, not by the grant."""
    case, by = house.case(is_restricted=restricted), getattr(house, who)
    letting_in.approve(ask(by, case), by=house.officer)
    assert most_tier(by, case) == 4
    if who == "supervisor" and not restricted:
        return
    assert not permissions.may_write(by, case)
    assert not permissions.supervises(by, case)
    with pytest.raises(NotYours):
        for_writing(case, by)
    for event in CaseEvent:
        with pytest.raises(Refused):
            for_event(case, event, by, case.version)
    with pytest.raises(NotYours):
        actions.restrict(case, by=by, version=case.version, restricted=False)
    with pytest.raises(Refused):
        files.add(case, by=by, content=b"\xff\xd8\xff", name="a.jpg")
    case.refresh_from_db()
    assert case.version == 0


def test_scenario_41_a_second_use_needs_a_new_reason(house):
    case = house.case()
    first = ask(house.other, case)
    with pytest.raises(GuardRefused) as refused:
        ask(house.other, case, reason="Something else")
    assert refused.value.guard == LettingGuard.ASKED_ALREADY
    letting_in.end(letting_in.approve(first, by=house.officer), by=house.other)
    assert most_tier(house.other, case) == 0
    with pytest.raises(GuardRefused) as refused:
        ask(house.other, case, reason="the worker is AWAY  and the person is in danger")
    assert refused.value.guard == LettingGuard.NEW_REASON
    assert ask(house.other, case, reason="The hospital calls").approved_at is None


@pytest.mark.parametrize("fields", [
    {"profile": Profile.VOT}, {"profile": Profile.GBV}, {"profile": Profile.UASC}, {"other_profiles": ["vot"]}, {"is_minor": True},
])  # fmt: skip
def test_scenario_41_never_for_trafficking_violence_and_children_but_for_the_teams_own_supervisor(house, fields):
    case = house.case(**fields)
    with pytest.raises(NotFound) as forbidden:
        ask(house.other, case)
    with pytest.raises(NotFound) as missing:
        letting_in.ask(by=house.other, code="7K3F-H9XR-M", ground=Ground.EMERGENCY, reason="x")
    assert type(forbidden.value) is type(missing.value)
    assert ask(house.supervisor, case).case == case


def test_scenario_41_emergency_access_never_crosses_to_another_organisation(house):
    away = House("rabat")
    for profile in (Profile.GEN, Profile.VOT):
        with pytest.raises(NotFound):
            ask(away.supervisor, house.case(profile))
    assert not AccessGrant.objects.exists()


def test_what_changes_while_a_request_waits_is_judged_again_at_the_answer(house):
    case = house.case()
    grant = ask(house.other, case)
    case.profile = Profile.VOT
    case.save()
    with pytest.raises(GuardRefused):
        letting_in.approve(grant, by=house.officer)
    assert most_tier(house.other, case) == 0


def test_who_is_in_charge_of_the_case_may_end_it_and_a_stranger_may_not(house):
    case = house.case()
    grant = letting_in.approve(ask(house.other, case), by=house.officer)
    with pytest.raises(NotFound):
        letting_in.end(grant, by=making.member(house.partner))
    letting_in.end(grant, by=house.worker)
    assert most_tier(house.other, case) == 0


# Who opened the case -------------------------------------------------------------------------------------------------------


def test_scenario_61_owner_and_officer_see_who_opened_it_from_which_screen_whatever_the_number(
    house, django_assert_max_num_queries
):
    case = house.case()
    for _time in range(50):
        read_case(house.worker, case.code)
    for reader in (house.worker, house.officer):
        with django_assert_max_num_queries(12):
            found = readers(reader, case.code)
        assert sum(row.what == "case" for row in found) >= 50
        assert {row.kind for row in found} == {"read"}
        assert all(row.at and row.who for row in found)
    for stranger in (house.supervisor, house.other, making.member(house.partner), House("rabat").officer):
        with pytest.raises(NotFound):
            readers(stranger, case.code)
