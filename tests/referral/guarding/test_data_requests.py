"""Requests about data: ten days, an alarm on day seven, a copy without what is of others, erasure by two people."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from referral.guarding import complaints, data_requests, erasing, holds, letting_in, own_copy
from referral.guarding.data_requests import RequestGuard
from referral.models import AuditEntry, Complaint, DataRequest, Effect, Note, Representative, Task, TaskKind
from referral.permissions import NotFound
from referral.refusals import GuardRefused, WrongField
from referral.safety.keys import case_box, partner_box
from referral.safety.rotation import rotate_partner
from referral.states import clock
from referral.states.case_states import CaseGuard
from referral.states.machine import NotYours
from referral.timers import retention
from referral.timers import run as run_due
from referral.words.choices import CaseRole
from referral.words.request_choices import Ground
from tests.referral import making

from .house import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return House()


def record(by, kind="access", asked="A copy, please", **given):
    return data_requests.record(by=by, kind=kind, asked=asked, **given)


def run_all() -> None:
    assert [count for count in map(str, run_due()) if "failed" in count] == []


def at(monkeypatch, moment) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)
    monkeypatch.setattr(timezone, "localdate", lambda value=None, timezone=None: clock.local(value or moment).date())


def let_in(house, case):
    grant = letting_in.ask(by=house.officer, code=case.code, ground=Ground.DATA_REQUEST, reason="To make the copy")
    letting_in.approve(grant, by=house.supervisor)


# Ten days ------------------------------------------------------------------------------------------------------------------


def test_scenario_65_a_request_has_ten_days_and_on_the_seventh_the_officer_and_the_supervisors_hear_once(
    house, monkeypatch
):
    row = record(house.worker)
    assert row.due_on - row.received_on == timedelta(days=10)
    [task] = Task.objects.filter(kind=TaskKind.DATA_REQUEST)
    assert (task.owner_id, task.escalation) == (house.officer.user_id, 0)
    start = timezone.now()
    at(monkeypatch, start + timedelta(days=6))
    run_all()
    assert not Effect.objects.filter(mark__startswith="request-late").exists()
    at(monkeypatch, start + timedelta(days=7))
    run_all()
    run_all()
    late = Effect.objects.filter(mark__startswith=f"request-late:{row.pk}")
    assert sorted(late.values_list("user_id", flat=True)) == sorted(
        [house.officer.user_id, house.supervisor.user_id, house.other.user_id]
    )
    task.refresh_from_db()
    assert task.escalation == 2


def test_the_day_it_came_counts_and_neither_tomorrow_nor_long_ago_is_taken(house):
    today = timezone.localdate()
    assert record(house.worker, received_on=today - timedelta(days=4)).due_on == today + timedelta(days=6)
    for wrong in (today + timedelta(days=1), today - timedelta(days=400)):
        with pytest.raises(WrongField):
            record(house.worker, received_on=wrong)


def test_a_code_that_is_none_tells_nothing_and_one_of_another_partner_neither(house):
    foreign = making.case(making.member(making.partner("rabat")))
    assert record(house.worker, code="7K3F-H9XR-M").case is None
    assert record(house.worker, code=foreign.code).case is None
    request = record(house.worker)
    for code in ("7K3F-H9XR-M", foreign.code, "\0"):
        with pytest.raises(NotFound):
            data_requests.link_case(request, by=house.officer, code=code)


def test_every_desk_records_and_the_officer_of_the_partner_alone_reads_and_answers(house):
    for role in (CaseRole.INTAKE, CaseRole.FOCAL_POINT):
        record(making.member(house.partner, role))
    with pytest.raises(NotYours):
        record(making.member(house.partner, CaseRole.STATISTICIAN))
    request = record(house.worker, asked="Kanaryasked")
    for stranger in (house.worker, house.supervisor, House("rabat").officer):
        with pytest.raises(NotFound):
            data_requests.read(stranger, request.pk)
        with pytest.raises(NotFound):
            data_requests.answer(request, by=stranger, outcome="refused", words="No")
    assert data_requests.read(house.officer, request.pk).words["asked"] == "Kanaryasked"
    data_requests.answer(request, by=house.officer, outcome="refused", words="It is of somebody else")
    with pytest.raises(GuardRefused):
        data_requests.answer(request, by=house.officer, outcome="refused", words="Again")
    assert not Task.objects.filter(mark__startswith=f"request:{request.pk}", done_at=None).exists()
    assert "Kanaryasked" not in repr(list(AuditEntry.objects.values()))


# The copy --------------------------------------------------------------------------------------------------------------------


def test_scenario_65_the_copy_has_all_of_the_person_and_nothing_of_others_or_of_the_staff(house):
    staff = making.user_of(house.worker)
    staff.first_name, staff.last_name = "Staffkanary", "Worker"
    staff.save()
    case = house.case(given_name="Awa", health="Asthma", code_word="Wordkanary", safe_contact={"channels": ["call"]})
    box = case_box(case, case.partner)
    guardian = Representative(case=case, kind="parent", verified_at=timezone.now(), verified_by=staff)
    guardian.seal(box, name="Guardiankanary", contact="Contactkanary")
    guardian.save()
    notes = [Note(case=case, written_by=staff) for _number in range(2)]
    for note, words in zip(notes, ("Her neighbour Thirdkanary threatens her", "She asked for a doctor"), strict=True):
        note.seal(box, words=words)
        note.save()
    service = making.service(receiver=making.partner("rabat"))
    making.referral(case, house.worker, service)
    request = record(house.worker, code=case.code)
    with pytest.raises(GuardRefused) as refused:
        own_copy.prepare(house.officer, request.pk)
    assert refused.value.guard == RequestGuard.LET_IN
    let_in(house, case)
    assert len(own_copy.notes_of(house.officer, request.pk)) == 2
    copy = own_copy.prepare(house.officer, request.pk, notes=[notes[1].pk])
    text = json.dumps(copy.as_json(), ensure_ascii=False)
    for given in ("Awa", "Asthma", "She asked for a doctor", str(service), "Parent", case.code):
        assert given in text
    for hidden in ("Staffkanary", "Guardiankanary", "Contactkanary", "Thirdkanary", "Wordkanary"):
        assert hidden not in text
    assert len(copy.withheld) == 5
    entry = AuditEntry.objects.get(what="request.copy")
    assert (entry.kind, entry.case_id) == ("export", case.pk)
    data_requests.answer(request, by=house.officer, outcome="copy_given", words="Given on paper")


# Correction and opposition ---------------------------------------------------------------------------------------------------


def test_a_correction_is_the_owners_task_and_every_recipient_of_a_live_packet_hears_of_it_without_a_word_of_it(house):
    case = house.case()
    receiver = making.partner("rabat")
    focal = making.member(receiver, CaseRole.FOCAL_POINT)
    with_inbox = making.referral(case, house.worker, making.service(receiver=receiver))
    by_phone = making.referral(case, house.worker, making.service("phone"))
    request = record(house.worker, "rectification", "Her birth year is 1999", code=case.code)
    assert Task.objects.get(kind=TaskKind.CORRECT).owner_id == house.worker.user_id
    data_requests.answer(request, by=house.officer, outcome="corrected", words="Done")
    told = Task.objects.get(kind=TaskKind.CORRECTED)
    assert (told.partner, told.referral, told.case) == (receiver, with_inbox, None)
    assert Task.objects.get(kind=TaskKind.CALL, mark__startswith="corrected").referral == by_phone
    assert Effect.objects.filter(mark__startswith=f"corrected:{request.pk}", user=focal.user_id).count() == 1
    assert not Task.objects.filter(kind=TaskKind.CORRECT, done_at=None).exists()


# Erasure -----------------------------------------------------------------------------------------------------------------------


def test_erasure_takes_two_people_no_hold_and_nothing_open_and_then_nobody_can_read_it(house):
    case = house.case(given_name="Awa")
    sent = making.referral(case, house.worker, making.service(receiver=making.partner("rabat")))
    request = record(house.worker, "erasure", "Erase it: Kanaryerase", code=case.code)

    def refused(function, by):
        with pytest.raises(GuardRefused) as found:
            function(request, by=by)
        return found.value.guard

    assert refused(erasing.erase, house.supervisor) == RequestGuard.ERASURE_ASKED
    assert refused(erasing.ask_erasure, house.officer) == RequestGuard.NO_REFERRAL_OPEN
    making.act(sent.pk, making.Event.WITHDRAW, by=house.worker, given={"reason": "client"})
    holds.set_hold(case, by=house.officer, reason="A claim in court")
    assert refused(erasing.ask_erasure, house.officer) == CaseGuard.NO_LEGAL_HOLD
    holds.lift_hold(case, by=house.supervisor, reason="The claim is over")
    with pytest.raises(NotFound):
        erasing.ask_erasure(request, by=house.supervisor)
    assert list(data_requests.requests_for(house.supervisor)) == []
    erasing.ask_erasure(request, by=house.officer)
    assert list(data_requests.requests_for(house.supervisor)) == [request]
    assert refused(erasing.erase, house.officer) == CaseGuard.FOUR_EYES
    for stranger in (house.worker, House("rabat").officer):
        with pytest.raises(NotFound):
            erasing.erase(request, by=stranger)
    done = erasing.erase(request, by=house.supervisor)
    case.refresh_from_db()
    assert case.erased_at is not None
    assert not case.keys.exists()
    assert case.person.given_name is None
    assert (done.outcome, done.words) == ("erased", None)
    assert AuditEntry.objects.filter(what="request.erase", user_id=house.supervisor.user_id).exists()


def test_scenario_64_a_hold_is_set_and_lifted_with_a_reason_listed_and_kept_from_retention(house, monkeypatch):
    case = house.case(given_name="Awa", status="closed", closure_reason="goals_met", closed_at=timezone.now())
    for stranger in (house.worker, house.other, House("rabat").officer):
        with pytest.raises(NotFound):
            holds.set_hold(case, by=stranger, reason="Because")
    with pytest.raises(WrongField):
        holds.set_hold(case, by=house.officer, reason=" ")
    holds.set_hold(case, by=house.officer, reason="A trial")
    assert list(holds.held_for(house.officer)) == list(holds.held_for(house.supervisor)) == [case]
    assert list(holds.held_for(house.worker)) == []
    at(monkeypatch, timezone.now() + timedelta(days=400))
    run_all()
    case.person.refresh_from_db()
    assert case.person.given_name is not None
    assert list(retention.held()) == [case]
    holds.lift_hold(case, by=house.officer, reason="The trial is over")
    run_all()
    case.person.refresh_from_db()
    assert case.person.given_name is None
    assert "A trial" not in repr(list(AuditEntry.objects.values()))


def test_words_of_requests_and_complaints_outlive_two_rotations_of_the_key_and_go_in_the_end(house, monkeypatch):
    request = record(house.worker, asked="Kanaryasked")
    complaint = complaints.record(by=house.worker, words="Kanarywords")
    for days in (100, 200, 300):
        at(monkeypatch, timezone.now() + timedelta(days=days))
        rotate_partner(house.partner)
    box = partner_box(house.partner)
    request.refresh_from_db()
    complaint.refresh_from_db()
    assert request.opened(box)["words"]["asked"] == "Kanaryasked"
    assert complaint.opened(box)["words"] == "Kanarywords"
    data_requests.answer(request, by=house.officer, outcome="not_found", words="Nothing")
    complaints.answer(complaint, by=house.officer, outcome="not_upheld", words="Looked into")
    at(monkeypatch, timezone.now() + timedelta(days=1200))
    run_all()
    for model in (DataRequest, Complaint):
        assert model.objects.filter(words__isnull=True, answer__isnull=True).count() == 1
