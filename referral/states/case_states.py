"""The case machine (referral.md b.3) as a table. The status governs access; the stage is derived and is not here."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from referral.states import machine


class CaseStatus(TextChoices):
    """The 6 states of a case. A transfer offered and a closure asked for are notes beside “open”, not states."""

    OPEN = "open", pgettext_lazy("case status", "Open")
    ON_HOLD = "on_hold", pgettext_lazy("case status", "On hold")
    CLOSED = "closed", pgettext_lazy("case status", "Closed")
    TRANSFERRED = "transferred", pgettext_lazy("case status", "Transferred")
    MERGED = "merged", pgettext_lazy("case status", "Merged (duplicate)")
    VOID = "void", pgettext_lazy("case status", "Entered in error")


class CaseEvent(TextChoices):
    """What can happen to a case. The label is that of the button."""

    OPEN = "open", pgettext_lazy("button", "Open a case")
    HOLD = "hold", pgettext_lazy("button", "Put on hold")
    RESUME = "resume", pgettext_lazy("button", "Resume")
    ASSIGN = "assign", pgettext_lazy("button", "Assign")
    REQUEST_TRANSFER = "request_transfer", pgettext_lazy("button", "Ask for the case")
    OFFER_TRANSFER = "offer_transfer", pgettext_lazy("button", "Offer a transfer")
    ACCEPT_TRANSFER = "accept_transfer", pgettext_lazy("button", "Take over the case")
    DECLINE_TRANSFER = "decline_transfer", pgettext_lazy("button", "Decline the transfer")
    EXPIRE_TRANSFER = "expire_transfer", pgettext_lazy("button", "Let the offer expire")
    REQUEST_CLOSURE = "request_closure", pgettext_lazy("button", "Ask for closure")
    APPROVE_CLOSURE = "approve_closure", pgettext_lazy("button", "Approve the closure")
    RETURN_CLOSURE = "return_closure", pgettext_lazy("button", "Do not close yet")
    REOPEN = "reopen", pgettext_lazy("button", "Reopen")
    MERGE = "merge", pgettext_lazy("button", "Merge with another case")
    UNMERGE = "unmerge", pgettext_lazy("button", "Undo the merge")
    VOID = "void", pgettext_lazy("button", "Mark the case as entered in error")
    PURGE = "purge", pgettext_lazy("button", "Erase")


class CaseActor(StrEnum):
    """The kinds of actor, as seen from one case. The owner is also a caseworker: ask for OWNER, the closest kind."""

    INTAKE = "intake"  # opens, until handed over
    CASEWORKER = "caseworker"  # of the organisation, not of this case
    OWNER = "owner"  # the caseworker in charge
    SUPERVISOR = "supervisor"  # of the same team
    RECEIVING = "receiving"  # a caseworker or supervisor of the organisation that a transfer names
    SYSTEM = "system"  # a timer under the data-protection officer's rule
    OUTSIDER = "outsider"  # anybody else


class CaseGuard(TextChoices):
    """What must hold before an event. The label is the sentence that refuses it, for the person who tried."""

    AGREEMENTS_VALID = "agreements_valid", _("An organisation's data-sharing agreement is missing or has ended.")
    TRIAGED = "triaged", _("Choose urgency, risk and profile.")
    REASON_GIVEN = "reason_given", _("Give the reason.")
    REVIEW_WITHIN_30_DAYS = "review_within_30_days", _("Give a date of review within 30 days.")
    NO_EMERGENCY_OPEN = "no_emergency_open", _("An emergency referral is still open.")
    NO_URGENT_OPEN = "no_urgent_open", _("An emergency or urgent referral is still open.")
    ASSIGNEE_FITS = "assignee_fits", _("Choose an active caseworker of your organisation other than yourself.")
    CONSENT_COVERS_RECIPIENT = "consent_covers_recipient", _("Consent does not name the organisation that takes over.")
    HANDOVER_NOTE = "handover_note", _("Write a handover note.")
    TRANSFER_PENDING = "transfer_pending", _("No transfer is waiting for an answer.")
    NO_TRANSFER_PENDING = "no_transfer_pending", _("A transfer is already waiting for an answer.")
    FEEDBACK_ASKED = "feedback_asked", _("Ask the person for an opinion first.")
    CLOSURE_PENDING = "closure_pending", _("Nobody has asked to close this case.")
    FOUR_EYES = "four_eyes", _("Somebody other than the one who asked must approve.")
    NOT_PURGED = "not_purged", _("The data of this case have been erased.")
    SAME_ORGANISATION = "same_organisation", _("Choose another case of your organisation to merge with.")
    MERGED_30_DAYS_AGO = "merged_30_days_ago", _("A merge can be undone for 30 days only.")
    NO_REFERRAL_SENT = "no_referral_sent", _("A referral of this case has already been sent.")
    RETENTION_OVER = "retention_over", _("The data must still be kept.")
    NO_LEGAL_HOLD = "no_legal_hold", _("These data are on legal hold.")


Transition = machine.Transition[CaseStatus, CaseEvent, CaseActor, CaseGuard]

_E, _G = CaseEvent, CaseGuard
_OPEN = frozenset({CaseStatus.OPEN})
_ON_HOLD = frozenset({CaseStatus.ON_HOLD})
_SUP = frozenset({CaseActor.SUPERVISOR})
_OWNER = frozenset({CaseActor.OWNER})
_IN_CHARGE = _OWNER | _SUP
_RECEIVING = frozenset({CaseActor.RECEIVING})
_SYS = frozenset({CaseActor.SYSTEM})
_OURS = "our design"

MACHINE: machine.Machine[CaseStatus, CaseEvent, CaseActor, CaseGuard] = machine.Machine((
    Transition(
        _E.OPEN, frozenset({None}), CaseStatus.OPEN,
        frozenset({CaseActor.INTAKE, CaseActor.CASEWORKER}) | _SUP, "b.3, b.6",
        needs=(_G.AGREEMENTS_VALID, _G.TRIAGED), fields=("profile", "urgency", "risk"),
        remark="The version of the procedure is frozen; tasks are made. The supervisor stands in b.6 only.",
    ),
    Transition(
        _E.HOLD, _OPEN, CaseStatus.ON_HOLD, _IN_CHARGE, "b.3",
        needs=(_G.REASON_GIVEN, _G.REVIEW_WITHIN_30_DAYS, _G.NO_EMERGENCY_OPEN), fields=("reason", "review_on"),
    ),
    Transition(_E.RESUME, _ON_HOLD, CaseStatus.OPEN, _IN_CHARGE, "b.3"),
    Transition(
        _E.ASSIGN, _OPEN, None, _SUP, "b.3", needs=(_G.ASSIGNEE_FITS,), fields=("assignee",), optional=("note",),
    ),
    Transition(
        _E.REQUEST_TRANSFER, _OPEN, None, _RECEIVING, "b.3", needs=(_G.NO_TRANSFER_PENDING,), fields=("reason",),
        remark="The owner is asked, and may then offer.",
    ),
    Transition(
        _E.OFFER_TRANSFER, _OPEN, None, _OWNER, "b.3",
        needs=(_G.NO_TRANSFER_PENDING, _G.AGREEMENTS_VALID, _G.CONSENT_COVERS_RECIPIENT, _G.HANDOVER_NOTE),
        fields=("organisation", "handover_note"), remark="Open referrals are listed in the offer.",
    ),
    Transition(
        _E.ACCEPT_TRANSFER, _OPEN, CaseStatus.TRANSFERRED, _RECEIVING, "b.3",
        needs=(_G.TRANSFER_PENDING, _G.AGREEMENTS_VALID, _G.CONSENT_COVERS_RECIPIENT),
        remark="Open in the organisation that takes over. The source loses writing and keeps its own events for 30 days.",
    ),
    Transition(
        _E.DECLINE_TRANSFER, _OPEN, None, _RECEIVING, "b.3", needs=(_G.TRANSFER_PENDING, _G.REASON_GIVEN),
        fields=("reason",),
    ),
    Transition(_E.EXPIRE_TRANSFER, _OPEN, None, _SYS, "b.3", needs=(_G.TRANSFER_PENDING,)),
    Transition(
        _E.REQUEST_CLOSURE, _OPEN | _ON_HOLD, CaseStatus.OPEN, _OWNER, "b.3",
        needs=(_G.NO_URGENT_OPEN, _G.REASON_GIVEN, _G.FEEDBACK_ASKED), fields=("closure_reason", "feedback_asked"), optional=("note",),
        remark="Open with a closure pending; the date of retention is computed.",
    ),
    Transition(
        _E.APPROVE_CLOSURE, _OPEN, CaseStatus.CLOSED, _SUP, "b.3",
        needs=(_G.CLOSURE_PENDING, _G.NO_URGENT_OPEN, _G.FOUR_EYES), optional=("note",),
        remark="Never the requester for high risk, trafficking, gender-based violence, children. "
        "Follow-up codes end in 90 days; packets are revoked.",
    ),
    Transition(
        _E.RETURN_CLOSURE, _OPEN, None, _SUP, _OURS, needs=(_G.CLOSURE_PENDING, _G.REASON_GIVEN), fields=("reason",),
        remark="Not in b.3: the answer “no” to a request for closure.",
    ),
    Transition(
        _E.REOPEN, frozenset({CaseStatus.CLOSED}), CaseStatus.OPEN, _SUP, "b.3",
        needs=(_G.REASON_GIVEN, _G.NOT_PURGED), fields=("reason",), remark="Counted in reopened_count.",
    ),
    Transition(
        _E.MERGE, _OPEN, CaseStatus.MERGED, _SUP, "b.3", needs=(_G.SAME_ORGANISATION,), fields=("into",),
        remark="Both are kept.",
    ),
    Transition(
        _E.UNMERGE, frozenset({CaseStatus.MERGED}), CaseStatus.OPEN, _SUP, "b.3", needs=(_G.MERGED_30_DAYS_AGO,),
    ),
    Transition(_E.VOID, _OPEN, CaseStatus.VOID, _SUP, "b.3", needs=(_G.NO_REFERRAL_SENT,), optional=("note",)),
    Transition(
        _E.PURGE, frozenset(CaseStatus), None, _SYS, "b.3", needs=(_G.RETENTION_OVER, _G.NO_LEGAL_HOLD),
        remark="Identity and content are erased under the data-protection officer's rule; the audit entry is kept.",
    ),
))  # fmt: skip

SENTENCES: dict[CaseEvent, Any] = {
    _E.OPEN: _("%(who)s opened the case."),
    _E.HOLD: _("%(who)s put the case on hold."),
    _E.RESUME: _("%(who)s resumed the case."),
    _E.ASSIGN: _("%(who)s assigned the case."),
    _E.REQUEST_TRANSFER: _("%(who)s asked for the case."),
    _E.OFFER_TRANSFER: _("%(who)s offered a transfer."),
    _E.ACCEPT_TRANSFER: _("%(who)s took over the case."),
    _E.DECLINE_TRANSFER: _("%(who)s declined the transfer."),
    _E.EXPIRE_TRANSFER: _("The offer of a transfer expired."),
    _E.REQUEST_CLOSURE: _("%(who)s asked to close the case."),
    _E.APPROVE_CLOSURE: _("%(who)s approved the closure."),
    _E.RETURN_CLOSURE: _("%(who)s kept the case open."),
    _E.REOPEN: _("%(who)s reopened the case."),
    _E.MERGE: _("%(who)s merged the case with another."),
    _E.UNMERGE: _("%(who)s undid the merge."),
    _E.VOID: _("%(who)s marked the case as entered in error."),
    _E.PURGE: _("The data of the case were erased."),
}


def target(status: CaseStatus | None, event: CaseEvent) -> CaseStatus:
    """The status after this event; None: there is no case yet. Raises IllegalEvent (answer 409)."""
    found = MACHINE.target(status, event)
    assert found is not None  # noqa: S101 (only open starts from nothing, and it opens)
    return found


def allowed(status: CaseStatus | None, event: CaseEvent, actor: CaseActor) -> Transition:
    """The row with its guards and fields. Raises NotYours, then IllegalEvent: a stranger learns nothing of the state."""
    return MACHINE.allowed(status, event, actor)


def possible(status: CaseStatus | None, actor: CaseActor) -> tuple[Transition, ...]:
    """What to offer this kind of actor as buttons, in the order of the table. Guards may still refuse it."""
    return MACHINE.possible(status, actor)


def sentence(event: CaseEvent, who: str) -> str:
    """What happened, for the timeline of staff, in the active language."""
    return str(SENTENCES[event]) % {"who": who}
