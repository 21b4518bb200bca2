"""Screens of an organisation: its papers, teams and receptions; and for whom somebody with several organisations acts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from referral.access import Member
from referral.models import Partner, Reception
from referral.screens.desk import PARTNER, chosen_partner, shown

from .. import organisation as actions
from .. import signing_in
from ..forms import PapersForm, ReceptionForm, TeamForm
from .asking import as_administrator, page, signed_in


@as_administrator
def organisation(request: HttpRequest, member: Member) -> HttpResponse:
    """Papers, teams, receptions: each is a form of its own."""
    posted = request.POST.get("form", "") if request.method == "POST" else ""
    papers = PapersForm(request.POST if posted == "papers" else None, initial=_papers(member.partner))
    team = TeamForm(request.POST if posted == "team" else None)
    receptions = list(_receptions(request, member.partner, posted))
    for form in (papers, team, *receptions):
        if form.is_bound and form.is_valid():
            _carry_out(form, member)
            return redirect("organisation")
    context = {
        "papers": papers, "team": team, "receptions": receptions, "teams": member.partner.teams.order_by("name"),
        "partner": member.partner, "may_share": member.partner.may_share(),
    }  # fmt: skip
    status = max(form.status for form in (papers, team, *receptions))
    return shown(request, member, "portal/accounts/organisation.html", context, status=status)


def _papers(partner: Partner) -> dict[str, Any]:
    return {name: getattr(partner, name) for name in actions.AUTHORISATION}


def _receptions(request: HttpRequest, partner: Partner, posted: str) -> Any:
    """A form for each service that this organisation may answer for."""
    services = actions.own_services(partner).order_by("pk")
    held = {row.service_id: row for row in Reception.objects.filter(service__in=services, partner=partner)}
    for service in services:
        row, prefix = held.get(service.pk), f"service-{service.pk}"
        initial = {"service": service.pk, "answered": row is not None, "places": row.places if row else None}
        data = request.POST if posted == prefix else None
        yield ReceptionForm(data, initial=initial, services=services, prefix=prefix, about=service)


def _carry_out(form: Any, member: Member) -> None:
    given = form.given
    if isinstance(form, PapersForm):
        actions.set_papers(by=member, **given)
    elif isinstance(form, TeamForm):
        actions.add_team(given["name"], by=member)
    else:
        actions.set_reception(given["service"], by=member, answered=given["answered"], places=given["places"])


@signed_in
def choose(request: HttpRequest) -> HttpResponse:
    """For which organisation somebody acts from now on: one a session."""
    partners = Partner.objects.filter(pk__in=signing_in.partners_of(request.user))
    wanted = request.POST.get("partner", "")
    if request.method == "POST" and (found := next((one for one in partners if str(one.pk) == wanted), None)):
        request.session[PARTNER] = str(found.pk)
        return redirect(signing_in.home_of(request, request.user))
    if len(partners) == 1:
        request.session[PARTNER] = str(partners[0].pk)
        return redirect(signing_in.home_of(request, request.user))
    if not partners:
        request.session.pop(PARTNER, None)
        return redirect("account")
    return page(request, "choose", partners=partners, now=chosen_partner(request))
