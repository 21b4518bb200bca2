"""Tests of the page do not wait as long as strangers do."""

from __future__ import annotations

import pytest

from referral.follow_up import looking


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch) -> None:
    monkeypatch.setattr(looking, "TAKES", 0.0)
