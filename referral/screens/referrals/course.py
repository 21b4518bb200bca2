"""What happened to a referral, as one side is told it: sentences with their words, the last first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from referral.referring.packets import Told
from referral.states.clock import local
from referral.states.events import Actor, Event, sentence

from .finding import name_of
from .seen import Seen


@dataclass(frozen=True)
class Step:
    """One event: when, what happened, and what was said with it, each with its label."""

    at: datetime
    sentence: str
    words: list[tuple[str, str]]


def course_of(told: Iterable[Told], seen: Seen) -> list[Step]:
    """The events, the last first."""
    steps = [
        Step(one.event.at, sentence(Event(one.event.event), _who(one, seen), Actor(one.event.kind_of_actor)), _words(one.words))
        for one in told
    ]  # fmt: skip
    return steps[::-1]


def _who(told: Told, seen: Seen) -> str:
    """A colleague by name; the other desk as an organisation; somebody with a link as the service."""
    event = told.event
    if event.partner is None:
        return name_of(seen.referral.service)
    if seen.member is not None and event.partner.pk == seen.member.partner.pk and event.user is not None:
        return str(event.user.get_full_name() or event.user)
    return str(event.partner)


def _words(words: Mapping[str, Any]) -> list[tuple[str, str]]:
    labels = {
        "question": _("Question"), "answer": _("Answer"), "reason": _("Reason"), "note": _("Note"),
        "contacted_at": _("Person first reached"),
    }  # fmt: skip
    return [(label, _said(name, words[name])) for name, label in labels.items() if words.get(name)]


def _said(name: str, value: Any) -> str:
    moment = parse_datetime(str(value)) if name == "contacted_at" else None
    return date_format(local(moment), "d/m/Y H:i") if moment else str(value)
