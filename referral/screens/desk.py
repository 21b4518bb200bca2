"""What every view of casework begins and ends with: who is asking, the frame of the page, and a sentence for what is refused."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from referral.access import Member, member_of
from referral.actions.cases import is_training
from referral.models import AuditKind, Membership
from referral.permissions import NotFound
from referral.refusals import Gone, GuardRefused, Refused, Repeated, WrongField
from referral.safety import audit
from referral.states.machine import NotYours
from referral.words.choices import CaseRole

from . import menu

View = Callable[..., HttpResponse]
PARTNER = "partner"  # where the session keeps for which partner somebody acts


def desk(*roles: CaseRole) -> Callable[[View], View]:
    """A view for whoever has one of these roles now (any role, if none is named): it is called with the Member.

    Somebody who is not signed in is asked to sign in, whether the address leads anywhere or not. For a stranger, and for
    what somebody may not see, there is no such page, and one row in the trail. What is refused and not caught by the view
    is told in one sentence, with its status.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        @sensitive_post_parameters()
        def at_desk(request: HttpRequest, **named: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            member = member_of(request.user, chosen_partner(request))
            if member is None and _must_choose(request):
                return redirect("choose-partner")
            if member is None or (roles and not member.has(*roles)):
                _note_denied(request, audit.By(request.user.pk, member.partner.pk if member else None))
                raise Http404
            try:
                return view(request, member, **named)
            except NotFound as unknown:
                _note_denied(request, member.by)
                raise Http404 from unknown
            except Refused as refused:
                return refusal_page(request, member, refused)

        return at_desk

    return decorate


def chosen_partner(request: HttpRequest) -> uuid.UUID | None:
    """The partner that was chosen at sign-in; None where somebody has only one."""
    try:
        return uuid.UUID(request.session.get(PARTNER, ""))
    except ValueError:
        return None


def _must_choose(request: HttpRequest) -> bool:
    rows = Membership.objects.valid().filter(user=request.user.pk)
    return rows.values("partner").distinct().count() > 1 and chosen_partner(request) is None


def _note_denied(request: HttpRequest, by: audit.By) -> None:
    audit.record(AuditKind.DENIED, f"screen.{_here(request) or 'unnamed'}"[:60], by=by)


def _here(request: HttpRequest) -> str:
    """The name of the address that was asked for."""
    return (request.resolver_match and request.resolver_match.url_name) or ""


def status_of(refused: Refused) -> int:
    """The HTTP status of a refusal."""
    kinds: tuple[tuple[type[Refused], int], ...] = (
        (Repeated, 422),
        (WrongField, 400),
        (Gone, 410),
        (NotYours, 403),
        (GuardRefused, 409),
    )
    return next((status for kind, status in kinds if isinstance(refused, kind)), 409)


def refusal_page(request: HttpRequest, member: Member | None, refused: Refused) -> HttpResponse:
    """One sentence, why, and the way back. For refusals that belong to no form."""
    because = getattr(refused, "because", ())
    context = {"sentence": str(refused), "because": because, "back": _back(request)}
    return shown(request, member, "referral/refused.html", context, status=status_of(refused))


def _back(request: HttpRequest) -> str:
    """The page before, if it is one of ours."""
    before = request.headers.get("Referer", "")
    start = f"{request.scheme}://{request.get_host()}/"
    return before if before.startswith(start) else ""


def shown(
    request: HttpRequest,
    member: Member | None,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """A page of casework in its frame: the menu of this member, and whether this is training. Nobody keeps it."""
    frame = {
        "member": member,
        "menu": menu.of(member, _here(request)) if member else (),
        "training": member is not None and works_in_training(member),
    }
    return render(request, template, {**frame, **(context or {})}, status=status)


def works_in_training(member: Member) -> bool:
    """Whether what this member begins now is training: the authorisation or the agreement is missing (trust P1)."""
    try:
        return is_training(member.partner)
    except GuardRefused:
        return True
