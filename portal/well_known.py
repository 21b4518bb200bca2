"""Addresses that machines look for: robots, sitemap, security.txt, the service worker, the manifest."""

from __future__ import annotations

import datetime
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape

from services.models import Service

from . import languages, scripts
from .models import GuidePage, StatementPage, TopicPage
from .page_cache import same_for_everyone
from .querysets import visible

SITEMAP_NAMES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'


def robots(_request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /cms/", "Disallow: /j/", f"Sitemap: {settings.BASE_URL}/sitemap.xml", ""]
    return same_for_everyone(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))


def security(_request: HttpRequest) -> HttpResponse:
    """RFC 9116. The contact is the page “about”, which the operator fills in; no address is invented here."""
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + datetime.timedelta(days=180)
    lines = [
        f"Contact: {settings.BASE_URL}/en/about/",
        f"Expires: {expires.isoformat()}",
        f"Preferred-Languages: {', '.join(languages.codes())}",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
        "",
    ]
    return same_for_everyone(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))


def sitemap(_request: HttpRequest) -> HttpResponse:
    """Every public address, once a language that really has it, each with its siblings. A service is in every language."""
    paths: dict[str, dict[str, datetime.date | None]] = {}
    for rest in ("", "guides/", "emergency/", "services/"):
        paths[rest] = dict.fromkeys(languages.codes())
    for model, shape in ((TopicPage, "guides/{0}/"), (StatementPage, "{0}/"), (GuidePage, "guides/{1}/{0}/")):
        rows = visible(model).values_list("url_path", "slug", "locale__language_code", "last_published_at")
        for url_path, slug, code, published in rows:
            rest = shape.format(slug, url_path.rstrip("/").split("/")[-2])
            paths.setdefault(rest, {})[code] = published.date() if published else None
    listed = Service.objects.shown().exclude(
        places__location__hidden=True
    )  # a shelter is found by asking, not by machines
    for key, modified in listed.values_list("key", "modified_at"):
        paths[f"services/{key}/"] = dict.fromkeys(languages.codes(), modified.date())
    entries = "".join(_entries(rest, days) for rest, days in paths.items())
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {SITEMAP_NAMES}>\n{entries}</urlset>\n'
    return same_for_everyone(HttpResponse(body, content_type="application/xml; charset=utf-8"))


def _entries(rest: str, days: dict[str, datetime.date | None]) -> str:
    """One address in each of its languages. Plain strings: a template takes twenty times as long for 5,000 guides."""
    rest = quote(rest)
    base = escape(settings.BASE_URL)
    links = "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href="{base}/{code}/{rest}"/>' for code in days)
    return "".join(
        f"<url><loc>{base}/{code}/{rest}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}{links}</url>\n"
        for code, day in days.items()
    )


def service_worker(_request: HttpRequest) -> HttpResponse:
    """From the root, so that it may answer for every public page. Registered only after a reader asks."""
    body = Path(str(finders.find("js/service-worker.js"))).read_text(encoding="utf-8")
    return same_for_everyone(HttpResponse(body, content_type="text/javascript; charset=utf-8"))


def script(_request: HttpRequest, part: str, digest: str) -> HttpResponse:
    """The script of readers, or of staff, under its own digest: browsers keep it for a year. An old digest is gone."""
    if part not in scripts.PARTS or digest != scripts.digest(part):
        raise Http404
    response = HttpResponse(scripts.script(part), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def manifest(_request: HttpRequest) -> HttpResponse:
    """A neutral name and sign, for those who put the site on their first screen."""
    body = {
        "name": "Dalil",
        "short_name": "Dalil",
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#fffdf8",
        "theme_color": "#0a5c4f",
        "icons": [{"src": static("icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    return same_for_everyone(JsonResponse(body, content_type="application/manifest+json"))
