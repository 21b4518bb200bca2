"""Why an action is refused, beyond what the machine says: each is one sentence for the person who tried, and one HTTP status."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from referral.states.machine import Refused, label

__all__ = ["Gone", "GuardRefused", "LinkRefused", "Refused", "Repeated", "Stale", "WrongField"]


class Stale(Refused):
    """It was changed since it was shown: answer 409. `version` was expected, `current` is found, in the state `status`."""

    def __init__(self, version: int, current: int, status: Any = "") -> None:
        super().__init__(version, current, str(status))
        self.version, self.current, self.status = version, current, status

    def __str__(self) -> str:
        return _("Somebody has changed this in the meantime. Look at it again.")


class Repeated(Refused):
    """The same key of repetition came with another content: answer 422. The first content was carried out, this was not."""

    def __str__(self) -> str:
        return _("This form was already sent with other content. Open it again.")


class GuardRefused(Refused):
    """Something does not hold that must hold before this event: answer 409. `str()` is the sentence of the guard.

    `because`: what exactly, sentence by sentence (the texts of the rules of a procedure). `other`: the referral in the way.
    """

    def __init__(self, guard: Any, because: Iterable[str] = (), other: uuid.UUID | None = None) -> None:
        super().__init__(guard)
        self.guard, self.because, self.other = guard, tuple(because), other

    def __str__(self) -> str:
        return label(self.guard)


class WrongField(Refused):
    """A field of the form is missing or cannot be understood: answer 400. `field` is its name; what was typed is not kept."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field

    def __str__(self) -> str:
        return _("Something is missing or wrong in the form: %(field)s.") % {"field": self.field}


class Gone(Refused):
    """It was there and may no longer be read or used: answer 410. Says nothing of why."""

    def __str__(self) -> str:
        return _("This is no longer available.")


class LinkRefused(Refused):
    """The link or its code does not open anything: one answer for a link that never was, has ended, and a wrong code."""

    def __str__(self) -> str:
        return _("This link or this code is not valid. Ask the organisation that gave it to you.")
