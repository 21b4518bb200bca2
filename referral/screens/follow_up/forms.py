"""The form that makes a code: a PIN of the person's choice, the safety question where it is needed, the language of the card."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from referral.identifiers import WeakPin, WrongCode, choose_pin
from referral.screens.forms import DeskForm, Radios

SAFE = "safe"


class CodeForm(DeskForm):
    """`delicate`: the safety question is asked first, with no answer beforehand."""

    found_safe = forms.ChoiceField(
        label=_("Ask alone: could somebody force the person to show the code, the card or the phone?"),
        choices=[(SAFE, _("No. The person is sure.")), ("not_safe", _("Yes, perhaps, or the person does not know."))],
        widget=Radios,
    )
    pin = forms.CharField(
        label=_("PIN that the person chooses"),
        help_text=_("6 digits. Let the person type it, and look away. It is not printed and cannot be read again."),
        max_length=64,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    language = forms.ChoiceField(label=_("Language of the card"), choices=settings.LANGUAGES, widget=Radios)

    def __init__(self, *args: Any, delicate: bool, **named: Any) -> None:
        super().__init__(*args, **named)
        if not delicate:
            del self.fields["found_safe"]

    def clean_pin(self) -> str:
        try:
            return choose_pin(self.cleaned_data["pin"])
        except (WrongCode, WeakPin) as wrong:
            raise forms.ValidationError(str(wrong)) from wrong
