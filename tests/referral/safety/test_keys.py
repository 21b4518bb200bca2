"""Keys of partners, cases and packets: who reads what, what erasure leaves, how keys are replaced while the work goes on."""

from __future__ import annotations

import base64
import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from referral.encryption import CannotOpen, UnknownKey, new_key
from referral.models import (
    AuditEntry,
    CaseKey,
    IndexSecret,
    Note,
    PacketKey,
    PartnerKey,
    Person,
    ReceiverLink,
)
from referral.safety import audit, keys, rotation
from referral.safety.keys import Erased, blind_index, case_box, packet_box, packet_key
from referral.spelling import plain_name, plain_number
from tests.referral import making
from tests.referral.conftest import TEST_KEYS
from tests.referral.safety import rows

pytestmark = pytest.mark.django_db


def ring_with(name: str, *, after: str = TEST_KEYS) -> str:
    """A ring whose first key is new, before the others."""
    fresh = f"{name}:{base64.b64encode(new_key()).decode()}"
    return f"{fresh},{after}" if after else fresh


def a_case(partner: str = "oujda", **given):
    return making.case(making.member(making.partner(partner)), **{"given_name": "Awa", "phone": "0612345678", **given})


def note(case, words: str = "she is afraid") -> Note:
    row = Note(case=case, written_by_id=case.owner_id)
    row.seal(case_box(case, case.partner), words=words)
    row.save()
    return row


# Cases -------------------------------------------------------------------------------------------------------------


def test_a_case_opens_for_its_partner_and_for_nobody_else():
    case, other = a_case(), making.partner("rabat")
    assert making.opened(case, case.person)["given_name"] == "Awa"
    with pytest.raises(CannotOpen):
        case_box(case, other)


def test_two_cases_of_one_partner_have_two_keys_and_neither_opens_the_other():
    first, second = a_case(), a_case()
    person, box = Person.objects.get(case=first), case_box(second, second.partner)
    with pytest.raises(CannotOpen):
        person.opened(box)


def test_a_wrapped_key_moved_to_another_case_or_another_partner_opens_nothing():
    case, second, foreign = a_case(), a_case(), a_case("rabat")
    row = CaseKey.objects.get(case=case)
    CaseKey.objects.filter(case=second).update(wrapped=row.wrapped)
    with pytest.raises(CannotOpen):
        case_box(second, second.partner)
    CaseKey.objects.create(case=case, partner=foreign.partner, by=row.by, wrapped=row.wrapped)
    CaseKey.objects.filter(case=foreign).update(wrapped=row.wrapped)
    with pytest.raises(CannotOpen):
        case_box(foreign, foreign.partner)


def test_a_key_of_a_partner_given_to_another_partner_in_the_database_opens_nothing():
    case, foreign = a_case(), a_case("rabat")
    PartnerKey.objects.filter(partner=foreign.partner).update(
        wrapped=PartnerKey.objects.get(partner=case.partner).wrapped
    )
    with pytest.raises(CannotOpen):
        case_box(foreign, foreign.partner)


def test_an_erased_case_is_unreadable_for_everybody_and_says_so():
    case = a_case()
    note(case)
    person = Person.objects.get(case=case)
    keys.erase(case)
    for partner in (case.partner, making.partner("rabat")):
        with pytest.raises(Erased):
            case_box(case, partner)
    assert not CaseKey.objects.filter(case=case).exists()
    person.refresh_from_db()
    assert (person.phone_index, person.name_index) == ("", "")


def test_erasure_takes_with_it_what_was_sent_of_the_case_for_both_partners_and_for_a_link():
    case, receiver = a_case(), making.partner("rabat")
    referral = rows.referral(case, receiver)
    packet = rows.packet(referral)
    link = ReceiverLink.objects.create(
        referral=referral, token_hash="t", code_hash="c", wrapped=b"a wrapped key", made_by_id=case.owner_id,
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    keys.erase(case)
    for partner in (case.partner, receiver):
        with pytest.raises(CannotOpen):
            packet_key(packet, partner)
    link.refresh_from_db()
    assert bytes(link.wrapped) == b""
    assert link.revoked_at is not None


def test_after_an_erasure_a_restored_backup_that_left_the_keys_out_reads_nothing():
    case = a_case()
    words = bytes(note(case).words)
    kept = CaseKey.objects.get(case=case)
    keys.erase(case)
    restored = Note(pk=Note.objects.get(case=case).pk, case=case, words=words)
    with pytest.raises(Erased):
        making.opened(case, restored)
    kept.save(force_insert=True)  # …and would read it again with the row: the reason why backups leave the table out
    assert making.opened(case, restored)["words"] == "she is afraid"


def test_a_new_case_makes_no_key_that_outlives_a_rollback():
    member = making.member(making.partner())
    with transaction.atomic():
        making.case(member)
        transaction.set_rollback(True)
    assert not CaseKey.objects.exists()


def test_a_transfer_gives_to_the_taker_and_takes_from_the_giver():
    case, taker = a_case(), making.partner("rabat")
    giver = case.partner
    person = Person.objects.get(case=case)
    keys.give_case_key(case, giver, taker)
    assert person.opened(case_box(case, taker), ["given_name"]) == {"given_name": "Awa"}
    assert person.opened(case_box(case, giver), ["given_name"]) == {"given_name": "Awa"}
    keys.take_case_key(case, giver)
    with pytest.raises(CannotOpen) as caught:
        case_box(case, giver)
    assert not isinstance(caught.value, Erased)
    assert person.opened(case_box(case, taker), ["given_name"]) == {"given_name": "Awa"}


def test_who_has_no_key_cannot_give_one():
    case, first, second = a_case(), making.partner("rabat"), making.partner("tanger")
    with pytest.raises(CannotOpen):
        keys.give_case_key(case, first, second)
    keys.erase(case)
    with pytest.raises(Erased):
        keys.give_case_key(case, case.partner, second)


def test_a_case_opens_with_one_query(django_assert_num_queries):
    case = a_case()
    with django_assert_num_queries(1):
        case_box(case, case.partner)


# Packets -----------------------------------------------------------------------------------------------------------


def test_a_packet_opens_for_its_two_partners_and_for_no_third():
    case, receiver, third = a_case(), making.partner("rabat"), making.partner("tanger")
    packet = rows.packet(rows.referral(case, receiver))
    for partner in (case.partner, receiver):
        assert packet.opened(packet_box(packet, packet_key(packet, partner)))["fields"] == rows.FIELDS
    with pytest.raises(CannotOpen):
        packet_key(packet, third)


def test_the_key_of_a_packet_opens_nothing_of_its_case_and_the_other_way_round():
    case, receiver = a_case(), making.partner("rabat")
    packet = rows.packet(rows.referral(case, receiver))
    box = packet_box(packet, packet_key(packet, receiver))
    with pytest.raises(CannotOpen):
        case.person.opened(box)
    with pytest.raises(CannotOpen):
        packet.opened(case_box(case, case.partner))
    with pytest.raises(CannotOpen):
        case_box(case, receiver)


def test_a_revoked_packet_is_closed_for_the_receiver_and_open_for_the_sender():
    case, receiver = a_case(), making.partner("rabat")
    packet = rows.packet(rows.referral(case, receiver))
    packet.revoked_at = timezone.now()
    packet.save(update_fields=["revoked_at"])
    with pytest.raises(CannotOpen):
        packet_key(packet, receiver)
    assert packet_key(packet, case.partner)


def test_a_key_row_that_somebody_wrote_for_a_third_partner_does_not_open():
    case, receiver, third = a_case(), making.partner("rabat"), making.partner("tanger")
    packet = rows.packet(rows.referral(case, receiver))
    row = PacketKey.objects.get(packet=packet, partner=receiver)
    PacketKey.objects.create(packet=packet, partner=third, by=row.by, wrapped=row.wrapped)
    with pytest.raises(CannotOpen):
        packet_key(packet, third)


def test_when_a_case_is_handed_over_its_packets_follow_and_leave_the_giver():
    case, receiver, taker = a_case(), making.partner("rabat"), making.partner("tanger")
    referral = rows.referral(case, receiver)
    packet = rows.packet(referral)
    giver = case.partner
    keys.hand_over_packet_key(packet, giver, taker)
    referral.sender = taker
    referral.save()
    packet.refresh_from_db()
    assert packet_key(packet, taker) == packet_key(packet, receiver)
    with pytest.raises(CannotOpen):
        packet_key(packet, giver)


def test_a_digest_of_a_packet_cannot_be_guessed_without_its_key():
    assert keys.packet_digest(b"1" * 32, rows.FIELDS) == keys.packet_digest(
        b"1" * 32, dict(reversed(rows.FIELDS.items()))
    )
    assert keys.packet_digest(b"1" * 32, rows.FIELDS) != keys.packet_digest(b"2" * 32, rows.FIELDS)


# Blind indexes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "+212 6 12 34 56 78",
        "06 12 34 56 78",
        "0612345678",
        "612345678",
        "00212612345678",
        "+212 (0)6-12-34-56-78",
        "212612345678",
        "٠٦١٢٣٤٥٦٧٨",
        "+٢١٢ ٦ ١٢ ٣٤ ٥٦ ٧٨",
        "۰۶۱۲۳۴۵۶۷۸",
        "tel: 06.12.34.56.78 ‎",
    ],
)
def test_a_number_is_found_however_it_is_written(written):
    partner = making.partner()
    assert blind_index(partner, "phone", written) == blind_index(partner, "phone", "0612345678") != ""


def test_numbers_of_other_countries_stay_apart_from_ours():
    numbers = ["0612345678", "+221 612345678", "+33 6 12 34 56 78", "0612345679", "+212 522 123456"]
    assert len({plain_number(number) for number in numbers}) == len(numbers)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أحمد", "احمد"),
        ("إيمان", "ايمان"),
        ("آمنة", "امنه"),
        ("مصطفى", "مصطفي"),
        ("فاطمة", "فاطمه"),
        ("مُحَمَّد", "محمد"),
        ("محـمد", "محمد"),
        ("هناء", "هنا"),
        ("عبد الله", "عبدالله"),
        ("سعید", "سعيد"),
        ("Fatoumata DIALLO", "fatoumata diallo"),
        ("Zoé", "ZOE"),
        ("Ben Ali", "Benali"),
        ("Abdel-Karim", "Abdel Karim"),
        ("N'Diaye", "NDIAYE"),
        ("Ｆａｔｉｍａ", "Fatima"),
    ],
)
def test_a_name_is_found_however_it_is_written(one, other):
    partner = making.partner()
    assert blind_index(partner, "name", one) == blind_index(partner, "name", other) != ""


def test_different_names_stay_different():
    names = ["أحمد", "محمد", "حمد", "Ahmed", "Amina", "امينة", "Awa", "Awa Diallo"]
    assert len({plain_name(name) for name in names}) == len(names)


def test_the_same_person_in_two_partners_has_two_indexes_and_a_name_is_no_number():
    first, second = making.partner(), making.partner("rabat")
    for what, text in (("phone", "0612345678"), ("name", "Awa")):
        assert blind_index(first, what, text) != blind_index(second, what, text)
    assert blind_index(first, "phone", "0612345678") != blind_index(first, "name", "0612345678")


@given(st.text(st.characters(), max_size=40))
def test_no_sign_of_any_script_breaks_the_two_spellings(text):
    assert all(sign in "0123456789" for sign in plain_number(text))
    assert not any(sign.isspace() for sign in plain_name(text))


@pytest.mark.parametrize("text", ["", "   ", "—", "+"])
def test_nothing_is_indexed_as_nothing_so_that_no_two_strangers_are_found_together(text):
    assert blind_index(making.partner(), "phone", text) == blind_index(making.partner(), "name", text) == ""


def test_an_index_shows_nothing_and_stays_when_every_key_is_replaced(settings):
    case = a_case()
    before = case.person.phone_index
    assert len(before) == 32
    settings.CASE_KEYS = ring_with("next")
    rotation.rotate_ring()
    rotation.rotate_partner(case.partner)
    assert blind_index(case.partner, "phone", "+212612345678") == before


# Replacing keys ----------------------------------------------------------------------------------------------------


def test_after_the_ring_is_rotated_the_older_key_can_leave_it_and_everything_opens(settings):
    case = a_case()
    audit.record(audit.AuditKind.READ, "case", by=audit.By(), case_id=case.pk)
    settings.CASE_KEYS = both = ring_with("next")
    assert making.opened(case, case.person)["given_name"] == "Awa"
    assert rotation.rotate_ring() == 3  # the partner's key, its index secret, the secret of the trail
    assert rotation.rotate_ring() == 0
    settings.CASE_KEYS = both.partition(",")[0]
    case.refresh_from_db()
    assert making.opened(case, case.person)["given_name"] == "Awa"
    assert blind_index(case.partner, "phone", "0612345678") == case.person.phone_index
    assert audit.verify() == (1, None)


def test_a_ring_that_lost_the_key_opens_nothing_and_names_the_reason(settings):
    case = a_case()
    settings.CASE_KEYS = ring_with("next", after="")
    with pytest.raises(UnknownKey):
        case_box(case, case.partner)
    with pytest.raises(UnknownKey):
        rotation.rotate_ring()


def test_a_partner_gets_a_new_key_and_its_cases_and_packets_open_as_before():
    cases, receiver = [a_case() for _ in range(5)], making.partner("rabat")
    packets = [rows.packet(rows.referral(case, receiver)) for case in cases]
    partner = cases[0].partner
    before = {bytes(row.wrapped) for row in CaseKey.objects.all()}
    assert rotation.rotate_partner(partner, chunk=2) == (10, 0)
    assert before.isdisjoint(bytes(row.wrapped) for row in CaseKey.objects.all())
    assert {row.by.number for row in CaseKey.objects.all()} == {2}
    for case, packet in zip(cases, packets, strict=True):
        assert making.opened(case, case.person)["given_name"] == "Awa"
        assert packet_key(packet, partner) == packet_key(packet, receiver)
    assert set(PacketKey.objects.filter(partner=receiver).values_list("by__number", flat=True)) == {1}


def test_in_the_middle_of_a_rotation_old_and_new_cases_open_and_new_ones_take_the_new_key():
    old, partner = a_case(), making.partner()
    keys.add_key(partner, 2)
    fresh = a_case()
    assert CaseKey.objects.get(case=fresh).by.number == 2
    for case in (old, fresh):
        assert making.opened(case, case.person)["given_name"] == "Awa"
    assert rotation.rotate_partner(partner) == (2, 0)
    for case in (old, fresh):
        assert making.opened(case, case.person)["given_name"] == "Awa"


def test_a_draft_sealed_by_the_older_key_opens_after_a_rotation():
    partner = making.partner()
    sealed = keys.partner_box(partner).seal("half a form", "place")
    rotation.rotate_partner(partner)
    assert keys.partner_box(partner).open(sealed, "place") == "half a form"


def test_an_older_key_goes_only_when_it_is_old_and_nothing_is_wrapped_by_it():
    case = a_case()
    partner = case.partner
    rotation.rotate_partner(partner)
    rotation.rotate_partner(partner)
    assert PartnerKey.objects.filter(partner=partner).count() == 3
    long_ago = timezone.now() - rotation.KEPT - timedelta(days=1)
    PartnerKey.objects.filter(partner=partner).update(made_at=long_ago)
    row, second = CaseKey.objects.get(), PartnerKey.objects.get(partner=partner, number=2)
    key = keys.box_under(row.by).open_bytes(bytes(row.wrapped), keys.place_of_key(row))
    row.by, row.wrapped = second, keys.box_under(second).seal_bytes(key, keys.place_of_key(row))
    row.save()  # a straggler: its transaction began before the rotation
    assert rotation.rotate_partner(partner) == (1, 0)
    assert [row.number for row in PartnerKey.objects.filter(partner=partner)] == [2, 3, 4]
    assert CaseKey.objects.get().by.number == 4


def test_the_database_keeps_a_key_that_something_is_wrapped_by():
    key = CaseKey.objects.get(case=a_case()).by
    with pytest.raises(ProtectedError):
        key.delete()
    with transaction.atomic():
        PartnerKey.objects.filter(pk=key.pk)._raw_delete(using="default")
        with pytest.raises(IntegrityError):
            connection.check_constraints()
        transaction.set_rollback(True)


def test_a_damaged_key_stops_no_rotation_and_is_counted():
    good, bad = a_case(), a_case()
    CaseKey.objects.filter(case=bad).update(wrapped=b"\x01" + bytes(60))
    assert rotation.rotate_partner(good.partner, chunk=1) == (1, 1)
    assert making.opened(good, good.person)["given_name"] == "Awa"


def test_other_partners_keep_their_keys_when_one_is_rotated():
    case, foreign = a_case(), a_case("rabat")
    before = bytes(CaseKey.objects.get(case=foreign).wrapped)
    rotation.rotate_partner(case.partner)
    assert bytes(CaseKey.objects.get(case=foreign).wrapped) == before


# The command -------------------------------------------------------------------------------------------------------


def rotate(*arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("rotate_case_keys", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_command_rotates_the_ring_says_how_many_and_leaves_one_row_in_the_trail(settings):
    a_case()
    a_case("rabat")
    settings.CASE_KEYS = ring_with("next")
    assert rotate()[0].startswith("4 keys")
    assert rotate()[0].startswith("0 keys")
    assert list(AuditEntry.objects.values_list("what", flat=True)) == ["rotate_ring", "rotate_ring"]


def test_the_command_gives_one_partner_or_all_of_them_a_new_key():
    case, foreign = a_case(), a_case("rabat")
    assert rotate("--partner", "oujda")[0] == "oujda: 1 keys of cases and packets wrapped with its new key.\n"
    assert (PartnerKey.objects.filter(partner=case.partner).count(), PartnerKey.objects.count()) == (2, 3)
    rotate("--all-partners")
    assert PartnerKey.objects.filter(partner=foreign.partner).count() == 2
    assert set(AuditEntry.objects.values_list("partner_id", flat=True)) == {case.partner_id, foreign.partner_id}


def test_the_command_refuses_a_partner_that_is_not_there_and_a_ring_that_lost_a_key(settings):
    a_case()
    with pytest.raises(CommandError, match="no partner with the key nowhere"):
        rotate("--partner", "nowhere")
    settings.CASE_KEYS = ring_with("next", after="")
    for arguments in ([], ["--partner", "oujda"]):
        with pytest.raises(CommandError, match="CASE_KEYS lacks a key"):
            rotate(*arguments)
    assert IndexSecret.objects.count() == 1
    assert not AuditEntry.objects.exists()
