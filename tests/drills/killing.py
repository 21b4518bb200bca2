"""Inside one site: forks writers that post referrals, kills them with SIGKILL at random moments, then counts what the rows say."""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
import traceback
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

WAIT = 60  # seconds for a sign of life from a writer
ITEMS = 12  # cases in the hands of a writer: more than it can finish before it is killed
LONGEST_LIFE = 0.5  # seconds after its first word


@dataclass
class Writer:
    """A forked process that works through its cases, step by step, and says before and after each step what it does."""

    pid: int
    out: int
    cases: list[str]
    ends_at: float = 0.0


@dataclass
class Told:
    """What writers have said: which steps they were told are done, and the last one of each life."""

    done: set[tuple[str, str]] = field(default_factory=set)
    again: int = 0  # steps that were acknowledged before, and once more to a repeat
    inside: int = 0  # lives that ended between “try” and “done”
    kills: int = 0


def main() -> None:
    import django

    django.setup()
    from django.conf import settings

    # No thread of ours may hold a connection while we fork: SQLite forbids it, and the writers would share no locks.
    settings.SEARCH_IN_BACKGROUND = False
    kills, writers, seed = map(int, sys.argv[1:4])
    drill = Drill(writers, random.Random(seed))  # noqa: S311  (moments, not secrets)
    began = time.monotonic()
    while drill.told.kills < kills:
        drill.round()
    after_the_last_kill = drill.look()
    drill.finish()
    found = drill.look()
    wrong = {name: found[name] + after_the_last_kill[name] for name in ("lost", "doubled", "half-written")}
    print(json.dumps({
        "kills": drill.told.kills,
        "in the middle of a request": drill.told.inside,
        "acknowledged": len(drill.told.done),
        "repeated with the same key": drill.told.again,
        **found, **wrong, "seconds": round(time.monotonic() - began, 1),
    }))  # fmt: skip


class Drill:
    """A scene, its cases, and the writers on them."""

    def __init__(self, writers: int, chance: random.Random) -> None:
        from django.utils import timezone

        from tests.referral.referring.referring import scene

        self.writers, self.chance, self.told = writers, chance, Told()
        self.scene = scene()
        self.moment = timezone.now()  # the same in every repeat of a form
        self.todo: deque[str] = deque()

    def round(self) -> None:
        """Every writer lives once."""
        self._provide(self.writers * ITEMS)
        alive = [self._fork([self.todo.popleft() for _number in range(ITEMS)]) for _writer in range(self.writers)]
        for writer in alive:
            if not select.select([writer.out], [], [], WAIT)[0]:
                raise RuntimeError("a writer says nothing")
            writer.ends_at = time.monotonic() + self.chance.uniform(0, LONGEST_LIFE)
        for writer in sorted(alive, key=lambda one: one.ends_at):
            time.sleep(max(0.0, writer.ends_at - time.monotonic()))
            os.kill(writer.pid, signal.SIGKILL)
            self.told.kills += self._hear(writer)

    def finish(self) -> None:
        """Somebody sends again what was not acknowledged, with the same keys, and is not killed."""
        writer = self._fork(list(self.todo))
        self.todo.clear()
        if self._hear(writer):
            raise RuntimeError("the last writer was killed")

    def _provide(self, count: int) -> None:
        """Cases with a consent, ready to be referred."""
        from django.db import transaction

        from tests.referral import making
        from tests.referral.referring.referring import SHARED

        while len(self.todo) < count:
            with transaction.atomic():
                case = making.case(self.scene.worker)
                making.consent(case, self.scene.service, SHARED)
            self.todo.append(str(case.pk))

    def _fork(self, cases: list[str]) -> Writer:
        from django.db import connections

        connections.close_all()
        inside, outside = os.pipe()
        pid = os.fork()
        if pid:
            os.close(outside)
            return Writer(pid, inside, cases)
        code = 1
        try:
            os.close(inside)
            for case in cases:
                self._refer(case, outside)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)

    def _refer(self, case_id: str, out: int) -> None:
        """One referral from draft to confirmed help: each step a request with a key of its own."""
        from django.utils import timezone

        from referral.models import Case, Referral
        from referral.referring.referrals import act, create
        from tests.referral.referring.referring import DRAFT, form

        today = timezone.localdate(self.moment)
        for step in STEPS:
            _say(out, "try", case_id, step)
            key = f"{case_id}:{step}"
            if step == "create":
                case = Case.objects.get(pk=case_id)
                create(case, by=self.scene.worker, service=self.scene.service, given=DRAFT, key=key)
            else:
                given = form(step) | {"start": {"contacted_at": self.moment}, "deliver": {"service_date": today}}.get(
                    step, {}
                )
                referral = Referral.objects.get(case=case_id)
                act(referral.pk, step, by=self.scene.who(step), given=given, key=key)
            _say(out, "done", case_id, step)

    def _hear(self, writer: Writer) -> bool:
        """Read all it said until it ended; whether it was killed. What it has not finished is to be done again."""
        said = b""
        while part := os.read(writer.out, 65536):
            said += part
        os.close(writer.out)
        status = os.waitpid(writer.pid, 0)[1]
        killed = os.WIFSIGNALED(status)
        if not killed and os.WEXITSTATUS(status):
            raise RuntimeError("a writer failed by itself; see above")
        last = ""
        for line in said.decode().splitlines():
            last, case, step = line.split()
            if last == "done":
                self.told.again += (case, step) in self.told.done
                self.told.done.add((case, step))
        self.told.inside += killed and last == "try"
        left = [case for case in writer.cases if (case, STEPS[-1]) not in self.told.done]
        self.todo.extendleft(reversed(left))
        return killed

    def look(self) -> dict[str, Any]:
        """What the rows say."""
        from referral.models import Referral
        from referral.safety import audit

        rows = list(Referral.objects.filter(case__owner=self.scene.worker.user_id))
        by_case = Counter(str(row.case_id) for row in rows)
        events = Counter(
            (str(row.case_id), event) for row in rows for event in row.events.values_list("event", flat=True)
        )
        number, fault = audit.verify()
        return {
            "referrals": len(rows),
            "events": events.total(),
            "lost": sum(events[one] == 0 for one in self.told.done),
            "doubled": sum(count > 1 for count in (*by_case.values(), *events.values())),
            "half-written": sum(bool(_halves(row)) for row in rows) + _strays(rows),
            "rows of the trail": number,
            "the trail is whole": fault is None and _is_sound(),
        }  # fmt: skip


def _halves(row: Any) -> list[str]:
    """What is missing beside this referral: its state, events, trail, answers, packet and notices tell one story."""
    from referral.models import Answered, AuditEntry, AuditKind, Effect, Packet

    events = list(row.events.order_by("number"))
    names = [one.event for one in events]
    trail = AuditEntry.objects.filter(referral_id=row.pk, kind=AuditKind.CHANGE).order_by("pk")
    keys = Answered.objects.filter(referral=row).order_by("pk").values_list("event", flat=True)
    packets = Packet.objects.filter(referral=row)
    sent = "send" in names
    holds = {
        "state": bool(events) and row.status == events[-1].after,
        "version": row.version + 1 == len(events) and [one.number for one in events] == list(range(1, len(events) + 1)),
        "chain": [one.before for one in events] == ["", *(one.after for one in events[:-1])],
        "trail": list(trail.values_list("what", flat=True)) == names,
        "keys": list(keys) == names,
        "packet": packets.count() == sent and all(one.keys.count() == 2 for one in packets),
        "notice": not sent
        or Effect.objects.filter(mark__startswith=f"referral:{events[names.index('send')].pk}").exists(),
    }
    return [name for name, held in holds.items() if not held]


def _strays(rows: list[Any]) -> int:
    """Rows of the trail and keys that speak of no referral that is there."""
    from referral.models import Answered, AuditEntry

    known = {row.pk for row in rows}
    named = set(AuditEntry.objects.exclude(referral_id=None).values_list("referral_id", flat=True))
    return len(named - known) + Answered.objects.filter(referral=None).count()


def _is_sound() -> bool:
    """Whether the file of SQLite is whole, by its own check."""
    from django.db import connection

    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        return bool(cursor.fetchone()[0] == "ok")


def _say(out: int, *words: str) -> None:
    os.write(out, (" ".join(map(str, words)) + "\n").encode())  # shorter than PIPE_BUF: whole, or not at all


STEPS = ("create", "send", "acknowledge", "accept", "start", "deliver", "confirm")

if __name__ == "__main__":
    main()
