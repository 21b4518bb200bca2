"""What the OpenAPI document says of the answers: made of the field lists, so that it promises what is served."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI

from .shapes import reference, schemas

COUNT = {"type": "integer", "minimum": 0}
FLAG = {"type": "boolean"}
PAGE = {
    "total_items": COUNT,
    "total_pages": COUNT,
    "page_number": {"type": "integer", "minimum": 1},
    "size": COUNT,
    "first_page": FLAG,
    "last_page": FLAG,
    "empty": FLAG,
}
MINIMAL = {
    "type": "object",
    "required": ["id", "modified_date"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "modified_date": {"type": "string", "format": "date-time"},
    },
    "additionalProperties": False,
}
REFUSAL = {
    "type": "object",
    "required": ["detail"],
    "properties": {"detail": {"type": "string"}},
    "additionalProperties": False,
}
ABOUT = {
    "type": "object",
    "required": ["version", "profile", "openapi_url"],
    "properties": {
        "version": {"type": "string"},
        "profile": {"type": "string", "format": "uri"},
        "openapi_url": {"type": "string", "format": "uri"},
    },
    "additionalProperties": False,
}


def of_list(name: str, *also: dict[str, Any]) -> dict[str, Any]:
    """The answers of a list of these objects, as pages or as lines."""
    items = {"anyOf": [reference(name), *also]} if also else reference(name)
    properties = PAGE | {"contents": {"type": "array", "items": items}}
    schema = {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}
    lines = {"schema": {"type": "string", "description": "One object a line."}}
    return _responses({"application/json": {"schema": schema}, "application/x-ndjson": lines}, {"422": _wrong()})


def of_one(name: str) -> dict[str, Any]:
    missing = {
        "description": "Nothing with this id.",
        "content": {"application/json": {"schema": reference("refusal")}},
    }
    return _responses({"application/json": {"schema": reference(name)}}, {"404": missing, "422": _wrong()})


def of_about() -> dict[str, Any]:
    return _responses({"application/json": {"schema": reference("about")}}, {"422": _wrong()})


def _responses(content: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    headers = {"Content-Language": {"schema": {"type": "string"}}}
    return {"responses": {"200": {"description": "OK", "headers": headers, "content": content}, **others}}


def _wrong() -> dict[str, Any]:
    content = {"application/json": {"schema": reference("refusal")}}
    return {"description": "A parameter is wrong; the sentence says which.", "content": content}


def openapi(api: NinjaAPI, site: str) -> dict[str, Any]:
    """The whole document: the operations of this API, and the objects of HSDS as its components."""
    document: dict[str, Any] = dict(api.get_openapi_schema())
    document["components"] = {"schemas": schemas() | {"refusal": REFUSAL, "about": ABOUT}}
    document["servers"] = [{"url": site.rstrip("/")}]
    for operations in document["paths"].values():
        operations.pop("head", None)
        operations["get"]["operationId"] = operations["get"]["operationId"].rpartition("_api_")[2]
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                parameter["schema"] = _without_null(parameter["schema"])
    return document


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter that may be left out: there is no way to write null in an address."""
    plain = {
        name: value for name, value in schema.items() if name != "anyOf" and not (name == "default" and value is None)
    }
    for choice in schema.get("anyOf", ()):
        plain |= choice if choice != {"type": "null"} else {}
    return plain
