"""The reader's pages. Each view finds, presents and shows; a missing language is shown in another, never refused."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from wagtail.models import Page

from referral.screens import following

from . import gallery, guides, journeys, languages
from .frame import frame, private, public
from .models import GuidePage, GuidesPage, HomePage, StatementPage
from .nearby import nearby
from .page_cache import same_for_everyone
from .presenting import present
from .querysets import shown_in
from .structured_data import guide_data

ABOUT_KB_A_PAGE = 10


def choose_language(request: HttpRequest) -> HttpResponse:
    """`/` → `/L/` after Accept-Language; no cookie remembers it."""
    response = HttpResponseRedirect(f"/{languages.from_header(request.headers.get('Accept-Language', ''))}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


def home(request: HttpRequest, *, preview: Page | None = None) -> HttpResponse:
    page = preview or _one(HomePage)
    language = translation.get_language()
    found = guides.emergency(language)
    context = {
        "page": page,
        "topics": guides.topics(language),
        "numbers": present(found).section("numbers") if found else None,
        **_framed(request, page),
    }
    return public("portal/home.html", context)


def all_guides(request: HttpRequest, *, preview: Page | None = None) -> HttpResponse:
    page = preview or _one(GuidesPage)
    language = translation.get_language()
    number = _page_number(request)
    found, more = guides.links(language, page=number)
    if number > 1 and not found:
        raise Http404
    topics = guides.topics(language)
    groups = [(topic, [link for link in found if link.topic == topic.key]) for topic in topics]
    context = {"page": page, "groups": [group for group in groups if group[1]], "number": number, "more": more}
    return public("portal/guides.html", context | _framed(request, page))


def topic(request: HttpRequest, topic: str, *, preview: Page | None = None) -> HttpResponse:
    language = translation.get_language()
    here = next((link for link in guides.topics(language) if link.key == topic), None)
    if here is None and preview is None:
        raise Http404
    number = _page_number(request)
    found, more = guides.links(language, topic=topic, page=number)
    if number > 1 and not found:
        raise Http404
    words = {"title": preview.title, "intro": preview.specific.intro} if preview else {}
    if here:
        words = {"title": here.title, "intro": here.summary} | words
    context = words | {"guides": found, "number": number, "more": more}
    return public("portal/topic.html", context | frame(request, shown=here.language if here else ""))


def guide(request: HttpRequest, topic: str, key: str, *, preview: GuidePage | None = None) -> HttpResponse:
    """A guide; a sensitive one opens in a journey (portal/journeys.py) for whoever can follow a link."""
    language = translation.get_language()
    found = (
        guides.Found(guides.Content.of(preview), language, language, frozenset(), "")
        if preview
        else guides.find(topic, key, language)
    )
    if found is None:
        raise Http404
    if isinstance(found, str):
        return HttpResponsePermanentRedirect(reverse("guide", args=[found, key]))
    if (
        found.page.sensitive
        and not preview
        and not journeys.token_of(request)
        and "text/html" in request.headers.get("Accept", "")
    ):
        return _into_journey(language, f"d/{journeys.code(topic, key)}")
    return _show_guide(request, found, topic)


def discreet_guide(request: HttpRequest, code: str) -> HttpResponse:
    """A sensitive guide inside a journey, under an address without words."""
    found = guides.find_by_code(code) if journeys.token_of(request) else None
    guide_there = guides.find(*found, translation.get_language()) if found else None
    if found is None or not isinstance(guide_there, guides.Found):
        raise Http404
    return _show_guide(request, guide_there, found[0])


@wraps(following.follow_up)
def follow_up(request: HttpRequest) -> HttpResponse:
    """The person's own page, in a journey for whoever can follow a link, so that Back does not show it once it was left."""
    first = request.method == "GET" and not request.GET and not journeys.token_of(request)
    if first and "text/html" in request.headers.get("Accept", ""):
        return _into_journey(translation.get_language(), "follow-up")
    return following.follow_up(request)


def emergency(request: HttpRequest) -> HttpResponse:
    """The numbers that save lives, from the guide that editors keep."""
    found = guides.emergency(translation.get_language())
    if found is None:
        raise Http404
    return _show_guide(request, found, guides.EMERGENCY[0], crumbs=False)


def statement(request: HttpRequest, key: str, *, preview: Page | None = None) -> HttpResponse:
    """About, privacy, accessibility."""
    page = preview or _one(StatementPage, slug=key)
    passages = [
        {"heading": block["value"]["heading"], "paragraphs": block["value"]["text"].split("\n\n")}
        for block in page.passages.raw_data
    ]
    return public("portal/statement.html", {"page": page, "passages": passages, **_framed(request, page)})


def offline(request: HttpRequest) -> HttpResponse:
    """What this device keeps, and how to delete it. Filled in by static/js/offline.js."""
    return public("portal/offline.html", frame(request))


def offline_pages(_request: HttpRequest) -> HttpResponse:
    """The addresses that “keep this whole language” fetches: never a sensitive guide."""
    language = translation.get_language()
    addresses = [reverse(name) for name in ("home", "guides", "emergency", "offline")]
    addresses += [topic.address() for topic in guides.topics(language)]
    addresses += [reverse("guide", args=place) for place in guides.keepable()]
    statements = shown_in(StatementPage, language).values_list("slug", flat=True)
    addresses += [reverse("statement", args=[key]) for key in statements]
    body = {"language": language, "addresses": addresses, "about_kb": ABOUT_KB_A_PAGE * len(addresses)}
    return same_for_everyone(JsonResponse(body))


def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state, in this language: for whoever changes one."""
    return public("portal/components.html", {"gallery": gallery.entries(), **frame(request)})


def _show_guide(request: HttpRequest, found: guides.Found, topic: str, *, crumbs: bool = True) -> HttpResponse:
    page = found.page
    surround = frame(request, shown=found.language)
    if page.sensitive:
        public_path = f"guides/{topic}/{page.slug}/"
        surround["canonical"] = f"{settings.BASE_URL}/{found.language}/{public_path}"
    with translation.override(found.language):
        presented = present(found)
    numbers = presented.section("numbers") if (topic, page.slug) == guides.EMERGENCY else None
    context = {
        "page": page,
        "guide": presented,
        "found": found,
        "nearby": None if numbers else nearby(topic, translation.get_language()),
        "related": guides.related(page, translation.get_language()),
        "topic_key": topic,
        "topic_title": guides.topic_title(topic, translation.get_language()),
        "share_text": f"{page.title} {surround['canonical']}",
        "keepable": not page.sensitive and not surround["journey"],
        "exit_bar": page.sensitive,
        "crumbs": crumbs,
        "first": numbers,
        "rest": presented.without("in_short", "numbers" if numbers else ""),
        "overdue": page.check_by < timezone.localdate(),
        "summary": page.summary,
        "source_path": f"/{found.source_language}/guides/{topic}/{page.slug}/",
        "structured_data": "" if page.sensitive else guide_data(page, surround["canonical"], found.language),
        **surround,
    }
    return (private if page.sensitive else public)("portal/guide.html", context)


def _into_journey(language: str, path: str) -> HttpResponse:
    address = f"/j/{journeys.begin()}/{language}/{path}/"
    response = HttpResponseRedirect(address)
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["Accept"])
    return response


def _one(model: type[Page], **wanted: str) -> Any:
    """The page of this kind in the reader's language or the next best; 404 if there is none."""
    page = shown_in(model, translation.get_language()).filter(**wanted).select_related("locale").first()
    if page is None:
        raise Http404
    return page


def _framed(request: HttpRequest, page: Page) -> dict[str, Any]:
    return frame(request, shown=page.locale.language_code)


def _page_number(request: HttpRequest) -> int:
    """?page=N; anything but a number from 1 to 9999 is an address that does not exist."""
    text = request.GET.get("page", "1")
    if not (text.isascii() and text.isdigit() and 0 < int(text[:5]) < 10_000 and len(text) < 5):
        raise Http404
    return int(text)
