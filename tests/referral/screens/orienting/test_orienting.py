"""Telling somebody where to go: what is kept of it, what is shown to tell, and the directory at hand."""

from __future__ import annotations

import pytest

from referral.models import AuditEntry, Case, Orientation, Person
from referral.words.choices import CaseRole
from tests.people import at_desk
from tests.referral import making

pytestmark = pytest.mark.django_db
LOG, DIRECTORY = "/en/casework/orientation/", "/en/casework/directory/"
SAID = {"language": "bm", "age_band": "25-34", "sex": "female", "need": "health", "told": "yes"}


@pytest.fixture
def intake():
    return making.member(making.partner("org-a"), CaseRole.INTAKE)


def test_scenario_1_somebody_who_wants_no_record_is_told_where_to_go_and_only_five_things_are_kept(intake):
    service = making.service("clinic-of-test", name_en="Clinic of the test")
    client = at_desk(intake)
    answer = client.post(LOG, {**SAID, "service": service.key, "name": "Awa", "phone": "0612345678"}, follow=True)
    html = answer.content.decode()
    row = Orientation.objects.get()
    assert (row.language, row.age_band, row.sex, row.need, row.service) == ("bm", "25-34", "female", "health", service)
    assert {field.name for field in Orientation._meta.fields} == {
        "id", "partner", "on", "language", "age_band", "sex", "need", "service", "given", "is_training",
    }  # fmt: skip
    assert not Case.objects.exists()
    assert not Person.objects.exists()
    assert "Clinic of the test" in html
    assert "0537 000 000" in html.replace("\xa0", " ") or "tel:+212537000000" in html
    assert "/en/services/clinic-of-test/" in html
    assert "1 orientation today." in html
    assert "Record another" in html
    entry = AuditEntry.objects.get(what="orientation.log")
    assert entry.case_id is None


def test_a_service_is_found_by_need_and_chosen_without_a_script(intake):
    service = making.service("clinic-of-test", name_en="Clinic of the test", category="health", capacity="open")
    client = at_desk(intake)
    assert f"service={service.key}" in client.get(f"{LOG}?need=health&region=MA-04").content.decode()
    html = client.get(f"{LOG}?need=health&service={service.key}").content.decode()
    assert f'name="service" value="{service.key}"' in html
    assert "Tell the person:" in html


def test_what_is_wrong_is_said_and_what_was_typed_stays(intake):
    answer = at_desk(intake).post(LOG, {**SAID, "need": "", "service": "no\0such"})
    assert answer.status_code == 400
    assert 'value="bm" selected' in answer.content.decode()
    assert not Orientation.objects.exists()


def test_only_who_receives_people_logs_orientations(intake):
    for role in (CaseRole.FOCAL_POINT, CaseRole.ORGANISATION_ADMIN, CaseRole.STATISTICIAN, CaseRole.DPO):
        assert at_desk(making.member(intake.partner, role)).post(LOG, SAID).status_code == 404
    assert not Orientation.objects.exists()


def test_todays_number_counts_the_own_organisation_alone(intake):
    at_desk(making.member(making.partner("org-b"), CaseRole.INTAKE)).post(LOG, SAID)
    assert "0 orientations today." in at_desk(intake).get(LOG).content.decode()


def test_the_directory_at_hand_shows_phone_room_and_whether_it_takes_referrals(intake):
    making.service("open-one", name_en="Open one", category="health", capacity="open")
    making.service("no-one", name_en="No one", category="health", accepts_referrals="no")
    html = at_desk(intake).get(f"{DIRECTORY}?need=health&region=MA-04&language=").content.decode()
    assert html.index("Open one") < html.index("No one")
    assert "Accepts no referrals" in html
    assert "Accepts referrals" in html
    assert "tel:+212537000000" in html


def test_the_directory_at_hand_never_shows_a_hidden_address(intake):
    service = making.service("shelter-of-test", name_en="Shelter of the test", category="shelter")
    service.places.get().location.__class__.objects.filter(key=f"place-{service.key}").update(hidden=True)
    html = at_desk(intake).get(f"{DIRECTORY}?need=shelter&region=MA-04").content.decode()
    assert "Shelter of the test" in html
    assert "rue des Essais" not in html
    assert "Rabat<" not in html.partition("Shelter of the test")[2].partition("</li>")[0]
