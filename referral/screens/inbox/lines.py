"""The lines of the inbox: what to do, about what, how urgent, by when, and where to do it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from referral.access import Member
from referral.models import Case, CaseTransfer, Referral, Task, TaskKind
from referral.reading.inbox import RECEIVERS_TURN, UNREAD, Wait, Waiting, step_title
from referral.screens.addresses import address
from referral.screens.due_words import Due, due
from referral.states.clock import end_of_day
from referral.states.events import Status
from referral.words.choices import Urgency

REFERENCE = 8  # signs of the number of a referral: enough to name it on the telephone
TASKS: Mapping[str, Any] = {
    TaskKind.ANSWER: _("Answer the question of the service"),
    TaskKind.REFER_AGAIN: _("Refer to another service"),
    TaskKind.CALL: _("Call the service"),
    TaskKind.CONFIRM: _("Ask the person whether help arrived"),
    TaskKind.INFORM: _("Inform the person and record their wishes"),
    TaskKind.REVIEW: _("Review the case"),
    TaskKind.DECIDE: _("Decide: the person received nothing"),
    TaskKind.ACCESS: _("Decide who may read a case"),
    TaskKind.LET_IN: _("See who was given access to a case"),
    TaskKind.DATA_REQUEST: _("Answer a request about data"),
    TaskKind.CORRECT: _("Do what the person asks about their data"),
    TaskKind.CORRECTED: _("Ask the sender: what you received was corrected"),
    TaskKind.COMPLAINT: _("Answer a complaint"),
    TaskKind.OTHER: _("See what is asked"),
}
# Why it is asked, where the first word of its mark tells more than its kind.
MARKS: Mapping[str, Any] = {
    "closure": _("Approve the closure, or return it"),
    "transfer": _("Answer another organisation that asks for the case"),
    "declined": _("Read why the transfer was declined"),
    "dissent": _("Decide: the child does not agree"),
    "double": _("Compare: perhaps it is the same person"),
    "owner-left": _("Put somebody in charge: the last one has left"),
    "agreement": _("Check: a data-sharing agreement has ended"),
    "retention": _("Decide whether to keep the data"),
    "resting": _("Close the case, or work on it: its content will be erased in 60 days"),
    "contact": _("Contact the person as agreed"),
    "hold": _("Review the case on hold"),
}
ELSEWHERE: Mapping[str, str] = {
    TaskKind.ACCESS: "access", TaskKind.LET_IN: "access", TaskKind.DATA_REQUEST: "requests", TaskKind.COMPLAINT: "requests",
}  # fmt: skip
NOBODY_ANSWERS = _("See why nobody has acted")
TO_ANSWER: Mapping[str, Any] = {
    Status.SENT: _("Confirm receipt, or answer"),
    Status.ACKNOWLEDGED: _("Decide: accept or decline"),
    Status.ACCEPTED: _("Reach the person"),
    Status.WAITLISTED: _("Find a place"),
    Status.IN_PROGRESS: _("Report what was done"),
    Status.INFO_REQUESTED: _("The sender answers your question"),
    Status.DELIVERED: _("The sender asks the person"),
}
TO_WAIT_FOR: Mapping[str, Any] = {
    Status.SENT: _("The service confirms receipt"),
    Status.ACKNOWLEDGED: _("The service decides"),
    Status.ACCEPTED: _("The service reaches the person"),
    Status.WAITLISTED: _("The service finds a place"),
    Status.IN_PROGRESS: _("The service reports what was done"),
    Status.DRAFT: _("Send the draft, or discard it"),
}


@dataclass(frozen=True)
class Line:
    """One line. `code` is that of a case and stands with its own partner alone; a receiver gets a `reference`."""

    wait: Wait
    what: Any
    address: str
    due: Due | None
    code: str = ""
    reference: str = ""
    beside: Any = ""
    urgency: str = ""
    urgency_label: Any = ""
    is_training: bool = False

    @property
    def order(self) -> tuple[bool, float]:
        """What is due first comes first; what is due at no time last."""
        return (self.due is None, self.due.at.timestamp() if self.due else 0.0)


def lines_of(found: Waiting, member: Member) -> dict[Wait, list[Line]]:
    """The four lists, each in the order in which to work."""
    lists: dict[Wait, list[Line]] = {wait: [] for wait in Wait}
    for line in _lines(found, member):
        lists[line.wait].append(line)
    return {wait: sorted(lines, key=lambda line: line.order) for wait, lines in lists.items()}


def _lines(found: Waiting, member: Member) -> Iterator[Line]:
    yield from (line_of_task(task, found.now) for task in found.tasks)
    yield from (_received(referral, found.now) for referral in found.received)
    yield from (_sent(referral, found.now) for referral in found.sent)
    yield from (_offer(offer, member) for offer in found.offers)
    yield from (_closure(case) for case in found.closures)


def _when(at: datetime | None, now: datetime) -> Wait:
    if at is None or at > end_of_day(now):
        return Wait.MINE
    return Wait.LATE if at < now else Wait.TODAY


def line_of_task(task: Task, now: datetime) -> Line:
    """A task on one line; it leads to its referral, or else to its case."""
    case, referral = None if task.kind in UNREAD else task.case, task.referral
    about = referral or case
    return Line(
        _when(task.due_at, now), what_to_do(task), _where(task), due(task.due_at, now),
        code=case.code if case else "", reference=reference_of(referral) if referral and not case else "",
        beside=referral.service.name if referral else "",
        **_marks(about),
    )  # fmt: skip


def _where(task: Task) -> str:
    """Where it is done: at its own desk, at the referral, or at the case."""
    if task.kind in ELSEWHERE:
        return address((ELSEWHERE[task.kind],))
    code = task.case.code if task.case else ""
    names = ("referral", "case") if task.referral_id else ("case",)
    return address(names, referral_id=task.referral_id, code=code) if task.referral_id or code else ""


def what_to_do(task: Task) -> Any:
    """What a task asks for, verb first."""
    word = task.mark.partition(":")[0]
    if task.kind == TaskKind.STEP:
        title = step_title(task)
        return gettext("Do the step: %(step)s") % {"step": title} if title else gettext("Do the next step")
    if word == "alarm" and task.kind == TaskKind.DECIDE:
        return NOBODY_ANSWERS
    return MARKS.get(word) or TASKS.get(task.kind) or task.get_kind_display()


def _received(referral: Referral, now: datetime) -> Line:
    mine = referral.status in RECEIVERS_TURN
    return Line(
        _when(referral.due_at, now) if mine else Wait.OTHERS, TO_ANSWER[referral.status],
        address(("referral",), referral_id=referral.pk), due(referral.due_at, now),
        reference=reference_of(referral), beside=f"{referral.service.name} · {referral.sender}", **_marks(referral),
    )  # fmt: skip


def _sent(referral: Referral, now: datetime) -> Line:
    return Line(
        Wait.MINE if referral.status == Status.DRAFT else Wait.OTHERS, TO_WAIT_FOR[referral.status],
        address(("referral", "case"), referral_id=referral.pk, code=referral.case.code), due(referral.due_at, now),
        code=referral.case.code, beside=referral.service.name, **_marks(referral),
    )  # fmt: skip


def _offer(offer: CaseTransfer, member: Member) -> Line:
    if offer.taker_id != member.partner.pk:
        return Line(Wait.OTHERS, _("The other organisation takes the case"), "", None, beside=offer.taker)
    where = address(("case-offer",), transfer_id=offer.pk)
    return Line(Wait.MINE, _("Take over a case, or decline"), where, None, beside=offer.source)


def _closure(case: Case) -> Line:
    where = address(("case",), code=case.code)
    return Line(Wait.OTHERS, _("The supervisor approves the closure"), where, None, code=case.code, **_marks(case))


def reference_of(referral: Referral) -> str:
    """How both sides name a referral: the beginning of its number. It tells nothing of the case."""
    return str(referral.pk)[:REFERENCE].upper()


def _marks(about: Case | Referral | None) -> dict[str, Any]:
    if about is None:
        return {}
    shown = {"urgency": about.urgency, "urgency_label": Urgency(about.urgency).label}
    return {**shown, "is_training": about.is_training}
