"""The field lists of HSDS 3.0: what the OpenAPI document promises and which columns the tabular package has.

Source: openreferral/specification, branch 3.0 (schema/*.json, datapackage.json), CC BY-SA 4.0. Written here as names, types
and what is required, so that nothing of the specification is copied; tests compare it with the official files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

VERSION = "3.0"


@dataclass(frozen=True)
class Field:
    """A plain field. `type` as in the data package: string, uuid, email, uri, number, date, datetime or time."""

    name: str
    type: str
    required: bool


@dataclass(frozen=True)
class Shape:
    """An object of HSDS: its file in the tabular package, its fields, and the objects inside it in JSON."""

    name: str
    path: str
    fields: tuple[Field, ...]
    one: dict[str, str]
    many: dict[str, str]


CHOICES = {
    ("service", "status"): ("active", "inactive", "defunct", "temporarily closed"),
    ("location", "location_type"): ("physical", "postal", "virtual"),
    ("address", "address_type"): ("physical", "postal", "virtual"),
    ("schedule", "wkst"): ("MO", "TU", "WE", "TH", "FR", "SA", "SU"),
    ("schedule", "freq"): ("WEEKLY", "MONTHLY"),
}
# Required, and yet unknown of many places here (postal codes) or empty (descriptions): sent as an empty text.
MAY_BE_EMPTY = {
    ("organization", "description"),
    ("address", "address_1"),
    ("address", "city"),
    ("address", "state_province"),
    ("address", "postal_code"),
}


def _field(text: str) -> Field:
    name, _colon, kind = text.rstrip("!").partition(":")
    return Field(name, kind or "string", text.endswith("!"))


def _shape(name: str, path: str, fields: str, inside: str = "") -> Shape:
    """`inside`: “phones*:phone” for a list of objects, “location:location” for one."""
    children = [part.partition(":")[::2] for part in inside.split()]
    return Shape(
        name,
        path,
        tuple(_field(text) for text in f"id:uuid! {fields}".split()),
        {key: target for key, target in children if not key.endswith("*")},
        {key[:-1]: target for key, target in children if key.endswith("*")},
    )


_ALL = (
    _shape(
        "organization",
        "organizations.csv",
        "name! alternate_name description! email:email website:uri tax_status tax_id year_incorporated:number legal_status"
        " logo uri:uri parent_organization_id:uuid",
        "phones*:phone locations*:location attributes*:attribute services*:service",
    ),
    _shape("program", "programs.csv", "organization_id:uuid! name! alternate_name description!"),
    _shape(
        "service",
        "services.csv",
        "organization_id:uuid! program_id:uuid name! alternate_name description url:uri email:email status!"
        " interpretation_services application_process fees_description wait_time fees accreditations"
        " eligibility_description minimum_age:number maximum_age:number assured_date:date assurer_email:email licenses"
        " alert last_modified:datetime",
        "organization:organization phones*:phone schedules*:schedule service_areas*:service_area"
        " service_at_locations*:service_at_location languages*:language cost_options*:cost_option"
        " required_documents*:required_document contacts*:contact attributes*:attribute",
    ),
    _shape(
        "attribute",
        "attributes.csv",
        "link_id:uuid! taxonomy_term_id:uuid! link_type link_entity! value",
        "taxonomy_term:taxonomy_term",
    ),
    _shape(
        "service_at_location",
        "service_at_location.csv",
        "service_id:uuid! location_id:uuid! description",
        "location:location service:service contacts*:contact phones*:phone schedules*:schedule",
    ),
    _shape(
        "location",
        "locations.csv",
        "location_type! url:uri organization_id:uuid name alternate_name description transportation latitude:number"
        " longitude:number external_identifier external_identifier_type",
        "addresses*:address accessibility*:accessibility attributes*:attribute",
    ),
    _shape(
        "phone",
        "phones.csv",
        "location_id:uuid service_id:uuid organization_id:uuid contact_id:uuid service_at_location_id:uuid number!"
        " extension:number type description",
    ),
    _shape(
        "contact",
        "contacts.csv",
        "organization_id:uuid service_id:uuid service_at_location_id:uuid location_id:uuid name title department"
        " email:email",
    ),
    _shape(
        "address",
        "addresses.csv",
        "location_id:uuid attention address_1! address_2 city! region state_province! postal_code! country! address_type!",
    ),
    _shape(
        "schedule",
        "schedules.csv",
        "service_id:uuid location_id:uuid service_at_location_id:uuid valid_from:date valid_to:date dtstart:date"
        " timezone:number until:date count:number wkst freq interval:number byday byweekno bymonthday byyearday"
        " description opens_at:time closes_at:time schedule_link:uri attending_type notes",
        "attributes*:attribute",
    ),
    _shape("funding", "funding.csv", "organization_id:uuid service_id:uuid source"),
    _shape("service_area", "service_areas.csv", "service_id:uuid name description extent extent_type uri"),
    _shape("required_document", "required_documents.csv", "service_id:uuid document uri:uri"),
    _shape("language", "languages.csv", "service_id:uuid location_id:uuid phone_id:uuid name code note"),
    _shape("accessibility", "accessibility.csv", "location_id:uuid description details url:uri"),
    _shape(
        "taxonomy_term",
        "taxonomy_terms.csv",
        "code name! description! parent_id:uuid taxonomy language taxonomy_id:uuid term_uri:uri",
        "taxonomy_detail:taxonomy",
    ),
    _shape(
        "metadata",
        "metadata.csv",
        "resource_id:uuid! resource_type! last_action_date:date! last_action_type! field_name! previous_value!"
        " replacement_value! updated_by!",
    ),
    _shape("meta_table_description", "meta_table_descriptions.csv", "name language character_set"),
    _shape(
        "cost_option",
        "cost_options.csv",
        "service_id:uuid! valid_from:date valid_to:date option currency amount:number amount_description",
    ),
    _shape(
        "organization_identifier",
        "organization_identifiers.csv",
        "organization_id:uuid! identifier_scheme identifier_type! identifier!",
    ),
    _shape("taxonomy", "taxonomies.csv", "name! description! uri:uri version"),
)
SHAPES = {shape.name: shape for shape in _ALL}


def schemas() -> dict[str, dict[str, Any]]:
    """A JSON Schema of each object, for the components of the OpenAPI document. Nothing else is ever sent."""
    return {shape.name: _schema(shape) for shape in _ALL}


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _schema(shape: Shape) -> dict[str, Any]:
    properties: dict[str, Any] = {field.name: _type(shape, field) for field in shape.fields}
    properties |= {key: reference(target) for key, target in shape.one.items()}
    properties |= {key: {"type": "array", "items": reference(target)} for key, target in shape.many.items()}
    required = [field.name for field in shape.fields if field.required]
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def _type(shape: Shape, field: Field) -> dict[str, Any]:
    if choices := CHOICES.get((shape.name, field.name)):
        return {"type": "string", "enum": list(choices)}
    if field.type == "number":
        return {"type": "number"}
    if field.type == "time":
        return {"type": "string", "pattern": r"^\d\d:\d\d:\d\d$"}
    formats = {"datetime": "date-time", "string": None}
    wanted = formats.get(field.type, field.type)
    return {"type": "string", "format": wanted} if wanted else {"type": "string"}
