"""Cells of spreadsheets: what goes in comes out, and nothing runs as a formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sheets.spreadsheet import join_list, plain_cell, safe_cell, split_list

DANGEROUS = "=+-@\t\r\n＝＋－＠"
TEXTS = st.text(alphabet=st.one_of(st.sampled_from("'=+-@\t\r\n;\\ a١"), st.characters(codec="utf-8")), max_size=40)


@given(TEXTS)
def test_a_cell_comes_back_as_it_was(text):
    assert plain_cell(safe_cell(text)) == text


@given(TEXTS)
def test_no_cell_begins_like_a_formula(text):
    assert safe_cell(text)[:1] not in set(DANGEROUS)


@pytest.mark.parametrize(
    ("text", "safe"),
    [("=1+1", "'=1+1"), ("+212537545400 (voice)", "'+212537545400 (voice)"), ("'=x", "''=x"), ("'Ain Chock", "'Ain Chock"), ("", "")],
)  # fmt: skip
def test_only_what_could_run_gets_an_apostrophe(text, safe):
    assert safe_cell(text) == safe


def test_a_text_that_nobody_has_made_safe_stays_as_it_is():
    assert plain_cell("'Ain Chock") == "'Ain Chock"
    assert plain_cell("=1+1") == "=1+1"


@given(st.lists(TEXTS.map(str.strip), max_size=6))
def test_a_list_comes_back_as_it_was(values):
    assert split_list(join_list(values)) == (values if any(values) else [])


@given(TEXTS)
def test_any_cell_can_be_read_as_a_list(text):
    assert all(value == value.strip() for value in split_list(text))


def test_a_list_reads_as_people_write_it():
    assert join_list(["MO 09:00-12:00", "MO 14:00-18:00"]) == "MO 09:00-12:00; MO 14:00-18:00"
    assert split_list("ar;fr ;  en") == ["ar", "fr", "en"]
    assert split_list("   ") == []
