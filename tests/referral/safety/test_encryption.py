"""Sealed values: nobody opens them without the key, elsewhere than in their place, or after a single bit was changed."""

from __future__ import annotations

import base64
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.encryption import Box, CannotOpen, KeyRing, SealedField, UnknownKey, new_key
from referral.encryption.ring import ADVICE, ring
from referral.models import Case, Need, Note, Person

KEY = bytes(range(32))
PLACE = "referral_note.words.1"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters()),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=8), children, max_size=4),
    max_leaves=8,
)


def text_of(*keys: tuple[str, bytes]) -> str:
    return ",".join(f"{name}:{base64.b64encode(key).decode()}" for name, key in keys)


@given(JSON)
def test_what_is_sealed_opens_again_as_it_was_with_any_sign_of_any_script(value):
    box = Box(KEY, "case 1")
    assert box.open(box.seal(value, PLACE), PLACE) == value


@given(st.text(max_size=60), st.data())
def test_a_single_bit_changed_anywhere_and_it_does_not_open(text, data):
    box = Box(KEY, "case 1")
    sealed = bytearray(box.seal(text, PLACE))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(CannotOpen):
        box.open(bytes(sealed), PLACE)


def test_every_byte_flipped_cut_off_or_added_and_it_does_not_open():
    box = Box(KEY, "case 1")
    sealed = box.seal("Awa", PLACE)
    changed = [sealed[:at] + bytes([sealed[at] ^ 0xFF]) + sealed[at + 1 :] for at in range(len(sealed))]
    for bad in [*changed, *(sealed[:at] for at in range(len(sealed))), sealed + b"\0", b"\0" + sealed]:
        with pytest.raises(CannotOpen):
            box.open(bad, PLACE)


@given(st.binary(max_size=200))
def test_noise_does_not_open_and_does_not_fail_in_another_way(noise):
    with pytest.raises(CannotOpen):
        Box(KEY, "case 1").open(noise, PLACE)


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_it_opens_for_its_owner_in_its_place_and_for_no_other_pair_that_reads_alike(owner, place, other, elsewhere):
    sealed = Box(KEY, owner).seal("Awa", place)
    if (owner, place) == (other, elsewhere):
        assert Box(KEY, other).open(sealed, elsewhere) == "Awa"
    else:
        with pytest.raises(CannotOpen):
            Box(KEY, other).open(sealed, elsewhere)


def test_owner_and_place_cannot_be_shifted_into_each_other():
    sealed = Box(KEY, "case 1").seal("Awa", "a|b")
    for about, place in (("case 1|a", "b"), ("case 1a", "|b"), ('case 1", "a', "b")):
        with pytest.raises(CannotOpen):
            Box(KEY, about).open(sealed, place)


def test_a_value_moved_to_another_row_another_column_another_table_or_another_case_does_not_open():
    box, other = Box(KEY, "case 1"), Box(new_key(), "case 2")
    note, second, need, person = Note(), Note(), Need(), Person()
    note.seal(box, words="at the market")
    second.words = note.words
    need.words, need.goal = note.words, note.words
    person.seal(box, phone="0612345678", given_name="Awa")
    person.phone, person.given_name = person.given_name, person.phone
    for row, names in ((second, ["words"]), (need, ["words", "goal"]), (person, ["phone", "given_name"])):
        for name in names:
            with pytest.raises(CannotOpen):
                row.opened(box, [name])
    with pytest.raises(CannotOpen):
        note.opened(other)
    assert note.opened(box) == {"words": "at the market"}


def test_a_row_opens_only_what_is_asked_and_tells_unknown_from_empty():
    box, person = Box(KEY, "case 1"), Person()
    person.seal(box, given_name="Awa", phone="", health=None, languages=[], interpreter=False)
    assert person.phone is None
    assert person.health is None
    assert person.opened(box, ["given_name", "phone", "languages", "interpreter"]) == {
        "given_name": "Awa",
        "phone": None,
        "languages": [],
        "interpreter": False,
    }


def test_a_column_that_is_not_sealed_is_refused_rather_than_written_in_plain():
    with pytest.raises(TypeError, match="no sealed column"):
        Person().seal(Box(KEY, "case 1"), phone_index="0612345678")


@pytest.mark.parametrize("plain", [b"plain text that was never sealed", "text", 5, b"", b"\x01short"])
def test_the_database_is_never_given_a_plain_value_for_a_sealed_column(db, plain):
    person = Person(case=Case(), given_name=plain)
    with pytest.raises(TypeError, match="sealed values only"):
        person.save()
    with pytest.raises(TypeError, match="sealed values only"):
        Person.objects.filter(given_name=plain).exists()


def test_a_hundred_thousand_nonces_differ_and_the_same_value_never_looks_the_same():
    box = Box(KEY, "case 1")
    nonces = {box.seal_bytes(b"", PLACE)[1:13] for _ in range(100_000)}
    assert len(nonces) == 100_000
    assert box.seal("Awa", PLACE) != box.seal("Awa", PLACE)


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_a_length_shows_only_in_steps_of_32(text):
    length = len(Box(KEY, "case 1").seal(text, PLACE)) - 29
    assert length % 32 == 0
    plain = len(text.encode()) + 2
    assert plain <= length or "\\" in text or '"' in text or any(ord(sign) < 32 for sign in text)


def test_yes_and_no_and_every_short_name_are_equally_long():
    box = Box(KEY, "case 1")
    assert len({len(box.seal(value, PLACE)) for value in (True, False, 1, "Awa", "أحمد", "F", ["fr", "ar"])}) == 1


def test_a_value_that_json_cannot_hold_is_refused_without_being_told():
    with pytest.raises(TypeError) as caught:
        Box(KEY, "case 1").seal({"name": {"Awa"}}, PLACE)
    assert "Awa" not in str(caught.value)


def test_what_cannot_be_opened_says_nothing_of_the_value_in_the_message_or_behind_it():
    box = Box(KEY, "case 1")
    for sealed in (box.seal_bytes(b"Awa, not JSON", PLACE), box.seal("Awa", "elsewhere")):
        with pytest.raises(CannotOpen) as caught:
            box.open(sealed, PLACE)
        chain, error = [], caught.value
        while error is not None:
            chain.append(error)
            error = error.__cause__ or error.__context__
        assert not any("Awa" in repr(vars(one)) + repr(one) for one in chain)


def test_a_box_with_older_keys_opens_what_they_sealed_and_seals_with_the_newest():
    old, new = new_key(), new_key()
    before, now = Box(old, "partner 1"), Box(new, "partner 1", [old])
    assert now.open(before.seal("draft", PLACE), PLACE) == "draft"
    with pytest.raises(CannotOpen):
        before.open(now.seal("draft", PLACE), PLACE)


@pytest.mark.parametrize("length", [0, 16, 24, 31, 33])
def test_a_key_of_another_length_is_refused(length):
    with pytest.raises(ValueError, match="256"):
        Box(secrets.token_bytes(length), "case 1")


def test_no_key_shows_in_what_a_traceback_or_a_log_prints():
    found = repr(Box(KEY, "case 1")) + repr(KeyRing(text_of(("one", new_key()))))
    assert "key=" not in found
    assert repr(KEY) not in found


# The key ring ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ,",
        "one",
        "one:",
        ":" + base64.b64encode(bytes(range(32))).decode(),
        "one:c2hvcnQ=",
        "one:not base64 at all",
        text_of(("one", bytes(31))),
        text_of(("one", bytes(33))),
        text_of(("one", bytes(32))),
        text_of(("one", b"passwordpasswordpasswordpassword")),
        text_of(("a name with spaces", bytes(range(32)))),
        text_of(("n" * 21, bytes(range(32)))),
        text_of(("one", bytes(range(32))), ("one", bytes(range(1, 33)))),
        text_of(("one", bytes(range(32)))) + ",two",
    ],
)
def test_a_bad_text_of_the_ring_is_refused_with_advice_that_repeats_nothing_of_it(text):
    with pytest.raises(ValueError, match="CASE_KEYS must be") as caught:
        KeyRing(text)
    assert str(caught.value) == ADVICE
    assert caught.value.__context__ is None


def test_both_alphabets_of_base64_and_spaces_around_are_taken():
    key = b"\xfb\xff" + bytes(range(30))
    wrapped = KeyRing(f" one:{base64.b64encode(key).decode()} , ").wrap(KEY, "place")
    assert KeyRing(f"one:{base64.urlsafe_b64encode(key).decode()}").unwrap(wrapped, "place") == KEY


def test_after_a_rotation_old_values_open_and_new_ones_are_wrapped_by_the_first():
    old, new = ("2025", new_key()), ("2026", new_key())
    before, now = KeyRing(text_of(old)), KeyRing(text_of(new, old))
    wrapped = before.wrap(KEY, "place")
    assert now.unwrap(wrapped, "place") == KEY
    assert not now.is_current(wrapped)
    assert now.is_current(now.wrap(KEY, "place"))
    with pytest.raises(UnknownKey):
        before.unwrap(now.wrap(KEY, "place"), "place")


def test_a_key_under_another_name_or_in_another_place_does_not_open():
    key = new_key()
    wrapped = KeyRing(text_of(("one", key))).wrap(KEY, "place")
    both = KeyRing(text_of(("two", key), ("one", new_key())))
    for bad in (wrapped, b"two" + wrapped[3:]):
        with pytest.raises(CannotOpen):
            both.unwrap(bad, "place")
    with pytest.raises(CannotOpen):
        KeyRing(text_of(("one", key))).unwrap(wrapped, "elsewhere")


@given(st.binary(max_size=80))
def test_noise_in_place_of_a_wrapped_key_is_refused_in_one_way(noise):
    with pytest.raises(CannotOpen):
        KeyRing(text_of(("one", KEY))).unwrap(noise, "place")


def test_the_ring_is_never_made_from_secret_key_and_nothing_opens_without_it(settings):
    wrapped = ring().wrap(KEY, "place")
    settings.SECRET_KEY = "another secret of the site, just as long as the first one was"
    assert ring().unwrap(wrapped, "place") == KEY
    settings.CASE_KEYS = ""
    with pytest.raises(ValueError, match="CASE_KEYS"):
        ring()


def test_the_key_itself_seals_nothing_so_that_it_can_serve_another_purpose():
    wrapped = KeyRing(text_of(("one", KEY))).wrap(new_key(), "place")
    with pytest.raises(CannotOpen):
        Box(KEY, "one").open_bytes(wrapped.partition(b":")[2], "place")


# Columns -----------------------------------------------------------------------------------------------------------


def test_a_sealed_column_without_a_known_tier_or_without_a_row_of_its_own_is_reported():
    from django.db import models

    class Odd(models.Model):  # noqa: DJ008  (never shown)
        words = SealedField(tier=1)

        class Meta:
            app_label = "referral"
            managed = False

    try:
        assert {error.id for error in Odd._meta.get_field("words").check()} == {"referral.E001", "referral.E002"}
    finally:
        from django.apps import apps

        del apps.all_models["referral"]["odd"]
        apps.clear_cache()
