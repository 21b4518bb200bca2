"""Who may open a screen of accounts: somebody who is signed in, or an administrator of an organisation."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters

from referral.access import Member, member_of
from referral.screens.desk import chosen_partner, desk, shown
from referral.words.choices import CaseRole

View = Callable[..., HttpResponse]
as_administrator = desk(CaseRole.ORGANISATION_ADMIN)


def signed_in(view: View) -> View:
    """A view for whoever is signed in; anybody else is asked to."""

    @wraps(view)
    @sensitive_post_parameters()
    def inside(request: HttpRequest, **named: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, **named)

    return inside


def member_here(request: HttpRequest) -> Member | None:
    """For which organisation this person acts now, if for one."""
    return member_of(request.user, chosen_partner(request))


def page(request: HttpRequest, template: str, *, status: int = 200, bare: bool = False, **context: Any) -> HttpResponse:
    """A screen in the frame of casework, with the menu of whoever is at a desk; `bare`: without it."""
    return shown(
        request, None if bare else member_here(request), f"portal/accounts/{template}.html", context, status=status
    )
