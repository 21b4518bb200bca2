"""Warns operators before the table of holidays ends. Registered by being imported in the app's `ready`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register
from django.utils import timezone

from .hours import holidays

NOTICE = timedelta(days=180)


@register
def the_table_of_holidays_reaches_far_enough(**_kwargs: Any) -> list[CheckMessage]:
    """A warning half a year before the table ends, an error if it cannot be read."""
    try:
        last = holidays.calendar().last
    except (OSError, holidays.WrongTable) as problem:
        return [Error(str(problem), hint="Correct services/data/holidays.toml.", id="services.E001")]
    if timezone.localdate() + NOTICE <= last:
        return []
    return [
        Warning(
            f"The table of holidays ends on {last}. After it only fixed holidays are known, and hours of Ramadan are shown as unknown.",
            hint="Add the next years to services/data/holidays.toml.",
            id="services.W001",
        )
    ]
