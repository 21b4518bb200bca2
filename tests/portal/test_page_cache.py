"""Pages kept whole: built once, compressed once, revalidated, and gone in every worker the moment an editor publishes."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from typing import Any

import brotli
import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from portal import page_cache
from portal.models import GuidePage

GUIDE = "/fr/guides/health/see-a-doctor/"


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Requests of a test share its transaction, so that none may close its connection."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


class Worker:
    """A worker's own cache in front of Django; counts how often Django was asked."""

    def __init__(self) -> None:
        self.asked = 0
        django = get_wsgi_application()

        def counting(environ: dict[str, Any], start_response: Any) -> Any:
            self.asked += 1
            return django(environ, start_response)

        self.cache = page_cache.PageCache(counting)

    def get(self, path: str, method: str = "GET", query: str = "", **headers: str) -> tuple[str, dict[str, str], bytes]:
        answer: list[Any] = []
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost", "SERVER_PORT": "8000", "HTTP_HOST": "localhost", "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(), "SERVER_PROTOCOL": "HTTP/1.1",
        }  # fmt: skip
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        body = b"".join(self.cache(environ, lambda status, found, *_: answer.extend([status, dict(found)])))
        return answer[0], answer[1], body


@pytest.fixture
def worker(db) -> Worker:
    return Worker()


def test_a_guide_is_built_once_and_then_served_from_memory(worker):
    first, second = worker.get(GUIDE), worker.get(GUIDE)
    assert first == second
    assert worker.asked == 1


def test_each_encoding_holds_the_same_page(worker):
    plain = worker.get(GUIDE)[2]
    zipped, brotlied = worker.get(GUIDE, accept_encoding="gzip"), worker.get(GUIDE, accept_encoding="gzip, br;q=0.9")
    assert gzip.decompress(zipped[2]) == plain == brotli.decompress(brotlied[2])
    assert (zipped[1]["Content-Encoding"], brotlied[1]["Content-Encoding"]) == ("gzip", "br")
    assert zipped[1]["Vary"] == "Accept-Encoding"
    assert worker.get(GUIDE, accept_encoding="br;q=0, gzip;q=0")[2] == plain


def test_a_browser_that_has_the_page_is_told_that_nothing_changed(worker):
    etag = worker.get(GUIDE, accept_encoding="gzip")[1]["ETag"]
    status, headers, body = worker.get(GUIDE, accept_encoding="gzip", if_none_match=etag)
    assert (status, body) == ("304 Not Modified", b"")
    assert headers["ETag"] == etag
    assert worker.get(GUIDE, if_none_match='"another"')[0] == "200 OK"


def test_head_answers_like_get_without_a_body(worker):
    got, headed = worker.get(GUIDE), worker.get(GUIDE, "HEAD")
    assert headed[:2] == got[:2]
    assert headed[2] == b""
    assert headed[1]["Content-Length"] == str(len(got[2]))


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/fr/nothing/", ""),
        (GUIDE, "x=1"),
        ("/", ""),
        ("/cms/login/", ""),
        ("/fr/guides/health/mental-health/", ""),
        ("/healthz", ""),
    ],
)
def test_what_is_not_the_same_for_everyone_is_never_kept(worker, path, query):
    worker.get(path, query=query)
    worker.get(path, query=query)
    assert worker.asked == 2
    assert not worker.cache.pages


@pytest.mark.parametrize("query", ["fbclid=IwAR0x", "utm_source=whatsapp&utm_medium=share", "gclid=&igshid=a%20b"])
def test_the_tracking_marks_of_a_shared_link_reach_no_page(worker, query):
    kept = worker.get(GUIDE)
    assert worker.get(GUIDE, query=query) == kept
    assert worker.asked == 1
    worker.get(GUIDE, query=f"{query}&page=2")  # a query that says something else too goes to Django
    assert worker.asked == 2


def test_a_page_built_for_one_host_is_not_served_to_a_forged_one(worker):
    worker.get(GUIDE)
    assert worker.get(GUIDE, host="evil.example")[0].startswith("400")


@pytest.mark.parametrize(
    "path",
    ["/fr/", "/fr/guides/", "/fr/guides/health/", GUIDE, "/ar/guides/health/see-a-doctor/", "/en/", "/sitemap.xml"],
)
def test_publishing_refreshes_every_page_in_every_worker_at_once(db, django_capture_on_commit_callbacks, path):
    workers = [Worker(), Worker()]
    before = [worker.get(path) for worker in workers]
    page = GuidePage.objects.get(slug="see-a-doctor", locale__language_code="fr")
    page.title = "Voir un médecin, tout simplement"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    after = [worker.get(path) for worker in workers]
    assert [worker.asked for worker in workers] == [2, 2]
    if path in ("/fr/guides/", "/fr/guides/health/", GUIDE):
        assert all("Voir un médecin, tout simplement" in body.decode() for _status, _headers, body in after)
        assert before[0][1]["ETag"] != after[0][1]["ETag"]


def test_a_page_that_was_being_built_while_an_editor_published_is_not_kept(db, monkeypatch):
    worker = Worker()
    real = worker.cache.application

    def publishing_meanwhile(environ, start_response):
        answer = real(environ, start_response)
        page_cache.forget_all()
        return answer

    worker.cache.application = publishing_meanwhile
    worker.get(GUIDE)
    worker.cache.application = real
    worker.get(GUIDE)
    assert worker.asked == 2


def test_several_machines_share_the_stamp_through_the_cache(db, settings):
    settings.CACHE_URL = "redis://stands-for-any-shared-cache"
    before = page_cache.current_stamp()
    page_cache.forget_all()
    assert page_cache.current_stamp() != before
    assert page_cache.current_stamp() == page_cache.current_stamp()


def test_memory_is_bounded(worker, monkeypatch):
    monkeypatch.setattr(page_cache, "LIMIT", 300_000)
    for path in (GUIDE, "/ar/guides/health/see-a-doctor/", "/en/guides/health/see-a-doctor/", "/fr/", "/ar/", "/en/"):
        worker.get(path)
    assert sum(3 * len(page.body) for page in worker.cache.pages.values()) <= 300_000
