"""The pages of a receiver without an account: the door with its code, the referral, what can be done to it, the way out."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from referral.access import Linked
from referral.models import AuditKind
from referral.permissions import NotFound
from referral.referring.links import open_link
from referral.refusals import Gone, LinkRefused, Refused
from referral.safety import audit, slow_hashes

from ..desk import shown, status_of
from ..forms import DeskForm
from ..referrals.events import event_page
from ..referrals.page import referral_page
from ..referrals.seen import seen_through
from . import visit

View = Callable[..., HttpResponse]


class CodeForm(DeskForm):
    """The short code that the sender reads out by telephone."""

    code = forms.CharField(
        label=_("Six-digit code"), max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "autofocus": True, "dir": "ltr", "class": "short"}),
    )  # fmt: skip


@sensitive_variables("token")
@sensitive_post_parameters()
def receive(request: HttpRequest, token: str) -> HttpResponse:
    """The door. Looking at it does nothing and tells nothing; one answer for everything that is wrong."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        typed = form.cleaned_data["code"] if form.is_valid() else ""
        try:
            link = open_link(token, typed)
        except LinkRefused as refused:
            form = CodeForm()
            return _page(request, "door", {"form": form, "wrong": str(refused)}, 403)
        except slow_hashes.Crowded:
            sentence = _("Many requests are arriving right now. Please wait a few minutes, then try again.")
            return _page(request, "door", {"form": CodeForm(), "wrong": sentence}, 429)
        visit.begin(request, link)
        return HttpResponseRedirect(reverse("received", kwargs={"referral_id": link.referral_id}), status=303)
    return _page(request, "door", {"form": form})


def with_link(view: View) -> View:
    """A view for whoever has opened a link: it is called with the Linked. Nothing of another referral; 410 once it has ended."""

    @wraps(view)
    @sensitive_post_parameters()
    def at_link(request: HttpRequest, **named: Any) -> HttpResponse:
        link = visit.visitor(request)
        if link is None:
            return _page(request, "ended", {"again": True}, 403)
        try:
            return view(request, link, **named)
        except NotFound as unknown:
            audit.record(AuditKind.DENIED, "screen.received", by=link.by, referral_id=link.referral_id)
            raise Http404 from unknown
        except Gone as gone:
            visit.end(request)
            return _page(request, "ended", {"sentence": str(gone)}, 410)
        except Refused as refused:
            back = reverse("received", kwargs={"referral_id": link.referral_id})
            context = {"sentence": str(refused), "because": getattr(refused, "because", ()), "back": back}
            return shown(request, None, "referral/refused.html", context, status=status_of(refused))

    return at_link


@require_safe
@with_link
def received(request: HttpRequest, link: Linked, referral_id: uuid.UUID) -> HttpResponse:
    """The packet and what can be done, as for a receiver with an account."""
    return referral_page(request, seen_through(link, referral_id))


@with_link
def received_event(request: HttpRequest, link: Linked, referral_id: uuid.UUID, event: str) -> HttpResponse:
    """Do it. Where it ends the referral, it ends the visit too, and says so."""
    answer = event_page(request, seen_through(link, referral_id), event)
    if answer.status_code == 303:
        try:
            seen_through(link, referral_id)
        except Gone:
            visit.end(request)
            return _page(request, "ended", {"done": True})
    return answer


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Nothing of the referral stays in this browser."""
    visit.end(request)
    response = redirect("link-left")
    response.status_code = 303
    response["Clear-Site-Data"] = '"cache"'
    return response


@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """The page after the way out."""
    return _page(request, "ended", {"left": True})


def _page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return shown(request, None, f"referral/links/{name}.html", {"linked": True, **context}, status=status)
