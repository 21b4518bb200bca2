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

from . import cards, drawing, facets, forms, presenting, reporting, search
from .detail import detail
from .models import Service

PAGE_SIZE = 20
GUIDES_FIRST = 5
ANSWERS_FIRST = 10
# A list or a service says what is open now, so nobody keeps it unasked; what somebody searches for is kept nowhere.
ASK_AGAIN, KEEP_NOWHERE = "no-cache", "no-store"


def directory(request: HttpRequest) -> HttpResponse:
    """The services that fit, the best first, with what each filter would leave."""
    asked = forms.read(request.GET, forms.FILTERS[1:])
    context = _found(asked, PAGE_SIZE) | {"here": reverse("services"), "drawing": None}
    context["drawing"] = drawing.draw(context["rows"])
    response = render(request, "services/list.html", context)
    response["Cache-Control"] = ASK_AGAIN if asked == forms.Asked() else KEEP_NOWHERE
    return response


directory.asks_for_place = True  # type: ignore[attr-defined]  (the middleware of the site lets this page ask)


def everything(request: HttpRequest) -> HttpResponse:
    """Guides and services together: the guides that answer, then who can help."""
    asked = forms.read(request.GET)
    kinds = asked.filters.get("kind", ())
    context: dict[str, Any] = {"asked": asked, "here": reverse("search"), "is_search": True, "trap": reporting.TRAP}
    if not asked.is_plain:
        wants_guides, wants_services = kinds != ("service",), kinds != ("guide",)
        only_guides = wants_guides and not wants_services
        guides = _guides(asked, PAGE_SIZE if only_guides else GUIDES_FIRST) if wants_guides else None
        services = _found(asked, PAGE_SIZE if kinds else ANSWERS_FIRST) if wants_services else {}
        context |= services | _together(asked, guides, services, only_guides=only_guides)
    if context.get("total") == 0:
        context["form"] = forms.MissingForm(initial={"words": asked.text})
        context["token"] = reporting.new_token("")
    response = render(request, "services/search.html", context)
    response["Cache-Control"] = KEEP_NOWHERE
    return response


def service(request: HttpRequest, key: str) -> HttpResponse:
    """Everything about one service. What is suspended, unsure or not published does not exist for readers."""
    found = _shown(key)
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


def _shown(key: str) -> Service:
    return get_object_or_404(Service.objects.shown().with_parts(), key=key)


def _guides(asked: forms.Asked, size: int) -> search.Results:
    """Guides know nothing of places and hours, so filters of services do not touch them."""
    query = replace(asked, filters={}, open_now=False, near=None).query(get_language() or "", size, facets=())
    return search.search(replace(query, filters={"kind": ("guide",)}))


def _found(asked: forms.Asked, size: int) -> dict[str, Any]:
    """The services that fit, as rows, with filters and pages."""
    query = asked.query(get_language() or "", size)
    query = replace(query, filters={**query.filters, "kind": ("service",)})
    results = search.search(query)
    if asked.page > 1 and not results.hits and not results.degraded:
        raise Http404
    names = facets.labels(asked, results.facets)
    open_now = None
    if not asked.open_now and results.total:
        open_now = search.search(replace(query, open_now=True, page=1, size=1, facets=())).total
    return {
        "asked": asked,
        "results": results,
        "corrected": _corrected(asked, results),
        "rows": presenting.rows(results.hits),
        "chosen": facets.chosen(asked, names),
        "groups": facets.groups(asked, results.facets, names),
        "away": facets.Choice("", asked.but(near=None).address()),
        "unfiltered": facets.Choice("", forms.Asked(asked.text).address()),
        "open_now": facets.Choice("", asked.but(open_now=True).address(), open_now or 0),
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


def _kinds(asked: forms.Asked, guides: int, services: int) -> list[dict[str, Any]]:
    """Everything, guides only, services only: as links, with how many each would leave where that is known."""
    kinds = (
        ((), _("Everything"), 0),
        (("guide",), _("Guides"), guides),
        (("service",), _("Who can help you"), services),
    )
    bare = {name: values for name, values in asked.filters.items() if name != "kind"}
    return [
        {
            "label": label,
            "count": count,
            "address": asked.but(filters={"kind": kind, **bare} if kind else bare).address(),
            "current": asked.filters.get("kind", ()) == kind,
        }
        for kind, label, count in kinds
    ]


def _together(
    asked: forms.Asked, guides: search.Results | None, services: dict[str, Any], *, only_guides: bool
) -> dict[str, Any]:
    found = guides.total if guides else 0
    helping = services["results"].total if services else 0
    more: dict[str, Any] = {
        "guides": guides.hits if guides and (only_guides or asked.page == 1) else (),
        "guides_total": found,
        "total": found + helping,
        "unfiltered": facets.Choice("", forms.Asked(asked.text).address()),
        "kinds": _kinds(asked, found if guides else 0, helping),
        "degraded": any(one.degraded for one in (guides, services.get("results")) if one),
    }
    if only_guides and guides:
        more |= {"corrected": _corrected(asked, guides), **_pages(asked, found, PAGE_SIZE)}
    elif guides and not (services and services["corrected"]):
        more["corrected"] = _corrected(asked, guides)
    return more
