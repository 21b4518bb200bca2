"""Anonymous pages kept whole, in front of Django: compressed once, revalidated by ETag, dropped the moment an editor publishes.

Guarantees
- Only what a view marked as the same for everyone (`same_for_everyone`) is kept: GET, 200, no cookie, and no query but
  the tracking marks that messengers hang on a shared link, which are dropped before any page sees them.
- A page built before a publication is never served after it, in any worker: each entry carries the stamp that was
  current before it was built, and the stamp changes when an editor publishes (or a day begins).
- Memory is bounded: past LIMIT bytes the cache starts again from empty.

The stamp is a file's time of change on one machine, a key in Redis (CACHE_URL) on several.
"""

from __future__ import annotations

import datetime
import gzip
import hashlib
import os
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse

Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]

SAME_FOR_EVERYONE = "public, no-cache"
FORGET: list[Callable[[], None]] = []  # how to forget what is kept once a publication, for tests
LIMIT = 96 * 1024 * 1024
TEXT = ("text/", "application/json", "application/xml", "application/manifest+json", "image/svg+xml")
STAMP_KEY = "pages:stamp"
TRACKING = re.compile(r"(?:(?:utm_[a-z]+|fbclid|gclid|igshid|mc_[ce]id)=[^&]*(?:&|$))+")


def same_for_everyone(response: HttpResponse) -> HttpResponse:
    """Mark a public answer: any cache may keep it, and asks each time whether it is still current."""
    response["Cache-Control"] = SAME_FOR_EVERYONE
    return response


def stamp_file() -> Path:
    return Path(settings.VAR_DIR) / "pages.stamp"


def current_stamp() -> Any:
    """Changes whenever a publication must show: what a page was built under, and what it is compared with."""
    if settings.CACHE_URL:
        published: Any = cache.get(STAMP_KEY)
    else:
        try:
            published = os.stat(_stamp_path()).st_mtime_ns  # noqa: PTH116  (the fastest way; asked on every request)
        except FileNotFoundError:
            published = 0
    return published, time.time() // 86_400  # a new day refreshes “check again by”


def once_a_publication(build: Callable[..., Any]) -> Callable[..., Any]:
    """What `build` gives for these arguments, kept until the next publication: for what every page asks for."""
    kept = lru_cache(maxsize=32)(lambda _stamp, *arguments: build(*arguments))
    FORGET.append(kept.cache_clear)
    return wraps(build)(lambda *arguments: kept(current_stamp(), *arguments))


def _stamp_path(_kept: list[str] = []) -> str:  # noqa: B006  (kept on purpose: the path never changes)
    if not _kept:
        _kept.append(str(stamp_file()))
    return _kept[0]


def forget_all() -> None:
    """Drop every kept page in every worker, now. Called when a publication has been committed."""
    if settings.CACHE_URL:
        cache.set(STAMP_KEY, time.time_ns(), None)
    else:
        path = stamp_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(datetime.datetime.now(datetime.UTC).isoformat())
        os.utime(path, ns=(time.time_ns(), time.time_ns()))


@dataclass
class Page:
    """One kept page and its compressed forms, made when first asked for."""

    stamp: Any
    headers: Headers
    body: bytes
    etag: str
    forms: dict[str, tuple[Headers, bytes]] = field(default_factory=dict)

    def form(self, encoding: str) -> tuple[Headers, bytes]:
        if encoding not in self.forms:
            body = compress(self.body, encoding)
            headers = [*self.headers, ("Vary", "Accept-Encoding"), ("ETag", f'"{self.etag}{encoding[:1]}"')]
            if encoding:
                headers.append(("Content-Encoding", encoding))
            self.forms[encoding] = ([*headers, ("Content-Length", str(len(body)))], body)
        return self.forms[encoding]


class PageCache:
    """WSGI middleware around Django; see the head of this file."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application
        self.pages: dict[tuple[str, str, str], Page] = {}
        self.size = 0

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if (query := environ.get("QUERY_STRING")) and TRACKING.fullmatch(query):
            environ["QUERY_STRING"] = ""
        key = self._key(environ)
        if key is None:
            return self._pass(environ, start_response)
        stamp = current_stamp()
        page = self.pages.get(key)
        if page is None or page.stamp != stamp:
            built = self._build(environ, start_response, stamp)
            if not isinstance(built, Page):
                return built
            page = built
            self._keep(key, page)
        return self._answer(page, environ, start_response)

    @staticmethod
    def _key(environ: dict[str, Any]) -> tuple[str, str, str] | None:
        """Host (without port), scheme and path of a request that may be answered from the cache; few whatever is sent."""
        path = environ["PATH_INFO"]
        if not settings.PAGE_CACHE or environ["REQUEST_METHOD"] not in ("GET", "HEAD") or environ.get("QUERY_STRING"):
            return None
        if path.startswith(("/cms/", "/static/", "/j/")):
            return None
        host = environ.get("HTTP_HOST", "").lower().rpartition(":")[0] or environ.get("HTTP_HOST", "").lower()
        secure = "https" in (environ.get("HTTP_X_FORWARDED_PROTO", ""), environ["wsgi.url_scheme"])
        return host, "https" if secure else "http", path

    def _build(self, environ: dict[str, Any], start_response: StartResponse, stamp: Any) -> Page | Iterable[bytes]:
        """Ask Django as if for GET; a Page if the answer is for everyone, else the answer itself."""
        status, headers, body = self._collect(
            {**environ, "REQUEST_METHOD": "GET"} if _is_get_like(environ) else environ
        )
        found = {name.lower(): value for name, value in headers}
        if (
            status.startswith("200")
            and found.get("cache-control", "").startswith("public")
            and "set-cookie" not in found
        ):
            kept = [(name, value) for name, value in headers if name.lower() not in ("content-length", "vary", "etag")]
            return Page(stamp, kept, body, hashlib.sha256(body).hexdigest()[:20])
        return self._send(status, headers, body, environ, start_response)

    def _keep(self, key: tuple[str, str, str], page: Page) -> None:
        self.size += 3 * len(page.body)
        if self.size > LIMIT:
            self.pages, self.size = {}, 3 * len(page.body)
        self.pages[key] = page

    @staticmethod
    def _answer(page: Page, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        headers, body = page.form(accepted_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")))
        if page.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", [pair for pair in headers if pair[0] != "Content-Length"])
            return []
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _pass(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Everything else: the CMS, files and streams go through untouched, texts are compressed."""
        streams = environ["PATH_INFO"].startswith("/hsds/") and "format=ndjson" in environ.get("QUERY_STRING", "")
        if streams or environ["PATH_INFO"].startswith(("/cms/", "/static/")):
            return self.application(environ, start_response)
        status, headers, body = self._collect(environ)
        return self._send(status, headers, body, environ, start_response)

    def _collect(self, environ: dict[str, Any]) -> tuple[str, Headers, bytes]:
        captured: list[Any] = []

        def capture(status: str, headers: Headers, _exc_info: Any = None) -> None:
            captured[:] = [status, list(headers)]

        answer = self.application(environ, capture)
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        return captured[0], captured[1], body

    @staticmethod
    def _send(
        status: str, headers: Headers, body: bytes, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        found = {name.lower(): value for name, value in headers}
        encoding = accepted_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if (
            encoding
            and len(body) > 200
            and found.get("content-type", "").startswith(TEXT)
            and "content-encoding" not in found
        ):
            body = compress(body, encoding)
            headers = [pair for pair in headers if pair[0].lower() != "content-length"]
            headers += [("Content-Encoding", encoding), ("Vary", "Accept-Encoding"), ("Content-Length", str(len(body)))]
        start_response(status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _is_get_like(environ: dict[str, Any]) -> bool:
    return environ["REQUEST_METHOD"] in ("GET", "HEAD")


def accepted_encoding(header: str) -> str:
    """“br”, “gzip” or “” (plain), whichever the browser takes; an encoding with q=0 is refused."""
    offered = {part.partition(";")[0].strip(): part.partition(";")[2].strip() for part in header.lower().split(",")}
    for encoding in ("br", "gzip"):
        if encoding in offered and offered[encoding] not in ("q=0", "q=0.0"):
            return encoding
    return ""


def compress(body: bytes, encoding: str) -> bytes:
    """The body in this encoding. The levels cost about a millisecond a page and are paid once."""
    if encoding == "br":
        return brotli.compress(body, quality=7)
    return gzip.compress(body, compresslevel=9, mtime=0) if encoding == "gzip" else body
