"""A case that is followed for years: its page shows the newest, and every row can be reached, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from referral.actions import people, transfers
from referral.models import AuditEntry, AuditKind, Case
from referral.safety import audit
from referral.words.choices import CaseRole
from referral.words.consent_choices import Purpose
from tests.people import at_desk
from tests.referral import making

pytestmark = pytest.mark.django_db
MANY, FEW, SIZE = 120, 55, 50


@pytest.fixture
def worker() -> Any:
    return making.member(making.partner())


@pytest.fixture
def case(worker) -> Case:
    return making.case(worker)


def add_notes(case: Case, worker: Any, numbers: range) -> None:
    for number in numbers:
        people.add_note(case, by=worker, words=f"word-{number:03}.")


def numbers_on(browser: Client, address: str) -> list[int]:
    """The rows on this page, in the order in which they stand there."""
    page = browser.get(address)
    assert page.status_code == 200, address
    return [int(number) for number in re.findall(r"word-(\d{3})\.", page.content.decode())]


def pages_of(browser: Client, address: str) -> list[str]:
    """Page after page, as long as one is offered."""
    found: list[str] = []
    while address:
        page = browser.get(address).content.decode()
        found.append(page)
        onward = re.search(r'rel="next" href="(\?page=\d+)"', page)
        address = address.partition("?")[0] + onward[1] if onward else ""
    return found


def queries(do: Callable[[], object]) -> int:
    do()  # what is kept for the next time
    with CaptureQueriesContext(connection) as found:
        do()
    return len(found)


def test_the_page_of_a_case_shows_fifty_notes_and_the_way_to_the_older_ones(case, worker):
    browser, address = at_desk(worker), f"/fr/casework/cases/{case.code}/"
    add_notes(case, worker, range(MANY))
    assert numbers_on(browser, address) == [*range(MANY - 1, MANY - 1 - SIZE, -1)]
    older = f"{address}notes/?page=2"
    assert f'href="{older}"' in browser.get(address).content.decode()
    assert numbers_on(browser, older) == [*range(MANY - 1 - SIZE, MANY - 1 - 2 * SIZE, -1)]
    whole = "".join(pages_of(browser, f"{address}notes/"))
    assert re.findall(r"word-(\d{3})\.", whole) == [f"{number:03}" for number in range(MANY - 1, -1, -1)]
    assert AuditEntry.objects.filter(what="case.notes", case_id=case.pk, rows=SIZE + 1).exists()


def test_the_page_of_a_case_shows_fifty_lines_of_what_happened_and_the_way_to_the_older_ones(case, worker):
    browser, address = at_desk(worker), f"/fr/casework/cases/{case.code}/"
    add_notes(case, worker, range(MANY))
    line = '<li><bdi class="moment">'
    assert browser.get(address).content.decode().partition('id="timeline"')[2].count(line) == SIZE
    assert f'href="{address}what-happened/?page=2"' in browser.get(address).content.decode()
    assert [page.count(line) for page in pages_of(browser, f"{address}what-happened/")] == [50, 50, 20]


def test_events_of_referrals_stand_between_those_of_their_case_on_whichever_page(case, worker):
    browser, address = at_desk(worker), f"/fr/casework/cases/{case.code}/what-happened/"
    add_notes(case, worker, range(FEW))
    service = making.service(name_fr="Un service lointain")
    making.referral(case, worker, service)
    add_notes(case, worker, range(FEW, MANY))
    pages = pages_of(browser, address)
    assert [service.name_fr in page for page in pages] == [False, True, False]


@pytest.mark.parametrize("below", ["", "notes/", "what-happened/"])
def test_a_case_with_many_notes_takes_no_more_queries_than_one_with_fewer(case, worker, below):
    browser, address = at_desk(worker), f"/fr/casework/cases/{case.code}/{below}"
    add_notes(case, worker, range(FEW))
    few = queries(lambda: browser.get(address))
    add_notes(case, worker, range(FEW, MANY))
    assert queries(lambda: browser.get(address)) == few


def test_who_opened_a_case_is_told_a_page_at_a_time(case, worker):
    browser, address = at_desk(worker), f"/fr/casework/cases/{case.code}/access/"
    for number in range(MANY):
        audit.record(AuditKind.READ, f"word-{number:03}.", by=worker.by, case_id=case.pk)
    assert numbers_on(browser, address) == [*range(MANY - 1, MANY - 1 - SIZE, -1)]
    assert numbers_on(browser, f"{address}?page=2")[0] in (MANY - SIZE, MANY - 1 - SIZE)
    assert "word-000." in pages_of(browser, address)[-1]


def test_cases_on_hold_are_listed_a_page_at_a_time(worker):
    officer = at_desk(making.member(worker.partner, CaseRole.DPO))
    codes = {making.case(worker, legal_hold=True).code for _number in range(MANY)}
    pages = pages_of(officer, reverse("holds"))
    found = [re.findall(r'<bdi class="code">([^<]+)</bdi>', page) for page in pages]
    assert [len(page) for page in found] == [50, 50, 20]
    assert {code for page in found for code in page} == codes


def test_what_a_partner_did_in_a_case_that_it_has_handed_over_is_told_a_page_at_a_time(case, worker):
    taker = making.member(making.partner("rabat"))
    making.consent(case, purpose=Purpose.TRANSFER, to=taker.partner, categories=())
    add_notes(case, worker, range(MANY))
    case.refresh_from_db()
    transfers.offer_transfer(case, by=worker, version=case.version, taker=taker.partner, handover_note="soon")
    transfers.accept_transfer(case, by=taker, version=case.version + 1)
    pages = pages_of(at_desk(worker), f"/fr/casework/cases/{case.code}/")
    assert [page.count('<li><bdi class="moment">') for page in pages] == [50, 50, 21]
