"""The desk of rights: requests about data, and the copy that answers one."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access import Member
from referral.guarding import complaints, data_requests, erasing, own_copy
from referral.guarding.complaints import DESKS
from referral.guarding.data_requests import DAYS
from referral.models import DataRequest
from referral.safety.isolation import as_partner
from referral.screens.confirmed import ask_first
from referral.screens.desk import desk, shown
from referral.states.case_states import CaseStatus
from referral.words.choices import CaseRole, Urgency
from referral.words.request_choices import RequestKind

from .forms import AnswerForm, LinkForm, RequestForm

SHOWN = 100
TICKED = "ticked_notes"  # in the session: the request and the notes that were ticked, while the second factor is asked


@require_safe
@desk(*DESKS)
def overview(request: HttpRequest, member: Member) -> HttpResponse:
    """What can be recorded here, what waits for an answer, what one may decide."""
    with as_partner(member.partner):
        context = {
            "requests": list(data_requests.requests_for(member)[:SHOWN]),
            "complaints": list(
                complaints.complaints_for(member).select_related("about").order_by("answered_at", "received_on")[:SHOWN]
            ),
            "today": timezone.localdate(),
            "handles": member.has(CaseRole.SUPERVISOR, CaseRole.DPO),
            "statuses": CaseStatus.choices,
            "urgencies": Urgency.choices,
        }
    return shown(request, member, "referral/guarding/overview.html", context)


@require_http_methods(["GET", "POST"])
@desk(*DESKS)
def new_request(request: HttpRequest, member: Member) -> HttpResponse:
    """Write down what somebody asks."""
    form = RequestForm(request.POST or None, initial={"received_on": timezone.localdate()})
    if form.is_valid() and form.carry_out(lambda: data_requests.record(by=member, **form.given)) is not None:
        return redirect("requests")
    return shown(
        request, member, "referral/guarding/new_request.html", {"form": form, "days": DAYS}, status=form.status
    )


@require_http_methods(["GET", "POST"])
@desk(CaseRole.DPO, CaseRole.SUPERVISOR)
def data_request(request: HttpRequest, member: Member, request_id: uuid.UUID) -> HttpResponse:
    """One request: what is asked, whose case it is, the answer."""
    found = data_requests.read(member, request_id)
    row, is_officer = found.request, member.has(CaseRole.DPO)
    link, answer = LinkForm(prefix="link"), AnswerForm(prefix="answer", kind=row.kind)
    if request.method == "POST" and is_officer:
        if "link" in request.POST:
            link = LinkForm(request.POST, prefix="link")
            if link.is_valid():
                data_requests.link_case(row, by=member, code=link.given["code"])
                return redirect("data-request", request_id=row.pk)
        else:
            answer = AnswerForm(request.POST, prefix="answer", kind=row.kind)
            if answer.is_valid() and _answered(answer, row, member):
                return redirect("requests")
    context: dict[str, Any] = {
        "found": found, "row": row, "link": link, "answer_form": answer, "officer": is_officer, "today": timezone.localdate(),
        "for_copy": row.kind == RequestKind.ACCESS, "for_erasure": row.kind == RequestKind.ERASURE,
        "may_erase": row.erasure_asked_by_id is not None and row.erasure_asked_by_id != member.user_id,
    }  # fmt: skip
    if row.case is not None and is_officer:
        with as_partner(member.partner):
            context["let_in"] = own_copy.may_prepare(member, row.case)
    status = max(link.status, answer.status)
    return shown(request, member, "referral/guarding/data_request.html", context, status=status)


def _answered(form: AnswerForm, row: DataRequest, member: Member) -> bool:
    return form.carry_out(lambda: data_requests.answer(row, by=member, **form.given)) is not None


@require_POST
@desk(CaseRole.DPO, CaseRole.SUPERVISOR)
def erase(_request: HttpRequest, member: Member, request_id: uuid.UUID) -> HttpResponse:
    """Ask for the erasure, or, as the second person, carry it out."""
    with as_partner(member.partner):
        row = data_requests.get_request_for(member, request_id)
    if row.erasure_asked_by_id is None:
        erasing.ask_erasure(row, by=member)
        return redirect("data-request", request_id=row.pk)
    erasing.erase(row, by=member)
    return redirect("requests")


@require_http_methods(["GET", "POST"])
@desk(CaseRole.DPO)
def copy(request: HttpRequest, member: Member, request_id: uuid.UUID) -> HttpResponse:
    """First the notes, to tick those that name nobody else; then the copy, to print or as JSON. Nothing of it is kept.

    Both after the second factor, given lately. Who has read for longer than that finds their ticks again.
    """
    ticked = {uuid.UUID(one) for one in request.POST.getlist("note") if _is_id(one)}
    if (asked := ask_first(request)) is not None:
        if request.method == "POST":
            request.session[TICKED] = [str(request_id), *map(str, ticked)]
        return asked
    if request.method == "GET":
        notes = own_copy.notes_of(member, request_id)
        of, *before = request.session.pop(TICKED, None) or [""]
        context = {"request_id": request_id, "notes": notes, "withheld": own_copy.withheld(), "ticked": ()}
        if of == str(request_id):
            context["ticked"] = [row.pk for row, _words in notes if str(row.pk) in before]
        return shown(request, member, "referral/guarding/copy_notes.html", context)
    made = own_copy.prepare(member, request_id, ticked)
    if "json" in request.POST:
        answer = JsonResponse(made.as_json(), json_dumps_params={"ensure_ascii": False, "indent": 1})
        answer["Content-Disposition"] = f'attachment; filename="{made.code}.json"'
        answer["Cache-Control"] = "no-store"
        return answer
    return shown(request, member, "referral/guarding/copy.html", {"copy": made, "request_id": request_id})


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
