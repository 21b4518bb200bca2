"""What is written down day by day: notes, attempts to reach the person, the day of the next contact."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.actions import people, plans
from referral.reading.versions import procedure_of
from referral.screens.forms import Day, Radios
from referral.words.choices import ContactChannel

from .acting import CaseForm, InARow, offer


class NoteForm(CaseForm):
    heading = _("Write a note")
    intro = _(
        "A note cannot be changed or deleted: to correct it, write a new one. Write what is needed to help, no more."
    )
    part = "notes"
    keeps = True
    words = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)

    def act(self) -> None:
        people.add_note(self.seat.case, by=self.by, words=self.given["words"])


class AttemptForm(CaseForm):
    heading = _("Contact with the person")
    part = "attempts"
    keeps = True
    channel = forms.ChoiceField(label=_("How"), widget=Radios)
    reached = forms.ChoiceField(
        label=_("Was the person reached?"), choices=[("yes", _("Yes")), ("no", _("No"))], widget=InARow
    )
    words = forms.CharField(label=_("What happened"), widget=forms.Textarea, required=False, max_length=4000)

    def prepare(self) -> None:
        forbidden = forbidden_channels(self)
        word = _("not allowed: it could put the person in danger")
        offer(
            self,
            "channel",
            [(one.value, f"{one.label} ({word})" if one.value in forbidden else one.label) for one in ContactChannel],
        )

    def act(self) -> None:
        given = self.given
        reached = given["reached"] == "yes"
        people.record_attempt(
            self.seat.case, by=self.by, channel=given["channel"], reached=reached, words=given["words"]
        )


def forbidden_channels(form: CaseForm) -> set[str]:
    """The ways that the procedure or the person has ruled out; the action judges again."""
    procedure = procedure_of(form.seat.case)
    named = {key for step in procedure.steps for key in (*step.must, *step.must_not)}
    rules = [procedure.rules[key] for key in (*procedure.general, *named)]
    ruled_out = {channel for rule in rules if rule.check == "channel_not" for channel in rule.args}
    safe = (form.seat.sheet.person.get("safe_contact") or {}).get("channels") or ContactChannel.values
    return (ruled_out | (set(ContactChannel.values) - set(safe))) - {ContactChannel.IN_PERSON.value}


class NextContactForm(CaseForm):
    heading = _("Day of the next contact")
    on = forms.DateField(label=_("Day agreed with the person"), widget=Day)

    def act(self) -> None:
        plans.plan_contact(self.seat.case, **self.usual, on=self.given["on"])


def without_blank(given: dict[str, Any]) -> dict[str, Any]:
    """What was filled in."""
    return {name: value for name, value in given.items() if value not in (None, "", [])}
