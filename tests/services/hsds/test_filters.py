"""Filters of the HSDS API: each says what it promises, and they add up."""

from __future__ import annotations

import datetime
import urllib.parse

import pytest
from django.utils import timezone
from django.utils.safestring import SafeString

from services import models
from services.hsds import finding, vocabulary
from services.search import Hit, Results

from . import making

LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


def keys(partner, query: str) -> set[str]:
    """Keys of the services that are found, by their ids."""
    ids = {one["id"] for one in partner.all(f"/services?{query}")}
    return {service.key for service in models.Service.objects.all() if str(service.uuid) in ids}


def age_everything() -> None:
    models.Service.objects.update(modified_at=LONG_AGO)


def changed(partner) -> set[str]:
    return keys(partner, "modified_after=2026-01-01T00:00:00Z")


def test_filters_add_up(empty, partner):
    one, other = making.organisation("une"), making.organisation("autre")
    term = models.Term.objects.create(code="992", name_fr="Un besoin")
    for key, owner, has_term in (("a", one, True), ("b", one, False), ("c", other, True)):
        made = making.service(key, organisation=owner)
        made.terms = [term] if has_term else []
        made.save()
    assert keys(partner, f"taxonomy_term_id={term.uuid}") == {"a", "c"}
    assert keys(partner, f"organization_id={one.uuid}") == {"a", "b"}
    assert keys(partner, f"taxonomy_term_id={term.uuid}&organization_id={one.uuid}") == {"a"}
    assert keys(partner, f"taxonomy_term_id={term.uuid}&organization_id={one.uuid}&search=nothing") == set()


def test_a_theme_finds_the_services_of_the_terms_below_it(empty, partner):
    theme = models.Term.objects.create(code="993", name_fr="Un thème")
    term = models.Term.objects.create(code="993.1", name_fr="Un besoin", parent=theme)
    made = making.service("a")
    made.terms = [term]
    made.save()
    making.service("b")
    assert keys(partner, f"taxonomy_term_id={theme.uuid}") == {"a"}
    assert keys(partner, f"taxonomy_id={vocabulary.NEED.id}") == {"a"}


def test_a_term_finds_just_the_services_that_carry_it(directory, partner):
    """Whatever term a partner sees on a service, he can ask for."""
    making.everything()
    carried: dict[str, set[str]] = {}
    taxonomies: dict[str, set[str]] = {}
    for service in partner.all("/services?full=true&per_page=100"):
        for attribute in (*service["attributes"], *service["organization"].get("attributes", ())):
            carried.setdefault(attribute["taxonomy_term_id"], set()).add(service["id"])
            taxonomies.setdefault(attribute["taxonomy_term"]["taxonomy_id"], set()).add(service["id"])
    assert len(carried) > 20
    for term, ids in carried.items():
        assert {one["id"] for one in partner.all(f"/services?minimal=true&taxonomy_term_id={term}")} == ids
    for taxonomy, ids in taxonomies.items():
        assert {one["id"] for one in partner.all(f"/services?minimal=true&taxonomy_id={taxonomy}")} == ids


@pytest.mark.parametrize("name", ["taxonomy_term_id", "taxonomy_id", "organization_id"])
@pytest.mark.parametrize("kind", ["services", "service_at_locations"])
def test_an_unknown_term_finds_nothing(directory, partner, kind, name):
    assert partner.read(f"/{kind}?{name}=00000000-0000-4000-8000-000000000000")["empty"]


def test_places_are_filtered_as_their_services_are(empty, partner):
    record = making.everything()
    making.place(making.service("autre", organisation=making.organisation("autre")), making.location("loc-autre"))
    found = partner.all(f"/service_at_locations?organization_id={record.organisation.uuid}")
    assert [one["service_id"] for one in found] == [str(record.uuid)]


def test_words_are_looked_for_in_every_language(empty, partner):
    making.service("a", name_fr="Consultation médicale", name_ar="استشارة طبية")
    making.service("b", name_fr="Cours d’arabe")
    assert keys(partner, "search=طبية&lang=fr") == {"a"}
    assert keys(partner, "search=consultation+MAISON&lang=ar") == {"a"}
    assert keys(partner, "search=consultation+cours") == set()


def test_the_search_engine_is_asked_where_it_answers(empty, partner, monkeypatch):
    """It finds what the words alone do not: here a misspelt one."""
    making.service("a", name_fr="Hôpital")
    making.service("b", name_fr="École")
    hit = Hit("service", "a", "", SafeString("Hôpital"), SafeString(""), "fr", "/services/a/", 1.0)
    monkeypatch.setattr(finding.search, "search", lambda query: Results((hit,), 1, {}, "", "embedded", 0.1))
    assert keys(partner, "search=opital") == {"a"}
    monkeypatch.setattr(finding.search, "search", lambda query: Results((), 0, {}, "", "none", 0.1, degraded=True))
    assert keys(partner, "search=opital") == set()
    assert keys(partner, "search=Hôpital") == {"a"}


def test_terms_can_be_asked_for_by_taxonomy_parent_and_level(directory, partner):
    theme = models.Term.objects.filter(parent=None).first()
    below = partner.all(f"/taxonomy_terms?parent_id={theme.uuid}")
    assert {one["parent_id"] for one in below} == {str(theme.uuid)}
    top = partner.all(f"/taxonomy_terms?taxonomy_id={vocabulary.NEED.id}&top_only=true")
    assert {one["code"] for one in top} == set(models.Term.objects.filter(parent=None).values_list("code", flat=True))


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.save(),
        lambda s: s.phones.get(number="+212500000001").delete(),
        lambda s: models.ServicePhone.objects.create(service=s, number="0800000000"),
        lambda s: s.hours.first().save(),
        lambda s: s.dated_hours.first().delete(),
        lambda s: s.documents.first().save(),
        lambda s: s.costs.first().delete(),
        lambda s: s.contacts.first().save(),
        lambda s: s.places.first().delete(),
        lambda s: s.places.first().location.save(),
        lambda s: s.places.first().location.delete(),
        lambda s: s.organisation.save(),
        lambda s: models.OrganisationPhone.objects.create(organisation=s.organisation, number="0500000000"),
        lambda s: s.category.save(),
        lambda s: s.terms.first().save(),
    ],
)
def test_a_service_is_changed_when_something_of_it_is(empty, partner, change):
    record = making.everything()
    making.service("unchanged", organisation=making.organisation("autre"), category=making.category("other"))
    age_everything()
    assert changed(partner) == set()
    change(models.Service.objects.get(pk=record.pk))
    assert changed(partner) == {record.key}


def test_a_service_counts_as_changed_when_its_suspension_has_ended(empty, partner):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    making.service("wieder", suspended_until=yesterday)
    age_everything()
    assert keys(partner, f"modified_after={yesterday}") == {"wieder"}
    week_on = timezone.localdate() + datetime.timedelta(days=7)
    assert keys(partner, f"modified_after={week_on}") == set()


@pytest.mark.parametrize(
    "form", ["{:%Y-%m-%dT%H:%M:%S.%fZ}", "{:%Y-%m-%dT%H:%M:%S.%f+00:00}", "{:%Y-%m-%d %H:%M:%S.%f}"]
)
def test_what_changed_at_the_very_moment_is_found(empty, partner, form):
    record = making.service("a")
    moment = form.format(record.modified_at.astimezone(datetime.UTC))
    assert keys(partner, urllib.parse.urlencode({"modified_after": moment})) == {"a"}
    assert keys(partner, f"modified_after={moment}") == {"a"}  # a plus that the partner forgot to escape


def test_places_near_a_postal_code_are_found_by_metres(empty, partner):
    record = making.service("a")
    for key, postcode, latitude in (
        ("x", "90000", 35.0),
        ("y", "90000", 35.002),
        ("z", "90010", 35.02),
        ("w", "20000", 33.6),
    ):
        making.place(record, making.location(f"loc-{key}", postal_code=postcode, latitude=latitude, longitude=-5.8))

    def names(query: str) -> set[str]:
        return {one["location"]["name"][-1] for one in partner.all(f"/service_at_locations?lang=fr&{query}")}

    assert names("postcode=90000") == {"x", "y"}
    assert names("postcode=90000&proximity=50") == set()
    assert names("postcode=90000&proximity=150") == {"x", "y"}
    assert names("postcode=90000&proximity=5000") == {"x", "y", "z"}
    assert names("postcode=00000&proximity=5000000") == set()
