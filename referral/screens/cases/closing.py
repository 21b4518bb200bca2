"""The end of a case, and what undoes it: asking, approving, returning, reopening, merging, voiding."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.actions import closing
from referral.identifiers import WrongCode, parse_case_code
from referral.permissions import cases_for
from referral.safety.isolation import as_partner
from referral.screens.forms import Radios
from referral.states.case_states import CaseEvent
from referral.words.choices import ClosureReason

from .acting import CaseForm

WHY = _("Why")


def reason_field(label: Any = WHY, *, required: bool = True) -> forms.CharField:
    """Some lines in words."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 4}), required=required, max_length=4000)


class CloseForm(CaseForm):
    heading = _("Ask to close the case")
    intro = _("A supervisor decides. Referrals still under way are withdrawn, and what was sent can no longer be read.")
    button = _("Ask for closure")
    event = CaseEvent.REQUEST_CLOSURE
    keeps = True
    closure_reason = forms.ChoiceField(label=_("Why"), choices=ClosureReason.choices, widget=Radios)
    feedback_asked = forms.BooleanField(
        label=_("The person was asked what they think of the help."), required=False,
        help_text=_("Not needed if the person died or contact is lost."),
    )  # fmt: skip
    note = reason_field(_("Note"), required=False)

    def act(self) -> None:
        closing.request_closure(self.seat.case, **self.usual, **self.given)


class ApproveForm(CaseForm):
    heading = _("Approve the closure")
    button = _("Close the case")
    event = CaseEvent.APPROVE_CLOSURE
    note = reason_field(_("Note"), required=False)

    def act(self) -> None:
        closing.approve_closure(self.seat.case, **self.usual, **self.given)


class ReturnForm(CaseForm):
    heading = _("Do not close yet")
    button = _("Keep the case open")
    event = CaseEvent.RETURN_CLOSURE
    keeps = True
    reason = reason_field()

    def act(self) -> None:
        closing.return_closure(self.seat.case, **self.usual, **self.given)


class ReopenForm(CaseForm):
    heading = _("Open the case again")
    button = _("Reopen")
    event = CaseEvent.REOPEN
    keeps = True
    reason = reason_field()

    def act(self) -> None:
        closing.reopen(self.seat.case, **self.usual, **self.given)


class MergeForm(CaseForm):
    heading = _("Merge with another case")
    intro = _("For two cases of the same person. Both are kept; this can be undone for 30 days.")
    button = _("Merge")
    event = CaseEvent.MERGE
    into = forms.CharField(label=_("Code of the case to continue with"), max_length=64)

    def clean_into(self) -> Any:
        try:
            code = parse_case_code(self.cleaned_data["into"])
        except WrongCode as wrong:
            raise forms.ValidationError(str(wrong)) from wrong
        with as_partner(self.by.partner):
            found = cases_for(self.by).filter(code=code).first()
        if found is None:
            raise forms.ValidationError(_("You have no case with this code."))
        return found

    def act(self) -> None:
        closing.merge(self.seat.case, **self.usual, into=self.given["into"])


class UnmergeForm(CaseForm):
    heading = _("Undo the merge")
    button = _("Undo the merge")
    event = CaseEvent.UNMERGE

    def act(self) -> None:
        closing.unmerge(self.seat.case, **self.usual)


class VoidForm(CaseForm):
    heading = _("Mark the case as entered in error")
    intro = _("Only if no referral of this case was ever sent. This cannot be undone.")
    button = _("Mark as entered in error")
    event = CaseEvent.VOID
    note = reason_field(_("Note"), required=False)

    def act(self) -> None:
        closing.void(self.seat.case, **self.usual, **self.given)
