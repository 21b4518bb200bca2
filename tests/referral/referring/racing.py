"""A process with its own connection: reads a command a line, waits for its moment, acts, tells what came of it."""

from __future__ import annotations

import itertools
import json
import os
import sys
import time
import traceback
import uuid
from typing import Any

from tests import site_role


def main() -> None:
    import django

    django.setup()
    from tests.referral import making

    making.NUMBERS = itertools.count(100 * os.getpid())  # names of this process alone
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = DOES[command.pop("do")](**command)
        except Exception:  # the test tells what went wrong
            answer = {"failed": traceback.format_exc()}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def make(status: str, drafts: int = 1) -> dict[str, Any]:
    """A scene with a referral in this state, and further drafts to the same service; two focal points."""
    from referral.states.workflow import Status
    from referral.words.choices import CaseRole
    from tests.referral.referring.referring import member, scene

    found = scene()
    second = member(found.focal.partner, CaseRole.FOCAL_POINT)
    referrals = [found.draft() for _number in range(drafts - 1)] + [found.at(Status(status))]
    return {
        "referrals": [str(one.pk) for one in referrals],
        "version": referrals[-1].version,
        "case": found.case.code,
        "service": found.service.key,
        "consent": str(found.grant.consent_id),
        **{name: [one.user_id, str(one.partner.pk)] for name, one in
           (("worker", found.worker), ("focal", found.focal), ("second", second))},
    }  # fmt: skip


def rivals() -> dict[str, Any]:
    """Two cases sent to one service that has one place."""
    from referral.referring.referrals import create
    from referral.states.workflow import Event, Status
    from tests.referral import making
    from tests.referral.referring.referring import DRAFT, SHARED, scene

    found = scene(places=1)
    first = found.at(Status.SENT)
    case = making.case(found.worker)
    making.consent(case, found.service, SHARED)
    second = found.do(create(case, by=found.worker, service=found.service, given=DRAFT), Event.SEND)
    assert found.focal is not None
    return {
        "referrals": [str(first.pk), str(second.pk)],
        "focal": [found.focal.user_id, str(found.focal.partner.pk)],
    }


def do(referral: str, event: str, who: list[Any], at: float, version: int | None = None) -> dict[str, Any]:
    """Do this at that moment."""
    from referral.referring.referrals import act
    from referral.states.machine import Refused
    from referral.states.workflow import Event
    from tests.referral.referring.referring import form

    by = _member(who)
    _wait(at)
    try:
        with site_role.acting():
            done = act(uuid.UUID(referral), Event(event), by=by, given=form(Event(event)), version=version)
    except Refused as refused:
        return {"refused": type(refused).__name__, "state": str(getattr(refused, "status", ""))}
    return {"done": done.status}


def prepare(case: str, service: str, who: list[Any], at: float, key: str) -> dict[str, Any]:
    """Prepare a draft at that moment, with this key."""
    from referral.models import Case
    from referral.referring.referrals import create
    from referral.states.machine import Refused
    from services.models import Service
    from tests.referral.referring.referring import DRAFT

    by, found = _member(who), Case.objects.get(code=case)
    given = Service.objects.get(key=service)
    _wait(at)
    try:
        with site_role.acting():
            return {"done": str(create(found, by=by, service=given, given=DRAFT, key=key).pk)}
    except Refused as refused:
        return {"refused": type(refused).__name__}


def withdraw(consent: str, who: list[Any], at: float) -> dict[str, Any]:
    """Withdraw this consent at that moment."""
    from referral.actions.consents import withdraw_consent
    from referral.models import Consent

    by, said = _member(who), Consent.objects.get(pk=consent)
    _wait(at)
    with site_role.acting():
        withdraw_consent(said, by=by)
    return {"done": "withdrawn"}


def look(referrals: list[str]) -> dict[str, Any]:
    """What the database holds afterwards."""
    from referral.models import Packet, Referral

    rows = [Referral.objects.get(pk=one) for one in referrals]
    return {
        "states": [row.status for row in rows],
        "events": [list(row.events.order_by("number").values_list("event", flat=True)) for row in rows],
        "open_packets": Packet.objects.filter(referral__in=rows, revoked_at=None).count(),
    }


def _member(who: list[Any]) -> Any:
    from django.contrib.auth import get_user_model

    from referral.access import member_of

    found = member_of(get_user_model().objects.get(pk=who[0]), uuid.UUID(who[1]))
    assert found is not None
    return found


def _wait(at: float) -> None:
    while (left := at - time.time()) > 0:
        time.sleep(min(left, 0.002))


DOES = {"make": make, "rivals": rivals, "do": do, "prepare": prepare, "withdraw": withdraw, "look": look}

if __name__ == "__main__":
    main()
