"""The referral machine (referral.md b.4) as one table that code, tests, documentation and screens read alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from referral.states import machine
from referral.states.events import Actor, Event, Guard, Status
from referral.states.machine import IllegalEvent, Later, NotYours, Refused

__all__ = [
    "LIVE",
    "MACHINE",
    "TASKS",
    "TERMINAL",
    "Actor",
    "Event",
    "Guard",
    "IllegalEvent",
    "NotYours",
    "Refused",
    "Status",
    "Task",
    "Transition",
    "allowed",
    "possible",
    "target",
    "task",
]

Transition = machine.Transition[Status, Event, Actor, Guard]

TERMINAL = frozenset({
    Status.CLOSED, Status.DECLINED, Status.WITHDRAWN, Status.NOT_DELIVERED, Status.EXPIRED, Status.ENTERED_IN_ERROR,
})  # fmt: skip
# Somebody at the other desk has it, or the person's word is still awaited. A draft has left nobody's desk.
LIVE = frozenset(Status) - TERMINAL - {Status.DRAFT}

_REF = frozenset({Actor.REFERRER, Actor.SUPERVISOR})
_REC = frozenset({Actor.RECEIVER, Actor.LINK_RECEIVER})
_SYS = frozenset({Actor.SYSTEM})
_SUP = frozenset({Actor.SUPERVISOR})
_UNANSWERED = frozenset({Status.SENT, Status.ACKNOWLEDGED})
_BEFORE_YES = _UNANSWERED | {Status.INFO_REQUESTED, Status.WAITLISTED}
_G = Guard

MACHINE: machine.Machine[Status, Event, Actor, Guard] = machine.Machine((
    Transition(
        Event.CREATE, frozenset({None}), Status.DRAFT, _REF, "b.4 1",
        needs=(_G.CASE_OPEN, _G.MAY_WRITE_CASE, _G.NO_OTHER_LIVE),
        fields=("service", "urgency", "reason", "handover", "categories"), optional=("special_needs", "replaces"),
        remark="No other live referral of the same case to the same service: scenario 24.",
    ),
    Transition(
        Event.SEND, frozenset({Status.DRAFT}), Status.SENT, _REF, "b.4 2",
        needs=(
            _G.CASE_OPEN, _G.CONSENT_COVERS, _G.AGREEMENTS_VALID, _G.SERVICE_OPEN, _G.SERVICE_ACCEPTS,
            _G.NO_OTHER_LIVE, _G.MINOR_PROTECTED, _G.PROCEDURE_ALLOWS, _G.LIMITS_SET, _G.PACKET_FROZEN,
        ),
        remark="Consent is judged at this instant. Without it only a supervisor's recorded override, never a posted field.",
    ),
    Transition(
        Event.DISCARD, frozenset({Status.DRAFT}), Status.ENTERED_IN_ERROR, _REF | _SYS, "b.4 3, d.4",
        remark="The system after 14 days: retention.",
    ),
    Transition(
        Event.ACKNOWLEDGE, frozenset({Status.SENT}), Status.ACKNOWLEDGED, _REC, "b.4 4", needs=(_G.ONE_SIDE_ONLY,),
        remark="Opening the packet is not yet this: it only sets seen_at.",
    ),
    Transition(
        Event.ASK_INFO, _UNANSWERED, Status.INFO_REQUESTED, _REC, "b.4 5",
        needs=(_G.ONE_SIDE_ONLY, _G.QUESTION_GIVEN), fields=("question",),
        remark="The clock stands still, at most 72 h (urgent 24 h, emergency 2 h).",
    ),
    Transition(
        Event.ANSWER, frozenset({Status.INFO_REQUESTED}), Status.ACKNOWLEDGED, _REF, "b.4 6",
        needs=(_G.ONE_SIDE_ONLY, _G.ANSWER_GIVEN, _G.CONSENT_COVERS, _G.PACKET_FROZEN),
        fields=("answer",), optional=("categories",), remark="A new version of the packet; consent is judged again.",
    ),
    Transition(
        Event.ACCEPT, _UNANSWERED, Status.ACCEPTED, _REC, "b.4 7",
        needs=(_G.ONE_SIDE_ONLY, _G.CAPACITY_LEFT, _G.CONTACT_DATE_GIVEN),
        fields=("first_contact_on",), optional=("recipient_case_ref", "note"),
        remark="Capacity is counted again under the lock on the service.",
    ),
    Transition(
        Event.WAITLIST, _UNANSWERED, Status.WAITLISTED, _REC, "b.4 8",
        needs=(_G.ONE_SIDE_ONLY, _G.NOT_EMERGENCY, _G.EXPECTED_DATE_GIVEN),
        fields=("expected_on",), optional=("recipient_case_ref", "note"),
    ),
    Transition(
        Event.ACCEPT_WAITLISTED, frozenset({Status.WAITLISTED}), Status.ACCEPTED, _REC, "b.4 9",
        needs=(_G.ONE_SIDE_ONLY, _G.CAPACITY_LEFT, _G.CONTACT_DATE_GIVEN),
        fields=("first_contact_on",), optional=("recipient_case_ref", "note"),
        remark="Capacity is counted again under the lock on the service.",
    ),
    Transition(
        Event.DECLINE, _BEFORE_YES, Status.DECLINED, _REC, "b.4 10", needs=(_G.ONE_SIDE_ONLY, _G.REASON_GIVEN),
        fields=("decline_reason",), optional=("suggested_service", "note"), remark="The referrer gets a task.",
    ),
    Transition(
        Event.START, frozenset({Status.ACCEPTED}), Status.IN_PROGRESS, _REC, "b.4 11",
        needs=(_G.ONE_SIDE_ONLY, _G.CONTACT_RECORDED), fields=("contacted_at",), optional=("note",),
    ),
    Transition(
        Event.PAUSE, frozenset({Status.IN_PROGRESS}), Status.WAITLISTED, _REC, "b.4 12",
        needs=(_G.ONE_SIDE_ONLY, _G.REASON_GIVEN), fields=("reason",), optional=("expected_on",),
    ),
    Transition(
        Event.DELIVER, frozenset({Status.ACCEPTED, Status.IN_PROGRESS}), Status.DELIVERED, _REC, "b.4 13",
        needs=(_G.ONE_SIDE_ONLY, _G.OUTCOME_GIVEN), fields=("outcome", "service_date"),
        optional=("services_given", "next_steps"), remark="The clock of the person's confirmation starts.",
    ),
    Transition(
        Event.FAIL, frozenset({Status.ACCEPTED, Status.IN_PROGRESS, Status.WAITLISTED}), Status.NOT_DELIVERED, _REC,
        "b.4 14", needs=(_G.ONE_SIDE_ONLY, _G.REASON_GIVEN), fields=("not_delivered_reason",), optional=("note",),
        remark="The referrer gets a task.",
    ),
    Transition(
        Event.CONFIRM, frozenset({Status.DELIVERED}), Status.CLOSED, _REF, "b.4 15",
        needs=(_G.ONE_SIDE_ONLY, _G.PERSON_ASKED), fields=("client_confirmed",),
        optional=("satisfaction", "barriers", "note"), remark="Out of reach after three attempts: counted as unverified.",
    ),
    Transition(
        Event.DISPUTE, frozenset({Status.DELIVERED}), Status.IN_PROGRESS, _REF, "b.4 16",
        needs=(_G.ONE_SIDE_ONLY, _G.NOT_RECEIVED), needs_of={Actor.REFERRER: (_G.FIRST_DISPUTE,)}, optional=("note",),
        remark="The supervisor is told. Once only; then a supervisor decides.",
    ),
    Transition(
        Event.WITHDRAW, (LIVE | {Status.DRAFT}) - {Status.DELIVERED}, Status.WITHDRAWN, _REF | _SYS, "b.4 17",
        needs=(_G.REASON_GIVEN,), needs_of={Actor.SYSTEM: (_G.CONSENT_WITHDRAWN,)}, fields=("reason",),
        remark="The packet is revoked; the receiver is told without content. A withdrawal of consent while delivered "
        "revokes the packet and leaves the state.",
    ),
    Transition(
        Event.EXPIRE, _BEFORE_YES, Status.EXPIRED, _SYS, "b.4 18", needs=(_G.PAST_HARD_LIMIT, _G.NOT_EMERGENCY),
        remark="A task to refer again. An emergency goes to the supervisors and the coordination instead.",
    ),
    Transition(
        Event.SERVICE_CLOSED, LIVE, None, _SYS, "b.4 19", needs=(_G.DIRECTORY_SAYS_CLOSED,),
        later=Later(timedelta(hours=24), frozenset({Status.SENT}), Status.DECLINED),
        remark="A task for the referrer at once; still sent a day later: declined with the reason service_closed.",
    ),
    Transition(
        Event.MARK_ERROR, LIVE | {Status.DRAFT}, Status.ENTERED_IN_ERROR, _SUP, "b.4 20", optional=("note",),
        remark="Both sides keep the trail of events; the packet is revoked.",
    ),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """How a state is said in HL7 FHIR: Task.status, Task.businessStatus, Task.statusReason (the last two: our codes)."""

    status: str
    business_status: str = ""
    status_reason: str = ""


TASKS: dict[Status, Task] = {
    Status.DRAFT: Task("draft"),
    Status.SENT: Task("requested"),
    Status.ACKNOWLEDGED: Task("received"),
    Status.INFO_REQUESTED: Task("received", "info-requested"),
    Status.ACCEPTED: Task("accepted"),
    Status.WAITLISTED: Task("on-hold", "waitlisted"),
    Status.IN_PROGRESS: Task("in-progress"),
    Status.DELIVERED: Task("completed", "delivered"),
    Status.CLOSED: Task("completed", "loop-closed"),
    Status.DECLINED: Task("rejected"),
    Status.WITHDRAWN: Task("cancelled"),
    Status.NOT_DELIVERED: Task("failed"),
    Status.EXPIRED: Task("cancelled", "expired", "expired"),
    Status.ENTERED_IN_ERROR: Task("entered-in-error"),
}


def task(status: Status) -> Task:
    """The FHIR Task of this state; no two states have the same. After an event: `task(target(status, event))`."""
    return TASKS[status]


def target(status: Status | None, event: Event, elapsed: timedelta = timedelta()) -> Status:
    """The state after this event; None: there is no referral yet. Raises IllegalEvent (answer 409).

    `elapsed` matters to service_closed only: how long the system has known it.
    """
    found = MACHINE.target(status, event, elapsed)
    assert found is not None  # noqa: S101 (only create starts from nothing, and it makes a draft)
    return found


def allowed(status: Status | None, event: Event, actor: Actor) -> Transition:
    """The row with its guards and fields. Raises NotYours, then IllegalEvent: a stranger learns nothing of the state."""
    return MACHINE.allowed(status, event, actor)


def possible(status: Status | None, actor: Actor) -> tuple[Transition, ...]:
    """What to offer this kind of actor as buttons, in the order of the table. Guards may still refuse it."""
    return MACHINE.possible(status, actor)
