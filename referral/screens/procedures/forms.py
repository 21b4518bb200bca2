"""The two forms of the procedures: a text that is proposed, and the decision about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from referral.actions.packs import LONGEST_REASON
from referral.procedures.reading import GREATEST_BYTES
from referral.screens.forms import DeskForm, Radios

APPROVE, REFUSE = "approve", "refuse"


class ProposalForm(DeskForm):
    """The text of a version, typed or as a file. A file takes the place of what was typed, and is shown in the field."""

    file = forms.FileField(
        label=_("File of a version (.toml)"),
        required=False,
        help_text=_("If you choose a file, its text takes the place of the text below."),
    )
    text = forms.CharField(
        label=_("Text of the version"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "dir": "ltr", "spellcheck": "false", "class": "pack-text"}),
        help_text=_("Change the version number, then what should change, in every language."),
    )

    def clean(self) -> dict[str, Any]:
        """The text of the file, if one came."""
        found: dict[str, Any] = super().clean() or {}
        sent = found.pop("file", None)
        if sent is not None and "file" not in self.errors:
            if sent.size > GREATEST_BYTES:
                self.add_error("file", _("This file is larger than a procedure can be."))
                return found
            try:
                found["text"] = sent.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("This file is not a text in UTF-8."))
                return found
            shown = QueryDict(mutable=True)
            shown.update(self.data)
            shown[self.add_prefix("text")] = found["text"]
            self.data = shown
        if not found.get("text", "").strip():
            self.add_error("text", _("Write the text, or choose a file."))
        return found


class DecisionForm(DeskForm):
    """Approve or refuse. A refusal says why."""

    decision = forms.ChoiceField(
        label=_("Your decision"),
        widget=Radios,
        choices=(
            (APPROVE, pgettext_lazy("decision", "Approve: new cases begin with this version")),
            (REFUSE, pgettext_lazy("decision", "Refuse")),
        ),
    )
    reason = forms.CharField(
        label=_("Why it is refused"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for a refusal. Who proposed it reads this."),
    )

    def clean(self) -> dict[str, Any]:
        """A refusal without a reason is not one."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("decision") == REFUSE and not found.get("reason", "").strip():
            self.add_error("reason", _("Say why."))
        return found
