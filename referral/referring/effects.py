"""What each event writes into the referral: dates, time limits, codes, places, the packet; what ends when a referral ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import F

from referral.access import System
from referral.models import Packet, ReceiverLink, Reception
from referral.referring import packets
from referral.referring.attempt import Attempt
from referral.referring.pauses import effective_due, next_due
from referral.safety import keys
from referral.states import limits
from referral.states.limits import Clock
from referral.states.workflow import TERMINAL, Event, Status
from referral.words.choices import DeclineReason, Urgency

# In these states somebody has one of the places that a receiver has counted.
HOLDING = frozenset({Status.ACCEPTED, Status.IN_PROGRESS, Status.DELIVERED, Status.CLOSED})
REVOKING = frozenset({Event.WITHDRAW, Event.MARK_ERROR, Event.EXPIRE})
# Fields of an event that are kept as its words; the others stand in the referral.
SPOKEN = ("question", "answer", "reason", "note", "contacted_at")


def write(attempt: Attempt, after: Status) -> None:
    """Put everything that this event means into the rows, but tasks and notices. Does not save the referral."""
    referral = attempt.referral
    referral.status = after
    if (effect := EFFECTS.get(attempt.event)) is not None:
        effect(attempt)
    _count_place(attempt, after)
    if attempt.event in REVOKING:
        packets.revoke(Packet.objects.filter(referral=referral), attempt.now)
    if after in TERMINAL:
        ReceiverLink.objects.filter(referral=referral, revoked_at=None).update(revoked_at=attempt.now)
        referral.paused_at = None
    referral.due_at = next_due(referral)


def words(attempt: Attempt) -> dict[str, Any]:
    """What was said with this event. The system says nothing; the reason of a draft stands in the referral."""
    if isinstance(attempt.by, System) or attempt.event == Event.CREATE:
        return {}
    spoken = {name: attempt.given[name] for name in SPOKEN if name in attempt.given}
    return {name: value if isinstance(value, str) else value.isoformat() for name, value in spoken.items()}


def _create(attempt: Attempt) -> None:
    referral, given = attempt.referral, attempt.given
    referral.urgency, referral.handover = given["urgency"], given["handover"]
    referral.categories = list(given["categories"])
    referral.replaces = given.get("replaces")
    box = keys.case_box(attempt.case, attempt.case.partner)
    referral.seal(box, reason=given["reason"], special_needs=given.get("special_needs"))


def _send(attempt: Attempt) -> None:
    referral, urgency = attempt.referral, Urgency(attempt.referral.urgency)
    referral.sent_at, referral.grant, referral.rules = attempt.now, attempt.grant, attempt.rules
    referral.receiver = attempt.receiver
    referral.acknowledge_by = limits.due(urgency, Clock.ACK, attempt.now)
    referral.decide_by = limits.due(urgency, Clock.DECISION, attempt.now)
    referral.deliver_by = limits.due(urgency, Clock.SERVICE, attempt.now)
    packets.freeze(attempt)


def _ask_info(attempt: Attempt) -> None:
    attempt.referral.paused_at = attempt.now


def _answer(attempt: Attempt) -> None:
    referral = attempt.referral
    referral.decide_by = effective_due(referral, Clock.DECISION, attempt.now)
    referral.paused_at = None
    referral.categories, referral.grant = list(attempt.categories), attempt.grant
    packets.freeze(attempt)


def _accept(attempt: Attempt) -> None:
    referral = attempt.referral
    referral.first_contact_on, referral.expected_on = attempt.given["first_contact_on"], None
    _answered(attempt)


def _waitlist(attempt: Attempt) -> None:
    attempt.referral.expected_on = attempt.given["expected_on"]
    _answered(attempt)


def _answered(attempt: Attempt) -> None:
    referral = attempt.referral
    referral.answered_at = referral.answered_at or attempt.now
    if (own := attempt.given.get("recipient_case_ref")) is not None:
        referral.seal(packets.shared_box(referral, attempt.by), recipient_ref=own)


def _decline(attempt: Attempt) -> None:
    referral = attempt.referral
    referral.decline_reason = attempt.given["decline_reason"]
    referral.suggested = attempt.given.get("suggested_service")
    referral.answered_at = referral.answered_at or attempt.now


def _pause(attempt: Attempt) -> None:
    attempt.referral.expected_on = attempt.given.get("expected_on")


def _deliver(attempt: Attempt) -> None:
    referral, given = attempt.referral, attempt.given
    referral.service_date = given["service_date"]
    referral.verify_by = limits.due(Urgency(referral.urgency), Clock.VERIFY, attempt.now)
    said = {name: given[name] for name in ("outcome", "services_given", "next_steps") if name in given}
    referral.seal(packets.shared_box(referral, attempt.by), outcome=said)


def _fail(attempt: Attempt) -> None:
    attempt.referral.not_delivered_reason = attempt.given["not_delivered_reason"]


def _confirm(attempt: Attempt) -> None:
    """What the person says is kept beside what the service said."""
    referral, given = attempt.referral, attempt.given
    referral.confirmed = given["client_confirmed"]
    said = {name: given[name] for name in ("satisfaction", "barriers") if name in given}
    if said:
        box = packets.shared_box(referral, attempt.by)
        referral.seal(box, outcome=(referral.opened(box, ["outcome"])["outcome"] or {}) | said)


def _dispute(attempt: Attempt) -> None:
    attempt.referral.disputes += 1
    attempt.referral.verify_by = None


def _service_closed(attempt: Attempt) -> None:
    referral = attempt.referral
    referral.service_closed_at = referral.service_closed_at or attempt.now
    if referral.status == Status.DECLINED:
        referral.decline_reason = DeclineReason.SERVICE_CLOSED


def _count_place(attempt: Attempt, after: Status) -> None:
    """Take a place, or give it back, where the receiver counts places."""
    if taken := (after in HOLDING) - (attempt.before in HOLDING):
        counted = Reception.objects.filter(service=attempt.service, places__isnull=False)
        counted.update(places=F("places") - taken)


EFFECTS: Mapping[Event, Callable[[Attempt], None]] = {
    Event.CREATE: _create,
    Event.SEND: _send,
    Event.ASK_INFO: _ask_info,
    Event.ANSWER: _answer,
    Event.ACCEPT: _accept,
    Event.ACCEPT_WAITLISTED: _accept,
    Event.WAITLIST: _waitlist,
    Event.DECLINE: _decline,
    Event.PAUSE: _pause,
    Event.DELIVER: _deliver,
    Event.FAIL: _fail,
    Event.CONFIRM: _confirm,
    Event.DISPUTE: _dispute,
    Event.SERVICE_CLOSED: _service_closed,
}
