"""The page of each side, its buttons and forms: what is seen, what is refused, and that nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from referral.actions.consents import withdraw_consent
from referral.models import AuditEntry, Consent, Referral
from referral.states.workflow import Event, Status
from referral.words.choices import CaseRole
from tests.people import at_desk
from tests.referral import making
from tests.referral.referring.referring import attempts

from .desks import REASON, desks, event_of, page_of, text_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def delivered(found) -> Referral:
    row = found.sent()
    found.do(found.receiver, row, "accept", first_contact_on=TODAY().isoformat())
    answer = found.do(found.receiver, row, "deliver", outcome="Seen by the lawyer", service_date=TODAY().isoformat())
    assert answer.status_code == 303
    return row


def test_from_sending_to_the_word_of_the_person_on_the_pages_alone():
    found = desks()
    row = delivered(found)
    page = text_of(found.sender.get(page_of(row)))
    assert "Seen by the lawyer" in page
    answer = found.do(found.sender, row, "confirm", client_confirmed="yes", satisfaction="5", barriers=["cost"])
    assert answer.status_code == 303
    row.refresh_from_db()
    assert (row.status, row.confirmed) == (Status.CLOSED, "yes")
    assert REASON not in found.receiver.get(page_of(row)).content.decode()  # it is over for the service


def test_scenario_19_two_accept_and_one_wins_while_the_other_reads_the_state_and_keeps_the_words():
    found = desks()
    row = found.sent()
    colleague = at_desk(making.member(found.focal.partner, CaseRole.FOCAL_POINT))
    given = {"version": row.version, "first_contact_on": TODAY().isoformat(), "note": "Ask for Fatimazeta"}
    first = found.receiver.post(event_of(row, "accept"), {**given, "key": "one"})
    second = colleague.post(event_of(row, "accept"), {**given, "key": "two"})
    assert (first.status_code, second.status_code) == (303, 409)
    assert "Fatimazeta" in second.content.decode()
    assert str(Status.ACCEPTED.label) in second.content.decode()
    assert row.events.filter(event=Event.ACCEPT).count() == 1


def test_an_older_version_is_refused_with_both_versions_and_the_words_and_sent_again_it_is_done():
    found = desks()
    row = found.sent()
    shown = row.version
    found.do(found.receiver, row, "acknowledge")
    given = {"version": shown, "key": "late", "question": "Which languagezeta?"}
    answer = found.receiver.post(event_of(row, "ask_info"), given)
    row.refresh_from_db()
    assert answer.status_code == 409
    assert f"{shown}" in text_of(answer)
    assert f'name="version" value="{row.version}"' in answer.content.decode()
    assert "languagezeta" in answer.content.decode()
    assert found.receiver.post(event_of(row, "ask_info"), {**given, "version": row.version}).status_code == 303


def test_a_form_without_a_version_decides_nothing():
    found = desks()
    row = found.sent()
    assert found.receiver.post(event_of(row, "acknowledge"), {"key": "x"}).status_code == 400
    row.refresh_from_db()
    assert row.status == Status.SENT


def test_scenario_25_looking_is_not_confirming():
    found = desks()
    row = found.sent()
    found.receiver.get(page_of(row))
    row.refresh_from_db()
    assert row.seen_at is not None
    assert (row.status, row.due_at) == (Status.SENT, row.acknowledge_by)


def test_scenario_26_a_no_without_a_reason_is_refused_on_record_and_the_note_is_kept():
    found = desks()
    row = found.sent()
    answer = found.do(found.receiver, row, "decline", note="We are movingzeta")
    row.refresh_from_db()
    assert answer.status_code == 400
    assert row.status == Status.SENT
    assert "movingzeta" in answer.content.decode()
    assert AuditEntry.objects.filter(kind="refused", what="decline:form").exists()


def test_a_suggested_service_is_searched_by_words_before_anything_is_decided():
    found = desks()
    row = found.sent()
    answer = found.do(found.receiver, row, "decline", suggested_words="xylophone", note="kept", search="1")
    row.refresh_from_db()
    assert answer.status_code == 200
    assert f'value="{found.service.pk}"' in answer.content.decode()
    assert "kept" in answer.content.decode()
    assert row.status == Status.SENT


def test_scenario_31_nothing_was_received_once_and_then_a_supervisor_decides():
    found = desks()
    row = delivered(found)
    assert found.do(found.sender, row, "dispute", note="She never got the paper").status_code == 303
    row.refresh_from_db()
    assert (row.status, row.disputes) == (Status.IN_PROGRESS, 1)
    found.do(found.receiver, row, "deliver", outcome="Again", service_date=TODAY().isoformat(), key="deliver-2")
    answer = found.do(found.sender, row, "dispute", key="dispute-2")
    assert answer.status_code == 409


def test_scenario_32_out_of_reach_takes_three_recorded_attempts():
    found = desks()
    row = delivered(found)
    assert found.do(found.sender, row, "confirm", client_confirmed="unreachable").status_code == 409
    attempts(found.case)
    assert found.do(found.sender, row, "confirm", client_confirmed="unreachable", key="again").status_code == 303
    row.refresh_from_db()
    assert row.confirmed == "unreachable"


def test_scenario_33_after_a_withdrawal_the_service_reads_one_sentence_and_nothing_of_the_content():
    found = desks()
    row = found.sent()
    assert REASON in found.receiver.get(page_of(row)).content.decode()
    withdraw_consent(Consent.objects.get(), by=found.worker)
    answer = found.receiver.get(page_of(row))
    assert answer.status_code == 410
    for gone in (REASON, found.case.code, "Association oujda", "Xylophone"):
        assert gone not in answer.content.decode()


def test_scenario_33_of_what_was_delivered_the_packet_goes_too():
    found = desks()
    row = delivered(found)
    withdraw_consent(Consent.objects.get(), by=found.worker)
    assert found.receiver.get(page_of(row)).status_code == 410
    row.refresh_from_db()
    assert row.status == Status.DELIVERED
    assert found.sender.get(page_of(row)).status_code == 200


def test_scenario_34_a_withdrawal_between_looking_and_accepting_answers_409():
    found = desks()
    row = found.sent()
    form = {"version": row.version, "key": "a", "first_contact_on": TODAY().isoformat()}
    assert found.receiver.get(event_of(row, "accept")).status_code == 200
    found.do(found.sender, row, "withdraw", reason="The person has leftzeta")
    answer = found.receiver.post(event_of(row, "accept"), form)
    assert answer.status_code == 409
    assert "leftzeta" not in answer.content.decode()


def test_scenario_71_the_person_changes_their_mind_and_nothing_else_ends():
    found = desks()
    row = found.sent()
    other = making.referral(found.case, found.worker, making.service("another", receiver=found.focal.partner))
    assert found.do(found.sender, row, "withdraw", reason="Changed her mind").status_code == 303
    assert found.receiver.get(page_of(row)).status_code == 410
    assert found.receiver.get(page_of(other)).status_code == 200


def test_the_words_of_a_withdrawal_and_of_the_draft_stay_with_the_sender():
    found = desks()
    row = found.sent()
    found.do(found.sender, row, "withdraw", reason="The brother workszeta there")
    assert "workszeta" in found.sender.get(page_of(row)).content.decode()
    assert "workszeta" not in found.receiver.get(page_of(row)).content.decode()


def test_a_question_and_its_answer_pass_between_the_desks_and_more_is_shared_only_if_agreed():
    found = desks()
    row = found.sent()
    found.do(found.receiver, row, "ask_info", question="Which languagezeta?")
    page = found.sender.get(event_of(row, "answer")).content.decode()
    assert 'value="language"' in page
    assert 'value="health"' not in page  # nobody agreed to that
    given = {"answer": "Bambarazeta.", "categories": ["need", "reason", "language", "health"]}
    assert found.do(found.sender, row, "answer", **given).status_code == 400
    assert (
        found.do(found.sender, row, "answer", answer="Bambarazeta.", categories=["need", "reason"]).status_code == 303
    )
    assert "Bambarazeta" in found.receiver.get(page_of(row)).content.decode()


def test_an_emergency_cannot_be_put_on_a_waiting_list():
    found = desks()
    row = found.sent(urgency="emergency")
    later = (TODAY() + timedelta(days=3)).isoformat()
    assert found.do(found.receiver, row, "waitlist", expected_on=later).status_code == 409


def test_nobody_else_finds_any_page_of_it_and_each_try_is_on_record():
    found = desks()
    row = found.sent()
    fes = making.partner("fes")
    read_only = page_of(row)  # nobody may post to it, whoever asks
    addresses = [read_only, reverse("referral-link", kwargs={"referral_id": row.pk})]
    addresses += [event_of(row, event) for event in Event.values] + [event_of(row, "nothing")]
    for stranger in (
        at_desk(making.member(fes, CaseRole.CASEWORKER, CaseRole.SUPERVISOR, CaseRole.FOCAL_POINT)),
        at_desk(making.member(found.focal.partner, CaseRole.CASEWORKER)),  # of the receiver, but not who answers
        at_desk(
            making.member(found.worker.partner, CaseRole.CASEWORKER)
        ),  # a colleague of the sender, not of this case
    ):
        before = AuditEntry.objects.filter(kind="denied").count()
        for address in addresses:
            assert stranger.get(address).status_code == 404, address
            posted = stranger.post(address, {"version": 1}).status_code
            assert posted == (405 if address == read_only else 404), address
        assert AuditEntry.objects.filter(kind="denied").count() - before == 2 * len(addresses) - 1


def test_nobody_acts_for_the_other_side():
    found = desks()
    row = found.sent()
    assert found.sender.get(event_of(row, "accept")).status_code == 403
    assert found.do(found.sender, row, "accept", first_contact_on=TODAY().isoformat()).status_code == 403
    assert found.receiver.get(event_of(row, "withdraw")).status_code == 403
    assert found.do(found.receiver, row, "withdraw", reason="x").status_code == 403
    assert found.receiver.get(reverse("referral-link", kwargs={"referral_id": row.pk})).status_code == 404


def test_what_is_not_possible_now_is_said_on_its_page_and_has_no_button():
    found = desks()
    row = found.sent()
    assert event_of(row, "deliver") not in found.receiver.get(page_of(row)).content.decode()
    assert found.receiver.get(event_of(row, "deliver")).status_code == 409


def test_a_draft_is_nobody_elses_business():
    found = desks()
    found.send(prepare="1")
    row = Referral.objects.get()
    assert found.sender.get(page_of(row)).status_code == 200
    assert found.receiver.get(page_of(row)).status_code == 404


def test_posted_fields_that_are_not_of_the_event_are_not_taken():
    found = desks()
    row = found.sent()
    extra = {"status": "closed", "confirmed": "yes", "receiver": "", "urgency": "emergency", "decline_reason": "other"}
    found.do(found.receiver, row, "accept", first_contact_on=TODAY().isoformat(), **extra)
    row.refresh_from_db()
    assert (row.status, row.confirmed, row.urgency, row.decline_reason) == (Status.ACCEPTED, "", "normal", "")


def test_hostile_words_are_shown_as_words_and_unseen_signs_are_dropped():
    found = desks()
    row = found.sent(reason="<script>alert(1)</script>\u202ereversed")
    page = found.receiver.get(page_of(row)).content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "reversed" in page
