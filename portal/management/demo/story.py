"""What one case of the demonstration is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from referral.models import Case
from referral.states.events import Event

HEALTH, LISTENING, LEGAL, ASYLUM, WELCOME = (
    "ms2-rabat", "foo-rabat-listening", "clinic-casablanca", "omdh-casablanca", "cell-oujda",
)  # fmt: skip


@dataclass(frozen=True)
class Story:
    """One case: who it is about, what was asked of which service, and what happened to that.

    A length of time among the values of an event stands for the day, or the moment, so long from now.
    """

    alias: str
    languages: tuple[str, ...]
    age_band: str
    sex: str
    asked: str = ""
    service: str = ""
    urgency: str = "normal"
    risk: str = "medium"
    profile: str = "gen"
    happened: tuple[tuple[Event, Mapping[str, Any]], ...] = ()
    late: timedelta | None = None  # as if it had begun so much earlier
    then: Callable[[Case], None] | None = None
    house: str = "org-a"
    restricted: bool = False
