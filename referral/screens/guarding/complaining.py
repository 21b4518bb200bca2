"""Complaints, legal holds and the export of rows."""

from __future__ import annotations

import uuid
from typing import cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from referral.access import Member
from referral.guarding import complaints, exporting, holds
from referral.guarding.complaints import DESKS
from referral.permissions import NotFound, codes_for
from referral.safety.isolation import as_partner
from referral.screens.addresses import page_number, page_of
from referral.screens.confirmed import ask_first
from referral.screens.desk import desk, shown
from referral.words.choices import CaseRole

from .forms import ComplaintAnswerForm, ComplaintForm, HoldForm

HANDLERS = (CaseRole.SUPERVISOR, CaseRole.DPO)


@require_http_methods(["GET", "POST"])
@desk(*DESKS)
def new_complaint(request: HttpRequest, member: Member) -> HttpResponse:
    """Write down a complaint. Afterwards only who answers it sees it."""
    form = ComplaintForm(request.POST or None, colleagues=complaints.colleagues(member.partner))
    if form.is_valid() and form.carry_out(lambda: complaints.record(by=member, **form.given)) is not None:
        return redirect("requests")
    return shown(request, member, "referral/guarding/new_complaint.html", {"form": form}, status=form.status)


@require_http_methods(["GET", "POST"])
@desk(*HANDLERS)
def complaint(request: HttpRequest, member: Member, complaint_id: uuid.UUID) -> HttpResponse:
    """One complaint and its answer, for who handles it."""
    found = complaints.read(member, complaint_id)
    form = ComplaintAnswerForm(request.POST or None)
    if form.is_valid():
        answered = form.carry_out(lambda: complaints.answer(found.complaint, by=member, **form.given))
        if answered is not None:
            return redirect("requests")
    context = {"found": found, "row": found.complaint, "form": form}
    return shown(request, member, "referral/guarding/complaint.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
@desk(*HANDLERS)
def legal_holds(request: HttpRequest, member: Member) -> HttpResponse:
    """The cases on hold; put one on hold or lift it."""
    form = HoldForm(request.POST or None)
    if form.is_valid():
        with as_partner(member.partner):
            case = codes_for(member).filter(code=form.given["code"]).first()
        if case is None:
            raise NotFound("hold")
        do = holds.set_hold if form.given["what"] == HoldForm.SET else holds.lift_hold
        if form.carry_out(lambda: do(case, by=member, reason=form.given["reason"])) is not None:
            return redirect("holds")
    page = page_number(request)
    with as_partner(member.partner):
        cases, more = page_of(lambda rows: holds.held_for(member)[rows], page)
    context = {"form": form, "cases": cases, "page": page, "more": more}
    return shown(request, member, "referral/guarding/holds.html", context, status=form.status)


@require_GET
@desk(*HANDLERS)
def export_cases(request: HttpRequest, member: Member) -> HttpResponse:
    """The rows that this member may see, as a stream: no file is left behind. After the second factor, given lately."""
    if (asked := ask_first(request)) is not None:
        return asked
    _number, pieces = exporting.start(member, request.GET.dict())
    answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="cases.csv"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return cast(HttpResponse, answer)  # for the decorator: it only hands it on
