"""A proposed pack may hold anything at all: it gives sentences, quickly, and never an exception of another kind."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral.procedures import FaultyPack, pack_text, read

GOOD = pack_text("gen")
LINES = GOOD.split("\n")
LEAVES = st.one_of(st.text(max_size=8), st.integers(), st.booleans(), st.just("2026-01-01"), st.just("[[steps]]"))


def sentences(text: str) -> list[str]:
    try:
        read(text)
    except FaultyPack as faulty:
        return faulty.faults or ["no sentence"]
    return []


@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_text_at_all_gives_sentences(text):
    assert "no sentence" not in sentences(text) != []


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(LINES) - 1), LEAVES, st.sampled_from(["replace", "value", "drop", "double"]))
def test_any_line_of_a_good_pack_may_go_wrong(number, leaf, how):
    line = LINES[number]
    toml = str(leaf).lower() if isinstance(leaf, bool | int) else f"'{leaf}'"
    new = {"replace": str(leaf), "value": f"{line.split('=')[0]}= {toml}", "drop": "", "double": f"{line}\n{line}"}[how]
    assert "no sentence" not in sentences("\n".join([*LINES[:number], new, *LINES[number + 1 :]]))


HOSTILE = {
    "too long": "x" * 200_001,
    "too long in Arabic": "ا" * 100_001,
    "nested brackets": f"a = {'[' * 60_000}",
    "a key of many parts": f"{'a.' * 90_000}a = 1",
    "a quoted key of many parts": '"a" . ' * 30_000 + "a = 1",
    "a long number": f"a = {'9' * 100_000}",
    "half a sign": 'a = "\ud800"',
    "a list of one key": GOOD.replace('services = ["health", "shelter"]', "services = [" + '"x",' * 40_000 + "]"),
    "many keys": "\n".join(f"k{number} = 1" for number in range(15_000)),
    "a number as a key of a source": f"{GOOD}\n[[sources]]\nid = 0x{'f' * 50_000}\n",
    "a fault with invisible signs": 'profile = "\\u0000\\u202e"\n',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_refused_within_two_seconds(name):
    start = time.process_time()
    found = sentences(HOSTILE[name])
    assert time.process_time() - start < 2
    assert 1 <= len(found) <= 100
    assert all(len(sentence) < 2_000 and sentence.isprintable() for sentence in found)
