"""For whom the database answers: one partner, or the system. On PostgreSQL it hides the rows of everybody else (migration 0003).

A second wall behind `permissions`, against a query that forgot to ask it; it is there for a role that neither owns the tables
nor bypasses row security (docs/operators.md). Outside these two contexts such a role finds no case at all. SQLite has no such
wall, and there they do nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from referral.models import Partner

SYSTEM = "system"
_now: ContextVar[str] = ContextVar("who asks the database", default="")


@contextmanager
def as_partner(partner: Partner) -> Iterator[None]:
    """What is read and written inside is this partner's, in one transaction: for what a member looks at."""
    with _asking(str(partner.pk)):
        yield


@contextmanager
def as_system() -> Iterator[None]:
    """Inside, rows of every partner are found: for timers, signed links, and actions that have checked who asks.

    An action crosses the wall on purpose: who accepts a referral makes a task for who sent it. Usable as a decorator.
    """
    with _asking(SYSTEM):
        yield


@contextmanager
def in_one_transaction() -> Iterator[None]:
    """As the system, all or nothing, in as few steps as the database allows: what an action does. A refusal undoes it."""
    if _opens_its_own():
        with as_system():
            yield
    else:
        with transaction.atomic(), as_system():
            yield


def is_enforced() -> bool:
    """Whether the database hides rows from the role that is connected now."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_security_active('referral_case')")
        return bool(cursor.fetchone()[0])


@contextmanager
def _asking(who: str) -> Iterator[None]:
    """The setting ends with the transaction, so that no later request on the same connection inherits it."""
    before = _now.get()
    if connection.vendor != "postgresql" or who == before:
        yield
        return
    is_nested = connection.in_atomic_block
    with transaction.atomic():
        _set(who)
        token = _now.set(who)
        try:
            yield
        finally:
            _now.reset(token)
        if is_nested:  # after an exception the savepoint takes it back; the end of a transaction always does
            _set(before)


def _opens_its_own() -> bool:
    """Whether `as_system` begins a transaction here, or a savepoint."""
    return connection.vendor == "postgresql" and _now.get() != SYSTEM


def _set(who: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('dalil.partner', %s, true)", [who])
