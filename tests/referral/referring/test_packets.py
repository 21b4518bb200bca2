"""The packet: exactly the agreed fields, frozen, sealed, for two sides and nobody else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from referral.encryption import CannotOpen
from referral.models import AuditEntry, AuditKind, Packet, Partner
from referral.permissions import NotFound
from referral.referring import packets
from referral.referring.referrals import act
from referral.refusals import Gone, GuardRefused
from referral.safety import keys
from referral.states.workflow import TERMINAL, Event, Status
from referral.words.choices import CaseRole
from referral.words.consent_choices import NEVER_IN_PACKET, DataCategory
from tests.referral import making
from tests.referral.referring.referring import SHARED, form, member, scene, stranger

PERSON = {
    "given_name": "Aminata",
    "family_name": "Traoré",
    "phone": "+212600000000",
    "address": "7 rue X",
    "health": "asthma",
    "code_word": "argan",
    "nationality": "ML",
    "status_declared": "none",
    "safe_contact": {"channels": ["call"], "number": "+212611111111", "hours": "18-20"},
}


def test_scenario_02_the_receiver_sees_exactly_the_agreed_fields_and_a_digest_is_kept(db):
    found = scene(agreed=["contact", "need"], **PERSON)
    referral = found.at(Status.SENT, categories=["contact", "need"])
    opened = packets.read(referral.pk, by=found.focal)
    assert opened.content["fields"] == {"contact": PERSON["safe_contact"], "need": "legal"}
    assert opened.content["case"] == found.case.code
    told = json.dumps(opened.content, ensure_ascii=False)
    for secret in ("Aminata", "Traoré", "600000000", "7 rue X", "asthma", "argan", "none", "Needs a lawyer"):
        assert secret not in told
    packet = Packet.objects.get()
    key = keys.packet_key(packet, found.focal.partner)
    assert packet.digest == keys.packet_digest(key, dict(opened.content))
    assert opened.content["shared"] == ["contact", "need"]
    assert "name" in opened.content["not_shared"]


def test_with_the_name_the_code_of_the_case_stays_at_home(db):
    found = scene(agreed=["name", "need"], **PERSON)
    referral = found.at(Status.SENT, categories=["name", "need"])
    content = packets.read(referral.pk, by=found.focal).content
    assert content["fields"]["name"]["family_name"] == "Traoré"
    assert "case" not in content


@pytest.mark.parametrize("category", [one for one in DataCategory if one in NEVER_IN_PACKET], ids=str)
def test_what_never_goes_into_a_packet_is_refused_even_if_somebody_agreed(db, category):
    found = scene(agreed=[category, "need"])
    referral = found.draft(categories=["need"])
    referral.categories = [str(category), "need"]
    referral.save()
    with pytest.raises(GuardRefused):
        found.do(referral, Event.SEND)
    assert not Packet.objects.exists()


def test_nobody_but_the_two_sides_finds_the_packet(db):
    found = scene()
    referral = found.at(Status.SENT)
    colleague = member(found.case.partner)
    other_role = member(found.focal.partner, CaseRole.CASEWORKER)
    for somebody in (stranger(), colleague, other_role, member(found.case.partner, CaseRole.ORGANISATION_ADMIN)):
        with pytest.raises(NotFound):
            packets.read(referral.pk, by=somebody)
        with pytest.raises(NotFound):
            packets.timeline(referral.pk, by=somebody)
    assert packets.read(referral.pk, by=found.supervisor).content == packets.read(referral.pk, by=found.focal).content


def test_a_draft_does_not_exist_for_the_receiver(db):
    found = scene()
    referral = found.draft()
    for look in (packets.read, packets.timeline):
        with pytest.raises(NotFound):
            look(referral.pk, by=found.focal)


@pytest.mark.parametrize("status", sorted(TERMINAL))
def test_when_it_is_over_the_receiver_no_longer_reads(db, status):
    found = scene()
    referral = found.at(status)
    with pytest.raises(Gone):
        packets.read(referral.pk, by=found.focal)
    assert AuditEntry.objects.filter(kind=AuditKind.REFUSED, what="packet").exists()


def test_every_look_is_in_the_trail_with_names_of_fields_only(db):
    found = scene(**PERSON)
    referral = found.at(Status.SENT)
    packets.read(referral.pk, by=found.focal)
    entry = AuditEntry.objects.filter(kind=AuditKind.READ).latest("pk")
    assert (entry.user_id, entry.referral_id, entry.case_id) == (found.focal.user_id, referral.pk, found.case.pk)
    assert entry.fields == ["need", "reason"]


def test_what_changes_in_the_case_later_does_not_change_the_packet(db):
    found = scene(agreed=["name"], **PERSON)
    referral = found.at(Status.SENT, categories=["name"])
    person = found.case.person
    person.seal(keys.case_box(found.case, found.case.partner), family_name="Autre")
    person.save()
    assert packets.read(referral.pk, by=found.focal).content["fields"]["name"]["family_name"] == "Traoré"
    packet = Packet.objects.get()
    packet.fields = b"\x01" * 60
    with pytest.raises(DatabaseError), transaction.atomic():
        packet.save()


def test_a_packet_opens_nothing_of_the_case(db):
    found = scene(**PERSON)
    found.at(Status.SENT)
    packet = Packet.objects.get()
    box = keys.packet_box(packet, keys.packet_key(packet, found.focal.partner))
    with pytest.raises(CannotOpen):
        found.case.person.opened(box, ["family_name"])
    with pytest.raises(CannotOpen):
        keys.case_box(found.case, found.focal.partner)
    with pytest.raises(CannotOpen):
        keys.packet_key(packet, Partner.objects.get(pk=stranger().partner.pk))


def test_in_the_database_no_word_of_it_is_readable(db):
    found = scene(agreed=["name", "reason"], **PERSON)
    found.at(Status.INFO_REQUESTED, categories=["name", "reason"], reason="Flees a violent uncle")
    with connection.cursor() as cursor:
        for table in ("referral_packet", "referral_referral", "referral_referralevent", "referral_task", "portal_user"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 (names of this test)
            told = str(cursor.fetchall())
            for secret in ("Aminata", "Traor", "violent", "Which language"):
                assert secret not in told


def test_both_sides_read_what_they_write_to_each_other_and_the_sender_alone_its_own(db):
    found = scene(agreed=[*SHARED, "language"])
    referral = found.at(Status.INFO_REQUESTED)
    found.do(referral, Event.ANSWER, categories=[*SHARED, "language"])
    words = [one.words for one in packets.timeline(referral.pk, by=found.focal)]
    assert {"question": "Which language?"} in words
    assert {"answer": "Bambara."} in words
    assert packets.read(referral.pk, by=found.focal).packet.number == 2
    assert packets.read(referral.pk, by=found.focal).content["fields"]["language"]
    found.do(referral, Event.WITHDRAW, reason="Her brother works there")
    assert not any(one.words for one in packets.timeline(referral.pk, by=found.focal))
    own = packets.timeline(referral.pk, by=found.worker)
    assert own[-1].words == {"reason": "Her brother works there"}
    with pytest.raises(CannotOpen):
        own[-1].event.opened(packets.shared_box(own[-1].event.referral, found.worker), ["words"])
    assert [one.event.number for one in own] == [1, 2, 3, 4, 5]


def test_an_answer_shares_no_more_than_was_agreed(db):
    found = scene()
    referral = found.at(Status.INFO_REQUESTED)
    with pytest.raises(GuardRefused):
        found.do(referral, Event.ANSWER, categories=[*SHARED, "language"])
    assert Packet.objects.count() == 1


def test_an_answer_after_consent_has_ended_is_refused(db):
    found = scene()
    referral = found.at(Status.INFO_REQUESTED)
    found.grant.consent.expires_at = timezone.now() - timedelta(seconds=1)
    found.grant.consent.save()
    with pytest.raises(GuardRefused):
        found.do(referral, Event.ANSWER)


def test_what_the_person_says_is_kept_beside_what_the_service_says(db):
    found = scene()
    referral = found.at(Status.DELIVERED)
    found.do(referral, Event.CONFIRM, satisfaction=4, barriers=["cost"])
    referral.refresh_from_db()
    outcome = referral.opened(packets.shared_box(referral, found.worker), ["outcome"])["outcome"]
    assert outcome == {"outcome": "Seen by the lawyer.", "satisfaction": 4, "barriers": ["cost"]}


def test_of_an_erased_case_nothing_is_sent(db):
    found = scene()
    referral = found.draft()
    keys.erase(found.case)
    with pytest.raises(GuardRefused):
        found.do(referral, Event.SEND)


def test_the_own_reference_of_the_receiver_is_sealed_for_both(db):
    found = scene()
    referral = found.at(Status.SENT)
    done = act(referral.pk, Event.ACCEPT, by=found.focal, given={**form(Event.ACCEPT), "recipient_case_ref": "B-12"})
    assert done.opened(packets.shared_box(done, found.worker), ["recipient_ref"]) == {"recipient_ref": "B-12"}
    assert making.opened(found.case, found.case.person)["alias"] == "Mariam"
