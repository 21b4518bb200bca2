"""The one form of a referral: what is asked, what is shared, and what the person says to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from referral.matching.proposing import Proposal
from referral.matching.rules import FRESH
from referral.models import Grant
from referral.reading.casebook import Sheet
from referral.referring.given import REASON_LENGTH
from referral.referring.grants import is_override
from referral.states.clock import local
from referral.words.choices import Handover, Urgency
from referral.words.consent_choices import (
    ConsentGiver,
    ConsentMethod,
    DataCategory,
    InterpreterKind,
    RepresentativeKind,
)
from services.models import Service
from services.presenting import listed
from services.taxonomy import SPOKEN, Capacity

from ..forms import DeskForm, Radios, Ticks
from .packet_words import lines

YES, NO, LATER, EARLIER = "yes", "no", "later", "earlier"
ROOM, NO_ANSWER, NOT_YET = "room", "no_answer", "not_yet"
PHONE_CHECKS = (
    (ROOM, _("Called: there is room")),
    (NO_ANSWER, _("Called: nobody could say")),
    (NOT_YET, _("Not called yet")),
)
TYPED = (DataCategory.REASON, DataCategory.SPECIAL_NEEDS)  # in this form
HOW = ("asked_language", "asked_interpreter", "asked_method")


@dataclass(frozen=True)
class Wanted:
    """What this form is about: the case as it is read, the service as it is judged, and what may be shared with it now."""

    sheet: Sheet
    service: Service
    proposal: Proposal
    grant: Grant | None
    known: Mapping[str, Any]  # previews.known

    @property
    def capacity_is_old(self) -> bool:
        """Scenario 15: nobody knows whether there is room."""
        since = self.service.capacity_since
        if self.service.capacity == Capacity.UNKNOWN or since is None:
            return True
        return timezone.localdate() - since > FRESH

    @property
    def listed(self) -> tuple[str, ...]:
        """The categories to tick: what is known, what is typed here, and what was agreed."""
        granted = self.grant.categories if self.grant else ()
        return tuple(one for one, value in self.known.items() if value is not None or one in TYPED or one in granted)

    @property
    def agreed(self) -> tuple[str, ...]:
        """The categories that may go there without asking again."""
        return tuple(one for one in self.grant.categories if one in self.known) if self.grant else ()


class ReferForm(DeskForm):
    """Reason first: it is what must be typed. `asked`: what the person says now to exactly what is ticked."""

    reason = forms.CharField(
        label=_("Reason for the request"), max_length=REASON_LENGTH,
        help_text=_("One or two sentences: what the person needs from this service. Never the story, no diagnosis."),
        widget=forms.Textarea({"rows": 3, "data-count": REASON_LENGTH, "autofocus": True, "autocomplete": "off"}),
    )  # fmt: skip
    special_needs = forms.CharField(
        label=_("Accessibility needs"), max_length=REASON_LENGTH, required=False,
        help_text=_("For example: sign language, stairs, somebody who comes along."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices, widget=Radios)
    handover = forms.ChoiceField(label=_("How the person gets there"), choices=Handover.choices, widget=Radios)
    phone_check = forms.ChoiceField(
        label=_("Is there room? Capacity unknown: call first"), choices=PHONE_CHECKS, widget=Radios,
        help_text=_("Your answer is saved as a note in the case."),
    )  # fmt: skip
    unfit_reason = forms.CharField(
        label=_("Why this service anyway"), max_length=500, widget=forms.Textarea({"rows": 2}),
        help_text=_("The directory advises against it. Your reason is saved as a note in the case."),
    )  # fmt: skip
    categories = forms.MultipleChoiceField(
        label=_("Tick what this service needs to know"),
        widget=Ticks,
        help_text=_("Beside each: what the service would see."),
    )
    asked = forms.ChoiceField(label=_("What does the person say?"), widget=Radios)
    asked_language = forms.ChoiceField(label=_("Language in which the person was asked"), required=False)
    asked_interpreter = forms.ChoiceField(
        label=_("With whose help"), required=False, choices=InterpreterKind.choices, widget=Radios
    )
    asked_method = forms.ChoiceField(
        label=_("How the person said it"), required=False, choices=ConsentMethod.choices, widget=Radios
    )
    asked_read_back = forms.BooleanField(label=_("It was read back to the person"), required=False)
    asked_of = forms.ChoiceField(label=_("Who says it"), required=False, choices=ConsentGiver.choices, widget=Radios)
    asked_representative = forms.ChoiceField(label=_("Representative"), required=False)
    asked_assent = forms.ChoiceField(
        label=_("And what does the child say?"), required=False, widget=Radios,
        choices=((YES, _("The child agrees")), (NO, _("The child does not agree"))),
    )  # fmt: skip
    replaces = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)

    groups = (
        (_("The request"), ("reason", "special_needs", "urgency", "handover", "phone_check", "unfit_reason")),
        (_("What is shared"), ("categories",)),
        (_("Consent for this service"), (
            "asked", "asked_language", "asked_interpreter", "asked_method", "asked_read_back", "asked_of",
            "asked_representative", "asked_assent",
        )),
    )  # fmt: skip

    def __init__(self, *args: Any, wanted: Wanted, **named: Any) -> None:
        super().__init__(*args, **named)
        self.wanted = wanted
        if not wanted.capacity_is_old:
            del self.fields["phone_check"]
        if wanted.proposal.fits or wanted.proposal.already:  # the action refuses a second one, with its link
            del self.fields["unfit_reason"]
        self._choices("categories", [(one, _tick(one, wanted)) for one in wanted.listed])
        self._choices("asked", _answers(wanted))
        self._choices("asked_language", [("", ""), *((code, str(name)) for code, name in SPOKEN)])
        self._for_a_child(wanted)
        for name in HOW:
            self.fields[name].required = self.asks

    def _choices(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # (a field of choices)

    def _for_a_child(self, wanted: Wanted) -> None:
        """Somebody who stands for the person is asked too, where there is one."""
        rows = wanted.sheet.representatives
        if not (wanted.sheet.case.is_minor or rows):
            for name in ("asked_of", "asked_representative", "asked_assent"):
                del self.fields[name]
            return
        kinds = dict(RepresentativeKind.choices)
        names = [(str(one.row.pk), f"{kinds[one.row.kind]} · {one.values.get('name') or '–'}") for one in rows]
        self._choices("asked_representative", [("", ""), *names])

    def parts(self) -> list[tuple[Any, list[forms.BoundField], list[forms.BoundField]]]:
        """The visible fields in their groups; those that tell how the person was asked apart, to fold them."""
        found = []
        for title, names in self.groups:
            fields = [self[name] for name in names if name in self.fields]
            told = [field for field in fields if field.name.startswith("asked_")]
            found.append((title, [field for field in fields if field not in told], told))
        return found

    @property
    def asks(self) -> bool:
        """Whether how the person was asked must be told: not where it was agreed before."""
        if self.is_bound:
            return self.data.get(self.add_prefix("asked")) in (YES, NO)
        return self.wanted.grant is None


def _answers(wanted: Wanted) -> list[tuple[str, Any]]:
    """What can be said about consent now. What was agreed before need not be asked again."""
    service = _("The person says yes to sharing exactly what is ticked with this service")
    answers = [(YES, service), (NO, _("The person says no: record it, and send nothing"))]
    if wanted.grant is None:
        return [*answers, (LATER, _("Not asked: save it as a draft"))]
    if is_override(wanted.grant):
        return [(EARLIER, _("Not asked: a supervisor has decided to share without consent")), *answers]
    return [(EARLIER, _("Agreed before, and nothing more is shared")), *answers]


def _tick(category: str, wanted: Wanted) -> Any:
    """The category, what the service would see of it, and whether it was agreed."""
    value = wanted.known[category]
    if category in TYPED and value is None:
        told = gettext("as written above")
    elif value is True:
        told = gettext("known; you may not read it here")
    else:
        told = listed(lines(category, value)) if value is not None else gettext("nothing is known")
    label = DataCategory(category).label
    if wanted.grant is None or category not in wanted.grant.categories:
        return format_html('{} <span class="quiet">{}</span>', label, told)
    agreed = gettext("agreed on %(day)s") % {"day": date_format(local(wanted.grant.consent.given_at), "d/m/Y")}
    return format_html('{} <span class="quiet">{}</span> <span class="mark">{}</span>', label, told, agreed)
