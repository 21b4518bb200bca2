"""A search server that is at fault in every way that we could think of."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

GOOD = {
    "took": 1,
    "timed_out": False,
    "_shards": {"total": 1, "successful": 1, "failed": 0},
    "hits": {"total": {"value": 0, "relation": "eq"}, "hits": []},
}
Manner = Callable[[socket.socket], None]


def answer(status: int, body: bytes | object, length: int | None = None, product: bool = True) -> Manner:
    """Answers at once with this."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def say(caller: socket.socket) -> None:
        caller.sendall(_head(status, len(content) if length is None else length, product) + content)

    return say


def after(seconds: float, manner: Manner) -> Manner:
    """Says nothing for so long, then that."""

    def say(caller: socket.socket) -> None:
        time.sleep(seconds)
        manner(caller)

    return say


def in_drops(every_s: float) -> Manner:
    """Sends a good answer, a byte at a time: no single wait is long."""
    content = json.dumps(GOOD).encode()

    def say(caller: socket.socket) -> None:
        for byte in _head(200, len(content), product=True) + content:
            caller.sendall(bytes([byte]))
            time.sleep(every_s)

    return say


def hang(caller: socket.socket) -> None:
    """Never answers."""
    time.sleep(60)


def hang_up(caller: socket.socket) -> None:
    """Ends the call without a word."""


def _head(status: int, length: int, product: bool) -> bytes:
    lines = [
        f"HTTP/1.1 {status} x",
        "Content-Type: application/vnd.elasticsearch+json;compatible-with=8",
        f"Content-Length: {length}",
    ]
    lines += ["X-Elastic-Product: Elasticsearch"] if product else []
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode()


class Server:
    """Listens on a port of its own and treats every caller in its `manner`, which a test may change."""

    def __init__(self, manner: Manner) -> None:
        self.manner = manner
        self.calls = 0
        self._callers: list[socket.socket] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                caller, _address = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        self.calls += 1
        self._callers.append(caller)
        with caller:
            try:
                caller.recv(65536)
                self.manner(caller)
            except OSError:
                return  # (the caller did not wait)

    def close(self) -> None:
        """Listen no more, and leave nobody waiting."""
        self._socket.close()
        for caller in self._callers:
            with suppress(OSError):
                caller.shutdown(socket.SHUT_RDWR)


@contextmanager
def server(manner: Manner) -> Iterator[Server]:
    found = Server(manner)
    yield found
    found.close()
