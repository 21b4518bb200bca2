"""One of several processes that write as fast as they can: `python -m tests.bench.case_writers NUMBER SECONDS` prints JSON.

Each referral is three acknowledged transactions, each with the key that a form brings: prepared, sent, accepted.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
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


def write(number: int, seconds: float) -> dict[str, Any]:
    """How many referrals and transactions were acknowledged, and what went wrong."""
    house = FIRST + number
    partner = Partner.objects.get(key=f"bench-{house}")
    focal_partner = Partner.objects.get(key=f"bench-{house + 20}")
    focal = member_of(get_user_model().objects.get(username=f"bench-{house + 20}-21"), focal_partner.pk)
    service = Service.objects.get(key=f"bench-{house + 20}")
    prepared = list(_prepared(partner, service))
    done = {"referrals": 0, "writes": 0, "errors": 0, "faults": []}
    print("ready", flush=True)
    sys.stdin.readline()
    end = time.monotonic() + seconds
    for case, by in prepared:
        if time.monotonic() > end:
            break
        try:
            _one(case, by, focal, service, done)
        except Exception as error:
            done["errors"] += 1
            done["faults"] = sorted({*done["faults"], type(error).__name__})
    return done | {"ran_dry": time.monotonic() < end}


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
    print(json.dumps(write(int(sys.argv[1]), float(sys.argv[2]))))
