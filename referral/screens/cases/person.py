"""Who the person is and how to reach them safely, as far as the tier of the member goes; who stands for a child."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.actions import people
from referral.models import Person, Representative
from referral.permissions import NotFound
from referral.safety.isolation import as_partner
from referral.screens.forms import Day, Radios, Ticks
from referral.words.choices import ContactChannel
from referral.words.consent_choices import RepresentativeKind
from referral.words.person_choices import AgeBand, InterpreterNeed, Sex
from services.taxonomy import SPOKEN

from .acting import CaseForm, Seat
from .closing import reason_field
from .notes import without_blank

SAFE = ("channels", "number", "hours", "words")
LEFT_TO_RIGHT = {"dir": "ltr"}


def text(label: Any, longest: int, **named: Any) -> forms.CharField:
    """One line about the person; optional."""
    return forms.CharField(label=label, max_length=longest, required=False, **named)


class SafeContact(forms.Form):
    """How the person may be reached without danger. Mixed into the forms that ask it."""

    channels = forms.MultipleChoiceField(
        label=_("Safe ways to contact the person"), choices=ContactChannel.choices, widget=Ticks, required=False,
        help_text=_("If you did not ask, tick nothing. Once one way is ticked, the others are never used."),
    )  # fmt: skip
    number = text(_("Number that is safe to call"), 300, widget=forms.TextInput(attrs=LEFT_TO_RIGHT))
    hours = text(_("At what times"), 300)
    words = text(_("What to say, what never to say"), 300)


def safe_contact_of(given: dict[str, Any]) -> dict[str, Any]:
    """The column of the person, from what was typed."""
    return without_blank({name: given.get(name) for name in SAFE})


class PersonForm(SafeContact, CaseForm):
    """Only the fields that this member may read are there; what is emptied is emptied."""

    heading = _("The person")
    intro = _("Ask only what helps. Nothing here is obligatory.")
    part = "person"
    keeps = True
    alias = text(_("What to call the person"), 60)
    age_band = forms.ChoiceField(label=_("Age"), choices=[("", _("Not known")), *AgeBand.choices], required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", _("Not known")), *Sex.choices], required=False)
    languages = forms.MultipleChoiceField(label=_("Languages"), choices=SPOKEN, widget=Ticks, required=False)
    interpreter = forms.ChoiceField(
        label=_("Interpreter"), choices=[("", _("Not known")), *InterpreterNeed.choices], required=False
    )
    special_needs = text(_("Accessibility needs"), 500, help_text=_("Ramp, sign language, somebody who comes along."))
    given_name = text(_("Given name"), 100)
    family_name = text(_("Family name"), 100)
    birth_date = forms.DateField(label=_("Birth date"), widget=Day, required=False)
    nationality = text(_("Nationality"), 60)
    phone = text(_("Phone"), 40, widget=forms.TextInput(attrs=LEFT_TO_RIGHT))
    commune = text(_("Commune"), 100)
    status_declared = text(_("Status, as declared"), 200, help_text=_("Only if the help depends on it."))
    address = text(_("Address"), 300)
    code_word = text(_("Code word for the phone"), 60)
    health = forms.CharField(
        label=_("Health"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=2000
    )
    field_order = ["alias", "age_band", "sex", "languages", "interpreter", "special_needs", *SAFE]

    def prepare(self) -> None:
        may = set(Person.sealed_names(self.seat.sheet.tier))
        known = dict(self.seat.sheet.person)
        for name in set(Person.sealed_names()) - may:
            self.fields.pop(name, None)
        if "safe_contact" not in may:
            for name in SAFE:
                self.fields.pop(name, None)
        for name, value in {**known, **(known.get("safe_contact") or {})}.items():
            if value is not None:
                self.initial.setdefault(name, value)

    def act(self) -> None:
        given = self.given
        values = {name: given[name] for name in Person.sealed_names() if name in given}
        if "channels" in given:
            values["safe_contact"] = safe_contact_of(given)
        people.update_person(self.seat.case, **self.usual, values=values)


class RepresentativeForm(CaseForm):
    heading = _("Who represents the child")
    intro = _("Their consent counts only once somebody has verified them, and never with a conflict of interest.")
    part = "representatives"
    keeps = True
    kind = forms.ChoiceField(label=_("Who it is"), choices=RepresentativeKind.choices, widget=Radios)
    name = text(_("Name"), 500)
    contact = text(_("How to reach them"), 500)
    document = text(_("Document that proves it"), 500)
    in_conflict = forms.BooleanField(label=_("There is a conflict of interest."), required=False)

    def act(self) -> None:
        people.add_representative(self.seat.case, **self.usual, **self.given)


def representative_of(seat: Seat) -> Representative:
    """The one that the address names, of this case. NotFound."""
    with as_partner(seat.member.partner):
        row = (
            Representative.objects.filter(case=seat.case, pk=seat.which["which"])
            .select_related("case__partner")
            .first()
        )
    if row is None:
        raise NotFound(seat.code)
    return row


class VerifyForm(CaseForm):
    heading = _("Verify the representative")
    intro = _("You have seen the paper or the decision of the judge that names this person.")
    button = _("Verified")
    part = "representatives"

    def prepare(self) -> None:
        self.row = representative_of(self.seat)

    def act(self) -> None:
        people.verify_representative(self.row, **self.usual)


class ConflictForm(CaseForm):
    heading = _("Conflict of interest")
    part = "representatives"
    in_conflict = forms.ChoiceField(
        label=_("This representative"), widget=Radios,
        choices=[("yes", _("has a conflict of interest: their consent does not count")), ("no", _("has none"))],
    )  # fmt: skip

    def prepare(self) -> None:
        self.row = representative_of(self.seat)

    def act(self) -> None:
        people.flag_conflict(self.row, **self.usual, in_conflict=self.given["in_conflict"] == "yes")


class BestInterestForm(CaseForm):
    heading = _("Best-interest decision")
    intro = _("A supervisor decides, after hearing the child, and says why.")
    part = "representatives"
    keeps = True
    words = reason_field(_("Decision and reasons"))

    def begin(self) -> None:
        super().begin()
        self.seat.refuse_unless_supervisor("best_interest")

    def act(self) -> None:
        people.decide_best_interest(self.seat.case, **self.usual, words=self.given["words"])
