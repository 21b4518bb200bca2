"""Answers that are kept: only as long as nothing has changed, and nothing of what was asked."""

from __future__ import annotations

import pickle

import pytest

from services.search.kept import Kept


def asking(kept: Kept, state: object, asked: object, answer: object) -> tuple[object, bool]:
    """The answer, and whether it had to be made."""
    made = []
    found = kept.answer(state, asked, lambda: made.append(1) or answer)
    return found, bool(made)


def test_the_same_question_is_answered_once_while_nothing_changes():
    kept: Kept[str] = Kept(10)
    assert asking(kept, 1, "avocat", "a") == ("a", True)
    assert asking(kept, 1, "avocat", "b") == ("a", False)
    assert asking(kept, 1, "médecin", "c") == ("c", True)


def test_a_change_forgets_everything():
    kept: Kept[str] = Kept(10)
    asking(kept, 1, "avocat", "a")
    assert asking(kept, 2, "avocat", "b") == ("b", True)
    assert asking(kept, 1, "avocat", "c") == ("c", True)


def test_the_oldest_answer_gives_way():
    kept: Kept[str] = Kept(2)
    for word in ("one", "two", "one", "three"):
        asking(kept, 1, word, word)
    assert asking(kept, 1, "one", "?") == ("one", False)
    assert asking(kept, 1, "two", "!") == ("!", True)


def test_a_fault_is_not_kept():
    kept: Kept[str] = Kept(2)
    with pytest.raises(OSError, match="away"):
        kept.answer(1, "x", lambda: (_ for _ in ()).throw(OSError("away")))
    assert asking(kept, 1, "x", "now") == ("now", True)


def test_what_was_asked_is_not_in_memory():
    kept: Kept[str] = Kept(2)
    asking(kept, 1, "mon mari me frappe", "answer")
    del kept._lock
    assert b"frappe" not in pickle.dumps(kept.__dict__)
