"""A state machine as a table: which event leads from where to where, who may do it, and what must hold. Nothing of data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

S = TypeVar("S", bound=str)  # status
E = TypeVar("E", bound=str)  # event
A = TypeVar("A", bound=str)  # kind of actor
G = TypeVar("G", bound=str)  # guard


class Refused(Exception):
    """The machine does not allow this. `str()` is one sentence in the active language, for the person who tried."""


class IllegalEvent(Refused):
    """This event is not possible in this state: answer 409. It knows the state found and those that the event needs.

    `status` None: there is nothing yet. `target` is where the event would have led; None: it would have changed nothing.
    """

    def __init__(self, status: Any, event: Any, sources: frozenset[Any], target: Any) -> None:
        super().__init__(status, event)
        self.status, self.event, self.sources, self.target = status, event, sources, target

    def __str__(self) -> str:
        if self.status is None:
            return _("There is nothing to do this with yet.")
        return _("“%(event)s” is not possible: the state is now “%(state)s”.") % {
            "event": label(self.event),
            "state": label(self.status),
        }


class NotYours(Refused):
    """This kind of actor may never do this, whatever the state: the answer tells a stranger nothing about the state."""

    def __init__(self, event: Any, actor: Any) -> None:
        super().__init__(event, actor)
        self.event, self.actor = event, actor

    def __str__(self) -> str:
        return _("You may not do this.")


@dataclass(frozen=True, slots=True)
class Later(Generic[S]):
    """What the same event does once `after` has passed since it first happened and the state is still one of these."""

    after: timedelta
    sources: frozenset[S]
    target: S


@dataclass(frozen=True)  # no slots: typing marks the made object with its types
class Transition(Generic[S, E, A, G]):
    """One row of a machine.

    `sources`: states in which it is possible; None among them: there is nothing yet. `target` None: the state stays.
    `needs`: guards that must hold, whoever acts; `needs_of`: further guards for one kind of actor.
    `fields`: what the form must give; `optional`: what it may. A posted field that is in neither is not taken.
    `remark`: what else is promised, for the documentation. `source`: the row of referral.md that it carries.
    """

    event: E
    sources: frozenset[S | None]
    target: S | None
    who: frozenset[A]
    source: str
    needs: tuple[G, ...] = ()
    needs_of: Mapping[A, tuple[G, ...]] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    later: Later[S] | None = None
    remark: str = ""

    def guards(self, actor: A) -> tuple[G, ...]:
        """Everything that must hold when this kind of actor does it, in the order in which to tell it."""
        return (*self.needs, *self.needs_of.get(actor, ()))


class Machine(Generic[S, E, A, G]):
    """All rows of a machine: one row an event. Raises ValueError if an event has two rows."""

    def __init__(self, rows: Iterable[Transition[S, E, A, G]]) -> None:
        self.rows = tuple(rows)
        self.by_event = {row.event: row for row in self.rows}
        if len(self.by_event) != len(self.rows):
            raise ValueError("An event has more than one row.")

    def target(self, status: S | None, event: E, elapsed: timedelta = timedelta()) -> S | None:
        """The state after this event. `elapsed`: since the event first happened, for a row with a `later` half.

        None only if there was nothing and nothing came of it, which no row of ours does. Raises IllegalEvent.
        """
        row = self._row(status, event)
        if row.later and status in row.later.sources and elapsed >= row.later.after:
            return row.later.target
        return status if row.target is None else row.target

    def allowed(self, status: S | None, event: E, actor: A) -> Transition[S, E, A, G]:
        """The row, if this kind of actor may do this in this state. Its guards are the caller's to check.

        Raises NotYours before IllegalEvent: who may never do it learns nothing about the state.
        """
        if actor not in self.by_event[event].who:
            raise NotYours(event, actor)
        return self._row(status, event)

    def possible(self, status: S | None, actor: A) -> tuple[Transition[S, E, A, G], ...]:
        """The rows to offer as buttons, in the order of the table."""
        return tuple(row for row in self.rows if status in row.sources and actor in row.who)

    def _row(self, status: S | None, event: E) -> Transition[S, E, A, G]:
        row = self.by_event[event]
        if status not in row.sources:
            raise IllegalEvent(status, event, row.sources, row.target)
        return row


def label(value: Any) -> str:
    """The label of a choice in the active language; the value itself for a word without one."""
    return str(getattr(value, "label", value))
