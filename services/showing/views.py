"""The reader's screens of the directory and of the search. Without JavaScript, without a cookie; `base.html` frames them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from services import presenting, search
from services.models import Service

from . import cards, drawing, facets, forms, reporting
from .detail import detail

PAGE_SIZE = 20
GUIDES_FIRST = 3
ANSWERS_FIRST = 10
GUIDES_ONLY, SERVICES_ONLY = ("guide",), ("service",)
# A list or a service says what is open now, so nobody keeps it unasked; what somebody searches for is kept nowhere.
ASK_AGAIN, KEEP_NOWHERE = "no-cache", "no-store"


def directory(request: HttpRequest) -> HttpResponse:
    """The services that fit, the best first, with what each filter would leave."""
    asked = forms.read(request.GET, forms.FILTERS[1:])
    if asked.near and request.GET["near"] != asked.near_text:  # no exact place stays in the history of a browser
        return _unkept(HttpResponseRedirect(reverse("services") + asked.address()))
    context = _found(asked, PAGE_SIZE) | {"here": reverse("services"), "drawing": None}
    context["drawing"] = drawing.draw(context["rows"])
    response = render(request, "services/list.html", context)
    if asked != forms.Asked():
        return _unkept(response)
    response["Cache-Control"] = ASK_AGAIN
    return response


directory.asks_for_place = True  # type: ignore[attr-defined]  # (the middleware of the site lets this page ask)


def everything(request: HttpRequest) -> HttpResponse:
    """Guides and services together: the guides that answer, then who can help. Nothing asked: where to begin."""
    asked = forms.read(request.GET)
    context: dict[str, Any] = {"asked": asked, "here": reverse("search"), "trap": reporting.TRAP}
    if asked.filters.get("kind") == GUIDES_ONLY:
        context |= _only_guides(asked)
    elif not asked.is_plain:
        context |= _together(asked)
    if context.get("total") == 0:
        if not context["degraded"] and not asked.filters:
            search.note_missed(asked.text, get_language() or settings.LANGUAGE_CODE)
        context |= {"form": forms.MissingForm(initial={"words": asked.text}), "token": reporting.new_token("")}
    return _unkept(render(request, "services/search.html", context))


def service(request: HttpRequest, key: str, preview: Service | None = None) -> HttpResponse:
    """Everything about one service. What is suspended, unsure or not published does not exist for readers.

    `preview`: the service as an editor has it in hand, asked for by the CMS alone.
    """
    found = preview or _shown(key)
    response = render(request, "services/service.html", {"service": found, **detail(found), "exit_bar": False})
    response["Cache-Control"] = ASK_AGAIN
    return response


def card(request: HttpRequest, key: str) -> HttpResponse:  # noqa: ARG001  (Django calls it so)
    """The contact of a service for the address book of a phone."""
    found = _shown(key)
    page = f"{settings.BASE_URL}/{get_language()}/services/{key}/"
    response = HttpResponse(cards.vcard(found, page), content_type="text/vcard; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{key}.vcf"'
    response["Cache-Control"] = ASK_AGAIN
    return response


@reporting.reader_form
def report(request: HttpRequest, key: str) -> HttpResponse:
    """Tell us of a mistake in a service."""
    found = _shown(key)
    form = forms.ReportForm(request.POST if request.method == "POST" else None)
    context = {"service": found, "name": presenting.text_of(found, "name"), "form": form}
    return _received(request, "services/report.html", context, found)


@reporting.reader_form
def missing(request: HttpRequest) -> HttpResponse:
    """Tell us of a guide or a service that is missing."""
    form = forms.MissingForm(request.POST if request.method == "POST" else None)
    return _received(request, "services/missing.html", {"form": form}, None)


def _received(request: HttpRequest, template: str, context: dict[str, Any], found: Service | None) -> HttpResponse:
    """Keep what was sent and say thank you; else the form, with what was typed and what to do."""
    status, form, about = 200, context["form"], found.key if found else ""
    if request.method == "POST":
        if request.POST.get(reporting.TRAP):  # a field that no person sees
            return _thanks(request)
        if form.is_valid():
            token = request.POST.get("token", "")
            if not reporting.is_valid(token, about):
                form.add_error(None, _("This form was open for too long, or was sent too fast. Please send it again."))
            elif reporting.keep(found, form.cleaned_data, language=get_language() or "", token=token):
                return _thanks(request)
            else:
                status = 429
                form.add_error(None, _("Many messages are coming in. Please send it again in a minute."))
    context |= {"token": reporting.new_token(about), "trap": reporting.TRAP, "sent": "sent" in request.GET}
    return render(request, template, context, status=status)


def _thanks(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(f"{request.path}?sent=yes")
    response.status_code = 303
    return response


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = KEEP_NOWHERE
    return response


def _shown(key: str) -> Service:
    return get_object_or_404(Service.objects.shown().with_parts(), key=key)


def _guides(asked: forms.Asked, size: int) -> search.Results:
    """Guides know nothing of places and hours, so filters of services do not touch them."""
    query = replace(asked, filters={}, open_now=False, near=None).query(get_language() or "", size, facets=())
    return search.search(replace(query, filters={"kind": GUIDES_ONLY}))


def _found(asked: forms.Asked, size: int) -> dict[str, Any]:
    """The services that fit, as rows, with filters and pages."""
    query = asked.query(get_language() or "", size)
    query = replace(query, filters={**query.filters, "kind": SERVICES_ONLY})
    results = search.search(query)
    if asked.page > 1 and not results.hits and not results.degraded:
        raise Http404
    names = facets.labels(asked, results.facets)
    return {
        "asked": asked,
        "results": results,
        "corrected": _corrected(asked, results),
        "rows": presenting.rows(results.hits),
        "chosen": facets.chosen(asked, names),
        "groups": facets.groups(asked, results.facets, names),
        "away": facets.Choice("", asked.but(near=None).address()),
        "unfiltered": facets.Choice("", forms.Asked(asked.text).address()),
        "open_now": facets.Choice("", asked.but(open_now=True).address(), facets.open_now(asked, results.facets)),
        **_pages(asked, results.total, size),
    }


def _pages(asked: forms.Asked, total: int, size: int) -> dict[str, str]:
    """The addresses of the page before and the page after; empty where there is none."""
    more = total > asked.page * size and asked.page < forms.LAST_PAGE
    return {
        "before": asked.but(page=asked.page - 1).address() if asked.page > 1 else "",
        "after": asked.but(page=asked.page + 1).address() if more else "",
    }


def _corrected(asked: forms.Asked, results: search.Results) -> facets.Choice | None:
    """“Did you mean”, as a link."""
    return facets.Choice(results.corrected, asked.but(text=results.corrected).address()) if results.corrected else None


def _only_guides(asked: forms.Asked) -> dict[str, Any]:
    found = _guides(asked, PAGE_SIZE)
    if asked.page > 1 and not found.hits:
        raise Http404
    return {
        "guides": found.hits,
        "only_guides": True,
        "total": found.total,
        "degraded": found.degraded,
        "corrected": _corrected(asked, found),
        "chosen": facets.chosen(asked, {}),
        **_pages(asked, found.total, PAGE_SIZE),
    }


def _together(asked: forms.Asked) -> dict[str, Any]:
    """The best guides on the first page, and services page by page."""
    services = _found(asked, ANSWERS_FIRST)
    total, degraded = services["results"].total, services["results"].degraded
    if asked.page > 1 or asked.filters.get("kind") == SERVICES_ONLY:
        return services | {"total": total, "degraded": degraded}
    guides = _guides(asked, GUIDES_FIRST)
    all_guides = asked.but(filters={"kind": GUIDES_ONLY}).address() if guides.total > GUIDES_FIRST else ""
    return services | {
        "guides": guides.hits,
        "all_guides": facets.Choice("", all_guides, guides.total),
        "total": total + guides.total,
        "degraded": degraded or guides.degraded,
        "corrected": services["corrected"] or _corrected(asked, guides),
    }
