"""Handing a case to another partner: only with the person's consent, only by the other side's yes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from referral.access import Member, System
from referral.actions import cases, people, transfers
from referral.encryption import CannotOpen
from referral.models import Case, CaseKey, CaseTransfer, Consent, Packet, Task
from referral.permissions import NotFound, get_referral_for
from referral.reading.case_history import offers, own_events
from referral.reading.casebook import read_case
from referral.refusals import GuardRefused
from referral.safety.keys import case_box, packet_box, packet_key, partner_box
from referral.states.machine import NotYours
from referral.words.choices import CaseRole
from referral.words.consent_choices import Purpose
from tests.referral import making

pytestmark = pytest.mark.django_db
NOTE = "needs a lawyer before Friday"


@pytest.fixture
def worker() -> Member:
    return making.member(making.partner())


@pytest.fixture
def taker() -> Member:
    return making.member(making.partner("rabat"))


def refused_by(guard: str) -> Any:
    return pytest.raises(GuardRefused, check=lambda refused: refused.guard.value == guard)


def offered(worker: Member, taker: Member, **person: Any) -> Case:
    case = making.case(worker, **person)
    making.consent(case, purpose=Purpose.TRANSFER, to=taker.partner, categories=())
    transfers.offer_transfer(case, by=worker, version=0, taker=taker.partner, handover_note=NOTE)
    return case


def test_scenario_45_the_case_goes_over_when_the_other_side_accepts(worker: Member, taker: Member) -> None:
    case = offered(worker, taker, given_name="Awa", family_name="Diallo", phone="0612345678")
    now = transfers.accept_transfer(case, by=taker, version=1)
    assert (now.partner, now.owner_id, now.status) == (taker.partner, taker.user_id, "open")
    assert read_case(taker, case.code).person["given_name"] == "Awa"
    assert people.same_person(by=taker, phone="0612345678") == [now]
    with pytest.raises(CannotOpen):
        case_box(now, worker.partner)
    assert CaseKey.objects.get(case=case).partner == taker.partner
    with pytest.raises(NotFound):
        read_case(worker, case.code)
    assert people.same_person(by=worker, phone="0612345678") == []


def test_scenario_45_the_source_keeps_its_own_events_for_30_days_and_can_write_nothing(
    worker: Member, taker: Member
) -> None:
    case = offered(worker, taker)
    transfers.accept_transfer(case, by=taker, version=1)
    people.add_note(case, by=taker, words="first visit")
    assert [event.what for event in own_events(worker, case.code)] == ["case.offer_transfer"]
    with pytest.raises(NotFound):
        people.add_note(case, by=worker, words="x")
    for stranger in (making.member(worker.partner), making.member(making.partner("fes"), CaseRole.SUPERVISOR)):
        with pytest.raises(NotFound):
            own_events(stranger, case.code)
    boss = making.member(worker.partner, CaseRole.SUPERVISOR)
    assert own_events(boss, case.code)
    CaseTransfer.objects.update(answered_at=timezone.now() - timedelta(days=31))
    for member in (worker, boss):
        with pytest.raises(NotFound):
            own_events(member, case.code)


def test_scenario_45_without_consent_that_names_the_taker_nothing_is_offered(worker: Member, taker: Member) -> None:
    case = making.case(worker)
    making.consent(case, purpose=Purpose.TRANSFER, to=making.partner("fes"), categories=())
    with refused_by("consent_covers_recipient"):
        transfers.offer_transfer(case, by=worker, version=0, taker=taker.partner, handover_note=NOTE)
    making.consent(case, purpose=Purpose.TRANSFER, to=taker.partner, categories=(), given=False)
    with refused_by("consent_covers_recipient"):
        transfers.offer_transfer(case, by=worker, version=0, taker=taker.partner, handover_note=NOTE)
    assert not CaseTransfer.objects.exists()


def test_scenario_45_consent_that_is_gone_when_the_taker_accepts_stops_the_transfer(
    worker: Member, taker: Member
) -> None:
    case = offered(worker, taker)
    Consent.objects.update(withdrawn_at=timezone.now())
    with refused_by("consent_covers_recipient"):
        transfers.accept_transfer(case, by=taker, version=1)
    assert Case.objects.get().partner == worker.partner


def test_scenario_46_a_declined_case_is_unchanged_and_the_source_reads_why(worker: Member, taker: Member) -> None:
    case = offered(worker, taker)
    before = Case.objects.values().get()
    with refused_by("reason_given"):
        transfers.decline_transfer(case, by=taker, version=1, reason=" ")
    done = transfers.decline_transfer(case, by=taker, version=1, reason="no lawyer here")
    assert Case.objects.values().get() == before
    assert done.opened(partner_box(worker.partner))["words"] == {"note": "no lawyer here"}
    assert Task.objects.filter(case=case, mark=f"declined:{done.pk}", owner=worker.user_id).exists()


def test_only_the_other_side_accepts_or_declines(worker: Member, taker: Member) -> None:
    case = offered(worker, taker)
    boss = making.member(worker.partner, CaseRole.SUPERVISOR)
    desk = making.member(taker.partner, CaseRole.INTAKE)
    for wrong in (worker, boss, desk, making.member(making.partner("fes"))):
        with pytest.raises(NotYours):
            transfers.accept_transfer(case, by=wrong, version=1)
        with pytest.raises(NotYours):
            transfers.decline_transfer(case, by=wrong, version=1, reason="x")


def test_the_offer_tells_the_taker_the_note_and_the_situation_and_nothing_of_the_case(
    worker: Member, taker: Member
) -> None:
    case = offered(worker, taker, given_name="Awa")
    (offer,) = offers(taker)
    assert offer.told["note"] == NOTE
    assert set(offer.told) == {"note", "profile", "urgency", "risk", "open_referrals"}
    assert offers(making.member(making.partner("fes"))) == []
    with pytest.raises(NotFound):
        read_case(taker, case.code)
    with pytest.raises(CannotOpen):
        case_box(case, taker.partner)


def test_referrals_and_their_packets_go_with_the_case(worker: Member, taker: Member) -> None:
    case = making.case(worker)
    sent = making.referral(case, worker, making.service(receiver=making.partner("fes")))
    making.consent(case, purpose=Purpose.TRANSFER, to=taker.partner, categories=())
    transfers.offer_transfer(case, by=worker, version=0, taker=taker.partner, handover_note=NOTE)
    transfers.accept_transfer(case, by=taker, version=1)
    assert get_referral_for(taker, sent.pk).sender == taker.partner
    packet = Packet.objects.get(referral=sent)
    assert packet.opened(packet_box(packet, packet_key(packet, taker.partner)))["fields"]
    with pytest.raises(CannotOpen):
        packet_key(packet, worker.partner)
    with pytest.raises(NotFound):
        get_referral_for(worker, sent.pk)
    assert not Task.objects.filter(case=case, done_at=None, partner=worker.partner).exists()


def test_one_offer_waits_at_a_time_and_ends_after_14_days(worker: Member, taker: Member) -> None:
    case = offered(worker, taker)
    with refused_by("no_transfer_pending"):
        transfers.offer_transfer(case, by=worker, version=1, taker=taker.partner, handover_note=NOTE)
    assert transfers.expire_transfers(by=System()) == 0
    CaseTransfer.objects.update(made_at=timezone.now() - timedelta(days=14))
    with refused_by("transfer_pending"):
        transfers.accept_transfer(case, by=taker, version=1)
    assert transfers.expire_transfers(by=System()) == 1
    assert transfers.expire_transfers(by=System()) == 0
    assert CaseTransfer.objects.get().state == "expired"


def test_asking_for_a_case_never_tells_whether_it_exists(worker: Member, taker: Member) -> None:
    case = making.case(worker)
    assert transfers.request_transfer(by=taker, code="AAAA-AAAA-H", reason="she asked") is None
    assert transfers.request_transfer(by=taker, code=case.code, reason="she asked") is None
    assert transfers.request_transfer(by=taker, code=case.code, reason="again") is None
    assert CaseTransfer.objects.count() == 1
    assert Task.objects.filter(case=case, owner=worker.user_id, mark__startswith="transfer:").count() == 1


def test_a_request_is_no_offer_the_taker_cannot_help_itself(worker: Member, taker: Member) -> None:
    case = making.case(worker)
    transfers.request_transfer(by=taker, code=case.code, reason="she asked")
    making.consent(case, purpose=Purpose.TRANSFER, to=taker.partner, categories=())
    with refused_by("transfer_pending"):
        transfers.accept_transfer(case, by=taker, version=0)
    transfers.offer_transfer(case, by=worker, version=0, taker=taker.partner, handover_note=NOTE)
    assert transfers.accept_transfer(case, by=taker, version=1).owner_id == taker.user_id


def test_a_real_case_needs_both_agreements(worker: Member, taker: Member, settings) -> None:
    settings.CNDP_AUTHORISATION = "A-1"
    case = cases.open_case(by=worker, profile="gen", urgency="normal", risk="low")
    making.consent(case, purpose=Purpose.TRANSFER, to=taker.partner, categories=())
    taker.partner.agreement_until = timezone.localdate() - timedelta(days=1)
    taker.partner.save()
    with refused_by("agreements_valid"):
        transfers.offer_transfer(case, by=worker, version=0, taker=taker.partner, handover_note=NOTE)


def test_an_offer_needs_a_note(worker: Member, taker: Member) -> None:
    case = making.case(worker)
    making.consent(case, purpose=Purpose.TRANSFER, to=taker.partner, categories=())
    with refused_by("handover_note"):
        transfers.offer_transfer(case, by=worker, version=0, taker=taker.partner, handover_note="\n")
