"""The search for machines: /api/search and /api/suggest, as docs of the addresses promise. No parameter makes a fault."""

from __future__ import annotations

import html

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils.html import strip_tags

from . import search
from .showing import forms

LARGEST_SIZE = 50
USUAL_SIZE = 20


def find(request: HttpRequest) -> HttpResponse:
    """Guides and services as JSON. `excerpt` is HTML whose only tag is <mark>; everything else is plain text.

    `kind`, `category`, `region`, `city`, `language`, `welcomes`, `open` and `near` filter as on the site; a value that
    nothing has finds nothing. Sizes and pages out of bounds count as the nearest that is possible.
    """
    asked = forms.read(request.GET)
    size = forms.read_number(request.GET.get("size", str(USUAL_SIZE)), LARGEST_SIZE)
    results = search.search(asked.query(_language(request), size))
    body = {
        "query": asked.text,
        "corrected": results.corrected,
        "total": results.total,
        "took_ms": results.took_ms,
        "engine": results.engine,
        "results": [_result(hit) for hit in results.hits],
        "facets": {name: dict(values) for name, values in results.facets.items()},
    }
    return _unkept(JsonResponse(body, json_dumps_params={"ensure_ascii": False}))


def suggest(request: HttpRequest) -> HttpResponse:
    """What the reader may be typing: `{"query": …, "suggestions": […]}`, the likeliest first."""
    typed = forms.one_line(request.GET.get("q", ""))[: forms.LONGEST_VALUE]
    found = search.suggest(typed, _language(request)) if typed else []
    return _unkept(JsonResponse({"query": typed, "suggestions": found}, json_dumps_params={"ensure_ascii": False}))


def _result(hit: search.Hit) -> dict[str, object]:
    return {
        "kind": hit.kind,
        "id": hit.identifier,
        "topic": hit.topic,
        "title": html.unescape(strip_tags(hit.title)),
        "excerpt": str(hit.excerpt),
        "lang": hit.language,
        "url": hit.url,
        "score": hit.score,
    }


def _language(request: HttpRequest) -> str:
    """The language asked for; the site's own where it is none of ours."""
    wanted = request.GET.get("lang", "")
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


urlpatterns = [path("search", find, name="api-search"), path("suggest", suggest, name="api-suggest")]
