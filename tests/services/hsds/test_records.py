"""Every record of the starter directory, in every language, is what HSDS 3.0 asks for: plainly and strictly."""

from __future__ import annotations

import datetime
import json

import pytest

from services.models import Organisation, Service

from . import making
from .conftest import LANGUAGES

LISTS = (
    ("services", "/services"),
    ("services", "/services?full=true"),
    ("organizations", "/organizations"),
    ("organizations", "/organizations?full=true&full_service=true"),
    ("service_at_locations", "/service_at_locations"),
    ("service_at_locations", "/service_at_locations?full=true"),
    ("taxonomies", "/taxonomies"),
    ("taxonomy_terms", "/taxonomy_terms"),
)
DATES = {"valid_from", "valid_to", "assured_date"}


def with_parameter(address: str, parameter: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{parameter}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "address"), LISTS)
def test_every_page_and_every_record_on_it_is_valid(directory, partner, checker, kind, address, language):
    pages = list(partner.pages(with_parameter(address, f"per_page=100&lang={language}")))
    assert pages[0]["total_items"] > 0
    for page in pages:
        for strict in (False, True):
            assert checker(kind, page, strict) == []


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_record_of_which_everything_is_known_is_valid(empty, partner, checker, language, strict):
    record = making.everything()
    making.shelter()
    found = partner.read(f"/services/{record.uuid}?lang={language}")
    assert checker("service", found, strict) == []
    assert len(found["schedules"]) == 6
    owner = partner.read(f"/organizations/{record.organisation.uuid}?lang={language}&full_service=true")
    assert checker("organization", owner, strict) == []
    for page in partner.pages(f"/service_at_locations?full=true&lang={language}"):
        assert checker("service_at_locations", page, strict) == []


@pytest.mark.parametrize(
    ("kind", "list_of"),
    [
        ("services", "/services?full=true"),
        ("service_at_locations", "/service_at_locations?full=true"),
        ("organizations", "/organizations?full=true"),
        ("taxonomies", "/taxonomies"),
    ],
)
def test_a_record_by_itself_is_what_the_full_list_holds(directory, partner, kind, list_of):
    for record in partner.all(with_parameter(list_of, "lang=fr&per_page=100"))[::7]:
        assert partner.read(f"/{kind}/{record['id']}?lang=fr") == record


def test_a_term_by_itself_names_its_taxonomy(directory, partner, checker):
    for term in partner.all("/taxonomy_terms?per_page=100")[::11]:
        found = partner.read(f"/taxonomy_terms/{term['id']}")
        assert found.pop("taxonomy_detail")["id"] == term["taxonomy_id"]
        assert found == term


def test_everything_that_readers_may_see_is_there(directory, partner):
    assert {one["id"] for one in partner.all("/services?per_page=100")} == {
        str(found) for found in Service.objects.shown().values_list("uuid", flat=True)
    }
    assert {one["id"] for one in partner.all("/organizations?per_page=100")} == {
        str(found) for found in Organisation.objects.shown().values_list("uuid", flat=True)
    }


def test_dates_exist(directory, partner):
    """The official schema lets impossible dates pass."""
    making.everything()

    def walk(plain):
        if isinstance(plain, dict):
            for name, value in plain.items():
                if name in DATES:
                    datetime.date.fromisoformat(value)
                walk(value)
        elif isinstance(plain, list):
            for one in plain:
                walk(one)

    walk(partner.all("/services?full=true&per_page=100"))


def test_no_id_names_two_things(directory, partner):
    making.everything()
    seen: dict[str, set[str]] = {}

    def walk(plain, name):
        if isinstance(plain, dict):
            seen.setdefault(plain["id"], set()).add(name)
        for key, value in plain.items() if isinstance(plain, dict) else ():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    walk(one, {"organization": "organizations", "location": "locations"}.get(key, key))

    for record in partner.all("/services?full=true&per_page=100"):
        walk(record, "services")
    assert {identity: names for identity, names in seen.items() if len(names) > 1} == {}


def test_a_text_that_is_missing_comes_in_another_language(empty, partner):
    record = making.service("seul", name_fr="Accueil", name_en="", description_ar="وصف")
    found = partner.read(f"/services/{record.uuid}?lang=en")
    assert (found["name"], found["description"]) == ("Accueil", "وصف")
    codes = {attribute["taxonomy_term"]["code"] for attribute in found["attributes"]}
    assert not {code for code in codes if code.startswith("texts:")}


def test_a_service_says_in_which_languages_it_is_complete(empty, partner):
    record = making.service("deux", name_fr="Accueil", name_ar="استقبال")
    codes = {one["taxonomy_term"]["code"] for one in partner.read(f"/services/{record.uuid}")["attributes"]}
    assert {code for code in codes if code.startswith("texts:")} == {"texts:ar", "texts:fr"}


def test_what_hsds_has_no_field_for_travels_as_attributes(empty, partner):
    record = making.everything()
    attributes = partner.read(f"/services/{record.uuid}?lang=fr")["attributes"]
    told = {one["taxonomy_term"]["code"]: one.get("value", "") for one in attributes}
    assert told == {
        "tests": "", "991": "", "welcome:only": "", "access:appointment": "", "capacity:waiting_list": "2026-11-01",
        "situation:refugee": "", "situation:woman": "", "fact:not_free": "", "fact:accepts_referrals": "",
        "fact:not_closed_on_holidays": "", "fact:women_only": "", "fact:friday_prayer": "", "texts:fr": "",
    }  # fmt: skip
    assert {one["link_id"] for one in attributes} == {str(record.uuid)}


def test_a_consulate_carries_a_warning_for_asylum_seekers(empty, partner):
    embassy = making.organisation("ambassade", kind="consulate")
    record = making.service("passeports", organisation=embassy)
    codes = {one["taxonomy_term"]["code"] for one in partner.read(f"/services/{record.uuid}")["attributes"]}
    assert "fact:asylum_warning" in codes


def test_hours_are_schedules_without_a_number_for_the_time_zone(empty, partner):
    rows = partner.read(f"/services/{making.everything().uuid}?lang=fr")["schedules"]
    plain = [
        {key: value for key, value in row.items() if key not in ("id", "service_id", "attributes")} for row in rows
    ]
    weekly = {"freq": "WEEKLY", "interval": 1}
    assert plain[0] == {**weekly, "byday": "MO", "opens_at": "09:00:00", "closes_at": "12:00:00"}
    assert rows[1]["attributes"][0]["taxonomy_term"]["code"] == "season:ramadan"
    assert plain[2] == {
        **weekly, "byday": "WE", "opens_at": "22:00:00", "closes_at": "02:00:00",
        "valid_from": "2026-01-01", "valid_to": "2026-03-31",
    }  # fmt: skip
    assert plain[3]["valid_from"] == plain[3]["valid_to"] == "2026-12-24"
    assert "opens_at" not in plain[4]
    assert plain[4]["notes"] == "Congés"
    assert plain[5] == {"description": "le matin"}
    assert not any("timezone" in row for row in rows)


@pytest.mark.parametrize(("capacity", "status"), [("closed", "temporarily closed"), ("full", "active")])
def test_a_service_that_takes_nobody_is_temporarily_closed(empty, partner, capacity, status):
    record = making.service("plein", capacity=capacity)
    assert partner.read(f"/services/{record.uuid}")["status"] == status


def test_the_same_question_has_the_same_answer(directory, partner):
    addresses = [with_parameter(address, "lang=ar&per_page=20") for _kind, address in LISTS]
    assert json.dumps([partner.read(one) for one in addresses]) == json.dumps([partner.read(one) for one in addresses])


@pytest.mark.parametrize(
    ("address", "header", "language"),
    [
        ("/services", "ar", "ar"),
        ("/services?lang=en", "ar", "en"),
        ("/services", "de", "fr"),
        ("/services/x", "ar", "ar"),
    ],
)
def test_the_language_is_the_one_asked_for_and_is_said(db, partner, address, header, language):
    answer = partner.get(f"/hsds{address}", headers={"accept-language": header})
    assert answer["Content-Language"] == language
    assert "Accept-Language" in answer["Vary"]
