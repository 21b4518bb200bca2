"""Asking consent, taking it back, answering for a share without it: each purpose by itself, nothing ticked beforehand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.actions import consents
from referral.actions.consents import Asked, Conversation
from referral.models import Consent, Partner, Representative
from referral.permissions import NotFound, kind_at_case, may_write
from referral.reading.progress import moment
from referral.safety.isolation import as_partner
from referral.screens.forms import Day, Radios
from referral.states.clock import end_of_day
from referral.states.machine import NotYours
from referral.words.choices import ContactChannel
from referral.words.consent_choices import ConsentGiver, ConsentMethod, InterpreterKind, LegalBasis, Purpose
from services.taxonomy import SPOKEN

from . import script
from .acting import CaseForm, InARow, offer
from .closing import reason_field
from .meanings import PURPOSES
from .recipient import Recipient

PLAIN = (Purpose.RECORD, Purpose.CONTACT, Purpose.ONLINE_FOLLOW_UP, Purpose.FAMILY_TRACING, Purpose.STATISTICS)
ANSWERS = [("", _("Not asked")), ("yes", _("Yes")), ("no", _("No"))]


def answer(purpose: Purpose) -> forms.ChoiceField:
    """One question with its answer: not asked, until somebody says otherwise."""
    return forms.ChoiceField(
        label=purpose.label, help_text=PURPOSES[purpose], choices=ANSWERS, widget=InARow, required=False, initial=""
    )


class ConsentForm(Recipient):
    heading = _("Ask for consent")
    button = _("Save these answers")
    part = "consents"
    keeps = True
    referral = answer(Purpose.REFERRAL)
    partner = forms.ChoiceField(label=_("Organisation that would take the case over"), required=False)
    transfer = answer(Purpose.TRANSFER)
    language = forms.ChoiceField(label=_("Language of this conversation"), choices=[("", "—"), *SPOKEN])
    interpreter = forms.ChoiceField(label=_("Interpreter"), choices=InterpreterKind.choices, widget=Radios)
    method = forms.ChoiceField(label=_("How consent is given"), choices=ConsentMethod.choices, widget=Radios)
    read_back = forms.BooleanField(label=_("The person said in their own words what they understood."), required=False)
    given_by = forms.ChoiceField(label=_("Who answers"), choices=ConsentGiver.choices, widget=Radios, initial="person")
    representative = forms.ChoiceField(label=_("Representative"), required=False)
    child_assent = forms.ChoiceField(label=_("Does the child agree?"), choices=ANSWERS, widget=InARow, required=False)
    until = forms.DateField(label=_("Consent is valid until"), widget=Day, required=False)
    words = reason_field(_("What was said; who must not know"), required=False)
    field_order = [str(one) for one in PLAIN]

    def prepare(self) -> None:
        super().prepare()
        for purpose in PLAIN:
            self.fields[purpose.value] = answer(purpose)
        self.order_fields(self.field_order)
        partners = Partner.objects.filter(is_active=True).exclude(pk=self.seat.case.partner_id)
        offer(self, "partner", [("", "—"), *((str(one.pk), str(one)) for one in partners)])
        with as_partner(self.by.partner):
            found = Representative.objects.filter(case=self.seat.case)
            offer(self, "representative", [("", "—"), *((str(one.pk), one.get_kind_display()) for one in found)])
        if not self.seat.case.is_minor and not found:
            for name in ("given_by", "representative", "child_assent"):
                self.fields.pop(name)
        self.languages = script.spoken_here(self.seat.sheet.person.get("languages") or [])
        self.initial.setdefault("language", next(iter(self.languages), ""))
        self.scripts, self.is_own_language = script.for_person(self.languages)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for named, answered in (("service", "referral"), ("partner", "transfer")):
            if found.get(answered) and not found.get(named):
                self.add_error(named, _("Choose whom this answer is about."))
            if found.get(named) and not found.get(answered) and answered not in self.errors:
                self.add_error(answered, _("Say what the person answered."))
        if found.get("referral") == "yes" and not found.get("categories") and "categories" not in self.errors:
            self.add_error("categories", _("Tick what the person agrees to share."))
        if not any(found.get(name) for name in (*PLAIN, "referral", "transfer")) and not self.errors:
            self.add_error(None, _("Answer at least one question."))
        return found

    def asked(self) -> list[Asked]:
        given = self.given
        found = [Asked(purpose, given[purpose] == "yes") for purpose in PLAIN if given.get(purpose)]
        if given["referral"]:
            yes = given["referral"] == "yes"
            found.append(
                Asked(Purpose.REFERRAL, yes, service=self.chosen, categories=given["categories"] if yes else ())
            )
        if given["transfer"]:
            taker = Partner.objects.get(pk=given["partner"])
            found.append(Asked(Purpose.TRANSFER, given["transfer"] == "yes", partner=taker))
        return found

    def act(self) -> None:
        given = self.given
        who = given.get("representative") if given.get("given_by") == ConsentGiver.REPRESENTATIVE else ""
        with as_partner(self.by.partner):
            stands = Representative.objects.filter(pk=who, case=self.seat.case).first() if who else None
        assent = given.get("child_assent")
        how = Conversation(
            language=given["language"], interpreter=given["interpreter"], method=given["method"],
            script_version=script.version(), read_back=given["read_back"],
            given_by=given.get("given_by") or ConsentGiver.PERSON, representative=stands,
            child_assent=assent == "yes" if assent else None,
            expires_at=_end_of(given["until"]), words=given["words"],
        )  # fmt: skip
        consents.record_consent(self.seat.case, by=self.by, how=how, asked=self.asked())


def _end_of(day: Any) -> datetime | None:
    return end_of_day(moment(day.isoformat())) if day else None


class WithdrawForm(CaseForm):
    """One button: what the person says counts at once, in any state of the case."""

    heading = _("Withdraw consent")
    intro = _("At once: sharing ends, referrals are withdrawn, and the receivers can read nothing more.")
    button = _("Withdraw")
    part = "consents"
    through = forms.ChoiceField(
        label=_("How the person said it"),
        choices=ContactChannel.choices,
        widget=Radios,
        initial=ContactChannel.IN_PERSON,
    )

    def prepare(self) -> None:
        with as_partner(self.by.partner):
            rows = Consent.objects.filter(case=self.seat.case, pk=self.seat.which["which"])
            self.row = rows.select_related("case__partner").first()
            wanted = self.seat.which.get("grant")
            self.grants = list(self.row.grants.filter(pk=wanted)) if self.row and wanted else []
        if self.row is None or (wanted and not self.grants):
            raise NotFound(self.seat.code)

    def begin(self) -> None:
        """In any state of the case, whoever may write in it."""
        with as_partner(self.by.partner):
            if not may_write(self.by, self.seat.case):
                raise NotYours("consent", kind_at_case(self.by, self.seat.case))

    def act(self) -> None:
        assert self.row is not None  # noqa: S101 (prepare refuses it)
        consents.withdraw_consent(self.row, by=self.by, through=self.given["through"], grants=self.grants)


class OverrideForm(Recipient):
    heading = _("Share without consent")
    intro = _(
        "You take responsibility in your own name, on a legal basis and for a reason. Somebody else sends. "
        "Within 24 hours the person is told, and their wishes are recorded."
    )
    button = _("I take responsibility for sharing this")
    part = "consents"
    keeps = True
    legal_basis = forms.ChoiceField(
        label=_("Legal basis"),
        choices=[one for one in LegalBasis.choices if one[0] != LegalBasis.CONSENT],
        widget=Radios,
    )
    reason = reason_field()

    def prepare(self) -> None:
        super().prepare()
        for name in ("service", "categories"):
            self.fields[name].required = True

    def begin(self) -> None:
        super().begin()
        self.seat.refuse_unless_supervisor("override")

    def act(self) -> None:
        given = self.given
        if self.chosen is None:
            raise NotFound(self.seat.code)
        consents.override(
            self.seat.case, by=self.by, service=self.chosen, categories=given["categories"],
            legal_basis=given["legal_basis"], reason=given["reason"],
        )  # fmt: skip
