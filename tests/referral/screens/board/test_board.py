"""The board of a team: who may see it, and what it counts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from referral.actions.closing import request_closure
from referral.models import Effect, Membership, Referral, Task
from referral.referring.referrals import act
from referral.states.events import Event
from referral.words.choices import CaseRole
from tests.people import at_desk
from tests.referral import making

pytestmark = pytest.mark.django_db
BOARD = "/en/casework/board/"


@pytest.fixture
def worker():
    return making.member(making.partner("org-a"))


@pytest.fixture
def supervisor(worker):
    return making.member(worker.partner, CaseRole.SUPERVISOR)


@pytest.fixture
def focal():
    return making.member(making.partner("org-b"), CaseRole.FOCAL_POINT)


def board_of(member) -> str:
    answer = at_desk(member).get(BOARD)
    assert answer.status_code == 200
    return answer.content.decode()


def test_only_a_supervisor_has_a_board(worker, focal):
    roles = [role for role in CaseRole if role != CaseRole.SUPERVISOR]
    assert at_desk(making.member(worker.partner, *roles)).get(BOARD).status_code == 404
    assert at_desk(focal).get(BOARD).status_code == 404


def test_the_workload_of_each_worker_is_counted_by_urgency(worker, supervisor, focal):
    making.case(worker, urgency="urgent")
    case = making.case(worker)
    making.referral(case, worker, making.service(receiver=focal.partner))
    due_at = timezone.now() - timedelta(days=1)
    Task.objects.create(
        case=case, partner=case.partner, owner_id=worker.user_id, kind="review", mark="t", due_at=due_at
    )
    idle = making.member(worker.partner)
    rows = re.findall(r'<tr><th scope="row">.*?</tr>', board_of(supervisor), re.DOTALL)
    numbers = {re.search("<bdi>(.*?)</bdi>", row)[1]: re.findall(r"<td[^>]*>(?:<\w+[^>]*>)?(\d*)", row) for row in rows}
    assert numbers[making.user_of(worker).username] == ["", "1", "1", "2", "1", "1"]
    assert numbers[making.user_of(idle).username] == ["", "", "", "0", "", ""]


def test_closures_disputes_emergencies_and_cases_of_nobody_are_listed(worker, supervisor, focal):
    service = making.service(receiver=focal.partner)
    closing, disputed, urgent = (making.case(worker) for _number in range(3))
    request_closure(closing, by=worker, version=closing.version, closure_reason="needs_ended", feedback_asked=True)
    referral = making.referral(disputed, worker, service)
    today = timezone.localdate().isoformat()
    act(referral.pk, Event.ACCEPT, by=focal, given={"first_contact_on": today})
    act(referral.pk, Event.DELIVER, by=focal, given={"outcome": "done", "service_date": today})
    act(referral.pk, Event.DISPUTE, by=worker)
    making.referral(urgent, worker, service, urgency="emergency")
    left = making.member(worker.partner)
    orphan = making.case(left)
    Membership.objects.filter(user=left.user_id).update(valid_to=timezone.localdate() - timedelta(days=1))
    parts = dict(re.findall(r'class="waits waits-(\w+)"(.*?)</section>', board_of(supervisor), re.DOTALL))
    assert closing.code in parts["closures"]
    assert disputed.code in parts["disputes"]
    assert disputed.code in parts["decisions"]
    assert urgent.code in parts["emergencies"]
    assert orphan.code in parts["unassigned"]
    assert closing.code not in parts["unassigned"]


def test_an_emergency_that_was_confirmed_is_no_longer_on_the_board(worker, supervisor, focal):
    referral = making.referral(making.case(worker), worker, making.service(receiver=focal.partner), urgency="emergency")
    assert 'class="waits waits-emergencies' in board_of(supervisor)
    act(referral.pk, Event.ACKNOWLEDGE, by=focal)
    assert 'class="waits waits-emergencies' not in board_of(supervisor)


def test_agreements_that_end_within_sixty_days_are_listed(worker, supervisor):
    ending = timezone.localdate() + timedelta(days=12)
    making.partner("org-c", agreement_until=ending)
    html = board_of(supervisor)
    assert "Association org-c" in html
    assert "12 days left" in html
    assert "Association org-a" not in html.partition("waits-agreements")[2]


def test_another_team_and_restricted_cases_are_not_on_it(worker, supervisor):
    elsewhere = making.case(worker, team=making.team(worker.partner, "Other"))
    making.case(worker, is_restricted=True)
    rows = re.findall(r"<td[^>]*><strong>(\d+)</strong>", board_of(supervisor))
    assert set(rows) == {"0"}
    assert elsewhere.code not in board_of(supervisor)


def test_mails_that_could_not_be_sent_are_a_number_for_the_administrator_alone(worker, supervisor):
    Effect.objects.create(kind="mail", mark="x", given_up_at=timezone.now())
    both = making.member(worker.partner, CaseRole.SUPERVISOR, CaseRole.ORGANISATION_ADMIN)
    assert "1 mail could not be sent." in board_of(both)
    assert "could not be sent" not in board_of(supervisor)


def test_the_board_asks_the_database_as_often_for_one_case_as_for_many(worker, supervisor, focal):
    service = making.service(receiver=focal.partner)
    client = at_desk(supervisor)

    def queries() -> int:
        client.get(BOARD)
        with CaptureQueriesContext(connection) as found:
            client.get(BOARD)
        return len(found)

    making.referral(making.case(worker), worker, service, urgency="emergency")
    one = queries()
    for _number in range(30):
        making.referral(making.case(worker), worker, service, urgency="emergency")
    Referral.objects.update(disputes=1)
    assert queries() == one
