"""Every address of casework as the resolver knows it, everybody who may stand before it, and what of partner A it may name."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import LocalePrefixPattern

from referral.access import Member
from referral.models import PackVersion
from referral.procedures import pack_text
from referral.states.workflow import Status
from referral.words.choices import CaseRole
from tests.people import at_desk, sign_in
from tests.referral import making
from tests.referral.referring.referring import Scene, scene

ZONE = "casework/"  # below the language


@dataclass(frozen=True)
class Address:
    """A name of the resolver, and the parts that its path needs."""

    name: str
    parts: tuple[str, ...]

    def of(self, values: Mapping[str, Any]) -> str:
        """The path with these values."""
        return reverse(self.name, kwargs={part: values[part] for part in self.parts})


def addresses() -> list[Address]:
    """Every named address of casework, in the order in which they are looked at. An unnamed one is an error."""
    found = []
    for part in get_resolver().url_patterns:
        if isinstance(part, URLResolver) and isinstance(part.pattern, LocalePrefixPattern):
            found += list(_below(part.url_patterns, "", ()))
    return list(dict.fromkeys(found))


def _below(patterns: list[Any], path: str, parts: tuple[str, ...]) -> Iterator[Address]:
    for one in patterns:
        here, needed = path + str(one.pattern), (*parts, *one.pattern.converters)
        if isinstance(one, URLResolver):
            yield from _below(one.url_patterns, here, needed)
        elif isinstance(one, URLPattern) and here.startswith(ZONE):
            assert one.name, f"an address without a name: {here}"
            yield Address(one.name, needed)


@dataclass
class House:
    """Partner A with a case and a referral to B; C, who has to do with neither; and those who work with no case."""

    found: Scene = field(default_factory=scene)
    people: dict[str, Callable[[], Client]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = self.found
        assert found.focal is not None
        a, b, c = found.worker.partner, found.focal.partner, making.partner("fes")
        team = making.team(a)
        found.case.team = team
        found.case.save()
        self.referral = found.at(Status.SENT)
        text = pack_text("gen").replace('version = "2026.1"', 'version = "2026.9"', 1)
        PackVersion.objects.create(profile="gen", version="2026.9", text=text, proposed_by=_user("author"))
        self._people({"A owner": found.worker, "B focal point": found.focal})
        for key, partner in (("A", a), ("B", b), ("C", c)):
            self._people({f"{key} {role.value}": self._member(partner, role) for role in CaseRole})
        self.people |= {
            "no member": lambda: sign_in(_user("nobody")),
            "editor": lambda: sign_in(_editor()),
            "superuser": lambda: sign_in(_superuser()),
            "anonymous": lambda: Client(headers={"accept": "text/html"}),
        }
        self.values = values_of(self)

    @cached_property
    def clients(self) -> dict[str, Client]:
        """A browser of everybody, signed in once."""
        return {name: make() for name, make in self.people.items()}

    def _member(self, partner: Any, role: CaseRole) -> Member:
        team = making.team(partner) if role in (CaseRole.CASEWORKER, CaseRole.SUPERVISOR, CaseRole.INTAKE) else None
        return making.member(partner, role, in_team=team)

    def _people(self, members: Mapping[str, Member]) -> None:
        for name, member in members.items():
            self.people[name] = lambda member=member: at_desk(member)


def values_of(house: House) -> dict[str, Any]:
    """What stands in the paths: ids of partner A. A part that is not here is an error of the test, with its name."""
    return {
        "code": house.found.case.code,
        "referral_id": house.referral.pk,
        "profile": "gen",
        "version": "2026.9",
        "which": "late",
    }


# The same kinds of values, of nothing that is there.
NOTHING: dict[str, Any] = {"code": "ACEF-HJKM-NP", "referral_id": uuid.UUID(int=7)}


def statuses(house: House, method: str, address: Address) -> dict[str, int]:
    """What each of them is answered, each as if the others had never asked."""
    path = address.of(house.values)
    return {name: _asked(client, method, path).status_code for name, client in house.clients.items()}


def answer(client: Client, method: str, path: str) -> HttpResponse:
    """One answer, and everything that the request did undone."""
    return _asked(client, method, path)


def _asked(client: Client, method: str, path: str) -> Any:
    client.raise_request_exception = False
    before = client.cookies.copy()
    point = transaction.savepoint()
    try:
        return client.get(path) if method == "GET" else client.post(path, {})
    finally:
        transaction.savepoint_rollback(point)
        client.cookies = before


def _user(name: str) -> Any:
    return making.user(name)


def _editor() -> Any:
    user = _user("texts")
    user.groups.add(Group.objects.get(name="Editors"))
    return user


def _superuser() -> Any:
    return get_user_model().objects.create_superuser("root", "root@example.org", "a long password 2026")


__all__ = ["NOTHING", "Address", "House", "addresses", "answer", "statuses"]
