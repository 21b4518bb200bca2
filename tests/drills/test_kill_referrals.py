"""A few kills at each run of the tests; `python -m tests.drills.kill_referrals` does a hundred."""

from __future__ import annotations

import pytest

from tests.drills.kill_referrals import drill, is_good


@pytest.mark.xdist_group("drills")
def test_of_writers_that_are_killed_nothing_acknowledged_is_lost_doubled_or_half_written():
    for name, found in drill(kills=10):
        assert found["kills"] >= 10, name
        assert found["acknowledged"] > 20, (name, found)
        assert found["in the middle of a request"], (name, found)
        assert is_good(found), (name, found)
