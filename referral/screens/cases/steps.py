"""Doing a step of the procedure: its questions by their kind, its rules to tick, what stands in its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.actions import steps
from referral.permissions import NotFound
from referral.procedures import Field
from referral.reading.case_checks import RULES, broken_rules, missing_fields, rules_at, to_tick
from referral.reading.versions import procedure_of
from referral.safety.isolation import as_partner
from referral.screens.forms import Day, Moment, Radios, Ticks

from .acting import CaseForm, InARow

NOT_QUESTIONS = ("ticked", "done_at")
FIELDS: Mapping[str, Callable[..., forms.Field]] = {
    "text": lambda **named: forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, **named),
    "number": lambda **named: forms.FloatField(min_value=0, widget=forms.NumberInput(attrs={"inputmode": "decimal"}), **named),
    "yes_no": lambda **named: forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], widget=InARow, **named),
    "date": lambda **named: forms.DateField(widget=Day, **named),
    "datetime": lambda **named: forms.DateTimeField(widget=Moment, **named),
    "choice": lambda **named: forms.ChoiceField(widget=Radios, **named),
    "choices": lambda **named: forms.MultipleChoiceField(widget=Ticks, **named),
}  # fmt: skip


def question(field: Field) -> forms.Field:
    """The form's field for a field of the procedure."""
    made: Any = FIELDS[field.kind](label=str(field.label))
    if field.kind in ("choice", "choices"):
        made.choices = [(key, str(label)) for key, label in field.choices]
    found: forms.Field = made
    return found


class StepForm(CaseForm):
    """Made for the step that the address names. What it asks is what the procedure of this case asks, in its version."""

    button = _("The step is done")
    keeps = True

    def prepare(self) -> None:
        case = self.seat.case
        self.procedure = procedure_of(case)
        try:
            self.step = self.procedure.step(self.seat.which["step"])
        except KeyError as unknown:
            raise NotFound(self.seat.code) from unknown
        with as_partner(self.by.partner):
            self.missing = [
                str(self.procedure.fields[key].label) for key in missing_fields(case, self.procedure, self.step)
            ]
            self.broken = broken_rules(case, self.procedure, self.step, self.by.user_id)
        judged = (rule for rule in rules_at(self.procedure, self.step) if rule.check in RULES)
        self.held = [rule for rule in judged if rule not in self.broken]
        self._ask()

    def _ask(self) -> None:
        asked = [self.procedure.fields[key] for key in self.step.fields]
        for field in asked:
            if field.typed:
                self.fields[field.key] = question(field)
        rules = [(rule.key, str(rule.wording)) for rule in to_tick(self.procedure, self.step)]
        if rules:
            self.fields["ticked"] = forms.MultipleChoiceField(
                label=_("I have read and followed"), choices=rules, widget=Ticks
            )
        self.fields["done_at"] = forms.DateTimeField(
            label=_("Done at"), widget=Moment, required=False, help_text=_("Leave empty if it was now.")
        )

    @property
    def heading(self) -> str:  # type: ignore[override]  # (the title of the step)
        return str(self.step.title)

    @property
    def intro(self) -> str:  # type: ignore[override]  # (what the step is)
        return str(self.step.what)

    def act(self) -> None:
        given = self.given
        answers = {name: value for name, value in given.items() if name not in NOT_QUESTIONS}
        ticked = given.get("ticked", [])
        steps.done_step(
            self.seat.case, **self.usual, step=self.step.key, answers=answers, ticked=ticked, done_at=given["done_at"]
        )
