"""Keeps what is being typed, as it is typed: the script of the pages calls it every few seconds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from referral import drafts
from referral.access import Member

from .desk import desk
from .forms import typed_in

LONGEST_NAME = 80


@require_POST
@desk()
def keep(request: HttpRequest, member: Member) -> HttpResponse:
    """Keep it sealed for this member: 204. 413 for more than a form can hold, 400 without a name; `forget` drops it."""
    name = request.POST.get("draft", "")
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        return HttpResponse(status=400)
    if "forget" in request.POST:
        drafts.forget(member, name)
        return HttpResponse(status=204)
    try:
        drafts.save(member, name, typed_in(request.POST))
    except drafts.TooLong:
        return HttpResponse(status=413)
    return HttpResponse(status=204)
