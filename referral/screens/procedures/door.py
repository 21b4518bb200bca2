"""The second door to the procedures: editors of the CMS come in too, who are members of nothing and see no case."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from referral.access import editor_of, member_of
from referral.refusals import Refused
from referral.screens.desk import View, chosen_partner, desk, refusal_page


def for_members_and_editors(view: View) -> View:
    """A view for every member, and for an editor without a membership: it is called with the Member, or with None."""
    at_desk = desk()(view)

    @wraps(view)
    def at_door(request: HttpRequest, **named: Any) -> HttpResponse:
        if editor_of(request.user) is None or member_of(request.user, chosen_partner(request)) is not None:
            return at_desk(request, **named)
        return _let_in(view, request, named)

    return at_door


def for_editors(view: View) -> View:
    """A view for editors only. For others there is no such page; who is not signed in is asked to sign in."""

    @wraps(view)
    def at_door(request: HttpRequest, **named: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if editor_of(request.user) is None:
            raise Http404
        return _let_in(view, request, named)

    return at_door


def _let_in(view: View, request: HttpRequest, named: dict[str, Any]) -> HttpResponse:
    member = member_of(request.user, chosen_partner(request))
    try:
        return view(request, member, **named)
    except Refused as refused:
        return refusal_page(request, member, refused)
