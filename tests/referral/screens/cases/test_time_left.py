"""How long there is still for a step, in words."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from referral.screens.cases.facts import left


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (None, ""), (0.4, "less than an hour left"), (-0.4, "less than an hour late"), (1.5, "1 hour left"),
        (47.9, "47 hours left"), (72, "3 days left"), (-72, "3 days late"),
    ],
)  # fmt: skip
def test_time_left_is_told_as_one_says_it_and_never_as_no_hours(hours, words):
    with override("en"):
        assert left(hours) == words


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_less_than_an_hour_is_told_in_each_language(language):
    with override(language):
        assert left(0.4) != left(-0.4)
        assert "0" not in left(0.4) + left(-0.4)
