"""Every acceptance scenario of the domain paper has a test with its number, or a reason why not."""

from __future__ import annotations

from tests.scenarios import NUMBERS, OPEN, by_number


def test_every_scenario_of_the_domain_has_a_test_or_a_reason():
    found = by_number()
    assert [number for number in NUMBERS if not found[number] and number not in OPEN] == []


def test_no_test_names_a_scenario_that_the_domain_does_not_know():
    assert set(by_number()) == set(NUMBERS)


def test_nothing_is_called_open_that_has_its_test():
    found = by_number()
    assert [number for number in OPEN if found[number]] == []
