"""The inbox, and the door to a case by its code."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from referral.access import Member
from referral.identifiers import WrongCode, parse_case_code
from referral.permissions import get_case_for
from referral.safety.isolation import as_partner
from referral.screens.desk import desk, shown


@desk()
def inbox(request: HttpRequest, member: Member) -> HttpResponse:
    """What is late, due today, waiting for me, waiting for others."""
    return shown(request, member, "referral/inbox/inbox.html")


@require_POST
@desk()
def find_case(request: HttpRequest, member: Member) -> HttpResponse:
    """The case of a code that was typed, forgiving how; for one that this member may not see, there is none."""
    try:
        code = parse_case_code(request.POST.get("code", ""))
    except WrongCode as wrong:
        return shown(request, member, "referral/inbox/inbox.html", {"wrong_code": str(wrong)}, status=400)
    with as_partner(member.partner):
        found = get_case_for(member, code)
    return redirect("case", code=found.code)
