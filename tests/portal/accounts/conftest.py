"""People with accounts, and the key ring of tests."""

from __future__ import annotations

from typing import Any

import pytest

from tests.referral import making
from tests.referral.conftest import _case_keys  # noqa: F401  (a fixture)


@pytest.fixture
def worker(db) -> Any:
    """A caseworker of one organisation, with a password and no second factor yet."""
    return making.user_of(making.member(making.partner()))
