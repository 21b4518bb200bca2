"""Hostile values in every field, version and address of casework: refused with a page, never a fault of ours (issue 4, bad input)."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.utils import timezone

from .crawling import Address, addresses
from .forms_of_pages import Form, forms_of
from .house import House

FORM = "application/x-www-form-urlencoded"
ROUNDS = int(
    os.environ.get("HOSTILE_ROUNDS", "0")
)  # how often every field gets its turn; 0: some fields of each form, in < 60 s
PEOPLE = ("A owner", "A supervisor", "B focal point", "link receiver", "D caseworker, offered the case", "A dpo", "A org_admin", "editor")  # fmt: skip
VERSIONS = (str(10**30), "-1", "x", "")
VALUES = (
    "",
    " ",
    "nul\0inside",
    "lone \ud800 surrogate",
    "\u202etxet lareti\u202c \u2066isolate",
    "😀" * 300,
    '=HYPERLINK("http://example.org")',
    "x" * 70_000,
    str(10**30),
    "-1",
    "9" * 5000,
    "٣٤٥",
    "1e309",
    "NaN",
    "9999-12-31",
    "9999-12-31T23:59",
    "0001-01-01",
    "0001-01-01T00:00",
    "2026-02-30",
    "2026-03-29T02:30+14:00",
    "00000000-0000-0000-0000-000000000000",
    "not-a-uuid",
    "[]",
    '{"__class__": 1}',
    "{0.__class__}%(x)s{{ 7 }}",
    "../../etc/passwd",
    "line\r\nSet-Cookie: a=b",
    "on",
)
DATES = {
    "date": ("9999-12-31", "0001-01-01", "2026-02-30", "1800-01-01"),
    "datetime-local": ("9999-12-31T23:59", "0001-01-01T00:00", "2026-03-29T02:30+14:00", "1800-01-01T00:00"),
}
IN_PATHS = {
    "str": ("nul\0inside", "ſ" * 90, "x" * 3000, "\u202e", "%", "..", "😀"),
    "slug": ("-", "x" * 3000, "__class__", "0", "WITHDRAW"),
    "int": ("0", str(2**31), str(2**63), str(10**30)),
    "uuid": ("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
}
QUERIES = ("page", "q", "words", "profile", "status", "owner", "team", "which", "replaces", "told", "next", "version", "a", "b", "from", "service", "wilaya", "language")  # fmt: skip
OUT = ("sign-out", "sessions/end", "leave")  # what ends the visit of who tries


@pytest.fixture
def house(db) -> House:
    return House()


def encoded(fields: Mapping[str, Iterable[str]]) -> str:
    """As a browser would send it; what a browser cannot send, as an attacker would."""
    return "&".join(
        f"{quote(name)}={quote(value, errors='surrogatepass')}" for name, values in fields.items() for value in values
    )


def asked(client: Any, method: str, path: str, body: str = "") -> int:
    """The status of one answer; whatever the request did is undone."""
    client.raise_request_exception = False
    before, point = client.cookies.copy(), transaction.savepoint()
    try:
        if method == "GET":
            return int(client.get(path).status_code)
        return int(client.generic("POST", path, body, content_type=FORM).status_code)
    finally:
        transaction.savepoint_rollback(point)
        client.cookies = before


def hostile(form: Form, values: Iterator[str], turn: int) -> Iterator[dict[str, list[str]]]:
    """What is sent: everything hostile; what fits, but for one field; the same field twice; versions that never were."""
    usual = form.filled(lambda _name: "words", timezone.localdate().isoformat())
    names = [name for name in usual if name != "csrfmiddlewaretoken"]
    yield {name: [next(values)] for name in names}
    for name, kind in form.kinds.items():
        if kind in ("date", "datetime-local"):
            yield {**usual, name: [DATES[kind][turn % len(DATES[kind])]]}
    for name in names * ROUNDS if ROUNDS else [names[(turn + more) % len(names)] for more in range(min(3, len(names)))]:
        yield {**usual, name: [next(values)]}
    if names:
        yield {**usual, names[turn % len(names)]: [next(values), next(values)]}
    if "version" in usual:
        yield {**usual, "version": [VERSIONS[turn % len(VERSIONS)]]}


def test_no_value_in_any_form_of_casework_is_answered_with_a_fault_of_ours(house):
    """Each form once, by the first of them who sees it."""
    values, broken, known = itertools.cycle(VALUES), [], set()
    for who in PEOPLE:
        client = house.people[who]()
        client.raise_request_exception = False
        for one in addresses():
            path = one.of(house.values)
            page = client.get(path)
            for form in forms_of(page.content.decode()) if "text/html" in page.headers.get("Content-Type", "") else []:
                shape = (one.name if not form.action else form.action, *form.kinds)
                if shape in known or any(word in form.action for word in OUT):
                    continue
                known.add(shape)
                for fields in hostile(form, values, len(known)):
                    status = asked(client, "POST", form.action or path, encoded(fields))
                    if status >= 500:
                        odd = {name: [value[:40] for value in given] for name, given in fields.items()}
                        broken.append((who, one.name, status, odd))
    assert broken == []
    assert len(known) > 50


@pytest.mark.parametrize("who", ["A owner", "A org_admin", "link receiver"])
def test_no_address_of_casework_is_answered_with_a_fault_of_ours(house, who):
    client, values = house.people[who](), itertools.cycle(VALUES)
    broken = []
    for one in addresses():
        for path in odd_paths(one, house.values, values):
            for method in ("GET", "POST"):
                if not any(word in path for word in OUT) and (status := asked(client, method, path)) >= 500:
                    broken.append((method, one.name, status, path[:120]))
    assert broken == []


def odd_paths(one: Address, known: Mapping[str, Any], values: Iterator[str]) -> Iterator[str]:
    """The address with one part that is hostile; and as it is, with hostile words behind the question mark."""
    for part in one.parts:
        kind = next(kind for kind in ("uuid", "slug", "int", "str") if f"<{kind}:{part}>" in one.path)
        for odd in IN_PATHS[kind]:
            yield one.of({**known, part: quote(odd, safe=""), f"{one.name}.{part}": quote(odd, safe="")})
    yield f"{one.of(known)}?{encoded({name: [next(values)[:2000]] for name in QUERIES})}"
