"""Exports: the rows that one may see, on record, and no cell that a spreadsheet runs."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection

from referral.guarding import exporting
from referral.models import AuditEntry
from referral.permissions import NotFound
from referral.words.choices import CaseRole, Profile
from tests.referral import making

from .house import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return House()


def exported(member, **filters) -> list[list[str]]:
    number, pieces = exporting.start(member, filters)
    rows = list(csv.reader(io.StringIO("".join(pieces).removeprefix("\ufeff"))))
    assert len(rows) == number + 1
    return rows


def test_scenario_55_an_export_has_the_rows_that_one_may_see_and_nobody_else_gets_any(house):
    own, restricted = house.case(given_name="Kanaryname"), house.case(is_restricted=True)
    elsewhere = making.case(making.member(house.partner), team=making.team(house.partner, "Other"))
    making.case(making.member(making.partner("rabat")))
    rows = exported(house.supervisor)
    assert [row[0] for row in rows[1:]] == [own.code]
    assert {row[0] for row in exported(house.officer)[1:]} == {own.code, restricted.code, elsewhere.code}
    assert "needs" in rows[0]
    assert "needs" not in exported(house.officer)[0]  # content, which is not for the officer
    assert len(exported(house.supervisor, status="closed", urgency="nonsense")) == 1
    assert "Kanaryname" not in repr(rows)
    entry = AuditEntry.objects.filter(what="case.export").last()
    assert (entry.kind, entry.rows, entry.fields) == ("export", 0, ["status"])
    for role in (
        CaseRole.INTAKE,
        CaseRole.CASEWORKER,
        CaseRole.FOCAL_POINT,
        CaseRole.STATISTICIAN,
        CaseRole.ORGANISATION_ADMIN,
    ):
        with pytest.raises(NotFound):
            exporting.start(making.member(house.partner, role), {})


def test_an_export_of_many_rows_takes_as_many_queries_a_portion_as_one_of_few(
    house, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(exporting, "PORTION", 4)
    codes = {house.case(profile=Profile.GEN).code for _number in range(9)}
    walls = 20 if connection.vendor == "postgresql" else 0  # each portion asks as its partner
    with django_assert_max_num_queries(20 + walls):
        rows = exported(house.supervisor)
    assert {row[0] for row in rows[1:]} == codes


@pytest.mark.parametrize("text", [
    '=HYPERLINK("http://x")', "\ufeff+1", "\t-1", "＝1", "＋1", "－1", "＠x", "+212600000000", "@SUM(1)", "|cmd", "%0A=1", "\r=1",
    "\u200b=1", "\u202e=1", " =1", "\x00=1", "'=1", "-2+3",
])  # fmt: skip
def test_scenario_56_no_cell_is_run_as_a_formula(text):
    assert exporting.cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "7K3F-H9XR-M", "2026-05-01", "إيواء", "a=b", "health legal"])
def test_an_honest_cell_stays_as_it_is(text):
    assert exporting.cell(text) == text
