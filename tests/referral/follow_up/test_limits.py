"""Guessing codes: what a flood meets, what an answer costs and takes, how several processes count (scenario 51)."""

from __future__ import annotations

import re
import statistics
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from referral.follow_up import codes, limits, looking
from referral.identifiers import new_follow_up_code
from referral.models import FollowUpCode, FollowUpCount
from referral.timers import JOBS, carry_out
from tests.referral.safety import own_site

from .opening import PIN, WRONG_PIN, ask, followed

pytestmark = pytest.mark.django_db


# Scenario 51 ---------------------------------------------------------------------------------------------------------


def test_scenario_51_ten_thousand_random_codes_meet_the_limits_and_open_nothing(reader, monkeypatch):
    """From 1,000 networks. What passes the limits is answered alike, the rest is told to wait. Argon2 has its own tests."""
    monkeypatch.setattr(limits, "MOST", 60)
    monkeypatch.setattr(looking, "check_password", lambda _word, _hashed: False)
    made, seen, waits = followed(), Counter(), set()
    for number in range(10_000):
        try:
            looking.open_code(new_follow_up_code(), PIN, network=f"10.{number % 1000}", form=str(number))
        except looking.NotOpened:
            seen["not opened"] += 1
        except limits.TooMany as many:
            seen["to wait"] += 1
            waits.add(many.wait)
    assert waits <= set(range(1, 601))
    assert seen["to wait"] + seen["not opened"] == 10_000
    assert 60 <= seen["not opened"] <= 60 * 10, "as many a minute as the machine is given"
    assert made.row.failed == 0


def test_scenario_51_a_flood_is_answered_in_one_length_a_status(reader, monkeypatch):
    monkeypatch.setattr(limits, "MOST", 10)
    monkeypatch.setattr(looking, "check_password", lambda _word, _hashed: False)
    seen = Counter()
    for number in range(40):
        answer = ask(reader, new_follow_up_code(), REMOTE_ADDR=f"10.{number}.0.1")
        seen[answer.status_code, len(answer.content)] += 1
        if answer.status_code == 429:
            assert 1 <= int(answer["Retry-After"]) <= 60
    assert {status for status, _length in seen} == {403, 429}
    assert len(seen) == 2


def test_scenario_51_wrong_unknown_and_locked_take_the_same_time(reader):
    """Without the waiting (conftest.py): the work itself is level. Medians of interleaved tries, a generous bound."""
    wrong, locked = followed("wrong"), followed("locked")
    FollowUpCode.objects.filter(pk=locked.row.pk).update(locked_until=timezone.now() + timedelta(hours=1))
    taken: dict[str, list[float]] = {"wrong": [], "unknown": [], "locked": []}
    for number in range(7):
        FollowUpCode.objects.filter(pk=wrong.row.pk).update(failed=0)
        FollowUpCount.objects.all().delete()
        for name, code in (("wrong", wrong.code), ("unknown", new_follow_up_code()), ("locked", locked.code)):
            began = time.perf_counter()
            with pytest.raises(looking.NotOpened):
                looking.open_code(code, WRONG_PIN, network="", form=f"{name} {number}")
            taken[name].append(time.perf_counter() - began)
    medians = [statistics.median(times) for times in taken.values()]
    assert max(medians) < 1.5 * min(medians)


def test_scenario_51_argon2_runs_exactly_once_whatever_is_wrong(reader, monkeypatch):
    made, ran = followed(), []
    monkeypatch.setattr(looking, "check_password", lambda _word, hashed: bool(ran.append(hashed)))
    ask(reader, made.code)
    ask(reader, new_follow_up_code())
    codes.disable_code(made.case, by=made.member)
    ask(reader, made.code)
    assert len(ran) == 3
    kinds = {hashed.rpartition("$")[0].rpartition("$")[0] for hashed in ran}
    assert len(kinds) == 1, "one cost"


def test_an_answer_takes_a_while_at_least(reader, monkeypatch):
    monkeypatch.setattr(looking, "TAKES", 0.5)
    began = time.monotonic()
    ask(reader, new_follow_up_code())
    assert time.monotonic() - began >= 0.5


def test_one_network_is_slowed_down_and_others_are_not(reader, monkeypatch):
    monkeypatch.setattr(limits, "A_NETWORK", 3)
    made = followed()
    for number in range(3):
        assert ask(reader, new_follow_up_code(), REMOTE_ADDR=f"196.200.1.{number}").status_code == 403
    refused = ask(reader, made.code, REMOTE_ADDR="196.200.1.77")
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 600
    assert ask(reader, made.code, REMOTE_ADDR="196.200.2.1").status_code == 200
    FollowUpCount.objects.update(until=timezone.now())
    assert ask(reader, made.code, REMOTE_ADDR="196.200.1.77").status_code == 200


def test_a_flood_from_everywhere_does_not_lock_out_who_was_not_wrong(reader, monkeypatch):
    monkeypatch.setattr(limits, "MANY", 3)
    made = followed()
    for number in range(4):
        ask(reader, new_follow_up_code(), REMOTE_ADDR=f"10.0.{number}.1")
    assert ask(reader, new_follow_up_code(), REMOTE_ADDR="10.0.0.1").status_code == 429
    assert ask(reader, made.code, REMOTE_ADDR="196.200.2.1").status_code == 200


def test_who_is_right_is_never_slowed_down_by_themselves(reader, monkeypatch):
    monkeypatch.setattr(limits, "A_NETWORK", 2)
    monkeypatch.setattr(limits, "MOST", 2)
    made = followed()
    assert {ask(reader, made.code).status_code for _number in range(5)} == {200}


def test_behind_a_proxy_the_last_address_counts_and_none_is_stored(reader, settings, monkeypatch):
    monkeypatch.setattr(limits, "A_NETWORK", 1)
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    tries = [{"x-forwarded-for": f"1.1.{number}.1, 41.140.9.{number}"} for number in range(2)]
    assert [ask(reader, new_follow_up_code(), headers=one).status_code for one in tries] == [403, 429]
    assert "41.140" not in str(list(FollowUpCount.objects.values()))


def test_counts_are_deleted_when_their_time_is_over_though_nobody_tries_again(reader):
    ask(reader, new_follow_up_code(), REMOTE_ADDR="196.200.1.77")
    assert FollowUpCount.objects.count() == 3
    FollowUpCount.objects.update(until=timezone.now())
    assert carry_out(next(job for job in JOBS if "counts of tries" in job.name), timezone.now()).done == 3
    assert not FollowUpCount.objects.exists()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("196.200.1.77", "196.200.1.0/24"),
        ("::ffff:196.200.1.77", "196.200.1.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_the_network_of_an_address(address, network):
    assert limits.group_of(address) == network


def test_argon2_costs_what_strangers_cannot_pay():
    """At least 64 MB a try (trust S20)."""
    cost = re.search(r"m=(\d+)", make_password("x"))
    assert int(cost[1]) >= 64 * 1024


# Several processes ---------------------------------------------------------------------------------------------------

MAKE = """
from tests.referral import making
from tests.referral.follow_up.opening import followed
print(followed("two-desks").code)
"""
TRY = """
from referral.follow_up import looking
print("ready", flush=True)
input()
tried = []
real = looking.check_password
looking.check_password = lambda word, hashed: tried.append(hashed) or real(word, hashed)
from concurrent.futures import ThreadPoolExecutor
def attempt(number):
    try:
        looking.open_code("CODE", "482917", network="", form=f"NAME {number}")
    except looking.NotOpened:
        return 1
with ThreadPoolExecutor(4) as threads:
    print(sum(threads.map(attempt, range(6))), end=" ")
from referral.models import FollowUpCode, Task
from referral.safety.isolation import as_system
with as_system():
    row = FollowUpCode.objects.get(made_by__username__startswith="worker")
    tasks = Task.objects.filter(case=row.case).count()
print(tried.count(row.pin_hash), row.failed, row.locked_until is not None, tasks)
"""


def test_scenario_50_wrong_pins_in_two_processes_at_once_count_like_one_after_the_other(tmp_path):
    """Six tries in four threads each: five meet the PIN, the others the lock; one task."""
    folder = own_site.make(tmp_path / "site")
    code = own_site.run(folder, MAKE)[0].split()[-1]
    tries = [TRY.replace("CODE", code).replace("NAME", name) for name in ("a", "b")]
    both = [own_site.start(folder, one, as_the_site=True) for one in tries]
    for process in both:
        assert process.stdout.readline() == "ready\n"
    for process in both:
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    found = [out.split() for out, _err in said]
    assert [one[0] for one in found] == ["6", "6"]
    assert sum(int(one[1]) for one in found) == 5
    last = max(found, key=lambda one: (one[3], int(one[2]), int(one[4])))
    assert last[2:] == ["5", "True", "1"]
