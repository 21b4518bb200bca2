"""The referral form of a packet, and the empty one: as PDF, or as a page that the browser prints."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from referral.access import Member
from referral.printing import forms, printed
from referral.printing.drawing import NoPdfHere
from referral.screens.desk import desk, shown


@require_safe
@desk()
def form_pdf(request: HttpRequest, member: Member, referral_id: uuid.UUID) -> HttpResponse:
    """The form of a referral, for either side."""
    language = _language(request)
    try:
        return _pdf(printed.as_pdf(referral_id, language, by=member), str(referral_id)[:8])
    except NoPdfHere:
        return _no_pdf(request, member, reverse("referral-form", kwargs={"referral_id": referral_id}), language)


@require_safe
@desk()
def form_page(request: HttpRequest, member: Member, referral_id: uuid.UUID) -> HttpResponse:
    """The same, for the browser to print."""
    return _page(printed.as_page(referral_id, _language(request), by=member))


@require_safe
@desk()
def blank_pdf(request: HttpRequest, member: Member) -> HttpResponse:
    """The empty form, to have some in the drawer before the power fails."""
    language = _language(request)
    try:
        return _pdf(forms.blank_form(language), "")
    except NoPdfHere:
        return _no_pdf(request, member, reverse("blank-form"), language)


@require_safe
@desk()
def blank_page(request: HttpRequest, _member: Member) -> HttpResponse:
    """The same, for the browser to print."""
    return _page(forms.blank_page(_language(request)))


def _language(request: HttpRequest) -> str:
    """The language of the form, which the person or the sender chooses; that of the page where none of ours is named."""
    wanted = request.GET.get("language", "")
    return wanted if wanted in dict(settings.LANGUAGES) else get_language() or settings.LANGUAGE_CODE


def _pdf(content: bytes, reference: str) -> HttpResponse:
    """Shown by the browser, under a name that tells nobody whose it is."""
    name = f"form-{reference}.pdf" if reference else "form.pdf"
    return _unkept(
        HttpResponse(
            content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
        )
    )


def _page(text: str) -> HttpResponse:
    return _unkept(HttpResponse(text, headers={"Content-Security-Policy": forms.policy()}))


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def _no_pdf(request: HttpRequest, member: Member, address: str, language: str) -> HttpResponse:
    context = {"address": f"{address}?language={language}"}
    return shown(request, member, "referral/printing/no_pdf.html", context, status=503)
