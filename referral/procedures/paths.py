"""Checks how the steps of a procedure follow each other: one start, an end, no way that never ends, clocks that start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from .faults import Faults, listed, unknown
from .vocabulary import OPENED, STAGES

Steps = dict[str, dict[str, Any]]


def check_paths(start: str, steps: Steps, faults: Faults) -> None:
    """Add a sentence for each step that a case could not reach, or from which it could not leave."""
    for key, step in steps.items():
        unknown(faults, f"steps.{key}.next", step["next"], set(steps) - {key})
    if start not in steps:
        faults.add("start", _("No step is called “%(key)s”. Name the step where the procedure starts."), key=start)
        return
    ways = {key: [name for name in step["next"] if name in steps] for key, step in steps.items()}
    _check_ends(steps, ways, faults)
    for key in sorted(set(steps) - reached([start], ways)):
        faults.add(
            f"steps.{key}",
            _("No path leads from the start “%(start)s” to this step. Name it in the “next” of another step."),
            start=start,
        )
    _check_stages(start, steps, ways, faults)


def _check_ends(steps: Steps, ways: dict[str, list[str]], faults: Faults) -> None:
    ends = [key for key, step in steps.items() if not step["next"]]
    if not ends:
        faults.add("steps", _("The procedure has no end. Give the last step an empty “next”."))
        return
    for key in ends:
        if steps[key]["stage"] != STAGES[-1]:
            faults.add(
                f"steps.{key}.next",
                _("Dead end: a case stops here without being closed. Say which step follows."),
            )
    for key in sorted(set(steps) - reached(ends, backwards(ways))):
        faults.add(f"steps.{key}.next", _("From here a case goes round in circles. Add a path to the end."))


def _check_stages(start: str, steps: Steps, ways: dict[str, list[str]], faults: Faults) -> None:
    key, seen, last = start, {start}, -1
    while True:
        stage = steps[key]["stage"]
        if stage in STAGES:
            if STAGES.index(stage) < last:
                faults.add(
                    f"steps.{key}.stage",
                    _("The stage goes back to “%(stage)s”. Put it later, or name this step second in “next”."),
                    stage=stage,
                )
            last = max(last, STAGES.index(stage))
        key = ways[key][0] if ways[key] else key
        if key in seen:
            return
        seen.add(key)


def check_clock(key: str, since: str, steps: Steps, dated: Iterable[str], faults: Faults) -> None:
    """Add a sentence if the limit of this step counts from something that does not come before it."""
    ways = {name: step["next"] for name, step in steps.items()}
    before = reached([key], backwards(ways)) - {key}
    place = f"steps.{key}.limit.from"
    if since == OPENED or since in before:
        return
    if since in steps:
        faults.add(place, _("“%(since)s” does not come before this step: its time would never start."), since=since)
    elif since not in dated:
        allowed = [OPENED, *sorted(before), *sorted(dated)]
        unknown(faults, place, [since], allowed)
    elif not any(since in steps[name]["fields"] for name in before | {key}):
        faults.add(
            place,
            _("No step up to this one asks for “%(since)s”. Add it to “fields”. Dates asked for so far: %(asked)s."),
            since=since,
            asked=listed(
                [field for name in sorted(before | {key}) for field in steps[name]["fields"] if field in dated]
            ),
        )


def backwards(ways: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The same ways, walked the other way round."""
    found: dict[str, list[str]] = {key: [] for key in ways}
    for key, following in ways.items():
        for name in following:
            found.setdefault(name, []).append(key)
    return found


def reached(starts: Iterable[str], ways: Mapping[str, list[str]]) -> set[str]:
    """Every step that can be reached from these, with them."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += ways.get(key, [])
    return found
