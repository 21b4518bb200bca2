"""A search typed on the wrong keyboard is read as on the right one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.keyboards import other_keyboards


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("رهسش", "visa"),
        ("ulg", "عمل"),
        ("cqrte de sejour", "carte de sejour"),
        ("qssurqnce ;qlqdie", "assurance maladie"),
        ("CQRTE", "carte"),
        ("lphld", "محامي"),
        ("حشسسحخقف", "passport"),
        ("لاشىن", "bank"),
    ],
)
def test_the_same_keys_on_another_layout(typed, meant):
    assert meant in other_keyboards(typed)


def test_azerty_and_arabic_share_their_keys_by_place():
    """On AZERTY, the key of ش is Q and the key of ك is M."""
    assert "visq" in other_keyboards("رهسش")
    assert "كشقخؤ" in other_keyboards("mqroc")


@pytest.mark.parametrize("text", ["", "2511", "  ", "?!", "récépissé", "😀", "\ud800", "visa المغرب"])
def test_what_no_other_keyboard_gives_in_one_script_is_not_offered(text):
    assert other_keyboards(text) == []


@given(text=st.text(max_size=60))
def test_at_most_five_other_readings_and_never_the_same(text):
    readings = other_keyboards(text)
    assert len(readings) <= 5
    assert len(set(readings)) == len(readings)
    assert text not in readings


def test_a_long_text_is_not_read():
    assert other_keyboards("ulg " * 100) == []
