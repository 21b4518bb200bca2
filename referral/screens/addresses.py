"""Where the desks lead to: addresses by name, of which some may not be there; the number of a page, and its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

PAGES = 20  # nobody works through more
SIZE = 50  # rows of a page
Row = TypeVar("Row")


def address(names: Iterable[str], **named: Any) -> str:
    """The first of these addresses that there is, with those of the parts that it takes; empty for none."""
    for name in names:
        for given in (named, *({key: value} for key, value in named.items()), {}):
            try:
                return reverse(name, kwargs=given)
            except NoReverseMatch:
                continue
    return ""


def page_number(request: HttpRequest) -> int:
    """The page that is asked for; the first for anything else."""
    asked = request.GET.get("page", "1")
    is_number = asked.isascii() and asked.isdigit() and len(asked) < 5
    return int(asked) if is_number and 0 < int(asked) <= PAGES else 1


def page_of(found: Callable[[slice], Iterable[Row]], number: int, size: int = SIZE) -> tuple[list[Row], bool]:
    """The rows of this page, and whether there is a page after it. `found` is asked for one row more than is shown."""
    rows = list(found(slice((number - 1) * size, number * size + 1)))
    return rows[:size], len(rows) > size and number < PAGES
