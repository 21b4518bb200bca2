"""The page of a referral: for the sender everything about it, for the receiver the packet, the time, and what to do next."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from referral.access import Member
from referral.models import ReceiverLink, Referral, Task, TaskKind
from referral.referring import packets, previews
from referral.referring.pauses import COLUMNS, effective_due
from referral.referring.reports import report
from referral.refusals import Gone, Refused
from referral.safety.isolation import as_partner
from referral.states import limits
from referral.states.limits import Clock
from referral.states.workflow import LIVE, TERMINAL, Event, Status, Transition, possible
from referral.words.choices import CaseRole, NotDeliveredReason, ServiceType

from ..desk import desk, shown, status_of
from ..forms import DeskForm
from . import packet_words
from .course import Step, course_of
from .finding import name_of
from .seen import Seen, seen_by

# What is done with one press, on the page itself.
AT_ONCE = (Event.SEND, Event.ACKNOWLEDGE)
FIRST = (
    Event.SEND,
    Event.ACKNOWLEDGE,
    Event.ACCEPT,
    Event.ACCEPT_WAITLISTED,
    Event.ANSWER,
    Event.CONFIRM,
    Event.DELIVER,
)
ENDED_BY_SENDER = (Status.WITHDRAWN, Status.ENTERED_IN_ERROR, Status.EXPIRED)


@dataclass(frozen=True)
class Button:
    """Something that can be done now. `at_once`: without a page of its own. `strong`: what is expected next."""

    event: str
    label: str
    address: str
    at_once: bool
    strong: bool


@dataclass(frozen=True)
class Until:
    """A time limit, as it stands."""

    label: str
    at: datetime
    is_late: bool
    runs: bool


@require_safe
@desk(CaseRole.CASEWORKER, CaseRole.SUPERVISOR, CaseRole.INTAKE, CaseRole.FOCAL_POINT)
def referral(request: HttpRequest, member: Member, referral_id: uuid.UUID) -> HttpResponse:
    """The page for a member who stands on one side; anybody else gets the same 404 as for no referral."""
    return referral_page(request, seen_by(member, referral_id))


def referral_page(request: HttpRequest, seen: Seen, refused: Refused | None = None) -> HttpResponse:
    """The page of this side. `refused`: why something was not done just now."""
    if seen.receives:
        return _for_receiver(request, seen)
    return _for_sender(request, seen, refused)


def _for_receiver(request: HttpRequest, seen: Seen) -> HttpResponse:
    """The packet, and nothing of the case. The first look sets `seen_at`; once it may not be read any more: 410."""
    content = None
    if seen.is_live:
        try:
            content = packets.read(seen.referral.pk, by=seen.by).content
        except Gone:
            return _gone(request, seen)
    elif seen.status in ENDED_BY_SENDER:
        return _gone(request, seen)
    context = _of_both(seen) | {"packet": packet_words.shown(content) if content else None}
    return shown(request, seen.member, "referral/referrals/received.html", context)


def _gone(request: HttpRequest, seen: Seen) -> HttpResponse:
    """One sentence, and nothing of the content (scenario 33)."""
    context = {"status": seen.status, "linked": seen.member is None}
    return shown(request, seen.member, "referral/referrals/gone.html", context, status=410)


def _for_sender(request: HttpRequest, seen: Seen, refused: Refused | None) -> HttpResponse:
    member, row = seen.member, seen.referral
    assert member is not None  # noqa: S101  (nobody with a link stands on this side)
    context = _of_both(seen) | {
        "refused": refused,
        "because": getattr(refused, "because", ()),
        "packet": _packet_of_sender(seen, member),
        "is_draft": seen.status == Status.DRAFT,
        "tasks": _tasks(row, member),
        "links": _links(seen),
        "replaced_by": _replaced_by(row, member),
        "may_refer_again": seen.status in TERMINAL and seen.status != Status.CLOSED,
        "suggested": name_of(row.suggested) if row.suggested else "",
        "print_address": _address("referral-form", referral_id=row.pk),
    }
    status = 200 if refused is None else status_of(refused)
    return shown(request, member, "referral/referrals/sent.html", context, status=status)


def _of_both(seen: Seen) -> dict[str, Any]:
    row = seen.referral
    now = timezone.now()
    return {
        "seen": seen, "referral": row, "service": name_of(row.service), "form": _version_of(row), "linked": seen.member is None,
        "training": row.is_training, "buttons": buttons(seen), "limits": _limits(row, now), "course": _course(seen),
        "is_late": row.due_at is not None and seen.is_live and row.due_at < now, "report": _report(seen),
        "words_of_delay": seen.referral.paused_at is not None,
    }  # fmt: skip


def buttons(seen: Seen) -> list[Button]:
    """What this side may do in this state, from the machine; guards may still refuse it."""
    rows: Sequence[Transition] = possible(seen.status, seen.kind)
    first = next((event for event in FIRST if event in [row.event for row in rows]), None)
    found = [
        Button(row.event, str(Event(row.event).label), seen.event_address(row.event), row.event in AT_ONCE, row.event == first)
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda button: not button.strong)


def _version_of(row: Referral) -> DeskForm:
    """The hidden fields of what is done with one press."""
    return DeskForm(initial={"version": row.version})


def _limits(row: Referral, now: datetime) -> list[Until]:
    running = limits.running(Status(row.status))
    found = []
    for clock in COLUMNS:
        due = effective_due(row, clock, now)
        if due is not None:
            runs = clock in running
            found.append(Until(str(Clock(clock).label), due, runs and due < now, runs))
    return found


def _course(seen: Seen) -> list[Step]:
    return course_of(packets.timeline(seen.referral.pk, by=seen.by), seen)


def _report(seen: Seen) -> list[packet_words.Row]:
    """What the service reported and the person said, each with its label."""
    if seen.status == Status.DRAFT:
        return []
    found = report(seen.referral.pk, by=seen.by)
    labels = {
        "recipient_ref": _("File number of the service"), "outcome": _("What was done"), "next_steps": _("Next steps"),
        "services_given": _("Kinds of help that were given"), "satisfaction": _("Satisfaction, of 5"),
        "barriers": _("What made it difficult"),
    }  # fmt: skip
    words = {"services_given": ServiceType, "barriers": NotDeliveredReason}
    rows = []
    for name, label in labels.items():
        if name in found:
            value, known = found[name], words.get(name)
            lines = [str(known(one).label) for one in value] if known else [str(value)]
            rows.append(packet_words.Row(label, lines))
    return rows


def _packet_of_sender(seen: Seen, member: Member) -> packet_words.Shown | None:
    """What was sent, as the receiver has it; of a draft what would be sent now; nothing once it is revoked."""
    if seen.status == Status.DRAFT:
        return packet_words.shown(previews.of_draft(seen.referral, by=member))
    with as_partner(member.partner):
        packet = packets.latest(seen.referral)
    if packet is None or packet.revoked_at is not None:
        return None
    return packet_words.shown(packets.read(seen.referral.pk, by=member).content)


def _replaced_by(row: Referral, member: Member) -> Referral | None:
    """The referral that was made in place of this one."""
    with as_partner(member.partner):
        return row.replaced_by.first()


def _tasks(row: Referral, member: Member) -> list[dict[str, Any]]:
    """What somebody of the sender must do about it."""
    now = timezone.now()
    with as_partner(member.partner):
        open_tasks = Task.objects.filter(referral=row, partner=member.partner, done_at=None).order_by("due_at")
        return [
            {"label": TaskKind(task.kind).label, "due_at": task.due_at, "is_late": bool(task.due_at and task.due_at < now),
             "calls": task.kind == TaskKind.CALL}
            for task in open_tasks
        ]  # fmt: skip


def _links(seen: Seen) -> dict[str, Any]:
    """Whether the receiver needs a link, and the one that holds."""
    row = seen.referral
    if row.receiver_id is not None or row.status not in LIVE:
        return {"needed": False}
    with as_partner(row.sender):
        rows = ReceiverLink.objects.filter(referral=row, revoked_at=None, expires_at__gt=timezone.now())
        return {"needed": True, "open": rows.order_by("-made_at").first()}


def _address(name: str, **named: Any) -> str:
    """An address that another desk gives, if it is there."""
    try:
        return reverse(name, kwargs=named)
    except NoReverseMatch:
        return ""
