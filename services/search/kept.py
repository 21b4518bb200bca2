"""Keeps the last answers of an index as long as it does not change: the same pages are asked for again and again."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Kept(Generic[Answer]):
    """The `most` answers asked for last. `state`: what they depend on; another state forgets them all.

    Of what was asked only a keyed digest stays in memory, so that nobody can read there what people search for.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._secret = secrets.token_bytes(32)
        self._state: object = None
        self._answers: OrderedDict[bytes, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, state: object, asked: object, make: Callable[[], Answer]) -> Answer:
        """What was answered to this before, else what `make` answers now. What `make` raises is not kept."""
        key = hashlib.blake2b(repr(asked).encode("utf-8", "replace"), key=self._secret, digest_size=16).digest()
        with self._lock:
            if state != self._state:
                self._state = state
                self._answers.clear()
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        found = make()
        with self._lock:
            if state == self._state:
                self._answers[key] = found
                if len(self._answers) > self._most:
                    self._answers.popitem(last=False)
        return found

    def forget(self) -> None:
        """Keep nothing any longer."""
        with self._lock:
            self._answers.clear()
