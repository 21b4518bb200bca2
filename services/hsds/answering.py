"""How the API answers: pages, streams, one object, and sentences where something cannot be answered. Open to every site."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from .parameters import LANGUAGES, LARGEST_PAGE, InLanguage, Paged
from .texts import Plain

CHUNK = 200  # rows in memory while streaming
Rows = QuerySet[Any] | Sequence[Any]
Write = Callable[[Any, str], Plain]


def language_of(request: HttpRequest, asked: InLanguage) -> str:
    """The language that was asked for by name, else the one that the middleware has read from Accept-Language."""
    return asked.lang or str(request.LANGUAGE_CODE)


def page(request: HttpRequest, asked: Paged, rows: Rows, write: Write, *, whole: bool = False) -> HttpResponseBase:
    """A page of these rows in the envelope of HSDS (`whole`: one page of all), or all of them as a stream of lines."""
    language = language_of(request, asked)
    if asked.format == "ndjson":
        return stream(rows, write, language)
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    size = max(total, 1) if whole else min(asked.per_page, LARGEST_PAGE)
    first = (asked.page - 1) * size
    found = rows[first : first + size] if first < total else ()
    return answer(envelope([write(row, language) for row in found], total, asked.page, size), language)


def envelope(contents: list[Plain], total: int, number: int, size: int) -> Plain:
    """HSDS's page: `size` is what this page holds, not what it may hold."""
    pages = -(-total // size)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }


def stream(rows: Rows, write: Write, language: str) -> HttpResponseBase:
    """One object a line. Rows are read in chunks while they leave, so that memory does not grow with their number."""
    source: Iterator[Any] = rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else iter(rows)
    lines = (f"{text(write(row, language))}\n".encode() for row in source)
    return _open(StreamingHttpResponse(lines, content_type="application/x-ndjson"), language)


def answer(plain: Any, language: str, status: int = 200) -> HttpResponse:
    response = HttpResponse(text(plain), content_type="application/json", status=status)
    _open(response, language)
    return response


def refusal(request: HttpRequest, status: int, sentence: Callable[[], str]) -> HttpResponse:
    """A sentence in the language that was asked for."""
    wanted = request.GET.get("lang", "")
    language = wanted if wanted in LANGUAGES else str(request.LANGUAGE_CODE)
    with translation.override(language):
        return answer({"detail": sentence()}, language, status)


def text(plain: Any) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def _open(response: HttpResponseBase, language: str) -> HttpResponseBase:
    """Any site may read it. A cache may keep it, and asks each time: what is withdrawn must not live on elsewhere.

    Never “public” first: the page cache keeps such an answer by its address alone, and here the language counts.
    """
    response["Content-Language"] = language
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "Content-Language"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Accept-Language"])
    return response
