"""The form of an event, made from its row of the machine: each field by its name, with its widget and its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.referring.given import REFERENCE_LENGTH, SCALE, TEXT_LENGTH
from referral.referring.guards import FARTHEST
from referral.states.workflow import Event, Transition
from referral.words.choices import DeclineReason, NotDeliveredReason, ServiceType

from ..forms import Day, DeskForm, Moment, Radios, Ticks
from .finding import find_services, name_of

Made = Callable[[bool], forms.Field]
WORDS = "suggested_words"  # what was typed to find the service that is suggested
MORE_BARRIERS = NotDeliveredReason.choices
CONFIRMED = (
    ("yes", _("Yes, the person received what was agreed")),
    ("unreachable", _("The person could not be reached in three attempts")),
)


class EventForm(DeskForm):
    """The form of one event. A suggested service is searched by words, and chosen among what was found."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        if WORDS in self.fields:
            words = self.data.get(self.add_prefix(WORDS), "") if self.is_bound else self.initial.get(WORDS, "")
            self._offer(words)

    def _offer(self, words: str) -> None:
        found = [(str(service.pk), name_of(service)) for service in find_services(words)]
        field = cast(forms.ChoiceField, self.fields["suggested_service"])
        field.choices = found
        if not found:
            field.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get(WORDS) and not found.get("suggested_service"):
            offered = cast(forms.ChoiceField, self.fields["suggested_service"]).choices
            if offered:
                self.add_error("suggested_service", _("Choose one of these, or clear the search."))
            else:
                self.add_error(WORDS, _("Nothing was found. Search with other words, or leave it empty."))
        return found


def form_of(row: Transition) -> type[EventForm]:
    """The class of the form of this event: its fields needed, its optional ones not."""
    made: dict[str, forms.Field] = {}
    for name in (*row.fields, *row.optional):
        needed = name in row.fields
        if name == "suggested_service":
            made[WORDS] = _line(120)(False)
        made[name] = FIELDS[name](needed)
        made[name].label = LABELS.get((row.event, name)) or COMMON[name]
        made[name].help_text = HELP.get((row.event, name), "")
    if WORDS in made:
        made[WORDS].label, made[WORDS].help_text = _("Suggest another service"), HELP[row.event, WORDS]
    first = next(iter(made.values()), None)
    if first is not None:
        first.widget.attrs["autofocus"] = True
    return cast(type[EventForm], type("EventForm", (EventForm,), made))


def _text(rows: int) -> Made:
    def make(needed: bool) -> forms.Field:
        return forms.CharField(
            required=needed, max_length=TEXT_LENGTH, widget=forms.Textarea({"rows": rows, "data-count": TEXT_LENGTH})
        )

    return make


def _line(longest: int) -> Made:
    return lambda needed: forms.CharField(
        required=needed, max_length=longest, widget=forms.TextInput({"autocomplete": "off"})
    )


def _day(first: int, last: int) -> Made:
    """A day between so many days from today."""

    def make(needed: bool) -> forms.Field:
        today = timezone.localdate()
        limits = {"min": (today + timedelta(first)).isoformat(), "max": (today + timedelta(last)).isoformat()}
        return forms.DateField(required=needed, widget=Day(attrs=limits))

    return make


def _choice(choices: Any, widget: type[forms.Widget] = Radios) -> Made:
    return lambda needed: forms.ChoiceField(required=needed, choices=choices, widget=widget)


def _choices(choices: Any) -> Made:
    return lambda needed: forms.MultipleChoiceField(required=needed, choices=choices, widget=Ticks)


FIELDS: Mapping[str, Made] = {
    "question": _text(4),
    "answer": _text(4),
    "reason": _text(3),
    "note": _text(3),
    "outcome": _text(4),
    "next_steps": _text(3),
    "recipient_case_ref": _line(REFERENCE_LENGTH),
    "first_contact_on": _day(0, FARTHEST.days),
    "expected_on": _day(0, FARTHEST.days),
    "service_date": _day(-FARTHEST.days, 0),
    "contacted_at": lambda needed: forms.DateTimeField(required=needed, widget=Moment()),
    "decline_reason": _choice(DeclineReason.choices),
    "not_delivered_reason": _choice(NotDeliveredReason.choices),
    "suggested_service": _choice(()),
    "services_given": _choices(ServiceType.choices),
    "categories": _choices(()),
    "client_confirmed": _choice(CONFIRMED),
    "satisfaction": _choice([(number, number) for number in SCALE]),
    "barriers": _choices(NotDeliveredReason.choices),
}
COMMON: Mapping[str, Any] = {
    "question": _("Your question"),
    "answer": _("Your answer"),
    "reason": _("Reason"),
    "note": _("Note for the other organisation"),
    "outcome": _("What was done"),
    "next_steps": _("Next steps"),
    "recipient_case_ref": _("Your own file number"),
    "first_contact_on": _("Date of the first contact"),
    "expected_on": _("A place is expected on"),
    "service_date": _("Date of the service"),
    "contacted_at": _("When the person was first reached"),
    "decline_reason": _("Why you decline"),
    "not_delivered_reason": _("Why the service was not given"),
    "suggested_service": _("Services found"),
    "services_given": _("Kinds of help that were given"),
    "categories": _("Information to share from now on"),
    "client_confirmed": _("What does the person say?"),
    "satisfaction": _("How satisfied is the person? (5: very)"),
    "barriers": _("What made it difficult?"),
}
LABELS: Mapping[tuple[str, str], Any] = {
    (Event.WITHDRAW, "reason"): _("Why you withdraw it"),
    (Event.PAUSE, "reason"): _("Why the person waits again"),
    (Event.MARK_ERROR, "note"): _("What was wrong"),
    (Event.DISPUTE, "note"): _("What the person says"),
}
HELP: Mapping[tuple[str, str], Any] = {
    (Event.ASK_INFO, "question"): _("Only what you need to decide. Never ask for the story."),
    (Event.ANSWER, "answer"): _("Only what is needed. Never the story, no diagnosis."),
    (Event.ANSWER, "categories"): _("Only what the person has agreed to share with this service."),
    (Event.WITHDRAW, "reason"): _("Stays in your organisation: the other one only learns that it was withdrawn."),
    (Event.MARK_ERROR, "note"): _("Stays in your organisation."),
    (Event.DELIVER, "outcome"): _("For the caseworker who referred the person. No diagnosis."),
    (Event.DECLINE, WORDS): _(
        "By its name or by what it does. If you know one that can help, the person loses no time."
    ),
}
