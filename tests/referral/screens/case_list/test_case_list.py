"""The list of cases and the search for the same person, as members see them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from referral.models import AuditEntry, Task
from referral.words.choices import CaseRole
from tests.people import at_desk
from tests.referral import making

pytestmark = pytest.mark.django_db
LIST = "/en/casework/cases/"
FIND = "/en/casework/same-person/"


@pytest.fixture
def worker():
    return making.member(making.partner("org-a"))


def page_of(member, path=LIST):
    answer = at_desk(member).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def due_in(case, length: timedelta) -> None:
    Task.objects.create(
        case=case, partner=case.partner, owner_id=case.owner_id, kind="review", mark=f"test:{case.pk}",
        due_at=timezone.now() + length,
    )  # fmt: skip


def test_my_open_cases_stand_in_the_order_in_which_something_is_due(worker):
    later, first, undated = (making.case(worker) for _number in range(3))
    due_in(later, timedelta(days=4))
    due_in(first, timedelta(hours=-2))
    html = page_of(worker)
    assert html.index(first.code) < html.index(later.code) < html.index(undated.code)
    assert "2 hours late" in html


def test_a_list_is_narrowed_by_whose_status_urgency_and_risk(worker):
    closed = making.case(worker, status="closed", closure_reason="goals_met")
    urgent = making.case(worker, urgency="urgent")
    assert closed.code not in page_of(worker)
    assert closed.code in page_of(worker, f"{LIST}?status=closed")
    assert urgent.code in page_of(worker, f"{LIST}?whose=all&status=&urgency=urgent")
    assert urgent.code not in page_of(worker, f"{LIST}?urgency=normal")
    assert urgent.code in page_of(worker, f"{LIST}?urgency=nonsense&whose=%00&page=99999999999")


def test_others_see_what_their_role_lets_them_see_and_another_organisation_nothing(worker):
    open_to_team, restricted = making.case(worker), making.case(worker, is_restricted=True)
    supervisor = making.member(worker.partner, CaseRole.SUPERVISOR)
    everything = f"{LIST}?whose=all&status="
    assert open_to_team.code in page_of(supervisor, everything)
    for other in (
        making.member(worker.partner), making.member(making.partner("org-b"), CaseRole.SUPERVISOR),
        making.member(worker.partner, CaseRole.DPO),
    ):  # fmt: skip
        assert open_to_team.code not in page_of(other, everything)
    assert restricted.code not in page_of(supervisor, everything)
    for role in (CaseRole.FOCAL_POINT, CaseRole.STATISTICIAN, CaseRole.ORGANISATION_ADMIN):
        assert at_desk(making.member(worker.partner, role)).get(LIST).status_code == 404


def test_the_list_asks_the_database_as_often_for_one_case_as_for_a_hundred(worker):
    client = at_desk(worker)

    def queries() -> int:
        client.get(LIST)
        with CaptureQueriesContext(connection) as found:
            client.get(LIST)
        return len(found)

    making.case(worker)
    one = queries()
    for _number in range(60):
        making.case(worker)
    assert queries() == one
    html = client.get(LIST).content.decode()
    assert html.count('<li class="row') == 50
    assert client.get(f"{LIST}?page=2").content.decode().count('<li class="row') == 11
    assert re.search(r'rel="next" href="[^"]*whose=mine[^"]*page=2"', html)


def test_the_same_person_is_found_by_exact_number_or_name_and_never_in_an_address(worker):
    known = making.case(worker, given_name="Awa", family_name="Traoré", phone="+212612345678")
    client = at_desk(worker)
    assert known.code in client.post(FIND, {"phone": "06 12 34 56 78"}).content.decode()
    assert known.code in client.post(FIND, {"given_name": "awa", "family_name": "traore"}).content.decode()
    assert known.code not in client.get(f"{FIND}?phone=0612345678").content.decode()
    assert known.code not in client.post(FIND, {"phone": "0612345679"}).content.decode()
    assert client.post(FIND, {"given_name": "Awa"}).status_code == 400
    row = AuditEntry.objects.filter(what="person.same").first()
    assert (row.kind, row.fields) == ("search", ["phone"])


def test_a_person_in_a_case_of_a_colleague_is_not_found(worker):
    making.case(worker, phone="+212612345678")
    html = at_desk(making.member(worker.partner)).post(FIND, {"phone": "0612345678"}).content.decode()
    assert "No case that you may see has this number or name." in html
