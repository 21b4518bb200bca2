"""The second factor once more, in an open session: before data of cases leave (referral.screens.confirmed)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from referral.models import AuditKind
from referral.safety import audit
from referral.screens.confirmed import is_confirmed, note_confirmed

from .. import signing_in
from ..forms import CodeForm
from .asking import page, signed_in
from .door import ask_for_second, check_of, too_soon


@signed_in
def confirm(request: HttpRequest) -> HttpResponse:
    """A code or a passkey; wrong tries count as they do at the door. Then a link to where one wanted to go.

    No redirect: the page beyond may be a file, which would leave this form standing.
    """
    onward = signing_in.own_path(request.GET.get("next", ""))
    if request.method != "POST":
        return _done(request, onward) if is_confirmed(request) else ask_for_second(request, request.user, again=True)
    form = CodeForm(request.POST if "code" in request.POST else None)
    check, what = check_of(request, request.user, form)
    found, minutes = signing_in.try_second(request, request.user, check, f"again:{what}")
    if found:
        note_confirmed(request)
        audit.record(AuditKind.CHANGE, f"second_factor.again:{found}", by=audit.By(request.user.pk))
        return _done(request, onward)
    sentence = too_soon(minutes) if minutes else _("That is not correct. Try again.")
    return ask_for_second(request, request.user, 429 if minutes else 400, sentence, again=True)


def _done(request: HttpRequest, onward: str) -> HttpResponse:
    return page(request, "told", kind="confirmed", onward=onward)
