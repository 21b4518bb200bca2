"""One attempt to do something to a referral: who, what, and everything in hand. Guards read it; effects write from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from referral.access import Asker
from referral.models import Case, Grant, Partner, Reception, Referral
from referral.states.workflow import Actor, Event, Status
from services.models import Service


@dataclass
class Attempt:
    """Rows are read under their locks; `given` holds only fields that the machine names, already understood."""

    event: Event
    by: Asker
    kind: Actor
    referral: Referral
    case: Case
    service: Service
    given: dict[str, Any]
    now: datetime
    before: Status | None
    grant: Grant | None = None  # what allows the share at this instant; the guard finds it
    content: dict[str, Any] = field(default_factory=dict, repr=False)  # of the packet; the guard fixes it
    rules: dict[str, Any] = field(default_factory=dict)  # which rules of the procedure held; the guard judges them

    @cached_property
    def reception(self) -> Reception | None:
        """The inbox that answers for the service, with its partner; None: it gets a signed link."""
        return Reception.objects.filter(service=self.service).select_related("partner").first()

    @property
    def receiver(self) -> Partner | None:
        """The partner that answers for the service in its own inbox."""
        return self.reception.partner if self.reception else None

    @property
    def user_id(self) -> int | None:
        """The account that acts; None for the system and for a link."""
        return self.by.by.user_id

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories of data that this event would share."""
        return tuple(str(one) for one in self.given.get("categories", self.referral.categories))
