"""Leave to read a case that is not one's own: asked, decided, ended; and who was let in."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from referral.access import Member
from referral.guarding import letting_in
from referral.permissions import NotFound
from referral.safety.isolation import as_partner
from referral.screens.desk import desk, shown
from referral.words.choices import CaseRole

from .forms import AskForm

ASKERS = (CaseRole.SUPERVISOR, CaseRole.DPO)
SHOWN = 50
ANSWERS: Mapping[str, Callable[..., Any]] = {
    "approve": letting_in.approve,
    "refuse": letting_in.refuse,
    "end": letting_in.end,
}


@require_http_methods(["GET", "POST"])
@desk()
def access(request: HttpRequest, member: Member) -> HttpResponse:
    """Ask; decide on what others ask; see who was let in to what is one's own."""
    form = None
    if member.has(*ASKERS):
        form = AskForm(request.POST or None, member=member, initial={"code": ""})
        if form.is_valid() and form.carry_out(lambda: letting_in.ask(by=member, **form.given)) is not None:
            return redirect("access")
    elif request.method == "POST":
        raise Http404
    now = timezone.now()
    with as_partner(member.partner):
        context = {
            "form": form,
            "asked": list(letting_in.asked_by(member)[:SHOWN]),
            "let_in": list(letting_in.let_in(member)[:SHOWN]),
            "now": now,
            "forbidden": [(profile.label, why) for profile, why in letting_in.FORBIDDEN.items()],
            "waiting": letting_in.with_reasons(
                member, letting_in.waiting_for(member)[:SHOWN]
            ),  # last: it is in the trail
        }
    return shown(request, member, "referral/guarding/access.html", context, status=form.status if form else 200)


@require_POST
@desk()
def answer_access(request: HttpRequest, member: Member, grant_id: uuid.UUID) -> HttpResponse:
    """Approve, refuse or end it."""
    do = ANSWERS.get(request.POST.get("answer", ""))
    if do is None:
        raise NotFound("answer")
    with as_partner(member.partner):
        grant = letting_in.get_grant_for(member, grant_id)
    do(grant, by=member)
    return redirect("access")
