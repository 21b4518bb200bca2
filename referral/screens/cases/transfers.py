"""Handing a case over to another partner: the offer, the request by code, the answer of the other side."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from referral.access import Member
from referral.actions import transfers
from referral.actions.repeats_of_cases import once
from referral.identifiers import WrongCode, parse_case_code
from referral.models import Partner
from referral.permissions import NotFound
from referral.reading.case_history import Offer, offers
from referral.screens.desk import desk, shown
from referral.screens.forms import DeskForm, opened
from referral.states.case_states import CaseEvent
from referral.words.choices import CaseRole, Profile, Risk, ServiceType, Urgency

from .acting import CaseForm, offer
from .closing import reason_field

TAKERS = (CaseRole.CASEWORKER, CaseRole.SUPERVISOR)


class OfferForm(CaseForm):
    heading = _("Offer the case to another organisation")
    intro = _(
        "It sees the note, the profile, urgency, risk and the number of open referrals. It sees the case itself only once "
        "it takes it over. The person must have agreed to this organisation."
    )
    button = _("Offer")
    event = CaseEvent.OFFER_TRANSFER
    part = "transfer"
    keeps = True
    taker = forms.ChoiceField(label=pgettext_lazy("label", "Organisation"))
    handover_note = reason_field(_("Handover note"), required=False)

    def prepare(self) -> None:
        rows = Partner.objects.filter(is_active=True).exclude(pk=self.seat.case.partner_id)
        offer(self, "taker", [("", "—"), *((str(one.pk), str(one)) for one in rows)])

    def act(self) -> None:
        given = self.given
        taker = Partner.objects.get(pk=given["taker"])
        transfers.offer_transfer(self.seat.case, **self.usual, taker=taker, handover_note=given["handover_note"])


class AskForm(DeskForm):
    """Ask for a case whose code the person has given."""

    code = forms.CharField(
        label=_("Code that the person gave you"), max_length=64, widget=forms.TextInput(attrs={"dir": "ltr"})
    )
    reason = reason_field()

    def clean_code(self) -> str:
        try:
            return parse_case_code(self.cleaned_data["code"])
        except WrongCode as wrong:
            raise forms.ValidationError(str(wrong)) from wrong


class AnswerForm(DeskForm):
    """Yes or no to an offer."""

    answer = forms.ChoiceField(choices=[("accept", ""), ("decline", "")], widget=forms.HiddenInput)
    reason = reason_field(_("Why not"), required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(*TAKERS)
def ask_for_case(request: HttpRequest, member: Member) -> HttpResponse:
    """Always the same answer: nothing tells whether there is such a case."""
    form = opened(AskForm, request, member)
    sent = False
    if form.is_bound and form.is_valid():
        given = form.given
        key = form.cleaned_data.get("key")

        def ask() -> None:
            transfers.request_transfer(by=member, code=given["code"], reason=given["reason"])

        form.carry_out(lambda: once(ask, by=member, key=key, event="transfer.ask", about=None, given=given))
        sent = form.refusal is None
    return shown(request, member, "referral/cases/ask.html", {"form": form, "sent": sent}, status=form.status)


@require_http_methods(["GET", "HEAD"])
@desk(*TAKERS)
def list_offers(request: HttpRequest, member: Member) -> HttpResponse:
    """The cases that are offered to this partner, each with its note."""
    rows = [told(offer) for offer in offers(member)]
    return shown(request, member, "referral/cases/offers.html", {"offers": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@desk(*TAKERS)
def answer_offer(request: HttpRequest, member: Member, transfer_id: uuid.UUID) -> HttpResponse:
    """Take the case over, or decline with a reason. NotFound for an offer that does not wait here."""
    offer = next((one for one in offers(member) if one.transfer.pk == transfer_id), None)
    if offer is None:
        raise NotFound(str(transfer_id))
    form = opened(AnswerForm, request, member, initial={"version": offer.version})
    if form.is_bound and form.is_valid():
        done = form.carry_out(lambda: _answer(form, offer, member))
        if form.refusal is None:
            return redirect("case", code=done) if done else redirect("case-offers")
    return shown(request, member, "referral/cases/offer.html", {"form": form, "offer": told(offer)}, status=form.status)


def _answer(form: AnswerForm, offer: Offer, member: Member) -> str:
    given, case, version = form.given, offer.transfer.case, form.cleaned_data.get("version")
    if given["answer"] == "accept":
        return transfers.accept_transfer(case, by=member, version=version).code
    transfers.decline_transfer(case, by=member, version=version, reason=given["reason"])
    return ""


def told(offer: Offer) -> dict[str, Any]:
    """What an offer says, with its labels."""
    words = offer.told
    return {
        "transfer": offer.transfer,
        "note": words.get("note", ""),
        "profile": Profile(words["profile"]).label if words.get("profile") else "",
        "urgency": Urgency(words["urgency"]).label if words.get("urgency") else "",
        "risk": Risk(words["risk"]).label if words.get("risk") else "",
        "open_referrals": [ServiceType(one).label for one in words.get("open_referrals", [])],
    }
