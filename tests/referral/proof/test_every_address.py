"""Every address of casework, before every kind of person, answers as the reviewed table says (access.tsv).

A new address: `WRITE_ACCESS=yes pytest tests/referral/proof/test_every_address.py`, then read what came into the table.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from .crawling import Address, addresses, answer, statuses
from .house import NOTHING, House

TABLE = Path(__file__).with_name("access.tsv")
METHODS = ("GET", "POST")
STRANGERS = ("B caseworker", "C supervisor", "C focal_point", "C dpo")
# What somebody without a case role may see all the same: the procedures, their own account, and the ways in and out.
OWN = re.compile(
    r"procedures?(-propose|-compare)?|account|sign-.*|passkey|confirm|second-factor|set-up|forgotten|new-password|invitation|speak"
    r"|change-password|(add|remove)-factor|new-codes|end-sessions|choose-partner|receive|received.*|link-le.*"
)
# Forms that come back because nothing was filled in, a search, a new link. What only reads refuses to be posted to.
ANSWER_POSTS = {
    "sign-in", "forgotten", "change-password", "add-factor", "remove-factor", "new-codes", "people", "invite",
    "organisation", "find-person", "case-follow-up", "access", "request-new", "complaint-new", "complaint", "holds",
    "refer", "referral-link",
}  # fmt: skip
NO_IDS = {"inbox-list", "receive"}  # “which” of four lists; a link is proved by its own tests
Table = dict[tuple[str, str, str], dict[str, int]]


@pytest.fixture
def house(db) -> House:
    return House()


def written() -> Table:
    """The reviewed table."""
    head, *lines = TABLE.read_text(encoding="utf-8").splitlines()
    names = head.split("\t")[3:]
    rows = (line.split("\t") for line in lines)
    return {(path, name, method): dict(zip(names, map(int, cells), strict=True)) for path, name, method, *cells in rows}


def write(table: Table) -> None:
    """The table as it is now, to be read by somebody."""
    names = list(next(iter(table.values())))
    lines = ["\t".join(("path", "name", "method", *names))]
    lines += ["\t".join((*key, *map(str, row.values()))) for key, row in table.items()]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_every_address_answers_everybody_as_the_reviewed_table_says(house):
    unknown = {part for one in addresses() for part in one.unknown(house.values)}
    assert not unknown, f"house.py does not know what stands for {sorted(unknown)}"
    now = {(one.path, one.name, method): statuses(house, method, one) for one in addresses() for method in METHODS}
    if os.environ.get("WRITE_ACCESS"):
        write(now)
    table = written()
    assert set(table) == set(now), "addresses came or went: write the table anew, and read it"
    wrong = [
        f"{name} {method} as {who}: {status}, in the table {table[path, name, method].get(who)}"
        for (path, name, method), row in now.items()
        for who, status in row.items()
        if table[path, name, method].get(who) != status
    ]
    assert wrong == []


def test_the_table_itself_lets_nobody_in_who_must_not_be():
    for (_path, name, method), row in written().items():
        assert max(row.values()) < 500, (name, method)
        assert row["anonymous"] in (302, 405) or OWN.fullmatch(name), (
            name,
            method,
            "anonymous",
            row["anonymous"],
        )
        for who in ("no member", "superuser", "editor"):
            if not OWN.fullmatch(name):
                assert row[who] in (404, 405), (name, method, who, row[who])


def test_nothing_that_only_reads_answers_a_post_with_a_page():
    shown = {name for (_path, name, method), row in written().items() if method == "POST" and 200 in row.values()}
    assert shown == ANSWER_POSTS


def test_scenario_35_for_a_stranger_what_is_there_and_what_never_was_give_the_same_answer(house):
    named = [one for one in addresses() if set(one.parts) & set(NOTHING) and one.name not in NO_IDS]
    for who in STRANGERS:
        client = house.people[who]()
        for one in named:
            for method in METHODS:
                there, nowhere = (_plain(client, method, one, values) for values in (house.values, nothing(house)))
                assert there == nowhere, (who, method, one.name)
                assert there[0] in (404, 405) or one.name.startswith("received"), (who, method, one.name, there[0])


def nothing(house: House) -> dict[str, Any]:
    """The same kinds of values, of nothing that is there."""
    return {name: NOTHING.get(name.rpartition(".")[2], value) for name, value in house.values.items()}


def _plain(client, method: str, one: Address, values) -> tuple[int, str]:
    """Status and page, without what was asked for and without tokens."""
    path = one.of(values)
    found = answer(client, method, path)
    page = found.content.decode().replace(path.removeprefix("/fr"), "…")  # the links to the other languages
    return found.status_code, re.sub(r'value="[A-Za-z0-9]{64}"', "", page)


def test_scenario_67_every_page_has_the_same_fields_in_every_language_and_reads_in_its_direction(house):
    client = house.people["A owner"]()
    looked_at = 0
    for one in addresses():
        path = one.of(house.values)
        pages = {}
        for code, _name in settings.LANGUAGES:
            found = answer(client, "GET", re.sub(r"^/[a-z]+/", f"/{code}/", path))
            if found.status_code == 200 and "text/html" in found["Content-Type"]:
                pages[code] = found.content.decode()
        if not pages:
            continue
        looked_at += 1
        assert set(pages) == {code for code, _name in settings.LANGUAGES}, one.name
        fields = {
            code: re.findall(r'<(?:input|select|textarea|button)[^>]* name="([^"]+)"', page)
            for code, page in pages.items()
        }
        assert len({tuple(names) for names in fields.values()}) == 1, (one.name, fields)
        for code, page in pages.items():
            assert f'<html lang="{code}" dir="{"rtl" if code == "ar" else "ltr"}"' in page, (one.name, code)
    assert looked_at >= 4


@pytest.mark.parametrize("who", ["A owner", "A supervisor", "A dpo", "A org_admin", "B focal point", "editor"])
def test_every_link_that_somebody_is_shown_leads_them_somewhere(house, who):
    client = house.people[who]()
    links: dict[str, str] = {}
    for one in addresses():
        found = answer(client, "GET", one.of(house.values))
        if found.status_code == 200 and "text/html" in found["Content-Type"]:
            for link in re.findall(r'href="(/fr/casework/[^"#]*)', found.content.decode()):
                links.setdefault(link.replace("&amp;", "&"), one.name)
    dead = {
        (page, link): status
        for link, page in links.items()
        if (status := answer(client, "GET", link).status_code) not in (200, 302)
    }
    assert dead == {}
    assert len(links) > 3
