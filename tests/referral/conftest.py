"""A key ring for the tests of the middle floor: the same for all, and no file's."""

from __future__ import annotations

import base64
import hashlib

import pytest

TEST_KEYS = f"test:{base64.b64encode(hashlib.sha256(b'a key of tests').digest()).decode()}"


@pytest.fixture(autouse=True)
def _case_keys(settings) -> None:
    settings.CASE_KEYS = TEST_KEYS
