"""Who is in charge and whether the case rests: hold, resume, assign, deputy, restrict."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access import Member
from referral.actions import cases
from referral.models import Membership
from referral.screens.forms import Day, Radios
from referral.states.case_states import CaseEvent
from referral.words.choices import CaseRole

from .acting import CaseForm, offer
from .closing import reason_field


def colleagues(member: Member, *roles: CaseRole, but: Any = ()) -> list[tuple[str, str]]:
    """Who holds one of these roles in this partner today, by name."""
    rows = Membership.objects.valid().filter(partner=member.partner, role__in=roles).select_related("user")
    found = {str(row.user_id): str(row.user.get_full_name() or row.user) for row in rows if row.user_id not in but}
    return sorted(found.items(), key=lambda one: one[1])


class HoldForm(CaseForm):
    heading = _("Put the case on hold")
    button = _("Put on hold")
    event = CaseEvent.HOLD
    keeps = True
    reason = reason_field()
    review_on = forms.DateField(label=_("Review it on"), widget=Day, help_text=_("Within 30 days."))

    def act(self) -> None:
        cases.hold(self.seat.case, **self.usual, **self.given)


class ResumeForm(CaseForm):
    heading = _("Resume the case")
    button = _("Resume")
    event = CaseEvent.RESUME

    def act(self) -> None:
        cases.resume(self.seat.case, **self.usual)


class AssignForm(CaseForm):
    heading = _("Put a colleague in charge")
    button = _("Assign")
    event = CaseEvent.ASSIGN
    assignee = forms.ChoiceField(label=_("Colleague"), widget=Radios)
    note = reason_field(_("Note for the colleague"), required=False)

    def prepare(self) -> None:
        but = (self.by.user_id, self.seat.case.owner_id)
        offer(self, "assignee", colleagues(self.by, CaseRole.CASEWORKER, but=but))

    def act(self) -> None:
        given = self.given
        cases.assign(self.seat.case, **self.usual, assignee=int(given["assignee"]), note=given["note"])


class DeputyForm(CaseForm):
    heading = _("Deputy")
    intro = _("One colleague who may read and write everything too.")
    deputy = forms.ChoiceField(label=_("Colleague"), widget=Radios, required=False)

    def prepare(self) -> None:
        found = colleagues(self.by, CaseRole.CASEWORKER, CaseRole.SUPERVISOR, but=(self.seat.case.owner_id,))
        offer(self, "deputy", [("", _("Nobody")), *found])
        self.initial.setdefault("deputy", str(self.seat.case.deputy_id or ""))

    def act(self) -> None:
        found = self.given["deputy"]
        cases.name_deputy(self.seat.case, **self.usual, deputy=int(found) if found else None)


class RestrictForm(CaseForm):
    heading = _("Who may open this case")
    intro = _("A restricted case is closed even to the supervisors of the team, unless they ask and somebody agrees.")
    restricted = forms.ChoiceField(
        label=_("The case is"), widget=Radios,
        choices=[("yes", _("restricted: only the person in charge and the deputy")), ("no", _("open to the supervisors of the team"))],
    )  # fmt: skip

    def prepare(self) -> None:
        self.initial.setdefault("restricted", "yes" if self.seat.case.is_restricted else "no")

    def act(self) -> None:
        cases.restrict(self.seat.case, **self.usual, restricted=self.given["restricted"] == "yes")
