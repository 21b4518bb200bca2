"""Pages, streams, errors and headers of the HSDS API."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services import models
from services.hsds.answering import CHUNK
from services.models import Service

from . import making

LISTS = ("/services", "/organizations", "/service_at_locations", "/taxonomies", "/taxonomy_terms")


@pytest.mark.parametrize("address", LISTS)
def test_walking_the_pages_meets_everything_once(directory, partner, address):
    pages = list(partner.pages(f"{address}?per_page=7"))
    ids = [one["id"] for page in pages for one in page["contents"]]
    assert len(ids) == len(set(ids)) == pages[0]["total_items"] == sum(page["size"] for page in pages)
    assert {page["total_pages"] for page in pages} == {len(pages)}
    assert [page["page_number"] for page in pages] == list(range(1, len(pages) + 1))
    assert [page["first_page"] for page in pages] == [True] + [False] * (len(pages) - 1)
    assert not any(page["empty"] for page in pages)


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("number", ["1000000", "9" * 40])
def test_a_page_beyond_the_last_is_empty(directory, partner, address, number):
    page = partner.read(f"{address}?page={number}")
    assert (page["contents"], page["empty"], page["last_page"], page["size"]) == ([], True, True, 0)


def test_an_empty_directory_has_an_empty_first_page(empty, partner, checker):
    page = partner.read("/services")
    assert page["total_pages"] == page["total_items"] == 0
    assert checker("services", page, True) == []


def test_a_page_holds_at_most_a_hundred(directory, partner):
    assert partner.read("/services?per_page=5000")["size"] == 100


@pytest.mark.parametrize("address", [f"{one}?" for one in LISTS] + [
    "/services?full=true", "/organizations?full=true&full_service=true", "/service_at_locations?full=true",
])  # fmt: skip
def test_as_many_queries_for_one_row_as_for_twelve(empty, partner, address):
    models.Organisation.objects.all().delete()
    for number in range(12):
        making.everything(f"s-{number}", organisation=making.organisation(f"o-{number}"))
    counts = []
    for size in (1, 12):
        with CaptureQueriesContext(connection) as queries:
            page = partner.read(f"{address}&per_page={size}")
        counts.append(len(queries))
    assert page["size"] >= 10
    assert counts[0] == counts[1] <= 24


@pytest.mark.parametrize("address", LISTS)
def test_a_stream_holds_all_one_a_line(directory, partner, address):
    assert partner.lines(f"{address}?format=ndjson") == partner.all(f"{address}?per_page=100")


def test_a_stream_reads_rows_while_they_leave(empty, partner):
    owner, sort = making.organisation(), making.category()
    made = [Service(key=f"s-{n:04}", name_fr=f"S {n}", organisation=owner, category=sort) for n in range(CHUNK * 2 + 5)]
    Service.objects.bulk_create(made)
    answer = partner.get("/hsds/services?format=ndjson&full=true")
    lines = iter(answer.streaming_content)
    with CaptureQueriesContext(connection) as queries:
        next(lines)
        before = len(queries)
        assert sum(1 for _line in lines) == len(made) - 1
        assert len(queries) > 2 * before - 4  # the parts of later chunks were not read before they were needed


def test_minimal_is_every_id_with_its_date_on_one_page(directory, partner):
    page = partner.read("/services?minimal=true")
    assert page["total_pages"] == 1
    assert page["size"] == page["total_items"] == Service.objects.shown().count() > 100
    assert {tuple(one) for one in page["contents"]} == {("id", "modified_date")}
    assert partner.read("/services?minimal=true&per_page=3")["size"] == 3


def test_the_root_names_the_version_and_the_document(db, partner):
    about = partner.read("/")
    assert about["version"] == "3.0"
    assert partner.get(about["openapi_url"]).json()["openapi"].startswith("3.1")
    assert partner.get(about["profile"]).json()["conventions"]["hidden_places"]


@pytest.mark.parametrize("kind", ["services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms"])
@pytest.mark.parametrize("identity", ["no-id", "00000000-0000-4000-8000-000000000000", "%00", "١", "🙂"])
def test_an_unknown_id_is_not_found(db, partner, kind, identity):
    assert partner.get(f"/hsds/{kind}/{identity}").status_code == 404


def test_an_id_is_found_in_capitals_too(empty, partner):
    record = making.service("grand")
    assert partner.read(f"/services/{str(record.uuid).upper()}")["id"] == str(record.uuid)


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=x", "per_page=0", "format=xml", "lang=de", "modified_after=yesterday", "full=perhaps",
     "modified_after=2026-02-31", "taxonomy_term_id=health", "organization_id=1", "page=", "modified_after=0001-01-01T00:00:00%2B14:00"],
)  # fmt: skip
def test_a_parameter_that_cannot_be_read_is_refused_by_name(db, partner, query):
    found = partner.read(f"/services?{query}", status=422)
    assert query.partition("=")[0] in found["detail"]


@pytest.mark.parametrize("proximity", ["0", "-5", "nan", "inf", "far"])
def test_a_distance_that_is_none_is_refused(db, partner, proximity):
    assert "proximity" in partner.read(f"/service_at_locations?postcode=1&proximity={proximity}", status=422)["detail"]


@pytest.mark.parametrize("address", ["/nothing", "/services/", "/services/x/y", "/openapi.yaml"])
def test_an_address_that_is_none_is_answered_in_json(db, partner, address):
    assert partner.read(address, status=404)["detail"]


@pytest.mark.parametrize(
    "search", ["", "a" * 10_000, "%00", "()[]*?\\", "%E2%80%AE", "🙂", "%25_", "'; DROP TABLE", "%F0%28", " "]
)
def test_any_search_has_a_sensible_answer(directory, partner, search):
    for address in LISTS:
        assert partner.read(f"{address}?search={search}")["page_number"] == 1


@pytest.mark.parametrize("address", ["/", "/services", "/services?format=ndjson", "/services/x", "/services?page=x", "/nothing",
                                     "/openapi.json", "/profile"])  # fmt: skip
def test_any_site_may_read_it_and_no_cache_keeps_it_unasked(db, partner, address):
    answer = partner.get(f"/hsds{address}")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["Cache-Control"] == "no-cache"
    assert not answer.cookies


def test_head_tells_what_get_would(db, partner):
    answer = partner.head("/hsds/services?per_page=1")
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_api_is_read_only(db, partner):
    assert partner.post("/hsds/services", json.dumps({}), content_type="application/json").status_code == 405
