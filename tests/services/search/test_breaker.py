"""Who fails five times in a row is left alone for half a minute, and then asked once."""

from __future__ import annotations

import threading

import pytest

from services.search.breaker import Breaker


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(clock) -> Breaker:
    """A breaker after five failures."""
    breaker = Breaker(errors=5, rest_s=30, clock=clock)
    for _ in range(5):
        assert breaker.allows()
        breaker.failed()
    return breaker


def test_four_failures_change_nothing(clock):
    breaker = Breaker(errors=5, rest_s=30, clock=clock)
    for _ in range(4):
        breaker.failed()
    assert breaker.allows()


def test_a_success_in_between_counts_anew(clock):
    breaker = Breaker(errors=5, rest_s=30, clock=clock)
    for _ in range(4):
        breaker.failed()
    breaker.succeeded()
    for _ in range(4):
        breaker.failed()
    assert breaker.allows()


def test_after_five_failures_nobody_may_for_thirty_seconds(opened, clock):
    assert not opened.allows()
    clock.now += 29.9
    assert not opened.allows()


def test_after_the_rest_one_may_try_and_the_others_wait(opened, clock):
    clock.now += 30
    assert [opened.allows() for _ in range(3)] == [True, False, False]


def test_if_that_one_succeeds_all_may(opened, clock):
    clock.now += 30
    assert opened.allows()
    opened.succeeded()
    assert [opened.allows() for _ in range(3)] == [True, True, True]


def test_if_that_one_fails_the_rest_begins_anew(opened, clock):
    clock.now += 30
    assert opened.allows()
    opened.failed()
    clock.now += 29.9
    assert not opened.allows()
    clock.now += 0.1
    assert opened.allows()


def test_if_that_one_says_nothing_another_may_try_later(opened, clock):
    clock.now += 30
    assert opened.allows()
    clock.now += 30
    assert opened.allows()


def test_of_many_threads_one_tries(opened, clock):
    clock.now += 30
    allowed: list[bool] = []
    threads = [threading.Thread(target=lambda: allowed.append(opened.allows())) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(allowed) == 1
