"""The forms of guarding: a file, a request to read, a request about data, a complaint, a hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access import Member
from referral.actions.case_desk import LONGEST_TEXT
from referral.guarding.letting_in import GROUNDS
from referral.identifiers import WrongCode, parse_case_code
from referral.screens.forms import Day, DeskForm, Radios
from referral.words.request_choices import OUTCOMES, Asker, ComplaintOutcome, RequestKind


def _words(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_TEXT})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=LONGEST_TEXT, widget=box)


class CodeField(forms.CharField):
    """A case code, forgiving how it is typed; a typing mistake is told, whether there is such a case is not."""

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return parse_case_code(typed) if typed else ""
        except WrongCode as wrong:
            raise forms.ValidationError(str(wrong)) from wrong


def _code(help_text: Any = "", *, required: bool = True) -> CodeField:
    line = forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"})
    return CodeField(label=_("Case code"), help_text=help_text, required=required, max_length=64, widget=line)


def _offer(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Give a field of this form its choices."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  (of the class above)
    field.choices = list(choices)


class FileForm(DeskForm):
    """One file; read by its content, never by its name. What arrives is judged by the action."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "A photograph (JPEG, PNG) or a PDF, at most 10 MB. The place, the camera and hidden data are removed."
        ),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )


class AskForm(DeskForm):
    """To read a case that is not one's own."""

    code = _code()
    ground = forms.ChoiceField(label=_("On what ground"), widget=Radios)
    reason = _words(_("Reason"), _("Whoever decides will read it, and it stays on record."))

    def __init__(self, *args: Any, member: Member, **named: Any) -> None:
        super().__init__(*args, **named)
        allowed = dict.fromkeys(ground for role, grounds in GROUNDS.items() if member.has(role) for ground in grounds)
        _offer(self, "ground", [(str(ground), ground.label) for ground in allowed])


class RequestForm(DeskForm):
    """What somebody asks about their data, at any desk."""

    kind = forms.ChoiceField(label=_("What is asked for"), choices=RequestKind.choices, widget=Radios)
    asked_by = forms.ChoiceField(label=_("Who is asking"), choices=Asker.choices, widget=Radios, initial=Asker.PERSON)
    received_on = forms.DateField(label=_("Received on"), widget=Day, help_text=_("The ten days run from this day."))
    asked = _words(_("What is asked, in the person's own words"))
    identity = _words(
        _("How you checked who is asking"),
        _("Ask for nothing that puts the person in danger: a shared secret or the code of the case is enough."),
        required=False,
    )
    code = _code(_("If the person knows it."), required=False)


class LinkForm(DeskForm):
    """Whose case it is."""

    code = _code()


class AnswerForm(DeskForm):
    """The answer to a request about data."""

    outcome = forms.ChoiceField(label=_("Outcome"), widget=Radios)
    words = _words(_("Answer, or reason of a refusal"))

    def __init__(self, *args: Any, kind: str, **named: Any) -> None:
        super().__init__(*args, **named)
        _offer(self, "outcome", [(str(one), one.label) for one in OUTCOMES[RequestKind(kind)]])


class ComplaintForm(DeskForm):
    """A complaint of a person."""

    words = _words(_("What the person complains about, in their own words"))
    about = forms.TypedChoiceField(
        label=_("About whom"), coerce=int, empty_value=None, required=False,
        help_text=_("This person never sees the complaint."),
    )  # fmt: skip
    code = _code(_("If it is about the handling of a case."), required=False)

    def __init__(self, *args: Any, colleagues: dict[int, str], **named: Any) -> None:
        super().__init__(*args, **named)
        _offer(self, "about", [("", _("Nobody in particular")), *colleagues.items()])


class ComplaintAnswerForm(DeskForm):
    """What came of a complaint."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=ComplaintOutcome.choices, widget=Radios)
    words = _words(_("What was done, and what the person is told"))


class HoldForm(DeskForm):
    """Keep a case from erasure, or no longer."""

    SET, LIFT = "set", "lift"
    code = _code()
    what = forms.ChoiceField(
        label=_("Legal hold"), choices=[(SET, _("Prevent this case from being erased")), (LIFT, _("Apply the usual time limits again"))],
        widget=Radios, initial=SET,
    )  # fmt: skip
    reason = _words(_("Reason"))
