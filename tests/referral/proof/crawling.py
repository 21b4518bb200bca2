"""Every address of casework as the resolver knows it, and what each person standing before it is answered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern

from .house import House

ZONE = "casework/"  # below the language
PART = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """A path of the resolver, with its name and the parts that it needs."""

    path: str
    name: str

    @property
    def parts(self) -> tuple[str, ...]:
        """What stands between the pointed brackets."""
        return tuple(PART.findall(self.path))

    def of(self, values: Mapping[str, Any], language: str = "fr") -> str:
        """The path with these values; “NAME.PART” goes before “PART”, where one word means several things."""
        found = {part: values.get(f"{self.name}.{part}", values.get(part)) for part in self.parts}
        return f"/{language}/" + PART.sub(lambda part: str(found[part[1]]), self.path)

    def unknown(self, values: Mapping[str, Any]) -> set[str]:
        """The parts for which there is no value."""
        return {f"{self.name}.{part}" for part in self.parts if not {part, f"{self.name}.{part}"} & set(values)}


def addresses() -> list[Address]:
    """Every address of casework, in the order in which they are looked at. An unnamed one is an error."""
    found = []
    for part in get_resolver().url_patterns:
        if isinstance(part, URLResolver) and isinstance(part.pattern, LocalePrefixPattern):
            found += list(_below(part.url_patterns, ""))
    return list(dict.fromkeys(found))


def _below(patterns: list[Any], path: str) -> Iterator[Address]:
    for one in patterns:
        here = path + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _below(one.url_patterns, here)
        elif isinstance(one, URLPattern) and here.startswith(ZONE):
            assert one.name, f"an address without a name: {here}"
            yield Address(here, one.name)


def statuses(house: House, method: str, address: Address) -> dict[str, int]:
    """What each of them is answered, each as if the others had never asked."""
    path = address.of(house.values)
    return {name: answer(client, method, path).status_code for name, client in house.clients.items()}


def answer(client: Client, method: str, path: str) -> Any:
    """One answer, and everything that the request did undone."""
    client.raise_request_exception = False
    before = client.cookies.copy()
    point = transaction.savepoint()
    try:
        found = client.get(path) if method == "GET" else client.post(path, {})
        if found.streaming:
            list(found.streaming_content)
        return found
    finally:
        transaction.savepoint_rollback(point)
        client.cookies = before
