"""The person's own page, /L/follow-up/: code and PIN in, neutral words out. No cookie, no session, nothing in an address.

An answer belongs to one form, and each form counts once: what a browser sends again from its history, or by “reload”, opens
nothing. Whoever leaves the page, and whoever forgets it for three minutes, leaves an empty form behind (`closing`: an empty
page first, then the form, each with Clear-Site-Data, for a browser drops from its memory only what it has already left).
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from referral.follow_up import limits, looking, signals, tickets
from referral.follow_up.status import NEXT
from referral.identifiers import WrongCode
from referral.models import FollowUpCode
from services.showing.reporting import reader_form

CLOSES_AFTER = 180  # seconds
CLOSING, CLOSED = "closing", "closed"  # in the address: whether the page was left
FORGET = '"cache"'


@reader_form
@sensitive_post_parameters()
def follow_up(request: HttpRequest) -> HttpResponse:
    """The form; what it opens; thanks for a signal. Whatever is wrong with code or PIN has one answer."""
    if not settings.CASE_KEYS:  # a process for the public zone alone, without the keys of cases
        raise Http404
    if request.method == "POST":
        answer = _signal(request) if "ticket" in request.POST else _open(request)
    elif CLOSING in request.GET:
        answer = _blank()
    else:
        answer = _form(request, note=_("The page was closed.") if CLOSED in request.GET else "")
        if CLOSED in request.GET:
            answer["Clear-Site-Data"] = FORGET
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _open(request: HttpRequest) -> HttpResponse:
    form = request.POST.get("token", "")
    if not _is_ours(form):
        return _form(request, _("This page was open for too long. Please type the code and the PIN again."), status=400)
    try:
        row = looking.open_code(
            request.POST.get("code", ""), request.POST.get("pin", ""), network=_network(request), form=form
        )
    except WrongCode as wrong:  # not the shape of one: no guess, and no secret
        return _form(request, str(wrong), status=400)
    except limits.SentTwice:
        return _form(request, _("For your safety, please type the code and the PIN again."), status=400)
    except limits.TooMany as many:
        return _too_many(request, many)
    except looking.NotOpened:
        return _form(request, _not_opened(), status=403)
    return _seen(request, row)


def _not_opened() -> str:
    return _(
        "This does not open. Compare the code with your paper, and check the PIN. After five wrong PINs, wait an "
        "hour, or ask the person who gave you the code."
    )


def _signal(request: HttpRequest) -> HttpResponse:
    """“I received nothing”: the same thanks whatever comes of it."""
    form, row = request.POST.get("token", ""), tickets.holder_of(request.POST.get("ticket", ""))
    if row is None or not _is_ours(form):
        return _form(request, _("This page was open for too long. Please type the code and the PIN again."), status=400)
    try:
        signals.signal_not_received(row.case, form=form)
    except limits.SentTwice:
        return _form(request, _("For your safety, please type the code and the PIN again."), status=400)
    return _page(request, "thanks", {})


def _seen(request: HttpRequest, row: FollowUpCode) -> HttpResponse:
    view = looking.view_of(row.case)
    ticket = tickets.new_ticket(row)
    return _page(request, "seen", {"view": view, "next": NEXT[view.status], "ticket": ticket, "token": _new_token()})


def _form(request: HttpRequest, wrong: str = "", *, note: str = "", status: int = 200) -> HttpResponse:
    return _page(request, "form", {"wrong": wrong, "note": note, "token": _new_token()}, status=status)


def _too_many(request: HttpRequest, many: limits.TooMany) -> HttpResponse:
    sentence = _("Many requests are arriving right now. Please wait a few minutes, then try again.")
    answer = _form(request, sentence, status=429)
    answer["Retry-After"] = str(many.wait)
    return answer


def _page(request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    frame = {"exit_bar": True, "closes_after": CLOSES_AFTER, "closing": f"?{CLOSING}=yes"}
    return render(request, f"referral/follow_up/{name}.html", {**frame, **context}, status=status)


def _blank() -> HttpResponse:
    """An empty page that goes on to the form at once."""
    answer = HttpResponse(f'<!doctype html><html lang="{get_language()}"><title>Dalil</title></html>')
    answer["Refresh"] = f"0; url=?{CLOSED}=yes"
    answer["Clear-Site-Data"] = FORGET
    return answer


def _network(request: HttpRequest) -> str:
    """Where a try comes from. Behind a proxy the last address that it wrote; anybody may write those before."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2] or address
    return limits.group_of(address)


def _new_token() -> str:
    """Proof that our page was opened a moment before; random, so that each form counts once."""
    return _signer().sign(secrets.token_urlsafe(12))


def _is_ours(token: str) -> bool:
    try:
        _signer().unsign(token, max_age=limits.FORM_LASTS)
    except BadSignature:
        return False
    return True


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="referral.following")
