"""A circuit breaker: whoever does not answer is left alone for a while, so that nobody waits for it (trust.md R8)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

ERRORS = 5
REST_S = 30.0


class Breaker:
    """Closed: every call may go. After `errors` failures in a row open: none may. After `rest_s` seconds one may try.

    If that one succeeds the breaker closes; if it fails, or says nothing for `rest_s` seconds, the rest begins anew.
    Safe to share between threads; each process has its own. `clock` gives seconds that never run backwards.
    """

    def __init__(
        self, errors: int = ERRORS, rest_s: float = REST_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.errors = errors
        self.rest_s = rest_s
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._quiet_until = 0.0

    def allows(self) -> bool:
        """Whether a call may go now. Who gets True says afterwards how it went."""
        with self._lock:
            if self._failures < self.errors:
                return True
            now = self._clock()
            if now < self._quiet_until:
                return False
            self._quiet_until = now + self.rest_s  # (the others wait for this one's word)
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= self.errors:
                self._quiet_until = self._clock() + self.rest_s
