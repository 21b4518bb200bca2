"""Two processes, two connections, one moment: one wins, the other is told, and the rows tell one story."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests import prepared
from tests.referral.safety import own_site

ROUNDS = 3


class Racer:
    """A process of `racing`."""

    def __init__(self, env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.referral.referring.racing"], cwd=prepared.ROOT, env=env,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def say(self, do: str, **command: Any) -> None:
        self.process.stdin.write(json.dumps({"do": do, **command}) + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        answer = json.loads(self.process.stdout.readline())
        assert "failed" not in answer, answer["failed"]
        return answer

    def ask(self, do: str, **command: Any) -> dict[str, Any]:
        self.say(do, **command)
        return self.hear()

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def racers(worker_id) -> Iterator[tuple[Racer, Racer]]:
    folder = own_site.make(prepared.BUILD / f"races-{worker_id}")
    env = own_site.environment(folder)
    both = Racer(env), Racer(env)
    yield both
    for racer in both:
        racer.end()
    shutil.rmtree(folder, ignore_errors=True)


def race(racers: tuple[Racer, Racer], *commands: dict[str, Any]) -> list[dict[str, Any]]:
    """Both at the same moment; their answers."""
    at = time.time() + 0.15
    for racer, command in zip(racers, commands, strict=True):
        racer.say(at=at, **command)
    return [racer.hear() for racer in racers]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_scenario_19_of_two_accepts_at_once_one_succeeds_and_one_is_told_the_state(racers, number):
    made = racers[0].ask("make", status="sent")
    referral = made["referrals"][-1]
    answers = race(
        racers,
        *({"do": "do", "referral": referral, "event": "accept", "who": made[who], "version": made["version"]}
          for who in ("focal", "second")),
    )  # fmt: skip
    assert sorted(answers, key=str) == [{"done": "accepted"}, {"refused": "IllegalEvent", "state": "accepted"}]
    assert racers[0].ask("look", referrals=[referral])["events"] == [["create", "send", "accept"]]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_accept_and_withdraw_at_once_the_story_is_one_of_two(racers, number):
    made = racers[0].ask("make", status="sent")
    referral = made["referrals"][-1]
    race(
        racers,
        {"do": "do", "referral": referral, "event": "accept", "who": made["focal"], "version": made["version"]},
        {"do": "do", "referral": referral, "event": "withdraw", "who": made["worker"]},
    )
    seen = racers[0].ask("look", referrals=[referral])
    assert seen["states"] == ["withdrawn"]
    assert seen["events"][0][2:] in (["withdraw"], ["accept", "withdraw"])
    assert seen["open_packets"] == 0


@pytest.mark.parametrize("number", range(ROUNDS))
def test_scenario_24_of_two_drafts_sent_at_once_one_leaves(racers, number):
    made = racers[0].ask("make", status="draft", drafts=2)
    answers = race(
        racers,
        *({"do": "do", "referral": one, "event": "send", "who": made["worker"]} for one in made["referrals"]),
    )
    assert sorted(answers, key=str) == [{"done": "sent"}, {"refused": "GuardRefused", "state": ""}]
    seen = racers[0].ask("look", referrals=made["referrals"])
    assert sorted(seen["states"]) == ["draft", "sent"]
    assert seen["open_packets"] == 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_two_people_accepted_at_once_one_gets_the_last_place(racers, number):
    made = racers[0].ask("rivals")
    answers = race(
        racers,
        *({"do": "do", "referral": one, "event": "accept", "who": made["focal"]} for one in made["referrals"]),
    )
    assert sorted(answers, key=str) == [{"done": "accepted"}, {"refused": "GuardRefused", "state": ""}]
    assert sorted(racers[1].ask("look", referrals=made["referrals"])["states"]) == ["accepted", "sent"]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_scenario_34_a_send_and_a_withdrawal_of_consent_at_once_leave_nothing_shared(racers, number):
    made = racers[0].ask("make", status="draft")
    race(
        racers,
        {"do": "do", "referral": made["referrals"][0], "event": "send", "who": made["worker"]},
        {"do": "withdraw", "consent": made["consent"], "who": made["worker"]},
    )
    seen = racers[0].ask("look", referrals=made["referrals"])
    assert seen["states"][0] in ("draft", "withdrawn")
    assert seen["open_packets"] == 0


@pytest.mark.parametrize("number", range(ROUNDS))
def test_scenario_21_the_same_form_from_two_windows_at_once_makes_one_draft(racers, number):
    made = racers[0].ask("make", status="declined")
    command = {"do": "prepare", "case": made["case"], "service": made["service"], "who": made["worker"], "key": "form"}
    answers = race(racers, command, command)
    assert answers[0] == answers[1]
