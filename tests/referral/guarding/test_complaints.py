"""Complaints reach who may answer them, and never whom they are about."""

from __future__ import annotations

import pytest

from referral.guarding import complaints
from referral.models import AuditEntry, Task, TaskKind
from referral.permissions import NotFound
from referral.refusals import WrongField
from referral.states.machine import NotYours
from referral.words.choices import CaseRole
from tests.referral import making

from .house import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return House()


def test_scenario_75_a_complaint_goes_to_supervisor_and_officer_and_never_to_whom_it_is_about(house):
    case = house.case()
    row = complaints.record(by=house.other, words="Kanarywords", about=house.worker.user_id, code=case.code)
    tasks = Task.objects.filter(kind=TaskKind.COMPLAINT)
    assert {task.owner_id for task in tasks} == {house.supervisor.user_id, house.officer.user_id}
    assert not tasks.exclude(case=None).exists()  # the owner reads the tasks of the case
    assert complaints.read(house.supervisor, row.pk).words == "Kanarywords"
    for stranger in (house.worker, making.member(house.partner), House("rabat").officer):
        with pytest.raises(NotFound):
            complaints.read(stranger, row.pk)
    assert not AuditEntry.objects.filter(case_id=case.pk).exists()  # nor in the trail of the case
    assert "Kanarywords" not in repr(list(AuditEntry.objects.values()))
    complaints.answer(row, by=house.officer, outcome="partly", words="Spoke with both")
    assert not Task.objects.filter(kind=TaskKind.COMPLAINT, done_at=None).exists()


@pytest.mark.parametrize("about", ["supervisor", "officer"])
def test_scenario_75_a_complaint_about_a_supervisor_or_an_officer_goes_to_the_others(house, about):
    accused = getattr(house, about)
    row = complaints.record(by=house.worker, words="It hurts", about=accused.user_id)
    assert accused.user_id not in complaints.handlers(row)
    assert len(complaints.handlers(row)) == 2
    with pytest.raises(NotFound):
        complaints.read(accused, row.pk)
    with pytest.raises(NotFound):
        complaints.answer(row, by=accused, outcome="not_upheld", words="Nonsense")
    with pytest.raises(NotYours):
        complaints.record(by=making.member(house.partner, CaseRole.STATISTICIAN), words="x")
    with pytest.raises(WrongField):
        complaints.record(by=house.worker, words="x", about=House("rabat").worker.user_id)


def test_who_handles_complaints_and_who_may_read_them_are_the_same_people(house):
    team_less, of_team = house.case(), making.case(house.supervisor, team=house.team)
    everybody = [house.worker, house.supervisor, house.other, house.officer]
    for code in ("", team_less.code, of_team.code):
        row = complaints.record(by=house.worker, words="x", code=code)
        readers = {who.user_id for who in everybody if complaints.complaints_for(who).filter(pk=row.pk).exists()}
        assert readers == set(complaints.handlers(row))
