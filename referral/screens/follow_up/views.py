"""Makes a person's code, shows it once as a card to print, ends it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from referral.access import Member
from referral.encryption import CannotOpen
from referral.follow_up import codes
from referral.follow_up.codes import NewCode
from referral.models import Case, Person
from referral.permissions import get_case_for, may_write
from referral.safety.isolation import as_partner
from referral.safety.keys import case_box
from referral.screens.desk import desk, shown
from referral.screens.menu import WORKERS

from .forms import SAFE, CodeForm


@desk(*WORKERS)
def follow_up(request: HttpRequest, member: Member, code: str) -> HttpResponse:
    """Whether there is a code and may be one; the form that makes one; the card, in the answer to it alone."""
    with as_partner(member.partner):
        case = get_case_for(member, code)
        initial = {"language": _language_of(case), "version": case.version}
    form = CodeForm(request.POST or None, initial=initial, delicate=codes.is_delicate(case))
    if request.method == "POST" and form.is_valid():
        given = form.given
        safe = given.get("found_safe") == SAFE
        seen = form.cleaned_data["version"]
        version = -1 if seen is None else seen
        made = form.carry_out(
            lambda: codes.make_code(case, by=member, pin=given["pin"], found_safe=safe, version=version)
        )
        if made is not None:
            context = {"case": case, "card": card(made, given["language"])}
            return shown(request, member, "referral/follow_up/card.html", context)
    with as_partner(member.partner):
        context = {
            "case": case,
            "form": form,
            "button": _("Make a code"),
            "current": codes.current_code(case),
            "agreed": codes.has_agreed(case),
            "may_write": may_write(member, case),
        }
    return shown(request, member, "referral/follow_up/desk.html", context, status=form.status)


@require_POST
@desk(*WORKERS)
def end_code(request: HttpRequest, member: Member, code: str) -> HttpResponse:  # noqa: ARG001  (Django calls it so)
    """End the code of a case."""
    with as_partner(member.partner):
        case = get_case_for(member, code)
    codes.disable_code(case, by=member)
    return redirect("case-follow-up", code=case.code)


def card(made: NewCode, language: str) -> dict[str, str]:
    """What stands on the card, in the person's language: nothing in particular. The PIN is not on it."""
    with translation.override(language):
        return {
            "language": language,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
            "code": made.code,
            "address": urlsplit(settings.BASE_URL).netloc + reverse("follow-up"),
            "words": _("Keep this paper. Tell nobody the PIN."),
        }


def _language_of(case: Case) -> str:
    """The first language of the person that the site speaks."""
    try:
        spoken = Person.objects.get(case=case).opened(case_box(case, case.partner), ["languages"])["languages"] or []
    except (CannotOpen, Person.DoesNotExist):
        spoken = []
    known = dict(settings.LANGUAGES)
    return next((one for one in spoken if one in known), translation.get_language() or settings.LANGUAGE_CODE)
