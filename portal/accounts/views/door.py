"""The door: password, second factor, out again. Every way in ends at the second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from .. import devices, open_sessions, second_factor, signing_in
from ..forms import CodeForm, SignInForm
from .asking import page


def from_cms(request: HttpRequest) -> HttpResponse:
    """The door of the CMS is the same."""
    onward = signing_in.own_path(request.GET.get("next", "")) or reverse("wagtailadmin_home")
    return redirect(f"{reverse('sign-in')}?{urlencode({'next': onward})}")


@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    """User name and password, or a passkey alone."""
    onward = signing_in.own_path(request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(onward or signing_in.home_of(request, request.user))
    form, status = SignInForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        user, minutes = signing_in.try_password(request, form.cleaned_data["login"], form.cleaned_data["password"])
        if user is not None:
            return _after_password(request, user, onward)
        status = 429 if minutes else 400
        form.add_error(None, too_soon(minutes) if minutes else _("The user name or the password is wrong."))
    return page(
        request, "sign_in", status=status if form.is_bound else 200, form=form, onward=onward,
        options=second_factor.to_sign_in(), wrong_passkey="passkey" in request.GET,
    )  # fmt: skip


def too_soon(minutes: int) -> str:
    """Why this try was not looked at, and what to do."""
    words = ngettext(
        "There were too many wrong tries. Wait %(minutes)s minute before you try again.",
        "There were too many wrong tries. Wait %(minutes)s minutes before you try again.",
        minutes,
    )
    return words % {"minutes": minutes}


def _after_password(request: HttpRequest, user: Any, onward: str) -> HttpResponse:
    """To the second factor; or, for somebody who has none yet, to the one page that sets it up."""
    if second_factor.has_any(user):
        signing_in.begin(request, user, onward)
        return redirect("second-factor")
    return begin_set_up(request, user, onward)


def begin_set_up(request: HttpRequest, user: Any, onward: str) -> HttpResponse:
    """Open a session in which nothing is open but the page that sets a second factor up."""
    open_sessions.open_for(request, user, strong=False)
    request.session[signing_in.ONWARD] = onward
    return redirect("set-up")


@sensitive_post_parameters()
def give_second_factor(request: HttpRequest) -> HttpResponse:
    """A code, or a passkey."""
    user, onward = signing_in.begun(request)
    if user is None:
        return redirect("sign-in")
    form, status = CodeForm(request.POST if "code" in request.POST else None), 200
    if request.method == "POST":
        check, what = check_of(request, user, form)
        how, minutes = signing_in.try_second(request, user, check, what)
        if how:
            return _enter(request, user, how, onward)
        status = 429 if minutes else 400
        sentence = too_soon(minutes) if minutes else _("That is not correct. Try again.")
        return ask_for_second(request, user, status, sentence)
    return ask_for_second(request, user, status)


def check_of(request: HttpRequest, user: Any, form: CodeForm) -> tuple[Callable[[], str], str]:
    """How to check the second factor that was sent, and what it is."""
    credential = request.POST.get("credential", "")
    if credential:
        return lambda: "passkey" if second_factor.check_passkey(credential, user) else "", "passkey"
    return lambda: second_factor.check_code(user, form.cleaned_data["code"]) if form.is_valid() else "", "code"


def ask_for_second(
    request: HttpRequest, user: Any, status: int = 200, sentence: str = "", *, again: bool = False
) -> HttpResponse:
    """The page of the second factor. `again`: of somebody who is signed in."""
    kinds = set(second_factor.main_ones(user).values_list("type", flat=True))
    has_passkey = second_factor.Kind.WEBAUTHN in kinds
    return page(
        request, "second_factor", status=status, form=CodeForm(), sentence=sentence, again=again,
        has_app=second_factor.Kind.TOTP in kinds, has_passkey=has_passkey,
        options=second_factor.to_sign_in(user) if has_passkey else "",
    )  # fmt: skip


@require_POST
@sensitive_post_parameters()
def passkey(request: HttpRequest) -> HttpResponse:
    """A passkey alone: it is two factors, for it asks for finger, face or PIN."""
    onward = signing_in.own_path(request.POST.get("next", ""))
    user = second_factor.check_passkey(request.POST.get("credential", ""))
    if user is None:
        signing_in.note_wrong_passkey()
        again = urlencode({"passkey": "wrong", **({"next": onward} if onward else {})})
        return redirect(f"{reverse('sign-in')}?{again}")
    return _enter(request, user, "passkey", onward)


def _enter(request: HttpRequest, user: Any, how: str, onward: str) -> HttpResponse:
    signing_in.finish(request, user, how)
    response = HttpResponseRedirect(onward or signing_in.home_of(request, user))
    devices.remember(request, response, user.pk)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    open_sessions.forget(request)
    return redirect("sign-in")
