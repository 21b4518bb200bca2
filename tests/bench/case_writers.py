"""Writers, threads of one process, that write as fast as they can: `python -m tests.bench.case_writers SECONDS NUMBER …` prints JSON.

Each referral is three acknowledged transactions, each with the key that a form brings: prepared, sent, accepted.
"""

from __future__ import annotations

import gc
import json
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from secrets import token_hex
from typing import Any

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from django.contrib.auth import get_user_model
from django.utils import timezone

from referral.access import Member, member_of
from referral.models import Case, Consent, Grant, Partner, Referral
from referral.referring.referrals import act, create
from referral.safety.isolation import as_system
from referral.states.events import Event
from services.models import Service

SHARED = ["need", "reason", "language", "age_band"]
PREPARED = 300  # consents, before the clock runs
FIRST = 10  # writers use partners of their own, from this one on


def write_all(seconds: float, numbers: list[int]) -> dict[str, Any]:
    """What all writers of this process achieve together, from the moment that a line is read."""
    ready = threading.Barrier(len(numbers) + 1)
    with ThreadPoolExecutor(len(numbers)) as pool:
        asked = [pool.submit(write, number, seconds, ready) for number in numbers]
        ready.wait()
        gc.collect()
        gc.freeze()
        print("ready", flush=True)
        sys.stdin.readline()
        ready.wait()
        found = [one.result() for one in asked]
    total = {name: sum(one[name] for one in found) for name in ("referrals", "writes", "errors")}
    faults = sorted({fault for one in found for fault in one["faults"]})
    ran_dry = any(one["ran_dry"] for one in found)
    return {**total, "faults": faults, "ran_dry": ran_dry, "took": max(one["took"] for one in found)}


def write(number: int, seconds: float, ready: threading.Barrier) -> dict[str, Any]:
    """How many referrals and transactions were acknowledged, and what went wrong. A first one is not counted."""
    house = FIRST + number
    partner = Partner.objects.get(key=f"bench-{house}")
    focal_partner = Partner.objects.get(key=f"bench-{house + 20}")
    focal = member_of(get_user_model().objects.get(username=f"bench-{house + 20}-21"), focal_partner.pk)
    service = Service.objects.get(key=f"bench-{house + 20}")
    prepared = list(_prepared(partner, service))
    done = {"referrals": 0, "writes": 0, "errors": 0, "faults": []}
    _one(*prepared.pop(), focal, service, dict.fromkeys(("referrals", "writes"), 0))  # a worker that has been serving
    ready.wait()
    ready.wait()  # (meanwhile the process has done as gunicorn.conf.py does, and the line was read)
    began = time.monotonic()
    end = began + seconds
    for case, by in prepared:
        if time.monotonic() > end:
            break
        try:
            _one(case, by, focal, service, done)
        except Exception as error:
            done["errors"] += 1
            done["faults"] = sorted({*done["faults"], type(error).__name__})
    return done | {"ran_dry": time.monotonic() < end, "took": time.monotonic() - began}


def _one(case: Case, by: Member, focal: Any, service: Service, done: dict[str, Any]) -> None:
    given = {"urgency": "normal", "handover": "facilitated", "reason": "Une consultation", "categories": SHARED}
    today = timezone.localdate().isoformat()
    key = token_hex(16)
    referral = create(case, by=by, service=service, given=given, key=f"{key}-1")
    done["writes"] += 1
    act(referral.pk, Event.SEND, by=by, version=0, key=f"{key}-2")
    done["writes"] += 1
    act(referral.pk, Event.ACCEPT, by=focal, given={"first_contact_on": today}, version=1, key=f"{key}-3")
    done["writes"] += 1
    done["referrals"] += 1


def _prepared(partner: Partner, service: Service) -> Iterator[tuple[Case, Member]]:
    """Open cases without a referral to this service, each with the consent to it, and who is in charge."""
    with as_system():
        taken = Referral.objects.filter(service=service).values("case")
        cases = (
            Case.objects.filter(partner=partner, status="open").exclude(pk__in=taken).select_related("partner", "owner")
        )
        for case in cases[:PREPARED]:
            consent = Consent.objects.create(
                case=case, language="fr", interpreter="not_needed", method="verbal_witnessed", script_version="2026.1",
                read_back=True, asked_by_id=case.owner_id,
            )  # fmt: skip
            Grant.objects.create(consent=consent, purpose="referral", service=service, categories=SHARED, given=True)
            by = member_of(case.owner, partner.pk)
            if by is not None:
                yield case, by


if __name__ == "__main__":
    print(json.dumps(write_all(float(sys.argv[1]), [int(number) for number in sys.argv[2:]])))
