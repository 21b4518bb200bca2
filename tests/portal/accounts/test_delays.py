"""Wrong tries: an attacker waits, a colleague does not (trust S3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from portal.accounts import delays, devices, open_sessions
from portal.models import Delay
from referral import outbox
from tests.people import app_of, code_now
from tests.portal.accounts.doors import DOOR, browser, is_in, type_code, type_password, walk_in
from tests.referral import making

pytestmark = pytest.mark.django_db


def attack(login: str, times: int, address: str = "198.51.100.66") -> list[int]:
    """Wrong passwords, one after the other; how each was answered."""
    return [type_password(browser(address), login, f"guess {number}").status_code for number in range(times)]


def hour_of_guesses(login: str, address: str, monkeypatch) -> int:
    """How many guesses are looked at when somebody tries every 20 seconds of an hour."""
    looked_at, start = 0, timezone.now()
    for tick in range(180):
        monkeypatch.setattr(delays.timezone, "now", lambda at=start + timedelta(seconds=20 * tick): at)
        looked_at += type_password(browser(address), login, "a guess").status_code == 400
    monkeypatch.undo()
    return looked_at


def test_500_wrong_passwords_elsewhere_keep_nobody_out_who_was_here_before(worker):
    own = browser("203.0.113.7")
    walk_in(own, worker)
    own.post(f"{DOOR}sign-out/")
    answers = attack(worker.username, 500)
    assert answers.count(400) < 10
    assert set(answers[10:]) == {429}
    assert type_password(own, worker.username)["Location"] == f"{DOOR}second-factor/"
    assert type_code(own, code_now(1)).status_code == 302
    assert is_in(own)


def test_a_browser_that_was_never_here_is_kept_out_by_one_attacker_neither_nor_is_a_neighbour(worker):
    app_of(worker)
    attack(worker.username, 40)
    assert type_password(browser("203.0.113.7"), worker.username).status_code == 302, "another network"
    assert type_password(browser("198.51.100.66"), making.user().username).status_code == 302, (
        "another account, same network"
    )
    assert type_password(browser("198.51.100.99"), worker.username).status_code == 429, (
        "the same network, another machine"
    )


def test_many_attackers_together_get_few_guesses_and_the_mailbox_is_the_way_round_them(worker):
    app_of(worker)
    looked_at = sum(attack(worker.username, 6, f"198.51.{net}.1").count(400) for net in range(60))
    assert looked_at <= 10
    new = browser("203.0.113.7")
    assert type_password(new, worker.username).status_code == 429
    new.post(f"{DOOR}forgotten/", {"email": worker.email})
    link = next(word for word in mail.outbox[0].body.split() if "new-password" in word)
    path = link.partition("8000")[2] or link
    new.post(path, {"password": "three green bicycles", "again": "three green bicycles"})
    assert type_password(new, worker.username, "three green bicycles").status_code == 302


def test_one_network_gets_at_most_ten_guesses_an_hour(worker, monkeypatch):
    assert hour_of_guesses(worker.username, "198.51.100.66", monkeypatch) <= 10


def test_while_one_waits_even_the_right_password_is_not_looked_at_and_unknown_names_wait_as_long(worker):
    known, unknown = attack(worker.username, 8), attack("nobody@example.org", 8)
    assert known == unknown
    answer = type_password(browser("198.51.100.66"), worker.username)
    assert answer.status_code == 429
    assert "Wait 1 minute " in answer.content.decode()


def test_wrong_codes_make_one_wait_too_and_known_browsers_count_for_themselves(worker):
    own = browser("203.0.113.7")
    walk_in(own, worker)
    own.post(f"{DOOR}sign-out/")
    thief = browser("198.51.100.66")
    type_password(thief, worker.username)
    answers = [type_code(thief, "123456").status_code for _try in range(12)]
    assert answers[-1] == 429
    assert answers.count(400) < 5
    type_password(own, worker.username)
    assert type_code(own, code_now(1)).status_code == 302


def test_the_owner_hears_of_many_wrong_tries_once(worker):
    for net in range(30):
        Delay.objects.update(until=None)  # as if hours had passed between
        attack(worker.username, 2, f"198.51.{net}.1")
    assert outbox.waiting().filter(user=worker).count() == 1
    outbox.send()
    assert "sign-in" in mail.outbox[0].body
    assert worker.username not in mail.outbox[0].body


def test_a_forged_device_cookie_counts_for_nothing(worker):
    attack(worker.username, 8)
    client = browser("198.51.100.66")
    for code in ("ar", "fr", "en"):
        client.cookies[f"{devices.COOKIE}_{code}"] = "eyJpZCI6IngifQ:1:forged"
    assert type_password(client, worker.username).status_code == 429


def test_the_device_cookie_goes_to_the_account_pages_alone(worker):
    answer = walk_in(browser(), worker)
    cookies = [cookie for name, cookie in answer.cookies.items() if name.startswith(devices.COOKIE)]
    assert len(cookies) == 3
    assert all(cookie["path"].endswith("/casework/account/") and cookie["httponly"] for cookie in cookies)


def test_counters_name_nobody_and_are_cleared(worker):
    attack(worker.username, 5)
    assert worker.username not in str(list(Delay.objects.values_list("bucket", flat=True)))
    assert delays.clear() == 0
    assert delays.clear(timezone.now() + timedelta(hours=25)) > 0
    assert not Delay.objects.exists()
    assert open_sessions.clear() == 0
