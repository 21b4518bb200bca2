"""Reading a case: each sees what their tier allows, and every look is in the trail, without a value."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from referral.access import Member
from referral.actions import cases, closing, people, plans, triage
from referral.models import AccessGrant, AuditEntry, Case, ContactAttempt, Person
from referral.permissions import NotFound
from referral.reading.case_history import readers, timeline
from referral.reading.casebook import list_cases, read_case
from referral.refusals import GuardRefused, WrongField
from referral.safety import audit
from referral.safety.keys import erase
from referral.words.choices import CaseRole
from tests.referral import making

pytestmark = pytest.mark.django_db
SECRETS = {
    "alias": "Zeynab", "given_name": "Fatimata", "family_name": "Diallo", "phone": "0612345678",
    "address": "rue des Essais", "code_word": "papillon", "health": "asthma", "nationality": "Guinean",
}  # fmt: skip


@pytest.fixture
def worker() -> Member:
    return making.member(making.partner())


def refused_by(guard: str) -> Any:
    return pytest.raises(GuardRefused, check=lambda refused: refused.guard.value == guard)


def test_the_owner_and_the_deputy_read_everything(worker: Member) -> None:
    case = making.case(worker, **SECRETS)
    deputy = making.member(worker.partner)
    cases.name_deputy(case, by=worker, version=0, deputy=deputy.user_id)
    for member in (worker, deputy):
        sheet = read_case(member, case.code)
        assert sheet.tier == 4
        assert {name: sheet.person[name] for name in SECRETS} == SECRETS


def test_a_supervisor_reads_identity_but_not_what_can_kill(worker: Member) -> None:
    case = making.case(worker, **SECRETS)
    sheet = read_case(making.member(worker.partner, CaseRole.SUPERVISOR), case.code)
    assert sheet.person["given_name"] == "Fatimata"
    assert not {"address", "code_word", "health"} & set(sheet.person)
    assert "dates" not in sheet.content


def test_a_recorded_request_that_another_has_approved_opens_the_rest_for_as_long_as_it_lasts(worker: Member) -> None:
    case = making.case(worker, **SECRETS)
    boss = making.member(worker.partner, CaseRole.SUPERVISOR)
    now = timezone.now()
    grant = AccessGrant.objects.create(
        case=case, user_id=boss.user_id, kind="request", approved_by_id=worker.user_id, approved_at=now,
        until=now + timedelta(hours=1),
    )  # fmt: skip
    assert read_case(boss, case.code).person["health"] == "asthma"
    grant.until = now
    grant.save()
    assert "health" not in read_case(boss, case.code).person


@pytest.mark.parametrize(
    "role", [CaseRole.CASEWORKER, CaseRole.INTAKE, CaseRole.FOCAL_POINT, CaseRole.DPO, CaseRole.ORGANISATION_ADMIN,
             CaseRole.STATISTICIAN],
)  # fmt: skip
def test_for_everybody_else_the_case_does_not_exist(worker: Member, role: CaseRole) -> None:
    case = making.case(worker)
    for partner in (worker.partner, making.partner("rabat")):
        member = making.member(partner, role)
        with pytest.raises(NotFound):
            read_case(member, case.code)
        with pytest.raises(NotFound):
            timeline(member, case.code)
        assert list_cases(member) == []


def test_a_restricted_case_is_closed_to_the_supervisors_of_the_team(worker: Member) -> None:
    case = making.case(worker)
    boss = making.member(worker.partner, CaseRole.SUPERVISOR)
    assert list_cases(boss) == [case]
    cases.restrict(case, by=worker, version=0, restricted=True)
    with pytest.raises(NotFound):
        read_case(boss, case.code)


def test_nobody_writes_a_column_that_they_may_not_read(worker: Member) -> None:
    case = making.case(worker, **SECRETS)
    boss = making.member(worker.partner, CaseRole.SUPERVISOR)
    with pytest.raises(WrongField):
        people.update_person(case, by=boss, version=0, values={"health": "x"})
    people.update_person(case, by=boss, version=0, values={"alias": "Awa", "phone": ""})
    person = making.opened(case, Person.objects.get(case=case))
    assert (person["alias"], person["phone"], person["health"]) == ("Awa", None, "asthma")
    assert Person.objects.get().phone_index == ""


def test_scenario_61_fifty_looks_are_fifty_rows_that_the_owner_and_the_officer_can_list_and_nobody_else(
    worker: Member,
) -> None:
    case = making.case(worker)
    boss = making.member(worker.partner, CaseRole.SUPERVISOR)
    for _time in range(50):
        read_case(boss, case.code, screen="case.print")
    officer = making.member(worker.partner, CaseRole.DPO)
    for member in (worker, officer):
        looks = [one for one in readers(member, case.code) if one.what == "case.print"]
        assert len(looks) == 50
        assert {one.who for one in looks} == {str(making.user_of(boss))}
    strangers = (boss, making.member(making.partner("rabat"), CaseRole.DPO), making.member(worker.partner))
    for member in strangers:
        with pytest.raises(NotFound):
            readers(member, case.code)


def test_every_read_and_change_has_its_row_and_no_row_holds_a_value(worker: Member) -> None:
    case = making.case(worker, **SECRETS)
    read_case(worker, case.code, screen="case")
    people.add_note(case, by=worker, words="her brother threatens her")
    people.update_person(case, by=worker, version=0, values={"commune": "Sidi Maafa"})
    need = plans.add_need(case, by=worker, version=1, service_type="health", words="asthma spray")
    triage.triage(case, by=worker, version=2, urgency="urgent", risk="high")
    plans.agree_goal(
        need, by=worker, version=3, goal="sees a doctor", due_on=timezone.localdate() + timedelta(days=9), agreed=True
    )
    expected = ["case", "note.add", "person.update", "need.add", "case.triage", "plan.agree"]
    rows = list(AuditEntry.objects.filter(case_id=case.pk).order_by("pk"))
    assert [row.what for row in rows] == expected
    assert {row.user_id for row in rows} == {worker.user_id}
    text = " ".join(f"{row.what} {row.fields}" for row in rows)
    values = [*SECRETS.values(), "threatens", "Sidi Maafa", "spray", "doctor", "high"]
    assert not [value for value in values if value in text]
    assert audit.verify() == (len(AuditEntry.objects.all()), None)


def test_what_cannot_be_recorded_is_not_read(worker: Member, monkeypatch) -> None:
    case = making.case(worker)

    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise OSError("the trail is full")

    monkeypatch.setattr("referral.safety.audit._head", broken)
    with pytest.raises(OSError, match="the trail"), transaction.atomic():
        read_case(worker, case.code)
    with pytest.raises(OSError, match="the trail"), transaction.atomic():
        triage.triage(case, by=worker, version=0, urgency="urgent", risk="high")
    assert Case.objects.get().urgency == "normal"


def test_the_timeline_tells_what_happened_in_words(worker: Member) -> None:
    case = making.case(worker)
    closing.request_closure(case, by=worker, version=0, closure_reason="needs_ended", feedback_asked=True)
    with override("en"):
        (happened,) = timeline(worker, case.code)
        assert happened.sentence == f"{making.user_of(worker)} asked to close the case."


def test_reading_takes_as_many_queries_for_many_rows_as_for_few(worker: Member) -> None:
    case = making.case(worker)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            sheet = read_case(worker, case.code)
            for note in sheet.notes:
                assert str(note.row.written_by)
            for consent in sheet.consents:
                assert [str(grant.service) for grant in consent.row.grants.all()]
        return len(found)

    def fill(times: int) -> None:
        for _time in range(times):
            people.add_note(case, by=worker, words="x")
            making.consent(case, making.service(f"desk-{next(making.NUMBERS)}"))

    fill(1)
    queries()
    few = queries()
    fill(5)
    assert queries() == few <= 60


def test_an_erased_case_opens_nothing_and_breaks_nothing(worker: Member) -> None:
    case = making.case(worker, **SECRETS)
    erase(case)
    sheet = read_case(worker, case.code)
    assert (sheet.erased, sheet.person, sheet.to_do) == (True, {}, ())


def test_the_sheet_offers_the_events_that_are_possible_now(worker: Member) -> None:
    case = making.case(worker)
    assert [row.event for row in read_case(worker, case.code).buttons] == ["hold", "offer_transfer", "request_closure"]
    boss = read_case(making.member(worker.partner, CaseRole.SUPERVISOR), case.code)
    assert "void" in [row.event for row in boss.buttons]


def test_a_goal_that_the_person_does_not_agree_to_is_no_plan(worker: Member) -> None:
    case = making.case(worker)
    need = plans.add_need(case, by=worker, version=0, service_type="health")
    tomorrow = timezone.localdate() + timedelta(days=1)
    with refused_by("agreed_by_the_person"):
        plans.agree_goal(need, by=worker, version=1, goal="x", due_on=tomorrow, agreed=False)
    plans.agree_goal(need, by=worker, version=1, goal="x", due_on=tomorrow, agreed=True)
    plans.meet_need(need, by=worker, version=2)
    (shown,) = read_case(worker, case.code).needs
    assert (shown.values["goal"], shown.row.met_at is not None) == ("x", True)


def test_the_person_is_contacted_only_in_the_ways_that_they_and_the_procedure_allow(worker: Member) -> None:
    case = making.case(worker, "vot", safe_contact={"channels": ["call", "voicemail"]})
    for channel in ("sms", "voicemail"):
        with refused_by("safe_channel"):
            people.record_attempt(case, by=worker, channel=channel, reached=False)
    for channel in ("call", "in_person"):
        people.record_attempt(case, by=worker, channel=channel, reached=False)
    assert ContactAttempt.objects.count() == 2
    with pytest.raises(WrongField):
        people.record_attempt(case, by=worker, channel="pigeon", reached=False)


def test_a_note_is_sealed_added_to_and_never_empty(worker: Member) -> None:
    case = making.case(worker)
    note = people.add_note(case, by=worker, words=" she wants to go to school\u202e ")
    assert b"school" not in bytes(note.words)
    assert [shown.values["words"] for shown in read_case(worker, case.code).notes] == ["she wants to go to school"]
    with pytest.raises(WrongField):
        people.add_note(case, by=worker, words=" \u202e ")


@pytest.mark.parametrize("status", ["closed", "merged", "void", "transferred"])
def test_nothing_is_written_in_a_case_that_has_ended(worker: Member, status: str) -> None:
    case = making.case(worker, status=status, closure_reason="other")
    with refused_by("case_open"):
        people.add_note(case, by=worker, words="x")
    with refused_by("case_open"):
        triage.triage(case, by=worker, version=0, urgency="urgent", risk="low")


def test_a_sign_of_a_child_makes_the_case_a_childs(worker: Member) -> None:
    case = making.case(worker)
    now = triage.screen(case, by=worker, version=0, answers={"child": "yes"}, urgency="urgent", risk="high")
    assert (now.is_minor, now.urgency, now.risk) == (True, "urgent", "high")
    for wrong in ({}, {"child": "maybe"}, {"money": "yes"}):
        with pytest.raises(WrongField):
            triage.screen(case, by=worker, version=1, answers=wrong, urgency="urgent", risk="high")
