"""The one page that opens without a second factor: it sets one up, and shows the recovery codes once."""

from __future__ import annotations

import re
from typing import Any

from allauth.mfa.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from referral.models import AuditKind
from referral.safety import audit

from .. import devices, open_sessions, second_factor, signing_in
from ..forms import CodeForm
from .asking import page, signed_in


@signed_in
def set_up(request: HttpRequest) -> HttpResponse:
    """Authenticator app or passkey, before anything else. Who has one already adds more on the page of the account."""
    session = open_sessions.current(request)
    if session is None or session.strong:
        return redirect("account")
    if second_factor.has_any(request.user):  # set up meanwhile, elsewhere: that one must be given
        open_sessions.forget(request)
        return redirect("sign-in")
    if request.method == "POST" and (how := add_from(request)):
        return _enter(request, how)
    wrong = _("That is not correct. Try again.") if request.method == "POST" else ""
    return page(
        request, "set_up", bare=True, status=400 if wrong else 200, form=CodeForm(), sentence=wrong, **offers(request)
    )


def add_from(request: HttpRequest) -> str:
    """Which kind of second factor was added by what was posted; empty if it was not right."""
    user, credential = request.user, request.POST.get("credential", "")
    if credential:
        return "passkey" if second_factor.add_passkey(user, credential, devices.family(request)) else ""
    form = CodeForm(request.POST)
    return "app" if form.is_valid() and second_factor.add_app(request, user, form.cleaned_data["code"]) else ""


def offers(request: HttpRequest) -> dict[str, Any]:
    """What the page offers: the picture and the secret for an app, and what a passkey is made from."""
    user = request.user
    secret = second_factor.secret_to_show()
    adapter = get_adapter()
    address = adapter.build_totp_url(user, secret)
    spaced = " ".join(re.findall(".{1,4}", secret))
    return {
        "picture": _picture(adapter.build_totp_svg(address)), "secret": spaced, "address": address,
        "options": second_factor.to_add(user),
    }  # fmt: skip


def _picture(svg: str) -> SafeString:
    """The drawing inside the page, without what belongs to a file of its own and without fixed sizes."""
    drawing = re.sub(r"<\?xml.*?\?>|\s(?:width|height)=\"[^\"]*\"", "", svg)
    return mark_safe(drawing.replace("<svg ", '<svg class="qr" aria-hidden="true" ', 1))  # noqa: S308  (drawn by qrcode)


@sensitive_variables("codes")
def _enter(request: HttpRequest, how: str) -> HttpResponse:
    """Everything opens now; the recovery codes are in this answer and nowhere else."""
    user = request.user
    codes = second_factor.new_recovery_codes(user)
    open_sessions.strengthen(request)
    signing_in.choose_only_partner(request, user)
    audit.record(AuditKind.SIGN_IN, f"sign_in:new_{how}", by=audit.By(user.pk))
    onward = signing_in.own_path(request.session.pop(signing_in.ONWARD, "")) or signing_in.home_of(request, user)
    response = page(request, "recovery_codes", bare=True, codes=codes, onward=onward)
    devices.remember(request, response, int(user.pk or 0))
    return response
