"""One site full of cases, measured from inside its process: `python -m tests.bench.case_desk ROUNDS` prints JSON.

Screens are asked for as a browser asks; sending and accepting go through the machine. Queries are counted without BEGIN, COMMIT
and savepoints.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext, setup_test_environment
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation

from referral.access import Member, member_of
from referral.models import Partner, Referral
from referral.permissions import cases_for
from referral.reading.casebook import read_case
from referral.referring.referrals import act
from referral.states.events import Event
from tests.people import at_desk

HOUSES = 5  # partners that are asked in turn
NO_ROUND_TRIP = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def measure(rounds: int) -> dict[str, Any]:
    """Milliseconds (p50, p95) and queries of each thing that is done at the desk."""
    with translation.override("fr"):
        return {
            "referrals": Referral.objects.count(),
            "inbox of a caseworker": _timed(_inbox("0"), rounds),
            "inbox of a supervisor": _timed(_inbox("20"), rounds),
            "inbox of a focal point": _timed(_inbox("21"), rounds),
            "list of all cases": _timed(_page("cases", "20", "?whose=all&status="), rounds),
            "board": _timed(_page("board", "20"), rounds),
            "case page": _timed(_case_page(), rounds),
            "send": _timed(_send(), rounds),
            "accept": _timed(_accept(), rounds),
        }


def _timed(steps: Iterator[Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Every browser's first page apart, then some counted, then as many timed as there are; LookupError if too few."""
    for _number, step in zip(range(HOUSES), steps, strict=False):
        step()
    gc.collect()
    gc.freeze()  # as gunicorn.conf.py does: what is loaded is not walked through again and again
    queries = []
    for _number, step in zip(range(HOUSES), steps, strict=False):
        with CaptureQueriesContext(connection) as seen:
            step()
        queries.append(sum(not one["sql"].startswith(NO_ROUND_TRIP) for one in seen.captured_queries))
    times = []
    for _number, step in zip(range(rounds), steps, strict=False):
        began = time.perf_counter()
        step()
        times.append((time.perf_counter() - began) * 1000)
    if len(times) < 2:
        raise LookupError("too few to measure")
    return {
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
        "queries": max(queries),
    }


def _member(house: int, place: str) -> Member:
    partner = Partner.objects.get(key=f"bench-{house}")
    found = member_of(get_user_model().objects.get(username=f"bench-{house}-{place}"), partner.pk)
    if found is None:
        raise LookupError(place)
    return found


def _inbox(place: str) -> Iterator[Callable[[], Any]]:
    return _page("casework", place)


def _page(name: str, place: str, asked: str = "") -> Iterator[Callable[[], Any]]:
    clients = [at_desk(_member(house, place)) for house in range(HOUSES)]
    address = reverse(name) + asked
    while True:
        for client in clients:
            yield lambda client=client: _get(client, address)


def _get(client: Any, address: str) -> None:
    if (answer := client.get(address)).status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")


def _case_page() -> Iterator[Callable[[], Any]]:
    member = _member(0, "20")
    client = at_desk(member)
    codes = list(cases_for(member).filter(status="open").values_list("code", flat=True)[:200])
    if not codes:
        raise LookupError("no open case")
    while True:
        for code in codes:
            try:
                address = reverse("case", kwargs={"code": code})
            except NoReverseMatch:
                yield lambda code=code: read_case(member, code)
            else:
                yield lambda address=address: _get(client, address)


def _send() -> Iterator[Callable[[], Any]]:
    """Drafts of the bulk maker: their consent is there."""
    rows = Referral.objects.filter(status="draft", sender__key__startswith="bench-").select_related(
        "sender", "created_by"
    )
    for row in rows[:2000]:
        if (by := member_of(row.created_by, row.sender_id)) is not None:
            yield lambda row=row, by=by: act(row.pk, Event.SEND, by=by)


def _accept() -> Iterator[Callable[[], Any]]:
    today = timezone.localdate().isoformat()
    rows = Referral.objects.filter(status="acknowledged", receiver__key__startswith="bench-").select_related("receiver")
    for row in rows[:2000]:
        by = _member(int(row.receiver.key.removeprefix("bench-")), "21")
        yield lambda row=row, by=by: act(row.pk, Event.ACCEPT, by=by, given={"first_contact_on": today})


if __name__ == "__main__":
    setup_test_environment()
    print(json.dumps(measure(int(sys.argv[1]))))
