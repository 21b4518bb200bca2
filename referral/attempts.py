"""An action is one transaction behind the wall between partners; what was refused is on record all the same."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

from referral.models import AuditKind, Case
from referral.refusals import GuardRefused
from referral.safety import audit
from referral.safety.isolation import as_system, in_one_transaction
from referral.states.machine import NotYours, Refused

P = ParamSpec("P")
R = TypeVar("R")


def action(what: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """An action is one transaction behind the wall between partners; a refusal changes nothing, and leaves one row in the
    trail: what was tried, and why it was refused. `by` is who asks."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def carry_out(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                with in_one_transaction():
                    return function(*args, **kwargs)
            except Refused as refused:
                kind = AuditKind.DENIED if isinstance(refused, NotYours) else AuditKind.REFUSED
                why = refused.guard.value if isinstance(refused, GuardRefused) else type(refused).__name__.lower()
                with as_system():
                    audit.record(kind, f"{what}:{why}"[:60], by=_by(kwargs["by"]), case_id=_case_id(*args))
                raise

        return carry_out

    return decorate


def _by(asker: Any) -> audit.By:
    found: audit.By = asker.by
    return found


def _case_id(*about: Any) -> uuid.UUID | None:
    """The case that an action is about: its first argument, or that row's case."""
    first = about[0] if about else None
    return first.pk if isinstance(first, Case) else getattr(first, "case_id", None)


@contextmanager
def kept(
    what: str, *, by: audit.By, case_id: uuid.UUID | None = None, referral_id: uuid.UUID | None = None
) -> Iterator[None]:
    """Around a transaction, never inside one: whoever is refused is on record, in a transaction of its own. It goes on.

    “denied” for what somebody may not do, “refused” for what cannot be done now. RuntimeError if a transaction is open,
    for its rollback would take the row away.
    """
    try:
        yield
    except Refused as refused:
        kind = AuditKind.DENIED if isinstance(refused, NotYours) else AuditKind.REFUSED
        with transaction.atomic(durable=True):
            audit.record(kind, what, by=by, case_id=case_id, referral_id=referral_id)
        raise
