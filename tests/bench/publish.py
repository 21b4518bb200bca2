"""From an editor's publish to readers: how long until each worker answers with the new text, and whether one ever errs.

Run as a file of its own it is the editor: for each line it reads it makes that the title of a guide and publishes.
Both processes read the same monotonic clock of Linux, in nanoseconds.
"""

from __future__ import annotations

import http.client
import json
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.prepared import ROOT, copy_of_site, environment

from .server import EachWorker, ask, running

TOPIC, KEY, LANGUAGE = "residence", "renew-residence-permit", "fr"
PATH = f"/{LANGUAGE}/guides/{TOPIC}/{KEY}/"
REQUESTS_AFTER = 100  # to each worker, once publish() has returned
PAUSE = 0.002  # seconds between requests while we wait for the publication


@dataclass
class Watch:
    """Asks one worker for the guide until it has asked often enough after the publication."""

    connection: http.client.HTTPConnection
    wanted: bytes
    seen: list[tuple[int, int, bool]] = field(default_factory=list)  # sent, received (ns), with the new text

    def run(self, published: threading.Event) -> None:
        after = 0
        while after < REQUESTS_AFTER:
            over = published.is_set()
            sent = time.monotonic_ns()
            answer = ask(self.connection, PATH)
            self.seen.append((sent, time.monotonic_ns(), answer.status == 200 and self.wanted in answer.body))
            after += over
            if not over:
                time.sleep(PAUSE)


def measure(folder: Path, rounds: int) -> dict[str, Any]:
    """Publishes a changed guide `rounds` times while both workers are asked without pause."""
    site = copy_of_site(folder / "publish")
    with running(site) as server:
        editor = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.publish"], cwd=ROOT, env=environment(site), text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        try:
            found = []
            for number in range(rounds + 1):
                with EachWorker(server) as workers:
                    found.append(_round(editor, list(workers.values()), f"Titre mesuré numéro {number:04}"))
        finally:
            editor.stdin.close()
            editor.wait(30)
    return _summary(found[1:])  # the first warms the editor's process


def _round(editor: subprocess.Popen[str], connections: list[http.client.HTTPConnection], title: str) -> dict[str, Any]:
    """Milliseconds, a worker, from the call and the return of publish() to the first answer with the new text."""
    watches = [Watch(connection, title.encode()) for connection in connections]
    published = threading.Event()
    threads = [threading.Thread(target=watch.run, args=(published,), daemon=True) for watch in watches]
    for watch in watches:
        ask(watch.connection, PATH)
    for thread in threads:
        thread.start()
    editor.stdin.write(f"{title}\n")
    times = json.loads(editor.stdout.readline())
    published.set()
    for thread in threads:
        thread.join(60)
    called, returned = times["called"], times["returned"]
    first_new = [next(received for _sent, received, new in watch.seen if new) for watch in watches]
    later = [new for watch in watches for sent, _received, new in watch.seen if sent > returned]
    return {
        "publish_ms": (returned - called) / 1e6,
        "visible_after_call_ms": [(moment - called) / 1e6 for moment in first_new],
        "visible_after_return_ms": [(moment - returned) / 1e6 for moment in first_new],
        "asked_after": len(later),
        "old_after": later.count(False),
        "back_to_old": sum(_went_back(watch) for watch in watches),
    }


def _went_back(watch: Watch) -> int:
    """Answers with the old text after one with the new."""
    news = [new for _sent, _received, new in watch.seen]
    return news[news.index(True) :].count(False)


def _summary(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    def spread(name: str) -> dict[str, float]:
        values = [value for one in rounds for value in (one[name] if isinstance(one[name], list) else [one[name]])]
        return {"median": statistics.median(values), "least": min(values), "most": max(values)}

    names = ("publish_ms", "visible_after_call_ms", "visible_after_return_ms")
    counts = {name: sum(one[name] for one in rounds) for name in ("asked_after", "old_after", "back_to_old")}
    return {"path": PATH, "rounds": rounds, **{name: spread(name) for name in names}, **counts}


def _edit() -> None:
    """In the editor's process: a line in, a publication, a line out with the moments of its call and return."""
    from portal.models import GuidePage

    for line in sys.stdin:
        page = GuidePage.objects.get(slug=KEY, locale__language_code=LANGUAGE)
        page.title = line.strip()
        revision = page.save_revision()
        called = time.monotonic_ns()
        revision.publish()
        print(json.dumps({"called": called, "returned": time.monotonic_ns()}), flush=True)


if __name__ == "__main__":
    import django

    django.setup()
    _edit()
