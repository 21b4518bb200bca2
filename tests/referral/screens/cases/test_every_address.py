"""Every address of cases: who gets what there, and what is never in a page."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.urls import URLPattern

from referral.actions import people, plans
from referral.models import AuditEntry, Case
from referral.screens.cases.urls import urlpatterns
from referral.words.choices import CaseRole
from tests.people import at_desk, sign_in
from tests.referral import making

pytestmark = pytest.mark.django_db
OF_A_CASE = [one for one in urlpatterns if "<str:code>" in str(one.pattern)]
MOST_QUERIES = 50
ONLY_READ = ("case", "case-notes", "case-timeline")
NEEDS_ANOTHER_STATE = {
    "case-resume", "case-reopen", "case-unmerge", "case-approve-closure", "case-return-closure", "case-assign",
    "case-merge", "case-void", "case-override", "case-best-interest",
}  # fmt: skip


def address(pattern: URLPattern, case: Case, rows: dict[str, Any], language: str = "fr") -> str:
    """The address of this pattern for this case, naming rows that are there."""
    name = pattern.name or ""
    which = rows["need"] if name in ("case-goal", "case-met") else rows["consent"]
    which = rows["representative"] if "representative" in name else which
    path = str(pattern.pattern).replace("<str:code>", case.code).replace("<uuid:which>", str(which))
    path = path.replace("<int:grant>", str(rows["grant"])).replace("<slug:step>", "identification")
    return f"/{language}/casework/cases/{path}"


@pytest.fixture
def place() -> dict[str, Any]:
    partner = making.partner()
    worker = making.member(partner)
    case = making.case(
        worker,
        given_name="<script>alert(1)</script>",
        alias="\u202eevil",
        phone="+212612345678",
        address="12 hidden road",
    )
    grant = making.consent(case, making.service())
    need = plans.add_need(case, by=worker, version=0, service_type="health")
    case.refresh_from_db()
    people.add_note(case, by=worker, words="<b>bold</b> \u202e reversed")
    stands = people.add_representative(case, by=worker, version=case.version, kind="parent", name="Aunt")
    rows = {"need": need.pk, "grant": grant.pk, "consent": grant.consent_id, "representative": stands.pk}
    return {"partner": partner, "worker": worker, "case": case, "rows": rows}


def test_who_is_in_charge_opens_every_address(place) -> None:
    browser = at_desk(place["worker"])
    for pattern in OF_A_CASE:
        answer = browser.get(address(pattern, place["case"], place["rows"]))
        wanted = (403, 409) if pattern.name in NEEDS_ANOTHER_STATE else (200,)
        assert answer.status_code in wanted, (pattern.name, answer.status_code)
        assert answer["Cache-Control"] == "no-store"


def test_scenario_35_a_stranger_gets_the_same_404_everywhere_as_for_a_case_that_never_was(place) -> None:
    stranger = at_desk(making.member(making.partner("rabat"), CaseRole.CASEWORKER, CaseRole.SUPERVISOR))
    colleague = at_desk(making.member(place["partner"]))
    nowhere = Case(code="7K3F-H9XR-M")
    for pattern in OF_A_CASE:
        for send in ("get", "post"):
            if send == "post" and pattern.name in ONLY_READ:
                continue
            for browser in (stranger, colleague):
                here = getattr(browser, send)(address(pattern, place["case"], place["rows"]))
                there = getattr(browser, send)(address(pattern, nowhere, place["rows"]))
                assert (here.status_code, there.status_code) == (404, 404), (pattern.name, send)
                assert len(here.content) == len(there.content)
    assert AuditEntry.objects.filter(kind="denied").exists()


def test_nobody_without_a_session_sees_anything(place, client) -> None:
    for pattern in OF_A_CASE:
        answer = client.get(address(pattern, place["case"], place["rows"]))
        assert answer.status_code == 302
        assert "next=" in answer["Location"]


def test_an_account_of_the_cms_sees_no_case(place) -> None:
    from django.contrib.auth import get_user_model

    editor = get_user_model().objects.create_superuser("root", "root@example.org", "a long password 2026")
    for pattern in OF_A_CASE:
        assert sign_in(editor).get(address(pattern, place["case"], place["rows"])).status_code == 404


def test_rows_of_another_case_are_not_found(place) -> None:
    browser, other = at_desk(place["worker"]), making.case(place["worker"])
    for pattern in OF_A_CASE:
        if "which" in str(pattern.pattern):
            assert browser.get(address(pattern, other, place["rows"])).status_code == 404, pattern.name
            wrong = {name: uuid.uuid4() if name != "grant" else 999999 for name in place["rows"]}
            assert browser.get(address(pattern, place["case"], wrong)).status_code == 404


def test_what_people_wrote_is_shown_as_text_and_isolated(place) -> None:
    page = at_desk(place["worker"]).get(f"/ar/casework/cases/{place['case'].code}/").content.decode()
    assert "<script>alert" not in page
    assert "<b>bold</b>" not in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<bdi>\u202eevil</bdi>" in page


def test_scenario_67_the_arabic_page_reads_right_to_left_and_its_code_left_to_right(place) -> None:
    code = place["case"].code
    pages = {
        language: at_desk(place["worker"]).get(f"/{language}/casework/cases/{code}/").content.decode()
        for language, _name in [("ar", ""), ("en", "")]
    }
    assert 'dir="rtl"' in pages["ar"]
    assert f'<bdi class="code" dir="ltr">{code}</bdi>' in pages["ar"]
    for part in ("now", "notes", "needs", "referrals", "consents", "course", "person", "timeline"):
        assert all(f'id="{part}"' in page for page in pages.values())


def test_delicate_values_are_folded_and_no_value_is_in_title_or_address(place) -> None:
    browser = at_desk(place["worker"])
    page = browser.get(f"/en/casework/cases/{place['case'].code}/").content.decode()
    assert page.split("+212612345678")[0].rsplit("<details", 1)[1].startswith(' class="masked"')
    assert f"<title>{place['case'].code} – Dalil</title>" in page
    form = browser.get(f"/en/casework/cases/{place['case'].code}/person/").content.decode()
    assert 'autocomplete="off"' in form


def test_a_supervisor_does_not_read_what_is_for_the_owner_alone(place) -> None:
    boss = at_desk(making.member(place["partner"], CaseRole.SUPERVISOR))
    code = place["case"].code
    for path in ("", "person/"):
        assert "hidden road" not in boss.get(f"/en/casework/cases/{code}/{path}").content.decode()
    assert 'name="health"' not in boss.get(f"/en/casework/cases/{code}/person/").content.decode()


def test_the_page_asks_as_often_for_one_note_as_for_a_hundred(place) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser, case = at_desk(place["worker"]), place["case"]
    path = f"/en/casework/cases/{case.code}/"
    browser.get(path)
    counts = []
    for more in (0, 40):
        for number in range(more):
            people.add_note(case, by=place["worker"], words=f"note {number}")
            making.consent(case, making.service(f"s{number}") if number < 10 else None, purpose="record")
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(path).status_code == 200
        walls = ("SAVEPOINT", "RELEASE", "SELECT set_config")  # of isolation, on PostgreSQL alone
        counts.append(len([one for one in asked if not one["sql"].startswith(walls)]))
    assert counts[0] == counts[1]
    assert counts[0] <= MOST_QUERIES
