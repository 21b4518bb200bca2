"""Codes: the check symbol proved by trying every mistake, forgiving parsing, PINs that nobody guesses first."""

from __future__ import annotations

import hashlib
import hmac
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as some

from referral import identifiers
from referral.identifiers import (
    CASE_SYMBOLS,
    FOLLOW_UP_SYMBOLS,
    WeakPin,
    WrongCode,
    check_symbol,
    choose_pin,
    hmac_of,
    new_case_code,
    new_follow_up_code,
    new_short_code,
    parse_case_code,
    parse_follow_up_code,
    parse_pin,
    parse_short_code,
)

EXAMPLE = "7K3F-H9XR-M"


WEAK = [
    "000000",
    "999999",
    "111112",
    "121212",
    "123123",
    "123456",
    "012345",
    "234567",
    "890123",
    "987654",
    "654321",
    "210987",
    "112233",
    "998877",
    "١٢٣٤٥٦",
]


def plain(code: str) -> str:
    return code.replace("-", "")


def is_right(symbols: str) -> bool:
    return check_symbol(symbols[:8]) == symbols[8]


def with_pair(place: int, pair: str) -> str:
    """A right code with this pair at this place; the last place is that of the eighth symbol and the check symbol."""
    if place < 7:
        symbols = "A" * place + pair + "A" * (6 - place)
        return symbols + check_symbol(symbols)
    for first in CASE_SYMBOLS:
        symbols = first + "AAAAAA" + pair[0]
        if check_symbol(symbols) == pair[1]:
            return symbols + pair[1]
    raise AssertionError(pair)


def test_the_example_of_the_specification_is_a_code():
    assert parse_case_code(EXAMPLE) == EXAMPLE


def test_every_wrong_symbol_at_every_place_is_found():
    """The sum is linear, so that a mistake is found does not depend on the other symbols; codes at random for good measure."""
    for code in [plain(EXAMPLE), "A" * 8 + check_symbol("A" * 8), *(plain(new_case_code()) for _number in range(10))]:
        assert is_right(code)
        for place, symbol in product(range(9), CASE_SYMBOLS):
            changed = code[:place] + symbol + code[place + 1 :]
            assert is_right(changed) == (changed == code)


def test_every_symbol_taken_for_every_other_at_every_place_is_found():
    for place, right, wrong in product(range(8), CASE_SYMBOLS, CASE_SYMBOLS):
        code = "A" * place + right + "A" * (7 - place)
        changed = "A" * place + wrong + "A" * (7 - place)
        assert (check_symbol(code) == check_symbol(changed)) == (right == wrong)


def test_every_swap_of_two_different_neighbours_at_every_place_is_found():
    tried = 0
    for place, first, second in product(range(8), CASE_SYMBOLS, CASE_SYMBOLS):
        if first != second:
            code = with_pair(place, first + second)
            swapped = code[:place] + second + first + code[place + 2 :]
            assert is_right(code)
            assert not is_right(swapped), (code, swapped)
            tried += 1
    assert tried == 8 * 21 * 20


def test_codes_carry_only_symbols_that_nobody_confuses_and_do_not_repeat():
    codes = {new_case_code() for _number in range(2000)}
    assert len(codes) == 2000
    assert set(plain("".join(codes))) == set(CASE_SYMBOLS)
    assert len(CASE_SYMBOLS) == 21
    assert not set("B8GI1L0OQDS5Z26") & set(CASE_SYMBOLS)
    assert all(parse_case_code(code) == code for code in codes)


@pytest.mark.parametrize(
    "typed",
    [
        "7k3fh9xrm",
        " 7K3F H9XR M ",
        "٧K٣F-H٩XR-M",
        "۷K۳F–H۹XR–M",
        "\u200f7K3F\u00a0H9XR\u202fM",
        "７Ｋ３Ｆ.Ｈ９ＸＲ.Ｍ",
        "7K3F_H9XR_M",
    ],
)
def test_a_case_code_is_understood_however_it_is_typed(typed):
    assert parse_case_code(typed) == EXAMPLE


@pytest.mark.parametrize(
    "typed",
    ["", "7K3F-H9XR", "7K3F-H9XR-MM", "7K3F-H9XR-N", "8K3F-H9XR-M", "0K3F-H9XR-M", "7K3F/H9XR/M", "7" * 10**6, "٧" * 9],
)
def test_what_is_no_case_code_is_refused_with_a_sentence_that_does_not_repeat_it(typed):
    with pytest.raises(WrongCode) as caught:
        parse_case_code(typed)
    assert not typed or EXAMPLE.startswith(typed) or typed not in str(caught.value)
    assert len(str(caught.value)) < 100


@given(some.text(max_size=80))
def test_any_text_is_a_code_or_refused_and_never_anything_else(text):
    for parse in (parse_case_code, parse_follow_up_code, parse_pin, parse_short_code, choose_pin):
        try:
            found = parse(text)
        except (WrongCode, WeakPin):
            continue
        assert found.isascii()
        assert parse(found) == found


def test_a_follow_up_code_has_60_bits_in_three_groups():
    codes = {new_follow_up_code() for _number in range(2000)}
    assert len(codes) == 2000
    assert len(FOLLOW_UP_SYMBOLS) ** 12 == 2**60
    assert set(plain("".join(codes))) == set(FOLLOW_UP_SYMBOLS)
    for code in codes:
        assert [len(group) for group in code.split("-")] == [4, 4, 4]
        assert parse_follow_up_code(code.lower().replace("-", " ")) == code


def test_a_follow_up_code_forgives_letters_that_look_like_digits_and_no_others():
    assert parse_follow_up_code("oOil-ILab-٤٥٦٧") == "0011-11AB-4567"
    for wrong in ("U000-0000-0000", "0000-0000-000", "0000-0000-00000"):
        with pytest.raises(WrongCode):
            parse_follow_up_code(wrong)


@pytest.mark.parametrize(
    "weak",
    WEAK,
)
def test_a_pin_that_others_would_try_first_is_refused(weak):
    with pytest.raises(WeakPin):
        choose_pin(weak)
    assert len(parse_pin(weak)) == 6


def test_a_pin_is_six_digits_of_any_script_and_most_are_good():
    assert choose_pin("۴ ٠ 7-3 1 9") == "407319"
    for wrong in ("40731", "4073199", "40731a", "", "²³⁴⁵⁶x"):
        with pytest.raises(WrongCode):
            choose_pin(wrong)
    refused = 0
    for number in range(0, 10**6, 7):
        try:
            choose_pin(f"{number:06}")
        except WeakPin:
            refused += 1
    assert refused < 10**6 / 7 / 100


def test_a_short_code_is_six_digits_zeros_in_front_included(monkeypatch):
    monkeypatch.setattr(identifiers.secrets, "randbelow", lambda below: 42 if below == 10**6 else None)
    assert new_short_code() == "000042"
    assert parse_short_code("٠٠٠ ٠٤٢") == "000042"
    with pytest.raises(WrongCode):
        parse_short_code("42")


def test_what_is_stored_of_a_code_is_its_hmac_under_a_long_enough_pepper():
    pepper = b"p" * 32
    stored = hmac_of("0011-11AB-4567", pepper)
    assert stored == hmac.new(pepper, b"0011-11AB-4567", hashlib.sha256).hexdigest()
    assert stored != hmac_of("0011-11AB-4567", b"q" * 32)
    assert all(one != other for one, other in pairwise(hmac_of(str(number), pepper) for number in range(5)))
    with pytest.raises(ValueError, match="pepper"):
        hmac_of("0011-11AB-4567", b"short")
