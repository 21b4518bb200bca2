"""Writes docs/referral-states.md from the tables of both machines and of the time limits: `python -m referral.states.state_tables`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent.parent / "docs" / "referral-states.md"
INTRODUCTION = """\
# States of cases and referrals

Written by `python -m referral.states.state_tables` from `workflow.py`, `case_states.py` and `limits.py` beside it:
change the tables there, then write this page again. Everything that is not in a table is refused: an event in another state
with 409, an actor who may never do it with the answer for a stranger. ∅: nothing yet. =: the state stays.
"""


def page() -> str:
    """The whole page, in English, whatever language is active."""
    from django.utils import translation

    from referral.states import case_states, workflow

    with translation.override("en"):
        return "\n".join((
            INTRODUCTION,
            "## Referral: states and HL7 FHIR Task\n",
            _states(workflow),
            "\n## Referral: events\n",
            _events(workflow.MACHINE.rows),
            "\n## Referral: which event leads where\n",
            _matrix(workflow),
            "\n## Referral: time limits\n",
            _limits(),
            "\n## Case: events\n",
            _events(case_states.MACHINE.rows),
            "\n## What the guards refuse\n",
            _guards((*workflow.Guard, *case_states.CaseGuard)),
        ))  # fmt: skip


def table(head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(str(cell) or '–' for cell in line)} |\n" for line in lines)


def _states(workflow: Any) -> str:
    def kind(status: Any) -> str:
        if status in workflow.TERMINAL:
            return "ends"
        return "live" if status in workflow.LIVE else "before"

    return table(
        ("state", "label", "kind", "Task.status", "Task.businessStatus", "Task.statusReason"),
        (
            (status.value, status.label, kind(status), task.status, task.business_status, task.status_reason)
            for status, task in workflow.TASKS.items()
        ),
    )


def _events(rows: Iterable[Any]) -> str:
    return table(
        ("event", "from", "to", "who", "needs", "form (optional)", "also", "source"),
        (
            (
                row.event.value,
                _names(row.sources),
                _target(row),
                _names(row.who),
                _needs(row),
                ", ".join((*row.fields, *(f"({name})" for name in row.optional))),
                row.remark,
                row.source,
            )
            for row in rows
        ),
    )


def _matrix(workflow: Any) -> str:
    states = (None, *workflow.Status)

    def cell(status: Any, row: Any) -> str:
        if status not in row.sources:
            return "·"
        return row.target.value if row.target else "="

    return table(
        ("event", *(status.value if status else "∅" for status in states)),
        ((row.event.value, *(cell(status, row) for status in states)) for row in workflow.MACHINE.rows),
    )


def _limits() -> str:
    from referral.states.limits import LIMITS, LONGEST_PAUSE

    rows = [
        (
            urgency.value,
            clock.value,
            f"{limit.amount} {limit.unit.replace('_', ' ')}" + (" and a phone call" if limit.by_phone else ""),
            limit.since.value,
            limit.source,
        )
        for (urgency, clock), limit in LIMITS.items()
    ]
    pauses = ", ".join(
        f"{urgency.value} {pause.total_seconds() / 3600:.0f} h" for urgency, pause in LONGEST_PAUSE.items()
    )
    return (
        table(("urgency", "clock", "time", "from", "source"), rows)
        + f"\nA question stops the clock, in all at most: {pauses}. Reminder at half of the time, overdue at its end, both"
        "\nsupervisors at 125 %; at 200 % what nobody has answered expires, an emergency goes to the coordination instead.\n"
    )


def _guards(guards: Iterable[Any]) -> str:
    sentences = {guard.value: guard.label for guard in guards}
    return table(("guard", "sentence"), sorted(sentences.items()))


def _target(row: Any) -> str:
    target = row.target.value if row.target else "="
    if row.later:
        hours = row.later.after.total_seconds() / 3600
        target += f"; {_names(row.later.sources)} after {hours:.0f} h: {row.later.target.value}"
    return target


def _needs(row: Any) -> str:
    extra = [f"{actor.value}: {_listed(guards)}" for actor, guards in row.needs_of.items()]
    return "; ".join(filter(None, (_listed(row.needs), *extra)))


def _names(members: Iterable[Any]) -> str:
    """In the order of their enumeration, ∅ first."""
    found = list(members)
    kind = type(next(member for member in found if member is not None)) if any(found) else None
    ordered = [member for member in kind if member in found] if kind else []
    return _listed([*(["∅"] if None in found else []), *ordered])


def _listed(members: Iterable[Any]) -> str:
    return ", ".join(getattr(member, "value", member) for member in members)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
