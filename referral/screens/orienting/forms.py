"""What is counted of somebody who was told where to go; and what a service is looked for by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.matching.lookup import Sought
from referral.screens.forms import DeskForm, Radios
from referral.words.choices import ServiceType
from referral.words.person_choices import AgeBand, Sex
from services.models import Place
from services.taxonomy import SPOKEN, PlaceKind

NOT_SAID = [("", _("Not said"))]
ANY = [("", _("Any"))]


class OrientationForm(DeskForm):
    """Language, age band, sex, need, and whether information was given: no name, no case, no hour."""

    language = forms.ChoiceField(label=_("Language"), choices=[*NOT_SAID, *SPOKEN], required=False)
    age_band = forms.ChoiceField(label=_("Age group"), choices=[*NOT_SAID, *AgeBand.choices], required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=[*NOT_SAID, *Sex.choices], required=False)
    need = forms.ChoiceField(label=_("Need"), choices=[("", ""), *ServiceType.choices])
    told = forms.ChoiceField(
        label=_("Information was given"), choices=[("yes", _("Yes")), ("no", _("No"))], widget=Radios, initial="yes"
    )
    service = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)


class LookUpForm(forms.Form):
    """Part of the address: a need, a region, a language, a few letters of a name. Never anything of a person."""

    words = forms.CharField(label=_("Name or words"), required=False, max_length=80)
    need = forms.ChoiceField(label=_("Need"), choices=[*ANY, *ServiceType.choices], required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[*ANY, *SPOKEN], required=False)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        regions = [(one.code, str(one)) for one in Place.objects.filter(kind=PlaceKind.REGION)]
        field = self.fields["region"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type alone)
        field.choices = [*ANY, *sorted(regions, key=lambda region: region[1])]
        self.fields["words"].widget.input_type = "search"

    def sought(self) -> Sought:
        """What is looked for; what is in none of the lists is left out."""
        self.is_valid()
        return Sought(**{name: self.cleaned_data.get(name) or "" for name in ("words", "need", "region", "language")})
