"""On PostgreSQL with TEST_AS_ROLE: requests and commands run as the role of docs/postgresql-role.sql; tests' own rows, as owner.

In production row security hides every row from that role outside of `as_partner` and `as_system`. A test that runs all of itself
as the owner of the tables never meets this wall, and passes where the site finds nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand
from django.core.signals import request_finished, request_started
from django.db import connection
from psycopg import pq

ROLE = os.environ.get("TEST_AS_ROLE", "")
OF_THE_SITE = ("referral.", "portal.")  # the commands that a person or the clock runs as the site
OF_THE_OWNER = ("load_starter",)  # before the site is open


def is_wanted() -> bool:
    """Whether this run shall meet the wall."""
    return bool(ROLE) and connection.vendor == "postgresql"


@contextmanager
def serving() -> Iterator[None]:
    """From here on, what comes in by a request or a command is answered as the role of the site."""
    execute = BaseCommand.execute

    def as_the_site(command: BaseCommand, *args: Any, **options: Any) -> Any:
        module = type(command).__module__
        if not module.startswith(OF_THE_SITE) or module.endswith(OF_THE_OWNER):
            return execute(command, *args, **options)
        _become_the_site()
        try:
            return execute(command, *args, **options)
        finally:
            _become_the_owner()

    request_started.connect(_become_the_site)
    request_finished.connect(_become_the_owner)
    BaseCommand.execute = as_the_site  # type: ignore[method-assign]
    try:
        yield
    finally:
        BaseCommand.execute = execute  # type: ignore[method-assign]
        request_started.disconnect(_become_the_site)
        request_finished.disconnect(_become_the_owner)


@contextmanager
def acting() -> Iterator[None]:
    """What a process of a test does inside, it does as the role of the site, where this run shall meet the wall."""
    if not is_wanted():
        yield
        return
    _become_the_site()
    try:
        yield
    finally:
        _become_the_owner()


def _become_the_site(**signal: Any) -> None:
    connection.ensure_connection()
    _say(f"SET ROLE {ROLE}")


def _become_the_owner(**signal: Any) -> None:
    """After an error inside a transaction nothing is heard until the test takes it back, and the role with it."""
    if connection.connection is None or connection.connection.closed:
        return
    if connection.connection.info.transaction_status != pq.TransactionStatus.INERROR:
        _say("RESET ROLE")


def _say(statement: str) -> None:
    """Past Django's own cursor: a test that counts queries does not count these."""
    connection.connection.execute(statement)
