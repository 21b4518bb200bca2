"""The inbox: what is late, due today, waiting for me, waiting for others; and the door to a case by its code."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from referral.access import Member
from referral.identifiers import WrongCode, parse_case_code
from referral.permissions import get_case_for
from referral.reading.inbox import Wait, waiting_for
from referral.safety.isolation import as_partner
from referral.screens.addresses import page_number
from referral.screens.desk import desk, shown

from .lines import Line, lines_of

MOST = 50  # lines of a list


@dataclass(frozen=True)
class Listed:
    """One of the four lists as it is shown. `more`: there are lines after these."""

    wait: Wait
    lines: list[Line]
    more: bool


@require_safe
@desk()
def inbox(request: HttpRequest, member: Member) -> HttpResponse:
    """What is late, due today, waiting for me, waiting for others."""
    return _inbox(request, member)


def _inbox(request: HttpRequest, member: Member, wrong_code: str = "") -> HttpResponse:
    found = lines_of(waiting_for(member, timezone.now(), most=MOST + 1), member)
    lists = [Listed(wait, lines[:MOST], len(lines) > MOST) for wait, lines in found.items()]
    context = {"lists": lists, "empty": not any(found.values()), "wrong_code": wrong_code}
    return shown(request, member, "referral/inbox/inbox.html", context, status=400 if wrong_code else 200)


@require_safe
@desk()
def one_list(request: HttpRequest, member: Member, which: str) -> HttpResponse:
    """One of the lists whole, in pages."""
    if which not in Wait.values:
        raise Http404
    page, wait = page_number(request), Wait(which)
    found = lines_of(waiting_for(member, timezone.now(), most=page * MOST + 1, lists=[wait]), member)[wait]
    listed = Listed(wait, found[(page - 1) * MOST : page * MOST], len(found) > page * MOST)
    context = {"list": listed, "page": page}
    return shown(request, member, "referral/inbox/list.html", context)


@require_POST
@desk()
def find_case(request: HttpRequest, member: Member) -> HttpResponse:
    """The case of a code that was typed, forgiving how; for one that this member may not see, there is none."""
    try:
        code = parse_case_code(request.POST.get("code", ""))
    except WrongCode as wrong:
        return _inbox(request, member, str(wrong))
    with as_partner(member.partner):
        found = get_case_for(member, code)
    return redirect("case", code=found.code)
