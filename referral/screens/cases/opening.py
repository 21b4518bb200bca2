"""Opening a case: one short page; a second look where moments start clocks or the same person may be there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from referral import drafts
from referral.access import Member
from referral.actions import cases, people
from referral.actions.repeats_of_cases import was_sent
from referral.models import Case
from referral.procedures import procedures
from referral.screens.desk import desk, shown, works_in_training
from referral.screens.forms import DeskForm, Radios, Ticks
from referral.screens.menu import WORKERS
from referral.words.choices import CaseRole, Profile
from referral.words.person_choices import AgeBand, InterpreterNeed, Sex
from services.taxonomy import SPOKEN

from .acting import looked_up, offer, with_draft
from .charge import colleagues
from .meanings import PROFILES, explained
from .notes import without_blank
from .person import LEFT_TO_RIGHT, SAFE, SafeContact, safe_contact_of, text
from .triage import FIRST_STAGES, choose_triage, clock_keys, date_fields

DRAFT = "case-new"
NOTICE = "2026.1"  # version of the notice before the first field; the form says which one was shown (trust P2)
OF_PERSON = (
    "alias", "age_band", "sex", "languages", "interpreter", "given_name", "family_name", "phone",
)  # fmt: skip
NAMES = _("Real name: only if the help depends on it")
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    ("", ("profile", "urgency", "risk")),
    (_("The person"), ("languages", "interpreter", "age_band", "sex", "alias")),
    (_("Safe contact"), ("phone", *SAFE)),
    (NAMES, ("given_name", "family_name")),
    (_("The case"), ("owner", "restricted", "training")),
)


@dataclass(frozen=True)
class Group:
    """Fields that belong together. `folded`: behind a heading, unless something in it is wrong or filled in."""

    heading: Any
    fields: list[forms.BoundField]
    folded: bool = False

    @property
    def is_open(self) -> bool:
        return any(field.errors or field.value() for field in self.fields)


class OpenForm(SafeContact, DeskForm):
    """What is known when somebody comes in. Only profile, urgency and risk are needed: no name."""

    notice = forms.CharField(widget=forms.HiddenInput, initial=NOTICE)
    dates_for = forms.CharField(widget=forms.HiddenInput, required=False)  # the profile whose moments were asked
    profile = forms.ChoiceField(label=_("Which help comes first"), widget=Radios)
    urgency = forms.ChoiceField(label=_("Urgency: how soon"), widget=Radios)
    risk = forms.ChoiceField(label=_("Risk: how dangerous"), widget=Radios)
    languages = forms.MultipleChoiceField(label=_("Languages"), choices=SPOKEN, widget=Ticks, required=False)
    interpreter = forms.ChoiceField(
        label=_("Interpreter"), choices=[("", _("Not known")), *InterpreterNeed.choices], required=False
    )
    age_band = forms.ChoiceField(label=_("Age"), choices=[("", _("Not known")), *AgeBand.choices], required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", _("Not known")), *Sex.choices], required=False)
    alias = text(
        _("What to call the person"), 60, help_text=_("Any name that the person likes. It need not be the real one.")
    )
    phone = text(_("Phone"), 40, widget=forms.TextInput(attrs=LEFT_TO_RIGHT))
    given_name = text(_("Given name"), 100, help_text=_("For a birth certificate, a complaint."))
    family_name = text(_("Family name"), 100)
    owner = forms.ChoiceField(label=_("Who will be in charge"), required=False)
    restricted = forms.BooleanField(
        label=_("Restrict: only who is in charge and a deputy may open this case."), required=False
    )
    training = forms.BooleanField(label=_("This is training: no real person."), required=False)
    anyway = forms.BooleanField(label=_("I have checked: open a new case anyway."), required=False)
    field_order = ["profile", "urgency", "risk", "languages", "interpreter", "age_band", "sex", "alias", "phone", *SAFE]

    def __init__(self, *args: Any, by: Member, doubles: Sequence[Case] = (), **named: Any) -> None:
        super().__init__(*args, **named)
        self.doubles, self.always_training = doubles, works_in_training(by)
        offer(self, "profile", explained(Profile, PROFILES))
        choose_triage(self)
        keeper = [("", _("Me"))]
        offer(self, "owner", [*keeper, *colleagues(by, CaseRole.CASEWORKER, but=(by.user_id,))])
        if self.always_training:
            del self.fields["training"]
        self.dated = self._dates()
        self.fields |= self.dated
        first = ["anyway"] if doubles or (self.is_bound and self.data.get("anyway")) else []
        if not first:
            del self.fields["anyway"]
        self.order_fields([*first, *self.dated, *self.field_order])

    def _dates(self) -> dict[str, forms.Field]:
        """The moments of the profile for which they were asked."""
        wanted = str((self.data if self.is_bound else self.initial).get("dates_for") or "")
        return date_fields(procedures()[wanted], FIRST_STAGES) if wanted in procedures() else {}

    def clean_notice(self) -> str:
        if self.cleaned_data["notice"] != NOTICE:
            raise forms.ValidationError(_("The notice has changed. Open the page again."))
        return NOTICE

    @property
    def groups(self) -> list[Group]:
        """The fields as the page shows them: what is needed first; names are folded away."""
        shown = [(heading, [self[name] for name in names if name in self.fields]) for heading, names in GROUPS]
        first = [self[name] for name in ("anyway", *self.dated) if name in self.fields]
        found = [Group("", [*first, *shown[0][1]])] + [Group(heading, fields) for heading, fields in shown[1:]]
        return [Group(one.heading, one.fields, folded=one.heading == NAMES) for one in found]

    @property
    def asks_moments(self) -> bool:
        """Whether the procedure that was chosen counts from moments that were not asked yet."""
        profile = self.cleaned_data["profile"]
        return self.cleaned_data.get("dates_for") != profile and bool(clock_keys(procedures()[profile], FIRST_STAGES))

    def open_for(self, member: Member) -> Case:
        given = self.given
        person = without_blank({name: given[name] for name in OF_PERSON})
        if safe := safe_contact_of(given):
            person["safe_contact"] = safe
        asked = self.dated if given.get("dates_for") == given["profile"] else ()
        return cases.open_case(
            by=member, profile=given["profile"], urgency=given["urgency"], risk=given["risk"], person=person,
            dates={key: given[key] for key in asked if given[key]}, restricted=given["restricted"],
            owner=int(given["owner"]) if given["owner"] else None,
            training=self.always_training or given["training"], key=self.cleaned_data.get("key") or None,
        )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@desk(*WORKERS)
def open_new(request: HttpRequest, member: Member) -> HttpResponse:
    """The form; then, where it helps, once more with moments or with a case that may be the same person's."""
    form: OpenForm = with_draft(OpenForm, request, member, DRAFT, by=member)
    form.initial["notice"] = NOTICE
    again = False
    if form.is_bound and form.is_valid():
        found = _same(form, member)
        if found or form.asks_moments:
            asked = {"dates_for": form.cleaned_data["profile"]}
            form, again = looked_up(OpenForm, request, asked, by=member, doubles=found), True
        else:
            case = form.carry_out(lambda: form.open_for(member))
            if case is not None:
                drafts.forget(member, DRAFT)
                return _opened(request, member, case)
    context = {"form": form, "draft": DRAFT, "again": again, "authorisation": settings.CNDP_AUTHORISATION}
    return shown(request, member, "referral/cases/new.html", context, status=form.status)


def _same(form: OpenForm, member: Member) -> list[Case]:
    """The cases of this partner with the same name or number that this member may read; not once they have looked."""
    given = form.given
    if given.get("anyway") or was_sent(member, form.cleaned_data.get("key")):
        return []
    names = {name: given[name] for name in ("given_name", "family_name", "phone")}
    if not (names["phone"] or (names["given_name"] and names["family_name"])):
        return []
    return people.same_person(by=member, **names)


def _opened(request: HttpRequest, member: Member, case: Case) -> HttpResponse:
    """To the case; whoever has handed it over may no longer see it, and is told its code."""
    if case.owner_id == member.user_id:
        return redirect("case", code=case.code)
    return shown(request, member, "referral/cases/handed_over.html", {"code": case.code})
