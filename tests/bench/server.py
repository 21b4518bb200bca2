"""A running server as the benchmarks see it: its processes, and a way to put a request to each worker by name."""

from __future__ import annotations

import contextlib
import http.client
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.prepared import ROOT, environment, free_port, serving, wait_for

from . import processes

MOST_TRIES = 400


@dataclass(frozen=True)
class Answer:
    """What came back: status, body as it travelled, and how many bytes of headers came before it."""

    status: int
    body: bytes
    header_bytes: int


@dataclass(frozen=True)
class Server:
    """Gunicorn on 127.0.0.1 at `port`; `pid` is its first process, whose children are the workers."""

    port: int
    pid: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[int]:
        return processes.descendants(self.pid)

    def wait_until_idle(self, seconds: float = 3) -> None:
        """Let requests end that a load generator has abandoned."""
        end, before = time.monotonic() + seconds, -1.0
        while (now := processes.cpu_seconds(self.pid)) != before and time.monotonic() < end:
            before = now
            time.sleep(0.1)


@contextlib.contextmanager
def running(folder: Path, **more: str) -> Iterator[Server]:
    """A site served by gunicorn with two workers, as in production."""
    with serving(folder, WEB_WORKERS="2", **more) as address:
        port = urlsplit(address).port or 0
        yield Server(port, processes.listener(port))


@contextlib.contextmanager
def started(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Gunicorn just started, not yet answering: its process and port. `arguments` may name another application."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("gunicorn")), "--config", "gunicorn.conf.py", *arguments]
    env = environment(folder, BIND=f"127.0.0.1:{port}", WEB_WORKERS="2")
    with (folder / "gunicorn.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        yield process, port
    finally:
        process.terminate()
        process.wait(15)


@contextlib.contextmanager
def files_alone(folder: Path, path: str) -> Iterator[Server]:
    """The static files of a site on the same gunicorn, without Django (tests/bench/files.py)."""
    with started(folder, "tests.bench.files:application") as (process, port):
        wait_for(f"http://127.0.0.1:{port}{path}", process)
        yield Server(port, process.pid)


def ask(connection: http.client.HTTPConnection, path: str, encoding: str = "") -> Answer:
    """One GET over an open connection, as a program asks (no Accept), in this encoding or plain."""
    connection.request("GET", path, headers={"Accept-Encoding": encoding or "identity"})
    response = connection.getresponse()
    body = response.read()
    line = len(f"HTTP/1.1 {response.status} {response.reason}\r\n\r\n")
    size = line + sum(len(name) + len(value) + 4 for name, value in response.getheaders())
    return Answer(response.status, body, size)


class EachWorker:
    """An open connection to each worker: `with EachWorker(server) as workers: workers[pid]`."""

    def __init__(self, server: Server, path: str = "/healthz") -> None:
        self.server, self.path = server, path
        self.connections: dict[int, http.client.HTTPConnection] = {}

    def __enter__(self) -> dict[int, http.client.HTTPConnection]:
        """Opens connections until every worker has accepted one; those too many are closed at the end."""
        pids, spare = self.server.workers(), []
        for _attempt in range(MOST_TRIES):
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
            ask(connection, self.path)
            pid = processes.holder(self.server.port, connection.sock.getsockname()[1], pids)
            if pid is None or pid in self.connections:
                spare.append(connection)
            else:
                self.connections[pid] = connection
            if len(self.connections) == len(pids):
                break
        for connection in spare:
            connection.close()
        if len(self.connections) < len(pids):
            raise RuntimeError("a worker accepts no connection")
        return self.connections

    def __exit__(self, *_error: object) -> None:
        for connection in self.connections.values():
            connection.close()


def paths_of_site(connection: http.client.HTTPConnection) -> list[str]:
    """Every public address of the sitemap, without scheme and host."""
    found = ask(connection, "/sitemap.xml").body.decode()
    return [urlsplit(address).path for address in re.findall(r"<loc>([^<]+)</loc>", found)]
