"""Where a supervisor answers for a share without consent: legal basis, reason, and what exactly. Somebody else sends."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.access import Member
from referral.actions import consents
from referral.attempts import kept
from referral.models import AuditKind
from referral.permissions import kind_at_case, supervises
from referral.reading.casebook import read_case
from referral.referring.previews import known
from referral.safety import audit
from referral.safety.isolation import as_partner
from referral.states.machine import NotYours
from referral.words.choices import CaseRole
from referral.words.consent_choices import DataCategory, LegalBasis

from ..desk import desk, shown
from ..forms import DeskForm, Radios, Ticks
from .finding import name_of, service_of


class OverrideForm(DeskForm):
    """A basis that is not consent, a reason, and the categories of data."""

    legal_basis = forms.ChoiceField(
        label=_("Legal basis for sharing"), widget=Radios,
        choices=[choice for choice in LegalBasis.choices if choice[0] != LegalBasis.CONSENT],
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why the person cannot be asked, and why it cannot wait"), max_length=2000,
        widget=forms.Textarea({"rows": 4, "autofocus": True}),
    )  # fmt: skip
    categories = forms.MultipleChoiceField(label=_("What may be shared"), widget=Ticks)

    def __init__(self, *args: Any, categories: list[tuple[str, Any]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["categories"].choices = categories  # type: ignore[attr-defined]  # (a field of choices)


@desk(CaseRole.SUPERVISOR)
def override(request: HttpRequest, member: Member, code: str, service: str) -> HttpResponse:
    """For the supervisor of this case alone; another colleague then sends."""
    sheet = read_case(member, code, screen="case.override")
    found = service_of(service)
    if found is None:
        raise Http404
    with kept("consent.override", by=member.by, case_id=sheet.case.pk), as_partner(member.partner):
        if not supervises(member, sheet.case):
            raise NotYours("override", kind_at_case(member, sheet.case))
    names = known(sheet.case, by=member, service=found)
    choices = [(str(one), one.label) for one in DataCategory if one in names]
    form = OverrideForm(request.POST if request.method == "POST" else None, categories=choices)
    if form.is_bound:
        if not form.is_valid():
            audit.record(AuditKind.REFUSED, "consent.override:form", by=member.by, case_id=sheet.case.pk)
        elif form.carry_out(lambda: consents.override(sheet.case, by=member, service=found, **form.given)) is not None:
            address = reverse("refer-to", kwargs={"code": code, "service": service})
            return HttpResponseRedirect(address, status=303)
    context = {
        "form": form,
        "case": sheet.case,
        "service": name_of(found),
        "key": service,
        "training": sheet.case.is_training,
    }
    return shown(request, member, "referral/referrals/override.html", context, status=form.status)
