"""The HSDS 3.0 API: every endpoint and parameter of the specification, read only, open to everybody, without cookies."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError

from . import document, finding, mapping, parameters, vocabulary
from .answering import answer, language_of, page, refusal
from .profile import CONVENTIONS
from .shapes import VERSION
from .texts import Plain, moment

api = NinjaAPI(
    title="Dalil: services for migrants in Morocco",
    version="1.0",
    description="Open Referral HSDS 3.0 in several languages. See `profile` for how we use it.",
    urls_namespace="hsds",
    docs_url=None,  # its pages load scripts from elsewhere
    openapi_url=None,  # served below, with headers that let any site read it
)
get = partial(api.api_operation, ["GET", "HEAD"])


@get("/", summary="About this API", openapi_extra=document.of_about())
def about(request: HttpRequest, asked: Query[parameters.InLanguage]) -> HttpResponseBase:
    addresses = {
        "profile": request.build_absolute_uri(reverse("hsds:profile")),
        "openapi_url": request.build_absolute_uri(reverse("hsds:openapi")),
    }
    return answer({"version": VERSION} | addresses, language_of(request, asked))


@get("/openapi.json", url_name="openapi", include_in_schema=False)
def openapi(request: HttpRequest) -> HttpResponseBase:
    return answer(document.openapi(api, request.build_absolute_uri("/")), "en")


@get("/profile", url_name="profile", include_in_schema=False)
def profile(request: HttpRequest) -> HttpResponseBase:
    openapi_url = request.build_absolute_uri(reverse("hsds:openapi"))
    return answer({"version": VERSION, "openapi_url": openapi_url, "conventions": CONVENTIONS}, "en")


@get("/services", summary="Services", openapi_extra=document.of_list("service", document.MINIMAL))
def list_services(request: HttpRequest, asked: Query[parameters.Services]) -> HttpResponseBase:
    rows = finding.services(asked, language_of(request, asked))
    if asked.minimal:
        return _minimal(request, asked, rows)
    if asked.full:
        return page(request, asked, finding.with_everything(rows), mapping.full_service)
    return page(request, asked, rows, mapping.service)


def _minimal(request: HttpRequest, asked: parameters.Services, rows: Any) -> HttpResponseBase:
    """Ids and dates of all on one page, unless the partner wants pages."""
    pairs = rows.values_list("uuid", "modified_at")
    whole = "per_page" not in request.GET and asked.format == "json"
    return page(request, asked, pairs, _id_and_date, whole=whole)


def _id_and_date(pair: tuple[Any, Any], _language: str) -> Plain:
    return {"id": str(pair[0]), "modified_date": moment(pair[1])}


@get("/services/{id}", summary="A service with everything that belongs to it", openapi_extra=document.of_one("service"))
def one_service(request: HttpRequest, id: str, asked: Query[parameters.InLanguage]) -> HttpResponseBase:
    rows = finding.with_everything(finding.shown_services())
    return _answer_one(request, finding.one(rows, id), asked, mapping.full_service)


@get("/organizations", summary="Organisations", openapi_extra=document.of_list("organization"))
def list_organizations(request: HttpRequest, asked: Query[parameters.Organizations]) -> HttpResponseBase:
    rows = finding.organizations(asked.search)
    if asked.full:
        rows = finding.with_everything_of_organization(rows)
    if asked.full or asked.full_service:
        rows = finding.with_services(rows, full=asked.full_service)
    return page(request, asked, rows, partial(_organization, full=asked.full, full_service=asked.full_service))


@get(
    "/organizations/{id}",
    summary="An organisation with everything that belongs to it",
    openapi_extra=document.of_one("organization"),
)
def one_organization(request: HttpRequest, id: str, asked: Query[parameters.OneOrganization]) -> HttpResponseBase:
    rows = finding.with_everything_of_organization(finding.organizations(""))
    rows = finding.with_services(rows, full=asked.full_service)
    return _answer_one(
        request, finding.one(rows, id), asked, partial(_organization, full=True, full_service=asked.full_service)
    )


def _organization(record: Any, language: str, *, full: bool, full_service: bool) -> Plain:
    write = mapping.full_service if full_service else mapping.service
    services = [write(one, language, with_organization=False) for one in getattr(record, "shown_services", ())]
    if full:
        return mapping.full_organization(record, language, services)
    return mapping.organization(record, language) | ({"services": services} if services else {})


@get("/service_at_locations", summary="Services at locations", openapi_extra=document.of_list("service_at_location"))
def list_services_at_locations(request: HttpRequest, asked: Query[parameters.ServicesAtLocations]) -> HttpResponseBase:
    rows = finding.services_at_locations(asked, language_of(request, asked))
    if asked.full:
        return page(request, asked, finding.with_everything_of_service(rows), mapping.full_service_at_location)
    return page(request, asked, rows, mapping.service_at_location)


@get(
    "/service_at_locations/{id}",
    summary="A service at a location with everything that belongs to it",
    openapi_extra=document.of_one("service_at_location"),
)
def one_service_at_location(request: HttpRequest, id: str, asked: Query[parameters.InLanguage]) -> HttpResponseBase:
    rows = finding.with_everything_of_service(finding.at_locations(finding.shown_services()))
    return _answer_one(request, finding.one(rows, id), asked, mapping.full_service_at_location)


@get("/taxonomies", summary="Taxonomies", openapi_extra=document.of_list("taxonomy"))
def list_taxonomies(request: HttpRequest, asked: Query[parameters.Paged]) -> HttpResponseBase:
    found = [one for one in vocabulary.taxonomies(language_of(request, asked)) if _holds(one, asked.search)]
    return page(request, asked, found, _as_it_is)


@get("/taxonomies/{id}", summary="A taxonomy", openapi_extra=document.of_one("taxonomy"))
def one_taxonomy(request: HttpRequest, id: str, asked: Query[parameters.InLanguage]) -> HttpResponseBase:
    known = {one["id"]: one for one in vocabulary.taxonomies(language_of(request, asked))}
    return _answer_one(request, known.get(id.lower()), asked, _as_it_is)


@get("/taxonomy_terms", summary="Terms", openapi_extra=document.of_list("taxonomy_term"))
def list_taxonomy_terms(request: HttpRequest, asked: Query[parameters.TaxonomyTerms]) -> HttpResponseBase:
    found = [
        term
        for term in vocabulary.terms(language_of(request, asked))
        if _holds(term, asked.search)
        and (not asked.taxonomy_id or term["taxonomy_id"] == str(asked.taxonomy_id))
        and (not asked.parent_id or term.get("parent_id") == str(asked.parent_id))
        and not (asked.top_only and "parent_id" in term)
    ]
    return page(request, asked, found, _as_it_is)


@get("/taxonomy_terms/{id}", summary="A term", openapi_extra=document.of_one("taxonomy_term"))
def one_taxonomy_term(request: HttpRequest, id: str, asked: Query[parameters.InLanguage]) -> HttpResponseBase:
    language = language_of(request, asked)
    taxonomies = {one["id"]: one for one in vocabulary.taxonomies(language)}
    found = next((term for term in vocabulary.terms(language) if term["id"] == id.lower()), None)
    detail = {"taxonomy_detail": taxonomies[found["taxonomy_id"]]} if found else {}
    return _answer_one(request, found and found | detail, asked, _as_it_is)


def _as_it_is(plain: Plain, _language: str) -> Plain:
    return plain


def _holds(plain: Plain, search: str) -> bool:
    told = f"{plain['name']} {plain['description']} {plain.get('code', '')}".casefold()
    return all(word.casefold() in told for word in finding.words(search))


def _answer_one(request: HttpRequest, record: Any, asked: parameters.InLanguage, write: Any) -> HttpResponseBase:
    if record is None:
        raise Http404
    return answer(write(record, language_of(request, asked)), language_of(request, asked))


@api.exception_handler(Http404)
def nothing_there(request: HttpRequest, _missing: Any = None) -> HttpResponseBase:
    return refusal(request, 404, lambda: _("There is nothing with this id or address."))


@api.exception_handler(ValidationError)
def wrong_parameter(request: HttpRequest, wrong: ValidationError) -> HttpResponseBase:
    names = ", ".join(dict.fromkeys(str(error["loc"][-1]) for error in wrong.errors))
    return refusal(request, 422, lambda: _("These parameters cannot be read: %(names)s.") % {"names": names})
