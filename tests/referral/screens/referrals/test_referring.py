"""From the case to a sent referral: proposals with reasons, one form with consent in it, and every refusal with its way on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from referral import drafts
from referral.models import AuditEntry, Consent, Grant, Note, Packet, Referral
from referral.states.workflow import Status
from referral.words.choices import CaseRole
from referral.words.consent_choices import DataCategory
from services.models import Service
from services.taxonomy import Capacity
from tests.people import at_desk
from tests.referral import making

from .desks import ADDRESS, FAMILY, HEALTH, NAME, REASON, clinic, desks, page_of, text_of

pytestmark = pytest.mark.django_db


def refer_page(found, query: str = "?help=legal") -> str:
    return text_of(found.sender.get(reverse("refer", kwargs={"code": found.case.code}) + query))


def test_scenario_2_the_service_sees_exactly_what_was_agreed_and_nothing_else():
    found = desks()
    row = found.sent()
    answer = found.receiver.get(page_of(row))
    seen = text_of(answer)
    assert REASON in seen
    assert found.case.code in seen  # no name was agreed: the code stands for it
    for hidden in (NAME, FAMILY, HEALTH, ADDRESS, "Mariam", "worker-9"):
        assert hidden not in answer.content.decode()
    packet = Packet.objects.get()
    assert set(packet.categories) == {"need", "reason", "language"}
    assert len(packet.digest) == 64
    consent = Consent.objects.get()
    assert (consent.language, consent.method, consent.read_back) == ("fr", "verbal_witnessed", True)


def test_with_the_name_agreed_the_code_of_the_case_is_nowhere_on_the_page_of_the_service():
    found = desks()
    row = found.sent(categories=["need", "reason", "name"])
    answer = found.receiver.get(page_of(row)).content.decode()
    assert f"{NAME} {FAMILY}" in answer
    assert found.case.code not in answer
    assert str(found.case.pk) not in answer


def test_scenario_3_without_consent_it_is_not_sent_the_draft_stays_and_says_what_is_missing():
    found = desks()
    answer = found.send(asked="later")
    row = Referral.objects.get()
    assert answer.status_code == 409
    assert row.status == Status.DRAFT
    assert "consentement" in text_of(answer).lower()
    assert (
        reverse("refer-to", kwargs={"code": found.case.code, "service": found.service.key}) in answer.content.decode()
    )
    assert AuditEntry.objects.filter(kind="refused", what="send:consent_covers").exists()
    assert not Packet.objects.exists()


def test_scenario_4_a_category_that_was_not_agreed_is_not_sent():
    found = desks()
    making.consent(found.case, found.service, [DataCategory.NEED, DataCategory.REASON])
    answer = found.send(asked="earlier", categories=["need", "reason", "health"])
    assert answer.status_code == 409
    assert Referral.objects.get().status == Status.DRAFT
    assert not Packet.objects.exists()


def test_what_was_agreed_before_is_ticked_and_need_not_be_asked_again():
    found = desks()
    making.consent(found.case, found.service, [DataCategory.NEED, DataCategory.REASON])
    page = found.sender.get(found.form_address).content.decode()
    ticked = page.count('name="categories"'), page.count("checked")
    assert ticked[0] >= 6
    row = found.sent(asked="earlier", categories=["need", "reason"], asked_method=None, asked_interpreter=None)
    assert row.status == Status.SENT
    assert Consent.objects.count() == 1


def test_no_category_is_ticked_before_the_person_was_asked():
    found = desks()
    page = found.sender.get(found.form_address).content.decode()
    boxes = [part.split(">")[0] for part in page.split("<input")[1:] if 'name="categories"' in part.split(">")[0]]
    assert boxes
    assert not any("checked" in box for box in boxes)


def test_a_no_of_the_person_is_recorded_and_nothing_is_sent():
    found = desks()
    answer = found.send(asked="no")
    assert answer.status_code == 303
    assert not Referral.objects.exists()
    assert Grant.objects.get().given is False


def test_an_interpreter_who_must_not_interpret_is_refused_and_everything_typed_is_still_there():
    found = desks()
    answer = found.send(asked_interpreter="relative")
    assert answer.status_code == 409
    assert REASON in answer.content.decode()
    assert not Consent.objects.exists()
    assert not Referral.objects.exists()


def test_scenario_5_a_supervisor_decides_without_consent_and_somebody_else_sends():
    found = desks()
    boss = at_desk(making.member(found.worker.partner, CaseRole.SUPERVISOR))
    address = reverse("refer-without-consent", kwargs={"code": found.case.code, "service": found.service.key})
    assert found.sender.get(address).status_code == 404  # not for a caseworker
    assert boss.get(address).status_code == 200
    answer = boss.post(address, {"legal_basis": "consent", "reason": "x", "categories": ["need"], "key": "a"})
    assert answer.status_code == 400
    given = {"legal_basis": "vital_interest", "reason": "Unconscious", "categories": ["need", "reason"], "key": "b"}
    assert boss.post(address, given).status_code == 303
    row = found.sent(asked="earlier", urgency="emergency", categories=["need", "reason"])
    assert row.grant.consent.legal_basis == "vital_interest"
    assert row.tasks.filter(kind="inform").exists() or found.case.tasks.filter(kind="inform").exists()
    assert AuditEntry.objects.filter(kind="override", what="send").exists()


def test_scenario_7_a_child_without_representative_is_offered_child_protection():
    found = desks(is_minor=True, age_band="15-17")
    answer = found.send()
    assert answer.status_code == 409
    assert "help=child_protection" in answer.content.decode()
    assert Referral.objects.get().status == Status.DRAFT


def test_scenario_8_a_guardian_in_conflict_of_interest_cannot_say_yes_for_a_child():
    from referral.models import Representative
    from referral.safety.keys import case_box

    found = desks(is_minor=True, age_band="15-17")
    guardian = Representative(
        case=found.case, kind="legal_guardian", in_conflict=True, verified_by_id=found.worker.user_id
    )
    guardian.seal(case_box(found.case, found.case.partner), name="A guardian")
    guardian.save()
    answer = found.send(asked_of="representative", asked_representative=str(guardian.pk), asked_assent="yes")
    assert answer.status_code == 409
    assert not Consent.objects.exists()
    assert not Referral.objects.exists()


def test_scenario_13_a_full_service_is_refused_with_its_reason_and_others_are_offered():
    found = desks(service={"capacity": Capacity.FULL})
    page = refer_page(found)
    assert "Complet" in page
    answer = found.send(unfit_reason="They promised a bed")
    assert answer.status_code == 409
    assert Referral.objects.get().status == Status.DRAFT
    assert f"help={Referral.objects.get().service_type}" in answer.content.decode()


def test_scenario_14_a_service_that_closed_while_it_was_a_draft_is_not_sent_to():
    found = desks()
    found.send(prepare="1")
    row = Referral.objects.get()
    Service.objects.filter(pk=found.service.pk).update(capacity=Capacity.CLOSED)
    answer = found.do(found.sender, row, "send")
    row.refresh_from_db()
    assert answer.status_code == 409
    assert row.status == Status.DRAFT


def test_scenario_15_old_word_of_capacity_warns_and_the_telephone_check_is_kept():
    found = desks(service={"capacity_since": timezone.localdate() - timedelta(days=15)})
    assert "Capacité inconnue" in refer_page(found)
    assert found.send(key="first").status_code == 400  # nobody has said whether somebody telephoned
    assert found.send(key="second", phone_check="room").status_code == 303
    note = making.opened(found.case, Note.objects.get())["words"]
    assert "Xylophone" in note


def test_scenario_16_a_service_for_others_is_folded_and_chosen_by_hand_only_with_a_reason():
    found = desks(service={"minimum_age": 18}, is_minor=True, age_band="15-17", best_interest=None)
    assert "à partir de 18" in refer_page(found).lower() or "18" in refer_page(found)
    assert found.send(key="first").status_code == 400
    found.send(key="second", unfit_reason="They take her with her aunt")
    assert "aunt" in making.opened(found.case, Note.objects.get())["words"]


def test_scenario_21_the_same_form_twice_is_one_referral_one_consent_and_the_same_answer():
    found = desks()
    first, second = found.send(), found.send()
    assert (
        (first.status_code, first["Location"]) == (second.status_code, second["Location"]) == (303, first["Location"])
    )
    row = Referral.objects.get()
    assert Consent.objects.count() == 1
    assert row.events.filter(event="send").count() == 1


def test_scenario_22_the_same_form_with_other_content_is_refused_and_nothing_is_recorded():
    found = desks()
    found.send()
    answer = found.send(reason="Something else", categories=["need", "reason"])
    assert answer.status_code == 422
    assert "Something else" in answer.content.decode()
    assert Consent.objects.count() == Referral.objects.count() == 1


def test_scenario_24_what_is_not_over_is_shown_instead_of_sent_twice_and_after_a_no_it_may_be_sent_again():
    found = desks()
    row = found.sent()
    page = found.sender.get(reverse("refer", kwargs={"code": found.case.code}) + "?help=legal").content.decode()
    assert page_of(row) in page
    assert page_of(row) in found.sender.get(found.form_address).content.decode()
    answer = found.send(key="again", unfit_reason="I do not see it")
    assert answer.status_code == 409
    assert page_of(row) in answer.content.decode()
    assert found.do(found.receiver, row, "decline", decline_reason="no_capacity").status_code == 303
    assert found.send(key="third", asked="earlier").status_code == 303


def test_scenario_27_a_suggested_service_is_referred_to_in_place_of_the_first_and_consent_is_asked_again():
    found = desks()
    row = found.sent()
    other = clinic(key="other-desk")
    wrong = {
        "decline_reason": "wrong_service_redirected",
        "suggested_words": "Xylophone",
        "suggested_service": str(other.pk),
    }
    assert found.do(found.receiver, row, "decline", **wrong).status_code == 303
    page = found.sender.get(page_of(row)).content.decode()
    onward = reverse("refer-to", kwargs={"code": found.case.code, "service": other.key}) + f"?replaces={row.pk}"
    assert onward in page
    form = found.sender.get(onward).content.decode()
    assert REASON in form  # what was asked for need not be typed again
    assert 'value="earlier"' not in form
    made = found.sender.post(onward, {**_minimal(row), "asked": "later", "prepare": "1"})
    assert made.status_code == 303
    assert Referral.objects.get(service=other).replaces_id == row.pk


def test_scenario_10_a_consulate_is_refused_for_an_asylum_seeker_with_the_rule_that_says_so():
    from services.models import Organisation
    from tests.services.directory import make_organisation

    consulate = make_organisation("a-consulate")
    Organisation.objects.filter(pk=consulate.pk).update(kind="consulate")
    consulate.refresh_from_db()
    found = desks(profile="asy", service={"organisation": consulate})
    answer = found.send(unfit_reason="They ask for it")
    assert answer.status_code == 409
    assert "consul" in text_of(answer).lower()
    assert not Consent.objects.exists()


def test_a_draft_is_changed_by_a_new_one_that_takes_its_place():
    found = desks()
    found.send(prepare="1", asked="later")
    first = Referral.objects.get()
    onward = found.form_address + f"?replaces={first.pk}"
    assert REASON in found.sender.get(onward).content.decode()
    given = {
        **_minimal(first),
        "asked": "yes",
        "asked_language": "fr",
        "asked_interpreter": "staff",
        "asked_method": "signed",
    }
    assert found.sender.post(onward, given).status_code == 303
    first.refresh_from_db()
    assert first.status == Status.ENTERED_IN_ERROR
    assert Referral.objects.exclude(pk=first.pk).get().status == Status.SENT


def test_keep_as_draft_of_half_a_form_keeps_the_words():
    found = desks()
    answer = found.send(prepare="1", urgency="", asked=None)
    assert answer.status_code == 400
    assert not Referral.objects.exists()
    kept = drafts.load(found.worker, f"refer {found.case.pk} {found.service.pk}")
    assert kept["reason"] == [REASON]
    assert REASON in found.sender.get(found.form_address).content.decode()


def test_showing_what_the_service_will_see_changes_nothing():
    found = desks()
    answer = found.send(preview="1", categories=["need", "reason", "address"])
    assert answer.status_code == 200
    assert "id=&quot;preview" in answer.content.decode() or 'id="preview"' in answer.content.decode()
    assert not Referral.objects.exists()
    assert not Consent.objects.exists()


def test_fields_that_are_not_in_the_form_are_not_taken():
    found = desks()
    stranger = making.partner("fes")
    row = found.sent(
        status="closed", sender=str(stranger.pk), receiver=str(stranger.pk), grant="1", is_training="", version="99"
    )
    assert (row.status, row.sender_id, row.receiver.key) == ("sent", found.worker.partner.pk, "rabat")


def test_a_reason_of_301_characters_is_refused_and_kept():
    found = desks()
    answer = found.send(reason="z" * 301)
    assert answer.status_code == 400
    assert "z" * 301 in answer.content.decode()
    assert AuditEntry.objects.filter(kind="refused", what="refer:form").exists()


def test_services_are_found_by_words_and_words_of_nothing_say_so():
    found = desks()
    address = reverse("refer", kwargs={"code": found.case.code})
    assert "Xylophone" in text_of(found.sender.post(address, {"words": "xylophone"}))
    assert "ganz anders" in found.sender.post(address, {"words": "ganz anders"}).content.decode()


def test_strangers_and_colleagues_who_may_not_refer_get_what_a_missing_page_gets():
    found = desks()
    other = at_desk(making.member(making.partner("fes")))
    missing = other.get(reverse("refer", kwargs={"code": "AAAA-AAAA-A"}))
    for name, named in (("refer", {}), ("refer-to", {"service": found.service.key})):
        address = reverse(name, kwargs={"code": found.case.code, **named})
        for client in (other, found.receiver):
            answer = client.get(address)
            assert answer.status_code == missing.status_code == 404
            assert found.case.code not in text_of(answer)


def _minimal(row: Referral) -> dict[str, object]:
    return {
        "key": "n1", "reason": REASON, "urgency": "normal", "handover": "warm", "categories": ["need", "reason"],
        "replaces": str(row.pk),
    }  # fmt: skip
