"""What must never leave the server through the API or a file for readers."""

from __future__ import annotations

import datetime
import io
import json
import zipfile

import pytest
from django.core.management import call_command
from django.utils import timezone

from services.hsds import mapping, places
from services.models import Location, Service

from . import making
from .conftest import LANGUAGES

EVERYTHING = (
    "/services?full=true&format=ndjson",
    "/services?format=ndjson",
    "/organizations?full=true&full_service=true&format=ndjson",
    "/service_at_locations?format=ndjson",
    "/service_at_locations?full=true&format=ndjson",
    "/taxonomy_terms?format=ndjson",
)


def whole_output(partner) -> str:
    return json.dumps(
        [partner.lines(f"{one}&lang={code}") for one in EVERYTHING for code in LANGUAGES], ensure_ascii=False
    )


def exported(name: str) -> str:
    """The text of a file for readers, of everything inside it."""

    class Out(io.StringIO):
        buffer = io.BytesIO()

    Out.buffer = io.BytesIO()
    call_command("export_services", name, stdout=Out())
    content = Out.buffer.getvalue()
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "\n".join(parts.read(part).decode() for part in parts.namelist())
    return content.decode()


def test_a_hidden_address_is_nowhere_in_the_api(empty, partner):
    place = making.shelter()
    told = whole_output(partner)
    assert str(place.service.uuid) in told
    for secret in (*making.SECRETS, str(place.location.uuid), "Ville GN-98"):
        assert secret not in told
    assert "Région MA-98" in told


@pytest.mark.parametrize("name", ["csv", "xlsx", "hsds-json", "hsds-tabular"])
def test_a_hidden_address_is_in_no_file_for_readers(empty, name):
    place = making.shelter()
    told = exported(name)
    assert "refuge-femmes" in told or str(place.service.uuid) in told
    for secret in (*making.SECRETS, str(place.location.uuid)):
        assert secret not in told


def test_every_hidden_place_of_the_starter_directory_stays_hidden(directory, partner):
    told = whole_output(partner)
    hidden = Location.objects.filter(hidden=True)
    assert hidden
    for location in hidden:
        assert str(location.uuid) not in told
        for text in filter(None, (location.key, location.address_fr, location.address_en, location.address_ar)):
            assert text not in told


def test_nobody_finds_a_hidden_place_by_asking_where_it_is(empty, partner):
    making.shelter()
    near = making.location("loc-near", postal_code="10999", latitude=33.98765, longitude=-6.87654)
    making.place(making.service("voisin"), near)
    for query in ("postcode=10 999", "postcode=10999&proximity=5", "postcode=10 999&proximity=500000"):
        ids = {one["service"]["name"] for one in partner.all(f"/service_at_locations?lang=fr&{query}")}
        assert "Service refuge-femmes" not in ids


def test_two_services_of_one_hidden_place_do_not_share_an_id(empty, partner):
    place = making.shelter()
    making.place(making.service("ecoute"), place.location)
    ids = [one["location_id"] for one in partner.all("/service_at_locations")]
    assert len(ids) == len(set(ids)) == 2


def test_the_mapping_itself_refuses_a_hidden_location(empty):
    house = making.shelter().location
    with pytest.raises(ValueError, match="never leaves"):
        places.location(house, "fr")
    assert "locations" not in mapping.full_organization(house.organisation, "fr")


@pytest.mark.parametrize(
    "fields",
    [{"confidence": "C"}, {"live": False}, {"suspended_until": timezone.localdate() + datetime.timedelta(days=3)}],
)
def test_what_readers_may_not_see_is_not_there(empty, partner, fields):
    record = making.everything()
    Service.objects.filter(pk=record.pk).update(**fields)
    assert partner.read("/services")["empty"]
    assert partner.read("/service_at_locations")["empty"]
    assert partner.get(f"/hsds/services/{record.uuid}").status_code == 404
    assert partner.get(f"/hsds/service_at_locations/{record.places.get().uuid}").status_code == 404
    assert "services" not in partner.read(f"/organizations/{record.organisation.uuid}")


def test_a_place_that_readers_may_not_see_is_left_out(empty, partner):
    record = making.everything()
    Location.objects.filter(key="loc-tout").update(confidence="C")
    assert "service_at_locations" not in partner.read(f"/services/{record.uuid}")
    assert partner.read("/service_at_locations")["empty"]


def test_a_name_is_told_only_of_a_person_who_agreed(empty, partner):
    making.everything()
    told = whole_output(partner) + exported("csv")
    assert "Agreed Person" in told
    assert "Silent Person" not in told


def test_neither_confidence_nor_source_is_told_by_the_api(empty, partner):
    record = making.everything()
    found = partner.read(f"/services/{record.uuid}")
    assert not {"confidence", "source", "checked_by", "assurer_email"} & set(found)
