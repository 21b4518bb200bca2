"""The words of the referral machine: states, events, who acts, what must hold; their labels and sentences."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(TextChoices):
    """The 14 states of a referral (referral.md b.2)."""

    DRAFT = "draft", pgettext_lazy("referral status", "Draft")
    SENT = "sent", pgettext_lazy("referral status", "Sent")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("referral status", "Acknowledged")
    INFO_REQUESTED = "info_requested", pgettext_lazy("referral status", "More information requested")
    ACCEPTED = "accepted", pgettext_lazy("referral status", "Accepted")
    WAITLISTED = "waitlisted", pgettext_lazy("referral status", "Waitlisted")
    IN_PROGRESS = "in_progress", pgettext_lazy("referral status", "In progress")
    DELIVERED = "delivered", pgettext_lazy("referral status", "Service delivered")
    CLOSED = "closed", pgettext_lazy("referral status", "Closed (follow-up done)")
    DECLINED = "declined", pgettext_lazy("referral status", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("referral status", "Withdrawn")
    NOT_DELIVERED = "not_delivered", pgettext_lazy("referral status", "Not delivered")
    EXPIRED = "expired", pgettext_lazy("referral status", "Expired without answer")
    ENTERED_IN_ERROR = "entered_in_error", pgettext_lazy("referral status", "Entered in error")


class Event(TextChoices):
    """The 20 events of a referral (b.4; accept stands there twice). The label is that of the button."""

    CREATE = "create", pgettext_lazy("button", "Prepare a referral")
    SEND = "send", pgettext_lazy("button", "Send")
    DISCARD = "discard", pgettext_lazy("button", "Discard the draft")
    ACKNOWLEDGE = "acknowledge", pgettext_lazy("button", "Confirm receipt")
    ASK_INFO = "ask_info", pgettext_lazy("button", "Ask for information")
    ANSWER = "answer", pgettext_lazy("button", "Answer")
    ACCEPT = "accept", pgettext_lazy("button", "Accept")
    WAITLIST = "waitlist", pgettext_lazy("button", "Put on the waiting list")
    ACCEPT_WAITLISTED = "accept_waitlisted", pgettext_lazy("button", "Accept from the waiting list")
    DECLINE = "decline", pgettext_lazy("button", "Decline")
    START = "start", pgettext_lazy("button", "Record the first contact")
    PAUSE = "pause", pgettext_lazy("button", "Pause")
    DELIVER = "deliver", pgettext_lazy("button", "Report the service as delivered")
    FAIL = "fail", pgettext_lazy("button", "Report the service as not delivered")
    CONFIRM = "confirm", pgettext_lazy("button", "Confirm and close")
    DISPUTE = "dispute", pgettext_lazy("button", "The person received nothing")
    WITHDRAW = "withdraw", pgettext_lazy("button", "Withdraw")
    EXPIRE = "expire", pgettext_lazy("button", "Let it expire")
    SERVICE_CLOSED = "service_closed", pgettext_lazy("button", "The service has closed")
    MARK_ERROR = "mark_error", pgettext_lazy("button", "Mark as entered in error")


class Actor(StrEnum):
    """The kinds of actor, as seen from one referral. One person has exactly one of them at one referral."""

    REFERRER = "referrer"  # the caseworker of the sending organisation who may write on the case
    SUPERVISOR = "supervisor"  # a supervisor of the sending organisation, same team
    RECEIVER = "receiver"  # an active focal point of the receiving organisation
    LINK_RECEIVER = "link_receiver"  # the receiver without an account, by signed link and short code
    SYSTEM = "system"  # a timer, or the consequence of another event
    OUTSIDER = "outsider"  # any other account: other organisations, administrators, editors, statisticians
    PERSON = "person"  # whom it is about, by follow-up code: may signal, never acts on the machine


class Guard(TextChoices):
    """What must hold before an event. The label is the sentence that refuses it, for the person who tried."""

    CASE_OPEN = "case_open", _("The case is not open.")
    MAY_WRITE_CASE = "may_write_case", _("You may not change this case.")
    NO_OTHER_LIVE = (
        "no_other_live",
        _("This person has already been referred to this service, and that referral is not finished."),
    )
    CONSENT_COVERS = "consent_covers", _("Consent does not cover this recipient or all of this information.")
    AGREEMENTS_VALID = "agreements_valid", _("An organisation's data-sharing agreement is missing or has ended.")
    SERVICE_OPEN = "service_open", _("The directory says that this service is closed.")
    SERVICE_ACCEPTS = "service_accepts", _("This service accepts no referrals, or is full.")
    MINOR_PROTECTED = "minor_protected", _("A child needs a verified representative or a best-interest decision.")
    PROCEDURE_ALLOWS = "procedure_allows", _("The procedure of this case does not allow this.")
    LIMITS_SET = "limits_set", _("Choose the urgency: it sets the time limits.")
    PACKET_FROZEN = "packet_frozen", _("The information to be sent could not be saved. Try again.")
    ONE_SIDE_ONLY = "one_side_only", _("You cannot act for both organisations in one referral.")
    QUESTION_GIVEN = "question_given", _("Write your question.")
    ANSWER_GIVEN = "answer_given", _("Write your answer.")
    CAPACITY_LEFT = "capacity_left", _("The service has no place left.")
    CONTACT_DATE_GIVEN = "contact_date_given", _("Give the date of the first contact.")
    EXPECTED_DATE_GIVEN = "expected_date_given", _("Give the date on which a place is expected.")
    NOT_EMERGENCY = "not_emergency", _("An emergency cannot wait and never expires.")
    REASON_GIVEN = "reason_given", _("Give the reason.")
    CONTACT_RECORDED = "contact_recorded", _("Say when the person was first reached.")
    OUTCOME_GIVEN = "outcome_given", _("Say what was done, and on which date.")
    PERSON_ASKED = "person_asked", _("The person must say yes, or be out of reach after three attempts.")
    NOT_RECEIVED = "not_received", _("Only when the person says that nothing was received.")
    FIRST_DISPUTE = "first_dispute", _("It was disputed once before: now a supervisor decides.")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("Consent has not been withdrawn.")
    PAST_HARD_LIMIT = "past_hard_limit", _("The time for an answer is not over.")
    DIRECTORY_SAYS_CLOSED = "directory_says_closed", _("The directory does not say that the service is closed.")


SENTENCES: dict[Event, Any] = {
    Event.CREATE: _("%(who)s prepared the referral."),
    Event.SEND: _("%(who)s sent the referral."),
    Event.DISCARD: _("%(who)s discarded the draft."),
    Event.ACKNOWLEDGE: _("%(who)s confirmed receipt."),
    Event.ASK_INFO: _("%(who)s asked for information."),
    Event.ANSWER: _("%(who)s answered the question."),
    Event.ACCEPT: _("%(who)s accepted."),
    Event.WAITLIST: _("%(who)s put the person on the waiting list."),
    Event.ACCEPT_WAITLISTED: _("%(who)s accepted from the waiting list."),
    Event.DECLINE: _("%(who)s declined."),
    Event.START: _("%(who)s reached the person and began."),
    Event.PAUSE: _("%(who)s paused: the person waits again."),
    Event.DELIVER: _("%(who)s reports that the service was delivered."),
    Event.FAIL: _("%(who)s reports that the service was not delivered."),
    Event.CONFIRM: _("%(who)s asked the person and closed the referral."),
    Event.DISPUTE: _("%(who)s reports that the person received nothing."),
    Event.WITHDRAW: _("%(who)s withdrew the referral."),
    Event.EXPIRE: _("The time ran out without an answer."),
    Event.SERVICE_CLOSED: _("The directory says that the service has closed."),
    Event.MARK_ERROR: _("%(who)s marked it as entered in error."),
}
BY_SYSTEM: dict[Event, Any] = {
    Event.DISCARD: _("The draft was discarded: it was never sent."),
    Event.WITHDRAW: _("The referral was withdrawn because consent was withdrawn."),
}


def sentence(event: Event, who: str, actor: Actor) -> str:
    """What happened, for the timeline of staff, in the active language. `who` is the name or the organisation to show."""
    found = BY_SYSTEM.get(event, SENTENCES[event]) if actor == Actor.SYSTEM else SENTENCES[event]
    return str(found) % {"who": who}
