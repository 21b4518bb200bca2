"""What the list of cases is narrowed by, and what a person is looked for by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.reading.case_list import Wanted, Whose
from referral.screens.forms import DeskForm
from referral.states.case_states import CaseStatus
from referral.words.choices import Risk, Urgency

ANY = [("", _("Any"))]


class Narrowing(forms.Form):
    """Part of the address: only words of our lists, never anything of a person."""

    whose = forms.ChoiceField(label=_("Whose cases"), choices=Whose.choices, required=False)
    status = forms.ChoiceField(label=_("Status"), choices=[*ANY, *CaseStatus.choices], required=False)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=[*ANY, *Urgency.choices], required=False)
    risk = forms.ChoiceField(label=_("Risk"), choices=[*ANY, *Risk.choices], required=False)

    def wanted(self) -> Wanted:
        """What is asked for; what is in none of the lists is left out."""
        self.is_valid()
        found = {name: self.cleaned_data.get(name) or "" for name in ("status", "urgency", "risk")}
        if "status" not in self.data:
            found["status"] = str(CaseStatus.OPEN)
        return Wanted(whose=self.cleaned_data.get("whose") or str(Whose.MINE), **found)


class SamePerson(DeskForm):
    """The exact name, or the exact number: sent in the body, never in an address."""

    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    given_name = forms.CharField(label=_("Given name"), required=False, max_length=100)
    family_name = forms.CharField(label=_("Family name"), required=False, max_length=100)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for field in self.visible_fields():
            field.field.widget.attrs["autocomplete"] = "off"
        self.fields["phone"].widget.attrs["dir"] = "ltr"
        self.fields["phone"].widget.input_type = "tel"

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        both = given.get("given_name") and given.get("family_name")
        if not self.errors and not (given.get("phone") or both):
            raise forms.ValidationError(_("Give a phone number, or both names."))
        return given
