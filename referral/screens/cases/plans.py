"""Needs, and the plan that is agreed with the person about them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.actions import plans
from referral.models import Need
from referral.permissions import NotFound
from referral.safety.isolation import as_partner
from referral.screens.forms import Day, Radios
from referral.words.choices import CaseRole, ServiceType

from .acting import CaseForm, Seat, offer
from .charge import colleagues
from .closing import reason_field


class NeedForm(CaseForm):
    heading = _("What the person needs")
    part = "needs"
    keeps = True
    service_type = forms.ChoiceField(label=_("Help"), choices=ServiceType.choices, widget=Radios)
    words = reason_field(_("What exactly, in the person's words"), required=False)

    def act(self) -> None:
        plans.add_need(self.seat.case, **self.usual, **self.given)


def need_of(seat: Seat) -> Need:
    """The need that the address names, of this case. NotFound."""
    with as_partner(seat.member.partner):
        row = Need.objects.filter(case=seat.case, pk=seat.which["which"]).select_related("case__partner").first()
    if row is None:
        raise NotFound(seat.code)
    return row


class GoalForm(CaseForm):
    heading = _("Agree on a goal")
    part = "needs"
    keeps = True
    goal = reason_field(_("Goal"))
    due_on = forms.DateField(label=_("By"), widget=Day)
    review_on = forms.DateField(label=_("Review it together on"), widget=Day, required=False)
    responsible = forms.ChoiceField(label=_("Who does it"), required=False)
    agreed = forms.BooleanField(label=_("The person agrees to this goal."), required=False)

    def prepare(self) -> None:
        self.row = need_of(self.seat)
        found = colleagues(self.by, CaseRole.CASEWORKER, CaseRole.SUPERVISOR, CaseRole.INTAKE)
        offer(self, "responsible", [("", _("Who is in charge")), *found])

    def act(self) -> None:
        given = self.given
        given["responsible"] = int(given["responsible"]) if given["responsible"] else None
        plans.agree_goal(self.row, **self.usual, **given)


class MetForm(CaseForm):
    heading = _("Is the need met?")
    part = "needs"
    met = forms.ChoiceField(
        label=_("The need is"),
        choices=[("yes", _("met")), ("no", _("not met, after all"))],
        widget=Radios,
        initial="yes",
    )

    def prepare(self) -> None:
        self.row = need_of(self.seat)

    def act(self) -> None:
        plans.meet_need(self.row, **self.usual, met=self.given["met"] == "yes")
