"""What the person reads of a case: one of five neutral words, what to do next, and the day of the last change.

| what is true                                                        | shown            |
|----------------------------------------------------------------------|------------------|
| the case is closed, merged with another, or entered in error         | finished         |
| a service says that it helped, and the person has not been asked yet | please contact us |
| a service has said when it will see the person                       | appointment made |
| another request is under way                                         | in progress      |
| none is, and the last that was answered could not be carried out     | please contact us |
| none is, and one was sent before                                     | in progress      |
| nothing was sent yet                                                 | received         |

Drafts, requests taken back and those made in error never count. No word here names a service, a kind of help, a desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from referral.states.case_states import CaseStatus
from referral.states.events import Status


class Shown(TextChoices):
    """Where it stands, in words that tell a stranger nothing."""

    RECEIVED = "received", pgettext_lazy("follow-up", "Received")
    IN_PROGRESS = "in_progress", pgettext_lazy("follow-up", "In progress")
    APPOINTMENT = "appointment", pgettext_lazy("follow-up", "Appointment made")
    CONTACT_US = "contact_us", pgettext_lazy("follow-up", "Please contact us")
    FINISHED = "finished", pgettext_lazy("follow-up", "Finished")


NEXT: Mapping[Shown, Any] = {
    Shown.RECEIVED: _("You have nothing to do now. Look here again in a few days."),
    Shown.IN_PROGRESS: _("You have nothing to do now. Look here again in a few days."),
    Shown.APPOINTMENT: _(
        "Go on the day that you were told. If you do not know it, ask the person who gave you the code."
    ),
    Shown.CONTACT_US: _("We would like to talk with you. Come to see us when you can do so safely."),
    Shown.FINISHED: _("You have nothing to do. If something is still missing, come to see us."),
}
OVER = frozenset({CaseStatus.CLOSED, CaseStatus.MERGED, CaseStatus.VOID})
UNDER_WAY: Mapping[Status, Shown] = {  # in this order: the first that is there is shown
    Status.DELIVERED: Shown.CONTACT_US,
    Status.ACCEPTED: Shown.APPOINTMENT,
    Status.IN_PROGRESS: Shown.IN_PROGRESS,
    Status.WAITLISTED: Shown.IN_PROGRESS,
    Status.INFO_REQUESTED: Shown.IN_PROGRESS,
    Status.ACKNOWLEDGED: Shown.IN_PROGRESS,
    Status.SENT: Shown.IN_PROGRESS,
}
AFTER: Mapping[Status, Shown] = {
    Status.CLOSED: Shown.IN_PROGRESS,  # one thing is done, the case goes on
    Status.DECLINED: Shown.IN_PROGRESS,  # staff looks for another
    Status.EXPIRED: Shown.IN_PROGRESS,
    Status.NOT_DELIVERED: Shown.CONTACT_US,  # hardly ever without the person: not reached, a paper is missing
}
NEVER = frozenset({Status.DRAFT, Status.WITHDRAWN, Status.ENTERED_IN_ERROR})


def status_of(case: str, referrals: Iterable[str]) -> Shown:
    """What to show of a case in this status, with referrals in these states, the one that changed last at the end."""
    if case in OVER:
        return Shown.FINISHED
    found = [Status(state) for state in referrals if state not in NEVER]
    for state, shown in UNDER_WAY.items():
        if state in found:
            return shown
    return AFTER[found[-1]] if found else Shown.RECEIVED
