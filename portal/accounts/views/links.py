"""What the links of mails open: an invitation, a new password. A link that does not work says the same, whatever it is."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters

from portal.models import Invitation

from .. import delays, devices, passwords, people, signing_in
from ..forms import AddressForm, NewPasswordForm
from .asking import page
from .door import begin_set_up

MAILS = "mail"


@sensitive_post_parameters()
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same for every address, and a few a day are enough for one."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        account, place = f"{MAILS} {delays.plain(address)}", devices.place_of(request, None)
        if delays.waits_until(account, place) is None:
            delays.failed(account, place)
            passwords.send_link(address)
        return page(request, "told", kind="sent")
    return page(request, "forgotten", form=form, status=form.status)


@sensitive_post_parameters()
def new_password(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Choose one. This browser is known from now on: who has the mailbox is not kept out by the tries of others."""
    user = passwords.user_of_link(uid, token)
    if user is None:
        return page(request, "told", kind="ended", status=410)
    form = NewPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        passwords.set_anew(user, form.cleaned_data["password"])
        response = page(request, "told", kind="changed")
        devices.remember(request, response, user.pk)
        return response
    return page(request, "password", form=form, status=form.status, user_name=user.get_username())


@sensitive_post_parameters()
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: with a new account, or with the one that belongs to this address."""
    found = people.invitation_of(token)
    if found is None:
        return page(request, "told", kind="ended", status=410)
    existing = signing_in.find(found.email)
    returning = existing if existing is not None and people.may_come_back(existing) else None
    if returning is None and (
        existing is not None or get_user_model().objects.filter(email__iexact=found.email).exists()
    ):
        return _join(request, found)
    fresh = returning or get_user_model()(username=found.email, email=found.email)
    form = NewPasswordForm(request.POST or None, user=fresh)
    if request.method == "POST" and form.is_valid():
        user = people.accept(found, user=returning, password=form.cleaned_data["password"])
        return begin_set_up(request, user, "") if user else page(request, "told", kind="ended", status=410)
    return page(request, "password", form=form, status=form.status, user_name=found.email, invited=True)


def _join(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Somebody who has an account signs in first, as ever."""
    user = request.user
    if user.is_authenticated and user.email.lower() == found.email:
        if request.method == "POST":
            people.accept(found, user=user)
            request.session.pop("partner", None)
            return redirect("choose-partner")
        return page(request, "join")
    return page(request, "join", onward=request.path)
