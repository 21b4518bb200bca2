"""How urgent, how dangerous, which procedure: triage, screening, another profile, and moments that time limits count from."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.actions import triage
from referral.procedures import Procedure
from referral.procedures.vocabulary import DATED_KINDS
from referral.reading.versions import procedure_of
from referral.screens.forms import Day, Moment, Radios
from referral.words.choices import Profile, Risk, Stage, Urgency
from referral.words.person_choices import Screen, ScreenAnswer

from .acting import CaseForm, InARow, offer
from .meanings import PROFILES, RISKS, SCREENS, URGENCIES, explained


class Triaged(CaseForm):
    """Urgency and risk, chosen apart."""

    urgency = forms.ChoiceField(label=_("Urgency: how soon"), widget=Radios)
    risk = forms.ChoiceField(label=_("Risk: how dangerous"), widget=Radios)

    def prepare(self) -> None:
        choose_triage(self)
        self.initial.setdefault("urgency", self.seat.case.urgency)
        self.initial.setdefault("risk", self.seat.case.risk)


def choose_triage(form: Any) -> None:
    """Fill the two lists of urgency and risk with their explanations."""
    offer(form, "urgency", explained(Urgency, URGENCIES))
    offer(form, "risk", explained(Risk, RISKS))


class TriageForm(Triaged):
    heading = _("Urgency and risk")
    intro = _("Time limits follow the urgency.")

    def act(self) -> None:
        given = self.given
        triage.triage(self.seat.case, **self.usual, urgency=given["urgency"], risk=given["risk"])


class ScreeningForm(Triaged):
    """The five questions before any orientation to return; those that were not put stay empty."""

    heading = _("Screening")
    intro = _("Ask in private, without companions. Leave empty what you did not ask: ask again when there is trust.")
    part = "screenings"
    keeps = True
    field_order = [*Screen.values, "urgency", "risk"]

    def prepare(self) -> None:
        super().prepare()
        for name in Screen.values:
            self.fields[name] = forms.ChoiceField(
                label=Screen(name).label, help_text=SCREENS[name], choices=ScreenAnswer.choices, widget=InARow,
                required=False,
            )  # fmt: skip
        self.order_fields(self.field_order)

    def act(self) -> None:
        given = self.given
        answers = {name: given[name] for name in Screen.values if given.get(name)}
        triage.screen(
            self.seat.case, **self.usual, answers=answers, urgency=given["urgency"], risk=given["risk"]
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not any(found.get(name) for name in Screen.values):
            self.add_error(None, _("Answer at least one question."))
        return found


class ProfileForm(CaseForm):
    heading = _("Follow another procedure for this case")
    intro = _("What was done stays. The protection rules of the first profile still apply.")
    profile = forms.ChoiceField(label=_("Profile"), widget=Radios)
    reason = forms.CharField(label=_("Why"), widget=forms.Textarea, max_length=4000)
    keeps = True

    def prepare(self) -> None:
        others = [one for one in Profile.values if one != self.seat.case.profile]
        offer(self, "profile", explained(Profile, PROFILES, others))

    def act(self) -> None:
        triage.change_profile(self.seat.case, **self.usual, **self.given)


class DatesForm(CaseForm):
    heading = _("Starting points of time limits")
    intro = _("In Moroccan time. Leave empty what you do not know.")

    def prepare(self) -> None:
        procedure = procedure_of(self.seat.case)
        known = self.seat.sheet.content.get("dates") or {}
        for key, field in date_fields(procedure).items():
            self.fields[key] = field
            if known.get(key):
                self.initial.setdefault(key, known[key][:16] if isinstance(field, forms.DateTimeField) else known[key])

    def act(self) -> None:
        triage.note_dates(self.seat.case, **self.usual, dates=given_dates(self.given))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not given_dates({name: found.get(name) for name in self.fields if name not in ("key", "version")}):
            self.add_error(None, _("Give at least one date and time."))
        return found


FIRST_STAGES = (Stage.IDENTIFICATION, Stage.INFORMATION_CONSENT, Stage.IMMEDIATE_SAFETY)


def clock_keys(procedure: Procedure, stages: Collection[str] = tuple(Stage)) -> list[str]:
    """The dated fields of a procedure that a time limit of these stages counts from, in its order."""
    since = {step.limit.since for step in procedure.steps if step.limit and step.stage in stages}
    asked = dict.fromkeys(key for step in procedure.steps for key in step.fields)
    dated = [key for key in asked if procedure.fields[key].kind in DATED_KINDS]
    return [key for key in dated if key in since]


def date_fields(procedure: Procedure, stages: Collection[str] = tuple(Stage)) -> dict[str, forms.Field]:
    """A field for each moment that a time limit of these stages counts from."""
    found: dict[str, forms.Field] = {}
    for key in clock_keys(procedure, stages):
        label = str(procedure.fields[key].label)
        exact = procedure.fields[key].kind == "datetime"
        kind: Any = forms.DateTimeField if exact else forms.DateField
        found[key] = kind(label=label, required=False, widget=Moment() if exact else Day())
    return found


def given_dates(given: dict[str, Any]) -> dict[str, Any]:
    """The moments that were typed."""
    return {key: value for key, value in given.items() if value is not None}
