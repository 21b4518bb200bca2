"""One's own account: second factors, password, language, open sessions, what happened lately."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.models import StaffSession
from referral.models import AuditEntry, AuditKind
from referral.outbox import language_of
from referral.safety import audit
from referral.screens.forms import DeskForm

from .. import open_sessions, passwords, people, second_factor, signing_in
from ..forms import CodeForm, ConfirmForm, OwnPasswordForm
from .asking import page, signed_in
from .door import too_soon
from .set_up import add_from, offers

LATELY = 15
CONFIRMED = "confirmed"


@require_safe
@signed_in
def account(request: HttpRequest) -> HttpResponse:
    """Everything about one's own account on one screen."""
    happened = AuditEntry.objects.filter(user_id=request.user.pk, what__startswith="sign_in").order_by("-pk")[:LATELY]
    return page(
        request, "account",
        factors=second_factor.main_ones(request.user), codes_left=second_factor.codes_left(request.user),
        sessions=open_sessions.open_ones().filter(user=request.user.pk), here=request.session.session_key,
        happened=[(entry.at, entry.kind == AuditKind.SIGN_IN) for entry in happened],
        languages=settings.LANGUAGES, spoken=language_of(request.user), done=request.GET.get("done", ""),
        several=len(signing_in.partners_of(request.user)) > 1,
        may_edit=request.user.has_perm("wagtailadmin.access_admin"),
    )  # fmt: skip


def _confirmed(request: HttpRequest, form: DeskForm) -> bool:
    """Whether the password was typed once more; wrong tries count as they do at the door."""
    if not form.is_valid():
        return False
    user, password = request.user, form.cleaned_data["now"]
    found, minutes = signing_in.try_second(
        request, user, lambda: "yes" if signing_in.right_password(user, password) else "", "confirm"
    )
    if not found:
        form.add_error("now", too_soon(minutes) if minutes else _("This is not your password."))
    return bool(found)


@signed_in
def change_password(request: HttpRequest) -> HttpResponse:
    """Every other session ends with it."""
    form = OwnPasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and _confirmed(request, form):
        passwords.change(request, request.user, form.cleaned_data["password"])
        return redirect("account")
    return page(request, "password", form=form, status=form.status, user_name=request.user.get_username())


@signed_in
def add_factor(request: HttpRequest) -> HttpResponse:
    """Another authenticator app or passkey, after the password was typed once more."""
    if not request.session.get(CONFIRMED):
        form = ConfirmForm(request.POST or None)
        if request.method == "POST" and _confirmed(request, form):
            request.session[CONFIRMED] = True
            return redirect("add-factor")
        return page(request, "confirm", form=form, status=form.status)
    if request.method == "POST" and (how := add_from(request)):
        del request.session[CONFIRMED]
        _changed(request, f"add_{how}")
        return redirect("account")
    wrong = _("That is not correct. Try again.") if request.method == "POST" else ""
    has_app = second_factor.main_ones(request.user).filter(type=second_factor.Kind.TOTP).exists()
    return page(
        request, "set_up", status=400 if wrong else 200, form=CodeForm(), sentence=wrong, more=True, has_app=has_app,
        **offers(request),
    )  # fmt: skip


@signed_in
def remove_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a second factor away; the last one stays."""
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and _confirmed(request, form):
        if second_factor.remove(request.user, pk):
            _changed(request, "remove")
            return redirect("account")
        form.add_error(None, _("This is your only second factor. Add another one first."))
    return page(request, "confirm", form=form, status=form.status)


@signed_in
def new_codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes; the older ones end."""
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and _confirmed(request, form):
        codes = second_factor.new_recovery_codes(request.user)
        _changed(request, "recovery_codes")
        return page(request, "recovery_codes", codes=codes, onward="")
    return page(request, "confirm", form=form, status=form.status)


def _changed(request: HttpRequest, what: str) -> None:
    """After a change of second factors every other session ends."""
    open_sessions.end_all(int(request.user.pk or 0), but=request.session.session_key)
    audit.record(AuditKind.CHANGE, f"second_factor.{what}", by=audit.By(request.user.pk))


@require_POST
@signed_in
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one of one's own sessions, or all but this."""
    rows = StaffSession.objects.filter(user=request.user.pk).exclude(session_key=request.session.session_key)
    if (one := request.POST.get("session", "")).isdecimal():
        rows = rows.filter(pk=int(one[:15]))
    ended = open_sessions.end(rows)
    audit.record(AuditKind.CHANGE, "sessions.end", by=audit.By(request.user.pk), rows=ended)
    return redirect("account")


@require_POST
@signed_in
def speak(request: HttpRequest) -> HttpResponse:
    """The language of mails and of the CMS."""
    if (language := request.POST.get("language", "")) in dict(settings.LANGUAGES):
        people.speak(request.user, language)
    return redirect("account")
