"""The OpenAPI document tells the truth: it agrees with the official field lists, and schemathesis finds no answer that differs."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from services.hsds.shapes import MAY_BE_EMPTY, SHAPES

from . import making

OPERATIONS = [
    f"GET /hsds{path}"
    for path in ("/", *(f"/{kind}{one}" for kind in ("services", "organizations", "service_at_locations", "taxonomies",
                                                    "taxonomy_terms") for one in ("", "/{id}")))
]  # fmt: skip


@pytest.fixture
def document(partner, db) -> dict:
    return partner.read("/openapi.json")


def test_every_endpoint_and_parameter_of_the_specification_is_there(document, schemas):
    official = json.loads((schemas / "openapi.json").read_text())
    for path, operations in official["paths"].items():
        named = {
            official["components"]["parameters"][one["$ref"].rpartition("/")[2]]["name"]
            if "$ref" in one
            else one["name"]
            for one in operations["get"].get("parameters", ())
        }
        ours = document["paths"][f"/hsds{path}"]["get"]
        assert named <= {one["name"] for one in ours["parameters"]}
        assert {"200", "422"} <= set(ours["responses"])


def test_field_lists_are_the_official_ones(schemas):
    package = json.loads((schemas.parent / "datapackage.json").read_text())
    official = {one["name"]: one for one in package["resources"]}
    assert set(official) == set(SHAPES)
    for name, shape in SHAPES.items():
        fields = official[name]["schema"]["fields"]
        assert shape.path == official[name]["path"]
        assert [field.name for field in shape.fields] == [field["name"] for field in fields]
        for ours, theirs in zip(shape.fields, fields, strict=True):
            assert ours.type == (theirs.get("format") or theirs["type"])
            assert ours.required == theirs["constraints"]["required"]
        children = json.loads((schemas / f"{name}.json").read_text())["properties"]
        assert set(shape.one) | set(shape.many) <= set(children) | {"services", "service"}


def test_texts_that_may_be_empty_are_required_ones():
    required = {(shape.name, field.name) for shape in SHAPES.values() for field in shape.fields if field.required}
    assert required >= MAY_BE_EMPTY


def test_the_document_holds_all_it_refers_to(document):
    text = json.dumps(document)
    for name in {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in document["components"]["schemas"]


def test_every_operation_is_tried(document):
    assert {f"GET {path}" for path in document["paths"]} == set(OPERATIONS)


@pytest.fixture
def _open_connection() -> Iterator[None]:
    """A request through WSGI leaves the test's transaction open, as one through the test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_open_connection")
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
@pytest.mark.parametrize("label", OPERATIONS)
def test_random_requests_are_answered_as_the_document_says(empty, partner, label, mode):
    logging.disable(logging.WARNING)  # refusals are expected by the hundred
    from portal.wsgi import application  # not before static files are collected

    record = making.everything()
    making.shelter()
    ids = {"services": record.uuid, "organizations": record.organisation.uuid, "service_at_locations": record.places.get().uuid,
           "taxonomies": "", "taxonomy_terms": record.category.uuid}  # fmt: skip
    schema = schemathesis.openapi.from_wsgi("/hsds/openapi.json", application)
    operation = next(one.ok() for one in schema.get_all_operations() if one.ok().label == label)
    known = str(ids.get(label.split("/")[2], ""))
    tried = []

    @settings(max_examples=15, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=operation.as_strategy(mode))
    def attempt(case):
        if "{id}" in label and known and mode is GenerationMode.POSITIVE and len(tried) % 2:
            case.path_parameters["id"] = known
        tried.append(case.call_and_validate(headers={"Accept-Encoding": "identity"}).status_code)

    try:
        attempt()
    finally:
        logging.disable(logging.NOTSET)
    assert tried
    assert max(tried) < 500
