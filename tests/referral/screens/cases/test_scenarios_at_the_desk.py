"""Scenarios of referral.md (f) as a social worker meets them: by addresses and plain forms."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from referral.actions import cases, transfers
from referral.models import AuditEntry, Case, CaseTransfer, Consent, Grant, Note, Packet, Representative, Task
from referral.words.choices import CaseRole
from referral.words.consent_choices import Purpose
from services.taxonomy import ProviderKind
from tests.people import at_desk
from tests.referral import making

pytestmark = pytest.mark.django_db
TALK = {"language": "fr", "interpreter": "not_needed", "method": "verbal_witnessed"}
CONSENT = {**TALK, "referral": "yes", "categories": ["need", "language"]}


def send(browser: Client, case: Case, address: str, **given: Any) -> Any:
    version = given.pop("version", Case.objects.get(pk=case.pk).version)
    return browser.post(f"/en/casework/cases/{case.code}/{address}", {"version": version, **given})


@pytest.fixture
def us() -> dict[str, Any]:
    partner = making.partner()
    worker, boss = making.member(partner), making.member(partner, CaseRole.SUPERVISOR)
    return {"partner": partner, "worker": worker, "boss": boss, "at": at_desk(worker), "above": at_desk(boss)}


def test_scenario_05_only_a_supervisor_answers_for_a_share_without_consent(us) -> None:
    case, clinic = making.case(us["worker"]), making.service()
    form = {"service": clinic.pk, "categories": ["need"], "legal_basis": "vital_interest", "reason": "unconscious"}
    assert send(us["at"], case, "override/", **form).status_code == 403
    assert not Grant.objects.exists()
    assert AuditEntry.objects.last().kind == "denied"
    assert send(us["above"], case, "override/", **{**form, "reason": ""}).status_code == 400
    assert send(us["above"], case, "override/", **form).status_code == 302
    assert Consent.objects.get().approved_by_id == us["boss"].user_id
    assert Task.objects.filter(case=case, kind="inform").exists()


def test_scenario_08_a_guardian_in_conflict_does_not_consent(us) -> None:
    case = making.case(us["worker"], is_minor=True, age_band="15-17")
    assert send(us["at"], case, "representative/", kind="legal_guardian", name="Aunt").status_code == 302
    row = Representative.objects.get()
    assert send(us["at"], case, f"representative/{row.pk}/verify/").status_code == 302
    assert send(us["at"], case, f"representative/{row.pk}/conflict/", in_conflict="yes").status_code == 302
    words = {**TALK, "record": "yes", "given_by": "representative", "representative": row.pk, "child_assent": "yes"}
    refused = send(us["at"], case, "consent/", **words)
    assert refused.status_code == 409
    assert "not verified, or has a conflict" in refused.content.decode()


def test_scenario_09_a_child_that_says_no_is_kept_and_counts(us) -> None:
    case = making.case(us["worker"], is_minor=True, age_band="15-17")
    send(us["at"], case, "representative/", kind="parent", name="Father")
    row = Representative.objects.get()
    send(us["at"], case, f"representative/{row.pk}/verify/")
    words = {**TALK, "record": "yes", "given_by": "representative", "representative": row.pk}
    assert send(us["at"], case, "consent/", **words).status_code == 409
    assert send(us["at"], case, "consent/", **words, child_assent="no").status_code == 302
    assert not Grant.objects.get().is_live()
    assert send(us["at"], case, "best-interest/", words="x").status_code == 403
    assert send(us["above"], case, "best-interest/", words="heard, and decided").status_code == 302


def test_scenario_10_an_asylum_seekers_consent_cannot_name_a_consulate_and_the_page_says_why(us) -> None:
    consulate = making.service("consulate")
    consulate.organisation.kind = ProviderKind.CONSULATE
    consulate.organisation.save()
    case = making.case(us["worker"], "asy")
    refused = send(us["at"], case, "consent/", **CONSENT, service=consulate.pk)
    assert refused.status_code == 409
    assert "does not allow this recipient" in refused.content.decode()
    assert "nobody contacts a consulate" in us["at"].get(f"/en/casework/cases/{case.code}/").content.decode()


def test_scenario_11_the_screening_is_asked_on_its_own_page(us) -> None:
    case = making.case(us["worker"], "avr")
    assert send(us["at"], case, "screening/", urgency="normal", risk="low").status_code == 400
    answers = {"trafficking": "no", "child": "unsure", "asylum": "no"}
    assert send(us["at"], case, "screening/", urgency="urgent", risk="low", **answers).status_code == 302
    page = us["at"].get(f"/en/casework/cases/{case.code}/").content.decode()
    assert "Not sure" in page


def test_scenario_12_a_survivors_page_shows_the_hours_left_and_asks_no_story(us) -> None:
    since = timezone.now() - timedelta(hours=30)
    case = cases.open_case(
        by=us["worker"], profile="gbv", urgency="emergency", risk="high", dates={"assault_at": since}
    )
    page = us["at"].get(f"/en/casework/cases/{case.code}/").content.decode()
    assert "41 hours left" in page
    assert "not the official Moroccan procedure" in page
    step = us["at"].get(f"/en/casework/cases/{case.code}/steps/immediate_safety/").content.decode()
    assert "narrative" not in step.lower()


def test_scenario_33_one_button_takes_consent_back_and_every_share_with_it(us) -> None:
    case, clinic = making.case(us["worker"]), making.service()
    sent = making.referral(case, us["worker"], clinic)
    grant = Grant.objects.get()
    answer = send(us["at"], case, f"consent/{grant.consent_id}/withdraw/{grant.pk}/", through="in_person")
    assert answer.status_code == 302
    sent.refresh_from_db()
    assert sent.status == "withdrawn"
    assert not Packet.objects.filter(revoked_at=None).exists()
    page = us["at"].get(f"/en/casework/cases/{case.code}/").content.decode()
    assert "withdrawn" in page


def test_scenario_33_consent_is_taken_back_in_a_closed_case_too(us) -> None:
    case = making.case(us["worker"])
    grant = making.consent(case, purpose=Purpose.RECORD)
    Case.objects.filter(pk=case.pk).update(status="closed", closure_reason="goals_met")
    assert send(us["at"], case, f"consent/{grant.consent_id}/withdraw/", through="call").status_code == 302
    assert not Grant.objects.get().is_live()


def test_scenario_40_a_supervisor_does_not_find_a_restricted_case(us) -> None:
    case = making.case(us["worker"])
    assert send(us["at"], case, "restrict/", restricted="yes").status_code == 302
    assert us["above"].get(f"/en/casework/cases/{case.code}/").status_code == 404
    assert us["at"].get(f"/en/casework/cases/{case.code}/").status_code == 200


def test_scenario_45_a_case_is_handed_over_with_consent_and_the_source_keeps_its_own_events(us) -> None:
    taker = making.partner("rabat")
    theirs = at_desk(making.member(taker))
    case = making.case(us["worker"], alias="Mariam")
    offer = {"taker": taker.pk, "handover_note": "She speaks Bambara."}
    assert send(us["at"], case, "transfer/", **offer).status_code == 409
    assert send(us["at"], case, "consent/", **TALK, transfer="yes", partner=taker.pk).status_code == 302
    assert send(us["at"], case, "transfer/", **offer).status_code == 302
    listed = theirs.get("/en/casework/cases/offers/").content.decode()
    assert "She speaks Bambara." in listed
    assert case.code not in listed
    waiting = CaseTransfer.objects.get()
    taken = theirs.post(f"/en/casework/cases/offers/{waiting.pk}/", {"answer": "accept"})
    assert taken["Location"].endswith(f"/casework/cases/{case.code}/")
    assert "Mariam" in theirs.get(taken["Location"]).content.decode()
    left = us["at"].get(f"/en/casework/cases/{case.code}/")
    assert left.status_code == 200
    assert "Mariam" not in left.content.decode()
    assert send(us["at"], case, "note/", words="still there?").status_code == 404


def test_scenario_46_an_offer_that_is_declined_changes_nothing_and_keeps_its_reason(us) -> None:
    taker = making.partner("rabat")
    theirs = at_desk(making.member(taker))
    case = making.case(us["worker"])
    making.consent(case, purpose=Purpose.TRANSFER, to=taker)
    transfers.offer_transfer(case, by=us["worker"], version=0, taker=taker, handover_note="note")
    waiting = CaseTransfer.objects.get()
    path = f"/en/casework/cases/offers/{waiting.pk}/"
    assert theirs.post(path, {"answer": "decline", "reason": ""}).status_code == 409
    assert theirs.post(path, {"answer": "decline", "reason": "no place"}).status_code == 302
    assert CaseTransfer.objects.get().state == "declined"
    assert Case.objects.get().partner_id == us["partner"].pk
    assert theirs.get(path).status_code == 404


def test_a_case_is_asked_for_by_code_and_the_answer_never_tells_whether_it_exists(us) -> None:
    case = making.case(us["worker"])
    theirs = at_desk(making.member(making.partner("rabat")))
    pages = [
        theirs.post("/en/casework/cases/ask/", {"code": code, "reason": "The person lives here now"})
        for code in (case.code, "7K3F-H9XR-M")
    ]
    assert [page.status_code for page in pages] == [200, 200]
    assert len(pages[0].content) == len(pages[1].content)
    assert CaseTransfer.objects.get().case_id == case.pk
    assert "asked for the case" in us["at"].get(f"/en/casework/cases/{case.code}/").content.decode()


def test_scenario_47_an_open_emergency_stands_in_the_way_of_closing(us) -> None:
    case = making.case(us["worker"])
    making.referral(case, us["worker"], making.service(), urgency="emergency")
    refused = send(us["at"], case, "close/", closure_reason="goals_met", feedback_asked="on", note="typed words")
    assert refused.status_code == 409
    assert "still open" in refused.content.decode()
    assert "typed words" in refused.content.decode()


def test_scenario_48_who_asked_to_close_a_trafficking_case_cannot_approve(us) -> None:
    both = making.member(us["partner"], CaseRole.CASEWORKER, CaseRole.SUPERVISOR)
    case = making.case(both, "vot")
    assert send(at_desk(both), case, "close/", closure_reason="client_request", feedback_asked="on").status_code == 302
    refused = send(at_desk(both), case, "close/approve/")
    assert refused.status_code == 409
    assert "Somebody other than the one who asked" in refused.content.decode()
    assert Case.objects.get().status == "open"


def test_scenario_49_only_a_supervisor_reopens_and_only_with_a_reason(us) -> None:
    case = making.case(us["worker"], status="closed", closure_reason="goals_met", closed_at=timezone.now())
    assert send(us["at"], case, "reopen/", reason="new need").status_code == 403
    assert send(us["above"], case, "reopen/", reason="").status_code == 400
    assert send(us["above"], case, "reopen/", reason="new need").status_code == 302
    assert Case.objects.get().status == "open"


def test_a_caseworker_cannot_approve_a_closure_whatever_is_posted(us) -> None:
    case = making.case(us["worker"])
    send(us["at"], case, "close/", closure_reason="goals_met", feedback_asked="on")
    assert send(us["at"], case, "close/approve/", role="supervisor", approved_by=us["boss"].user_id).status_code == 403
    assert Case.objects.get().status == "open"


def test_scenario_61_who_looked_is_listed_for_owner_and_protection_officer_and_nobody_else(us) -> None:
    case = making.case(us["worker"])
    for _time in range(3):
        us["above"].get(f"/en/casework/cases/{case.code}/")
    path = f"/en/casework/cases/{case.code}/access/"
    officer = at_desk(making.member(us["partner"], CaseRole.DPO))
    for browser in (us["at"], officer):
        assert browser.get(path).content.decode().count(str(making.user_of(us["boss"]))) >= 3
    assert us["above"].get(path).status_code == 404


def test_scenario_70_a_detained_persons_clocks_run_from_the_hour_of_detention(us) -> None:
    since = timezone.localtime() - timedelta(hours=20)
    form = {"notice": "2026.1", "profile": "det", "urgency": "emergency", "risk": "high", "dates_for": "det"}
    us["at"].post("/en/casework/cases/new/", {**form, "held_since": since.strftime("%Y-%m-%dT%H:%M")})
    case = Case.objects.get()
    page = us["at"].get(f"/en/casework/cases/{case.code}/").content.decode()
    assert "3 hours left" in page or "4 hours left" in page


def test_a_form_that_is_too_old_is_answered_409_with_both_versions_and_what_was_typed(us) -> None:
    case = making.case(us["worker"])
    send(us["at"], case, "triage/", urgency="urgent", risk="low")
    old = send(us["at"], case, "need/", version=0, service_type="health", words="half an hour of typing")
    text = old.content.decode()
    assert old.status_code == 409
    assert "half an hour of typing" in text
    assert "You saw version 0; now it is version 1." in text
    assert 'name="version" value="1"' in text
    assert not case.needs.exists()


def test_a_form_without_the_version_that_was_shown_is_as_old_as_can_be(us) -> None:
    case = making.case(us["worker"])
    answer = us["at"].post(f"/en/casework/cases/{case.code}/triage/", {"urgency": "urgent", "risk": "low"})
    assert answer.status_code == 409


def test_a_way_that_the_person_ruled_out_is_said_to_be_forbidden_and_is_refused(us) -> None:
    case = making.case(us["worker"], safe_contact={"channels": ["call"]})
    page = us["at"].get(f"/en/casework/cases/{case.code}/contact/").content.decode()
    assert "Text message (not allowed" in page
    refused = send(us["at"], case, "contact/", channel="sms", reached="no", words="tried")
    assert refused.status_code == 409
    assert "tried" in refused.content.decode()
    assert send(us["at"], case, "contact/", channel="call", reached="no", words="").status_code == 302


def test_a_service_is_found_and_chosen_without_javascript_and_what_the_rules_exclude_is_not_offered(us) -> None:
    case, clinic = making.case(us["worker"], "gbv"), making.service()
    word = str(clinic.name).split()[0]
    looked = send(us["at"], case, "consent/", look="1", find=word, words="kept while looking")
    text = looked.content.decode()
    assert looked.status_code == 200
    assert f'name="service" value="{clinic.pk}"' in text
    assert "kept while looking" in text
    assert not Consent.objects.exists()
    chosen = send(us["at"], case, "consent/", look="1", find=word, service=clinic.pk).content.decode()
    assert "checked" in chosen.split(f'name="service" value="{clinic.pk}"')[1][:80]
    assert (
        send(us["at"], case, "consent/", **{**CONSENT, "categories": ["narrative"]}, service=clinic.pk).status_code
        == 400
    )


def test_no_purpose_is_ticked_beforehand_and_the_text_is_in_a_language_of_the_person(us) -> None:
    case = making.case(us["worker"], languages=["ary"])
    page = us["at"].get(f"/fr/casework/cases/{case.code}/consent/").content.decode()
    inputs = re.findall(r"<input[^>]*>", page)
    answers = [one for one in inputs if 'value="yes"' in one or 'name="categories"' in one or 'type="checkbox"' in one]
    assert len(answers) > 10
    assert not [one for one in answers if "checked" in one]
    assert page.index('<div lang="ar" dir="rtl"') < page.index("<details lang=")
    other = making.case(us["worker"], languages=["bm"])
    assert "an interpreter reads it out" in us["at"].get(f"/en/casework/cases/{other.code}/consent/").content.decode()


def test_ten_megabytes_or_too_long_a_note_are_refused_in_one_sentence_and_kept(us) -> None:
    case = making.case(us["worker"])
    long = send(us["at"], case, "note/", words="w" * 4001)
    assert long.status_code == 400
    assert "wwww" in long.content.decode()
    assert not Note.objects.exists()


def test_what_is_typed_in_the_note_of_the_page_comes_back(us) -> None:
    case = making.case(us["worker"])
    us["at"].post("/en/casework/draft/", {"draft": f"case-note:{case.code}", "words": "half a sentence"})
    assert "half a sentence" in us["at"].get(f"/en/casework/cases/{case.code}/").content.decode()
    send(us["at"], case, "note/", words="half a sentence and the rest")
    assert "half a sentence</textarea>" not in us["at"].get(f"/en/casework/cases/{case.code}/").content.decode()


def test_cases_of_one_person_are_merged_and_parted_again_by_a_supervisor(us) -> None:
    first, second = making.case(us["worker"]), making.case(us["worker"])
    assert send(us["at"], first, "merge/", into=second.code).status_code == 403
    assert send(us["above"], first, "merge/", into="nonsense").status_code == 400
    assert send(us["above"], first, "merge/", into=second.code).status_code == 302
    assert send(us["above"], first, "unmerge/").status_code == 302
    assert Case.objects.get(pk=first.pk).status == "open"


def test_a_case_rests_goes_on_and_changes_hands(us) -> None:
    case, other = making.case(us["worker"]), making.member(us["partner"])
    day = timezone.localdate() + timedelta(days=10)
    assert send(us["at"], case, "hold/", reason="travels", review_on="2099-01-01").status_code == 409
    assert send(us["at"], case, "hold/", reason="travels", review_on=day.isoformat()).status_code == 302
    assert send(us["at"], case, "resume/").status_code == 302
    assert send(us["at"], case, "assign/", assignee=other.user_id).status_code in (400, 403)
    assert send(us["above"], case, "assign/", assignee=other.user_id).status_code == 302
    assert Case.objects.get().owner_id == other.user_id
    assert us["at"].get(f"/en/casework/cases/{case.code}/").status_code == 404


@pytest.mark.parametrize(("screen", "first"), [("fr", "À lire à la personne"), ("en", "ما نقرؤه على الشخص")])
def test_the_text_to_read_out_comes_first_in_the_language_that_screen_and_person_share(us, screen, first) -> None:
    case = making.case(us["worker"], languages=["ary", "fr"])
    page = us["at"].get(f"/{screen}/casework/cases/{case.code}/consent/").content.decode()
    titles = ["À lire à la personne", "ما نقرؤه على الشخص", "To read out to the person"]
    assert min(titles, key=page.index) == first
    assert ('value="fr" selected' in page) is (screen == "fr")
