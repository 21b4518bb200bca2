"""The inbox as its readers see it: what is late first, only what is theirs, never a case for who receives a referral."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from referral.actions.cases import open_case
from referral.actions.closing import request_closure
from referral.models import AuditEntry, Referral, Task, TaskKind
from referral.referring.referrals import act
from referral.states.clock import end_of_day
from referral.states.events import Event
from referral.words.choices import CaseRole
from tests.people import at_desk
from tests.referral import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    return making.member(making.partner("org-a"))


@pytest.fixture
def clinic():
    return making.partner("org-b")


def page_of(member, path="/en/casework/"):
    answer = at_desk(member).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def sections(html: str) -> dict[str, str]:
    """The lists of an inbox by name, in their order."""
    parts = re.split(r'<section class="waits waits-', html)[1:]
    return {part.partition('"')[0]: part for part in parts}


def task_of(case, due_in: timedelta | None, kind: str = TaskKind.REVIEW, **columns) -> Task:
    due_at = None if due_in is None else timezone.now() + due_in
    usual = {"case": case, "partner": case.partner, "owner_id": case.owner_id, "mark": f"test:{next(making.NUMBERS)}"}
    return Task.objects.create(**{**usual, "kind": kind, "due_at": due_at, **columns})


def test_what_is_late_stands_first_and_each_list_begins_with_what_is_due_first(worker):
    old, older, later, undated = (making.case(worker) for _number in range(4))
    task_of(later, timedelta(days=3))
    task_of(undated, None)
    task_of(old, timedelta(hours=-3))
    task_of(older, timedelta(days=-3))
    found = sections(page_of(worker))
    assert list(found) == ["late", "mine"]
    assert found["late"].index(older.code) < found["late"].index(old.code)
    assert found["mine"].index(later.code) < found["mine"].index(undated.code)
    assert "3 days late" in found["late"]
    assert "3 hours late" in found["late"]


def test_a_colleague_and_another_organisation_see_nothing_of_it(worker, clinic):
    case = making.case(worker)
    task_of(case, timedelta(hours=-1))
    assert case.code in page_of(worker)
    for other in (making.member(worker.partner), making.member(clinic), making.member(clinic, CaseRole.SUPERVISOR)):
        assert "Nothing is waiting for you." in page_of(other)


def test_a_task_of_a_case_that_its_owner_may_no_longer_read_is_not_shown(worker):
    case = making.case(worker)
    task_of(case, timedelta(hours=-1))
    case.partner = making.partner("org-c")
    case.save()
    assert case.code not in page_of(worker)


def test_the_deputy_has_the_tasks_of_the_owner(worker):
    deputy = making.member(worker.partner)
    case = making.case(worker, deputy=making.user_of(deputy))
    task_of(case, timedelta(hours=-1))
    assert case.code in page_of(deputy)


def test_who_receives_a_referral_sees_its_reference_and_never_the_code_of_the_case(worker, clinic):
    focal = making.member(clinic, CaseRole.FOCAL_POINT)
    case = making.case(worker)
    referral = making.referral(case, worker, making.service(receiver=clinic), urgency="urgent")
    html = page_of(focal)
    assert str(referral.pk)[:8].upper() in html
    assert "Confirm receipt, or answer" in html
    assert "Urgent" in html
    assert case.code not in html
    assert "Association org-a" in html
    assert case.code in sections(page_of(worker))["others"]


def test_a_referral_past_its_time_is_late_for_its_receiver_and_waits_for_others_at_its_sender(worker, clinic):
    focal = making.member(clinic, CaseRole.FOCAL_POINT)
    referral = making.referral(making.case(worker), worker, making.service(receiver=clinic))
    Referral.objects.filter(pk=referral.pk).update(due_at=timezone.now() - timedelta(days=4))
    assert "late" in sections(page_of(focal))
    assert "4 days late" in sections(page_of(worker))["others"]


def test_a_question_goes_to_the_sender_and_waits_for_others_at_the_receiver(worker, clinic):
    focal = making.member(clinic, CaseRole.FOCAL_POINT)
    referral = making.referral(making.case(worker), worker, making.service(receiver=clinic))
    act(referral.pk, Event.ASK_INFO, by=focal, given={"question": "Which day?"})
    assert "Answer the question of the service" in page_of(worker)
    assert list(sections(page_of(focal))) == ["others"]
    assert "Which day?" not in page_of(focal) + page_of(worker)


def test_a_closure_waits_for_the_supervisor_and_shows_as_waiting_for_others_to_who_asked(worker):
    supervisor = making.member(worker.partner, CaseRole.SUPERVISOR)
    case = open_case(by=worker, profile="gen", urgency="normal", risk="low")
    request_closure(case, by=worker, version=case.version, closure_reason="needs_ended", feedback_asked=True)
    assert "Approve the closure, or return it" in page_of(supervisor)
    assert case.code in sections(page_of(worker))["others"]
    assert "Approve the closure" not in page_of(worker)


def test_a_step_is_named_in_the_words_of_the_procedure(worker):
    open_case(by=worker, profile="gen", urgency="normal", risk="low")
    assert "Do the step: " in page_of(worker)


def test_a_draft_of_mine_waits_for_me(worker, clinic):
    case = making.case(worker)
    making.referral(case, worker, making.service(receiver=clinic), sent=False)
    assert "Send the draft, or discard it" in sections(page_of(worker))["mine"]


def test_a_long_list_shows_fifty_lines_and_leads_to_the_others_in_pages(worker):
    case = making.case(worker)
    for number in range(53):
        task_of(case, timedelta(days=-2, minutes=number))
    late = sections(page_of(worker))["late"]
    assert late.count('<li class="row') == 50
    assert "more than 50" in late
    assert page_of(worker, "/en/casework/inbox/late/?page=2").count('<li class="row') == 3
    assert at_desk(worker).get("/en/casework/inbox/all/").status_code == 404


def test_the_inbox_asks_the_database_as_often_for_one_row_as_for_a_hundred(worker, clinic):
    everybody = making.member(
        worker.partner, CaseRole.CASEWORKER, CaseRole.SUPERVISOR, CaseRole.FOCAL_POINT, CaseRole.INTAKE
    )
    client = at_desk(everybody)
    service = making.service(receiver=worker.partner)

    def queries() -> int:
        client.get("/en/casework/")
        with CaptureQueriesContext(connection) as found:
            assert client.get("/en/casework/").status_code == 200
        return len(
            [one for one in found.captured_queries if not re.match("BEGIN|COMMIT|SAVEPOINT|RELEASE", one["sql"])]
        )

    making.referral(making.case(everybody), everybody, service)
    one = queries()
    for _number in range(30):
        case = making.case(everybody)
        making.referral(case, everybody, service)
        task_of(case, timedelta(days=-1))
        task_of(case, timedelta(days=1), TaskKind.DECIDE, owner_id=None)
    assert queries() == one
    assert one <= 15


def test_looking_into_the_inbox_is_one_row_in_the_trail_with_a_number_and_no_name(worker):
    task_of(making.case(worker), timedelta(hours=-1))
    page_of(worker)
    row = AuditEntry.objects.get(kind="search")
    assert (row.what, row.rows, row.user_id) == ("inbox", 1, worker.user_id)


def test_what_is_due_by_the_end_of_the_day_is_due_today(worker):
    case = making.case(worker)
    task_of(case, None, due_at=end_of_day(timezone.now()))
    assert case.code in sections(page_of(worker))["today"]


def test_who_decides_on_a_request_to_read_is_asked_without_learning_the_code(worker):
    officer = making.member(worker.partner, CaseRole.DPO)
    case = making.case(worker, is_restricted=True)
    task_of(case, timedelta(hours=-1), TaskKind.ACCESS, owner_id=officer.user_id)
    html = page_of(officer)
    assert "Decide who may read a case" in html
    assert "/en/casework/access/" in html
    assert case.code not in html


def test_every_kind_of_task_has_its_words(worker):
    case = making.case(worker)
    for kind in TaskKind.values:
        task_of(case, timedelta(days=-1), kind)
    assert sections(page_of(worker))["late"].count('<li class="row') == len(TaskKind.values)
