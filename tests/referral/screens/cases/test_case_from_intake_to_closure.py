"""A case from the first minute to its end, by plain forms: no JavaScript anywhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from referral.models import AuditEntry, Case, Consent, Grant, Note, Person, StepDone
from referral.reading.case_checks import to_tick
from referral.reading.versions import procedure_of
from referral.words.choices import CaseRole
from tests.people import at_desk
from tests.referral import making

pytestmark = pytest.mark.django_db
OPENING = {"notice": "2026.1", "profile": "gen", "urgency": "normal", "risk": "low"}
TALK = {"language": "fr", "interpreter": "not_needed", "method": "verbal_witnessed", "read_back": "on"}


def post(browser: Client, case: Case, address: str, status: int = 302, **given: Any) -> Any:
    """Send a form of this case as it would be sent now."""
    version = Case.objects.get(pk=case.pk).version
    answer = browser.post(f"/en/casework/cases/{case.code}/{address}", {"version": version, **given})
    assert answer.status_code == status, answer.content.decode()
    return answer


def do_step(browser: Client, case: Case, step: str, **answers: Any) -> None:
    procedure = procedure_of(case)
    ticked = [rule.key for rule in to_tick(procedure, procedure.step(step))]
    post(browser, case, f"steps/{step}/", ticked=ticked, **answers)


@pytest.fixture
def team() -> dict[str, Any]:
    partner = making.partner()
    worker, boss = making.member(partner), making.member(partner, CaseRole.SUPERVISOR)
    return {"partner": partner, "worker": worker, "boss": boss, "at": at_desk(worker), "above": at_desk(boss)}


def test_a_case_goes_from_intake_to_closure_by_plain_forms(team) -> None:
    at, clinic = team["at"], making.service("clinic")
    opened = at.post(
        "/fr/casework/cases/new/",
        {**OPENING, "languages": ["fr", "bm"], "age_band": "25-34", "sex": "female", "alias": "Mariam"},
    )
    case = Case.objects.get()
    assert opened["Location"].endswith(f"/fr/casework/cases/{case.code}/")
    page = at.get(f"/en/casework/cases/{case.code}/")
    assert page.status_code == 200
    assert "Mariam" in page.content.decode()
    do_step(at, case, "identification", stated_need="a doctor")
    post(at, case, "note/", words="She came with her sister.")
    post(at, case, "consent/", **TALK, record="yes", statistics="no")
    post(at, case, "consent/", **TALK, referral="yes", service=clinic.pk, categories=["need", "language"])
    post(at, case, "need/", service_type="health", words="a doctor")
    need = case.needs.get()
    post(at, case, f"need/{need.pk}/goal/", goal="seen by a doctor", due_on="2099-01-01", agreed="on")
    post(at, case, f"need/{need.pk}/met/", met="yes")
    post(at, case, "triage/", urgency="urgent", risk="medium")
    post(at, case, "close/", closure_reason="goals_met", feedback_asked="on", note="All is well")
    post(team["above"], case, "close/approve/", note="")
    case.refresh_from_db()
    assert (case.status, case.closure_reason, case.urgency) == ("closed", "goals_met", "urgent")
    assert set(Grant.objects.values_list("purpose", "given")) == {
        ("record", True), ("statistics", False), ("referral", True),
    }  # fmt: skip
    assert Consent.objects.first().script_version == "2026.1"
    assert at.get(f"/en/casework/cases/{case.code}/").status_code == 200


def test_nothing_is_needed_but_profile_urgency_and_risk(team) -> None:
    team["at"].post("/en/casework/cases/new/", OPENING)
    case = Case.objects.get()
    assert making.opened(case, Person.objects.get())["given_name"] is None


def test_the_same_opening_sent_twice_opens_one_case_and_leads_there(team) -> None:
    form = {**OPENING, "key": "k1", "phone": "0612345678"}
    first, second = (team["at"].post("/en/casework/cases/new/", form) for _time in range(2))
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1
    other = team["at"].post("/en/casework/cases/new/", {**form, "urgency": "urgent"})
    assert other.status_code == 422


def test_a_note_sent_twice_is_written_once(team) -> None:
    case = making.case(team["worker"])
    for _time in range(2):
        team["at"].post(f"/en/casework/cases/{case.code}/note/", {"version": 0, "key": "n1", "words": "once"})
    assert Note.objects.count() == 1


def test_a_wrong_opening_keeps_what_was_typed(team) -> None:
    answer = team["at"].post("/en/casework/cases/new/", {**OPENING, "risk": "huge", "alias": "Mariam"})
    assert answer.status_code == 400
    assert "Mariam" in answer.content.decode()
    assert not Case.objects.exists()


def test_moments_that_clocks_count_from_are_asked_once_the_profile_is_known(team) -> None:
    form = {**OPENING, "profile": "gbv", "urgency": "emergency", "alias": "Mariam", "languages": ["bm"]}
    asked = team["at"].post("/en/casework/cases/new/", form)
    text = asked.content.decode()
    assert asked.status_code == 200
    assert 'name="assault_at"' in text
    assert "Mariam" in text
    assert not Case.objects.exists()
    team["at"].post("/en/casework/cases/new/", {**form, "dates_for": "gbv", "assault_at": "2026-11-28T09:00"})
    assert Case.objects.get().dates is not None


def test_the_same_phone_leads_to_the_case_that_is_there_and_to_a_new_one_only_if_somebody_says_so(team) -> None:
    old = making.case(team["worker"], phone="0612345678")
    form = {**OPENING, "phone": "+212 6 12 34 56 78"}
    warned = team["at"].post("/en/casework/cases/new/", form)
    assert f"/casework/cases/{old.code}/" in warned.content.decode()
    assert Case.objects.count() == 1
    team["at"].post("/en/casework/cases/new/", {**form, "anyway": "on"})
    assert Case.objects.count() == 2


def test_a_step_keeps_its_answers_and_shows_them(team) -> None:
    case = making.case(team["worker"])
    do_step(team["at"], case, "identification", stated_need="a <b>doctor</b>")
    assert StepDone.objects.count() == 1
    text = team["at"].get(f"/en/casework/cases/{case.code}/").content.decode()
    assert "a &lt;b&gt;doctor&lt;/b&gt;" in text


def test_reading_a_page_is_on_record(team) -> None:
    case = making.case(team["worker"])
    team["at"].get(f"/en/casework/cases/{case.code}/")
    assert AuditEntry.objects.filter(kind="read", what="case", case_id=case.pk).count() == 1


def test_a_draft_of_an_opening_comes_back_with_its_moments_and_the_notice_of_today(team) -> None:
    kept = {"draft": "case-new", "notice": "1999", "profile": "gbv", "dates_for": "gbv", "languages": ["bm", "fr"]}
    team["at"].post("/en/casework/draft/", {**kept, "assault_at": "2026-11-28T09:00"})
    page = team["at"].get("/en/casework/cases/new/").content.decode()
    assert 'value="2026-11-28T09:00"' in page
    assert f'name="notice" value="{OPENING["notice"]}"' in page
    ticked = [one for one in re.findall(r"<input[^>]*>", page) if " checked" in one]
    assert len(ticked) == 3  # profile and two languages


def test_a_draft_of_a_consent_comes_back_with_the_service_that_was_found(team) -> None:
    case, clinic = making.case(team["worker"]), making.service()
    typed = {"draft": f"case-consent:{case.code}", "service": clinic.pk, "categories": ["need"], "referral": "yes"}
    team["at"].post("/en/casework/draft/", typed)
    page = team["at"].get(f"/en/casework/cases/{case.code}/consent/").content.decode()
    assert "checked" in page.split(f'name="service" value="{clinic.pk}"')[1][:80]
    assert "checked" in page.split('name="categories" value="need"')[1][:80]


def test_intake_hands_a_new_case_over_and_is_told_its_code(team) -> None:
    desk = at_desk(making.member(team["partner"], CaseRole.INTAKE))
    answer = desk.post("/en/casework/cases/new/", {**OPENING, "owner": team["worker"].user_id})
    case = Case.objects.get()
    assert case.code in answer.content.decode()
    assert desk.get(f"/en/casework/cases/{case.code}/").status_code == 404
    assert team["at"].get(f"/en/casework/cases/{case.code}/").status_code == 200
