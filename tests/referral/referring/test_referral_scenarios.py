"""The scenarios of referral.md (f) that are about one referral, by their numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from referral.access import System
from referral.actions.consents import withdraw_consent
from referral.models import AuditEntry, AuditKind, Effect, Packet, Partner, Referral, Task, TaskKind
from referral.referring import packets
from referral.referring.referrals import act, create
from referral.refusals import Gone, GuardRefused, Repeated, WrongField
from referral.states.workflow import Event, Guard, IllegalEvent, Status
from referral.words.choices import ServiceType
from referral.words.consent_choices import LegalBasis
from services.models import Organisation, Service
from services.taxonomy import Capacity
from tests.referral import making
from tests.referral.referring.referring import DRAFT, SHARED, form, scene


def refused(guard: Guard, found, referral, event: Event = Event.SEND, **given) -> GuardRefused:
    with pytest.raises(GuardRefused) as caught:
        found.do(referral, event, **given)
    assert caught.value.guard == guard
    return caught.value


def test_scenario_03_without_consent_for_this_service_nothing_is_sent_and_the_trail_says_so(db):
    found = scene(agreed=None)
    making.consent(found.case, making.service("another"), SHARED)
    referral = found.draft()
    with translation.override("en"):
        assert "Consent does not cover" in str(refused(Guard.CONSENT_COVERS, found, referral))
    referral.refresh_from_db()
    assert referral.status == Status.DRAFT
    entry = AuditEntry.objects.get(kind=AuditKind.REFUSED, referral_id=referral.pk)
    assert entry.what == "send:consent_covers"


def test_a_refusal_recorded_later_undoes_an_earlier_yes(db):
    found = scene()
    making.consent(found.case, found.service, SHARED, given=False)
    refused(Guard.CONSENT_COVERS, found, found.draft())


def test_scenario_04_a_category_that_was_not_agreed_to_is_not_sent(db):
    found = scene(agreed=["contact", "need"])
    refused(Guard.CONSENT_COVERS, found, found.draft(categories=["need", "health"]))


def test_scenario_05_a_supervisor_other_than_the_sender_answers_for_a_share_without_consent(db):
    found = scene(agreed=None)
    override = {"legal_basis": LegalBasis.VITAL_INTEREST, "approved_by_id": found.supervisor.user_id}
    grant = making.consent(found.case, found.service, SHARED, **override)
    referral = found.draft(urgency="emergency")
    with pytest.raises(GuardRefused) as caught:
        act(referral.pk, Event.SEND, by=found.supervisor)
    assert caught.value.guard == Guard.CONSENT_COVERS
    sent = found.do(referral, Event.SEND)
    assert (sent.status, sent.grant) == (Status.SENT, grant)
    task = Task.objects.get(referral=referral, kind=TaskKind.INFORM)
    assert task.due_at == sent.sent_at + timedelta(hours=24)
    assert AuditEntry.objects.filter(kind=AuditKind.OVERRIDE, referral_id=referral.pk).count() == 1


def test_scenario_05_an_override_that_no_supervisor_approved_counts_for_nothing(db):
    found = scene(agreed=None)
    approver = making.member(found.case.partner, who=making.user())
    override = {"legal_basis": LegalBasis.VITAL_INTEREST, "approved_by_id": approver.user_id}
    making.consent(found.case, found.service, SHARED, **override)
    refused(Guard.CONSENT_COVERS, found, found.draft())


def test_scenario_07_a_child_alone_is_sent_to_child_protection_only(db):
    found = scene(is_minor=True)
    refused(Guard.MINOR_PROTECTED, found, found.draft())
    protection = making.service("protection", receiver=found.focal.partner, category="child_protection")
    making.consent(found.case, protection, SHARED)
    referral = create(found.case, by=found.worker, service=protection, given=DRAFT)
    assert referral.service_type == ServiceType.CHILD_PROTECTION
    assert found.do(referral, Event.SEND).status == Status.SENT


def test_scenario_13_a_full_service_is_not_asked_unless_it_keeps_a_waiting_list(db):
    found = scene()
    referral = found.draft()
    Service.objects.filter(pk=found.service.pk).update(capacity=Capacity.FULL)
    refused(Guard.SERVICE_ACCEPTS, found, referral)
    Service.objects.filter(pk=found.service.pk).update(capacity=Capacity.WAITING_LIST)
    assert found.do(referral, Event.SEND).status == Status.SENT


def test_scenario_14_a_service_that_closed_gets_nothing_and_what_it_has_is_declined_a_day_later(db, monkeypatch):
    found = scene()
    referral = found.at(Status.SENT)
    draft = create(making.case(found.worker), by=found.worker, service=found.service, given=DRAFT)
    making.consent(draft.case, found.service, SHARED)
    told = found.do(referral, Event.SERVICE_CLOSED)
    refused(Guard.SERVICE_OPEN, found, draft)
    assert told.status == Status.SENT
    assert Task.objects.get(referral=referral, kind=TaskKind.REFER_AGAIN).owner_id == found.worker.user_id
    found.do(referral, Event.SERVICE_CLOSED)
    assert referral.events.filter(event=Event.SERVICE_CLOSED).count() == 1
    later = timezone.now() + timedelta(hours=25)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    done = found.do(referral, Event.SERVICE_CLOSED)
    assert (done.status, done.decline_reason) == (Status.DECLINED, "service_closed")


def test_scenario_14_an_open_service_is_never_declined_by_the_system(db):
    found = scene()
    referral = found.at(Status.SENT)
    with pytest.raises(GuardRefused):
        act(referral.pk, Event.SERVICE_CLOSED, by=System())


def test_scenario_19_the_second_accept_is_told_the_state_of_now(db):
    found = scene()
    referral = found.at(Status.SENT)
    shown = referral.version
    second = making.member(found.focal.partner, "focal_point", who=making.user())
    act(referral.pk, Event.ACCEPT, by=found.focal, given=form(Event.ACCEPT), version=shown)
    with pytest.raises(IllegalEvent) as caught:
        act(referral.pk, Event.ACCEPT, by=second, given=form(Event.ACCEPT), version=shown)
    assert caught.value.status == Status.ACCEPTED
    assert referral.events.filter(event=Event.ACCEPT).count() == 1


def test_scenario_21_the_same_form_twice_makes_one_referral_and_sends_it_once(db):
    found = scene()
    first, second = found.draft(key="form-1"), found.draft(key="form-1")
    assert first.pk == second.pk
    sent = [act(first.pk, Event.SEND, by=found.worker, key="form-2") for _time in range(2)]
    assert {one.pk for one in sent} == {first.pk}
    assert Referral.objects.count() == 1
    assert first.events.filter(event=Event.SEND).count() == 1
    assert first.packets.count() == 1


def test_scenario_21_two_people_may_use_the_same_key(db):
    found = scene()
    found.draft(key="form-1")
    assert create(found.case, by=found.supervisor, service=found.service, given=DRAFT, key="form-1").created_by_id


def test_scenario_22_the_same_key_with_another_content_is_refused(db):
    found = scene()
    found.draft(key="form-1")
    with pytest.raises(Repeated):
        found.draft(key="form-1", reason="Something else.")
    assert Referral.objects.count() == 1


def test_scenario_24_a_live_referral_stands_in_the_way_of_another_until_it_is_declined(db):
    found = scene()
    first = found.at(Status.SENT)
    with pytest.raises(GuardRefused) as caught:
        found.draft()
    assert (caught.value.guard, caught.value.other) == (Guard.NO_OTHER_LIVE, first.pk)
    found.do(first, Event.DECLINE)
    assert found.do(found.draft(), Event.SEND).status == Status.SENT


def test_scenario_24_of_two_drafts_one_is_sent(db):
    found = scene()
    first, second = found.draft(), found.draft()
    found.do(first, Event.SEND)
    assert refused(Guard.NO_OTHER_LIVE, found, second).other == first.pk


def test_scenario_25_a_look_at_the_packet_confirms_nothing(db):
    found = scene()
    referral = found.at(Status.SENT)
    packets.read(referral.pk, by=found.worker)
    referral.refresh_from_db()
    assert referral.seen_at is None
    packets.read(referral.pk, by=found.focal)
    seen = Referral.objects.get(pk=referral.pk)
    assert seen.seen_at is not None
    assert (seen.status, seen.due_at) == (Status.SENT, seen.acknowledge_by)
    assert seen.events.count() == referral.events.count()


def test_scenario_26_no_decline_without_a_reason(db):
    found = scene()
    referral = found.at(Status.SENT)
    with pytest.raises(GuardRefused) as caught:
        act(referral.pk, Event.DECLINE, by=found.focal, given={"note": "no"})
    assert caught.value.guard == Guard.REASON_GIVEN


def test_scenario_27_a_suggested_service_becomes_a_new_draft_for_which_consent_is_asked_again(db):
    found = scene()
    first = found.at(Status.SENT)
    other = making.service("other", receiver=found.focal.partner)
    declined = found.do(first, Event.DECLINE, decline_reason="wrong_service_redirected", suggested_service=other.pk)
    assert declined.suggested == other
    again = create(found.case, by=found.worker, service=other, given={**DRAFT, "replaces": first.pk})
    assert again.replaces == first
    assert not Task.objects.filter(referral=first, kind=TaskKind.REFER_AGAIN, done_at=None).exists()
    refused(Guard.CONSENT_COVERS, found, again)
    making.consent(found.case, other, SHARED)
    assert found.do(again, Event.SEND).status == Status.SENT


def test_scenario_27_a_service_that_is_not_published_cannot_be_suggested(db):
    found = scene()
    referral = found.at(Status.SENT)
    hidden = making.service("hidden", live=False)
    with pytest.raises(WrongField) as caught:
        found.do(referral, Event.DECLINE, suggested_service=hidden)
    assert caught.value.field == "suggested_service"


def test_scenario_27_only_an_ended_referral_of_the_same_case_is_replaced(db):
    found, elsewhere = scene(), scene()
    ended = elsewhere.at(Status.DECLINED)
    for other in (ended, found.at(Status.SENT)):
        with pytest.raises(WrongField, match="replaces"):
            create(
                found.case, by=found.worker, service=making.service(f"x-{other.pk}"), given={**DRAFT, "replaces": other}
            )


def test_scenario_31_nothing_received_goes_back_once_and_the_supervisor_is_told(db):
    found = scene()
    referral = found.at(Status.DELIVERED)
    back = found.do(referral, Event.DISPUTE)
    assert (back.status, back.disputes) == (Status.IN_PROGRESS, 1)
    assert Task.objects.filter(referral=referral, kind=TaskKind.DECIDE, partner=found.case.partner).exists()
    assert Effect.objects.filter(user=found.supervisor.user_id).exists()
    found.do(referral, Event.DELIVER)
    refused(Guard.FIRST_DISPUTE, found, referral, Event.DISPUTE)
    assert act(referral.pk, Event.DISPUTE, by=found.supervisor).disputes == 2


def withdraw(found, *grants) -> set:
    """The referrals that end because the person takes back what was agreed, or only these grants."""
    before = set(Referral.objects.filter(status=Status.WITHDRAWN))
    withdraw_consent(found.grant.consent, by=found.worker, grants=grants)
    return set(Referral.objects.filter(status=Status.WITHDRAWN)) - before


def test_scenario_33_withdrawing_consent_stops_every_live_share_at_once(db):
    found = scene()
    referral = found.at(Status.ACCEPTED)
    assert packets.read(referral.pk, by=found.focal).content
    assert withdraw(found) == {referral}
    referral.refresh_from_db()
    assert referral.status == Status.WITHDRAWN
    with pytest.raises(Gone):
        packets.read(referral.pk, by=found.focal)
    told = packets.timeline(referral.pk, by=found.focal)
    assert told[-1].event.event == Event.WITHDRAW
    assert not any(one.words for one in told)
    assert Task.objects.get(referral=referral, done_at=None).kind == TaskKind.REVIEW
    assert Effect.objects.filter(user=found.focal.user_id).count() == 2
    assert withdraw(found) == set()


def test_scenario_33_what_was_delivered_keeps_its_state_without_its_packet(db):
    found = scene()
    referral = found.at(Status.DELIVERED)
    assert withdraw(found) == set()
    with pytest.raises(Gone):
        packets.read(referral.pk, by=found.focal)
    assert found.do(referral, Event.CONFIRM).status == Status.CLOSED


def test_scenario_33_a_single_grant_can_be_withdrawn_and_the_other_shares_go_on(db):
    found = scene()
    first = found.at(Status.SENT)
    other = making.service("second", receiver=found.focal.partner)
    found.grant.consent.grants.create(purpose="referral", service=other, categories=[*map(str, SHARED)], given=True)
    second = create(found.case, by=found.worker, service=other, given=DRAFT)
    found.do(second, Event.SEND)
    assert withdraw(found, found.grant) == {first}
    assert not Packet.objects.filter(referral=first, revoked_at=None).exists()
    assert Packet.objects.filter(referral=second, revoked_at=None).exists()


def test_scenario_34_an_accept_after_the_withdrawal_is_refused(db):
    found = scene()
    referral = found.at(Status.SENT)
    withdraw(found)
    with pytest.raises(IllegalEvent) as caught:
        act(referral.pk, Event.ACCEPT, by=found.focal, given=form(Event.ACCEPT), version=referral.version)
    assert caught.value.status == Status.WITHDRAWN


@pytest.mark.parametrize("whose", ["sender", "receiver"])
def test_scenario_43_without_a_valid_agreement_of_both_nothing_is_sent(db, whose):
    found = scene(is_training=False)
    partner = found.case.partner if whose == "sender" else found.focal.partner
    yesterday = timezone.localdate() - timedelta(days=1)
    Partner.objects.filter(pk=partner.pk).update(agreement_until=yesterday)
    refused(Guard.AGREEMENTS_VALID, found, found.draft())


def test_scenario_10_a_consulate_is_refused_by_the_rule_of_the_procedure_which_explains_why(db):
    found = scene(profile="asy")
    Organisation.objects.filter(pk=found.service.organisation_id).update(kind="consulate")
    refusal = refused(Guard.PROCEDURE_ALLOWS, found, found.draft())
    assert len(refusal.because) == 1
    assert refusal.because[0]
