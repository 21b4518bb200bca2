"""What the words of the trail mean, for who reads who has opened a case. A word without a sentence is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

DONE: Mapping[str, Any] = {
    "case": _("Read the case"),
    "case.timeline": _("Read what happened"),
    "case.notes": _("Read older notes"),
    "case.readers": _("Looked at the list of who opened the case"),
    "case.own_events": _("Read what was done before the transfer"),
    "case.export": _("Exported the list of cases"),
    "file.list": _("Looked at the list of files"),
    "file.open": _("Opened a file"),
    "access.ask": _("Asked for emergency access"),
    "access.approve": _("Approved emergency access"),
    "access.refuse": _("Refused emergency access"),
    "access.end": _("Ended emergency access"),
    "access.reason": _("Read why somebody is asking to read the case"),
    "request.read": _("Read a request about data"),
    "request.notes": _("Read the notes to make a copy"),
    "request.copy": _("Made the person's copy"),
}


def done(what: str) -> str:
    """The sentence of this word."""
    return str(DONE.get(what, what))
