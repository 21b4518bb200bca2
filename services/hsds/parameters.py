"""What may be asked: the query parameters of HSDS 3.0, and `lang`. Everything else in an address is not read."""

from __future__ import annotations

import datetime
import re
import uuid
from typing import Any, Literal

from django.conf import settings
from django.utils.dateparse import parse_datetime
from ninja import Field, Schema
from pydantic import field_validator

LARGEST_PAGE = 100
LANGUAGES: list[Any] = [code for code, _name in settings.LANGUAGES]
INSTANT = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:[Zz]|[+-]\d\d:\d\d)?)?")


class InLanguage(Schema):
    """In which language. Without it, what Accept-Language prefers of the languages that there are."""

    lang: str = Field(
        default="",
        description="Language of the answer. Default: Accept-Language.",
        json_schema_extra={"enum": LANGUAGES, "default": None},
    )

    @field_validator("lang")
    @classmethod
    def is_known(cls, value: str) -> str:
        if value not in LANGUAGES:
            raise ValueError("no language of this directory")
        return value


class Paged(InLanguage):
    search: str = Field(default="", description="Words, all of which must be found.")
    page: int = Field(default=1, ge=1, description="Page number, from 1. A page beyond the last one is empty.")
    per_page: int = Field(default=50, ge=1, description=f"Results a page; at most {LARGEST_PAGE} are given.")
    format: Literal["json", "ndjson"] = Field(
        default="json", description="`ndjson` streams all results, one object a line, without pages."
    )


class OfServices(Paged):
    taxonomy_term_id: uuid.UUID | None = Field(
        default=None, description="Services with this term: a category, a need, or a term of the small taxonomies."
    )
    taxonomy_id: uuid.UUID | None = Field(default=None, description="Services with any term of this taxonomy.")
    organization_id: uuid.UUID | None = Field(default=None, description="Services of this organisation.")
    modified_after: str = Field(
        default="",
        description="Changed at or after this moment (RFC 3339, or a date; UTC if it names no offset). A service also "
        "changes with its phones, hours, places and organisation.",
        json_schema_extra={"format": "date-time", "default": None},
    )
    full: bool = Field(default=False, description="With everything that belongs to each result.")

    @field_validator("modified_after")
    @classmethod
    def is_a_moment(cls, value: str) -> str:
        if since(value) is None:
            raise ValueError("not a moment")
        return value


class Services(OfServices):
    minimal: bool = Field(
        default=False, description="Only `id` and `modified_date` of each; all on one page unless `per_page` is given."
    )


class ServicesAtLocations(OfServices):
    postcode: str = Field(default="", description="Places with this postal code.", max_length=20)
    proximity: float | None = Field(
        default=None,
        gt=0,
        allow_inf_nan=False,
        description="Metres around the middle of the known places with this `postcode`. Without a postcode it says nothing.",
    )


class Organizations(Paged):
    full: bool = Field(default=False, description="With everything that belongs to each organisation.")
    full_service: bool = Field(default=False, description="With its services and everything that belongs to them.")


class OneOrganization(InLanguage):
    full_service: bool = Field(default=False, description="With everything that belongs to its services.")


class TaxonomyTerms(Paged):
    taxonomy_id: uuid.UUID | None = Field(default=None, description="Terms of this taxonomy.")
    top_only: bool = Field(default=False, description="Only terms that stand below no other.")
    parent_id: uuid.UUID | None = Field(default=None, description="Terms right below this one.")


def since(text: str) -> datetime.datetime | None:
    """The moment that a partner means, in UTC; None if it is none. A `+` that an address made a space is read as `+`."""
    text = re.sub(r"(:\d\d(?:\.\d+)?) (\d\d:\d\d)$", r"\1+\2", text)
    if not INSTANT.fullmatch(text):
        return None
    try:
        moment = parse_datetime(text if len(text) > len("2026-01-01") else f"{text}T00:00:00")
    except ValueError:
        return None
    if moment is None:
        return None
    return _in_utc(moment)


def _in_utc(moment: datetime.datetime) -> datetime.datetime | None:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=datetime.UTC)
    try:
        return moment.astimezone(datetime.UTC)
    except OverflowError:  # the first and the last day of all
        return None
