"""The screens of guarding, from the outside: uploads, downloads, leave to read, requests, complaints, holds, export."""

from __future__ import annotations

import re
import time
import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from referral.actions import people
from referral.attachments.judging import LARGEST
from referral.models import AccessGrant, Attachment, AuditEntry, Complaint, DataRequest
from referral.screens.confirmed import LASTS
from referral.words.choices import CaseRole
from tests.people import at_desk, code_now, confirmed, sign_in
from tests.referral import making
from tests.referral.guarding import papers
from tests.referral.guarding.house import House

pytestmark = pytest.mark.django_db
HERE = "/en/casework"


@pytest.fixture
def house():
    return House()


def upload(client, code: str, content: bytes, name: str = "scan.jpg", **more):
    sent = SimpleUploadedFile(name, content, "image/jpeg")
    return client.post(f"{HERE}/cases/{code}/files/", {"file": sent, **more})


def body(answer) -> str:
    """The page without what differs from one answer to the next."""
    return re.sub(r'value="[A-Za-z0-9]{32,}"', "", answer.content.decode())


# Files -------------------------------------------------------------------------------------------------------------------


def test_a_file_goes_up_and_comes_down_to_be_saved_and_not_to_be_run(house):
    case, client = house.case(), at_desk(house.worker)
    assert upload(client, case.code, papers.photo(exif=True), "Kanary passport.jpg").status_code == 302
    page = client.get(f"{HERE}/cases/{case.code}/files/").content.decode()
    assert "Kanary passport.jpg" in page
    row = Attachment.objects.get()
    answer = client.get(f"{HERE}/cases/{case.code}/files/{row.pk}/")
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert papers.CAMERA.encode() not in answer.content
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert "Kanary" not in answer["Content-Disposition"]
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")


@pytest.mark.parametrize(("content", "status", "sentence"), [
    (b"<svg><script>alert(1)</script></svg>", 400, "Only photographs"),
    (papers.photo() + b"<script>", 400, "of two kinds at once"),
    (papers.flood(), 400, "fewer pixels"),
    (b"", 400, "empty"),
    (b"\xff\xd8\xff" + b"\0" * (LARGEST + 1), 413, "larger than 10 MB"),
])  # fmt: skip
def test_what_is_not_taken_is_refused_in_one_sentence_and_nothing_is_kept(house, content, status, sentence):
    case = house.case()
    answer = upload(at_desk(house.worker), case.code, content)
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert not Attachment.objects.exists()


def test_an_upload_never_touches_the_disk_before_it_is_sealed(house, settings, monkeypatch, tmp_path):
    """No temporary file, however large, and nothing of it in the folder of the site."""
    import tempfile

    def refused(*_args, **_named):
        raise AssertionError("a temporary file")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refused)
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", refused)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    content = papers.photo("PNG", (1500, 1500), exif=False)
    case = house.case()
    answer = upload(at_desk(house.worker), case.code, content, "Kanary.png")
    assert answer.status_code == 302
    kept = [path for path in Path(settings.VAR_DIR).rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert content[40:80] not in kept[0].read_bytes()


def test_scenario_38_a_copied_address_of_a_file_is_to_others_what_a_missing_one_is(house):
    case = house.case()
    upload(at_desk(house.worker), case.code, papers.photo())
    row = Attachment.objects.get()
    there, missing = (f"{HERE}/cases/{case.code}/files/{one}/" for one in (row.pk, uuid.UUID(int=row.pk.int ^ 1)))
    elsewhere = f"{HERE}/cases/7K3F-H9XR-M/files/{row.pk}/"
    away = House("rabat")
    colleague, dpo = making.member(house.partner), house.officer
    for stranger in (away.worker, away.supervisor, away.officer, colleague, dpo, house.other):
        client = at_desk(stranger)
        answers = [client.get(path) for path in (there, missing, elsewhere)]
        assert [answer.status_code for answer in answers] == [404, 404, 404]
        ids = (str(row.pk), str(uuid.UUID(int=row.pk.int ^ 1)), case.code, "7K3F-H9XR-M")
        bodies = {re.sub("|".join(ids), "", body(answer)) for answer in answers}  # the links to other languages
        assert len(bodies) == 1
        assert client.get(f"{HERE}/cases/{case.code}/files/").status_code == 404
        assert upload(client, case.code, papers.photo()).status_code == 404
    nobody = making.user()
    assert sign_in(nobody).get(there).status_code == 404
    from django.test import Client

    assert Client().get(there).status_code == 302  # to sign in, as for any address
    assert AuditEntry.objects.filter(kind="denied").count() >= 30
    assert Attachment.objects.count() == 1


# Leave to read -----------------------------------------------------------------------------------------------------------


def test_asking_deciding_and_ending_by_the_screens(house):
    case = house.case()
    asker, officer = at_desk(house.supervisor), at_desk(house.officer)
    sent = {"code": case.code.lower(), "ground": "supervision", "reason": "The weekly review"}
    assert asker.post(f"{HERE}/access/", sent).status_code == 302
    grant = AccessGrant.objects.get()
    page = officer.get(f"{HERE}/access/").content.decode()
    assert "The weekly review" in page
    assert "The weekly review" not in at_desk(house.worker).get(f"{HERE}/access/").content.decode()
    assert officer.post(f"{HERE}/access/{grant.pk}/", {"answer": "approve"}).status_code == 302
    assert "Open until" in asker.get(f"{HERE}/access/").content.decode()
    assert case.code in at_desk(house.worker).get(f"{HERE}/access/").content.decode()
    assert asker.post(f"{HERE}/access/{grant.pk}/", {"answer": "end"}).status_code == 302
    assert asker.post(f"{HERE}/access/{grant.pk}/", {"answer": "approve"}).status_code == 409
    assert asker.post(f"{HERE}/access/{grant.pk}/", {"answer": "nonsense"}).status_code == 404


def test_scenario_41_asking_for_a_code_of_another_organisation_a_forbidden_and_a_missing_one_gets_the_same_answer(
    house,
):
    from referral.identifiers import new_case_code

    away = House("rabat")
    codes = [away.case().code, house.case("vot").code, new_case_code()]
    client = at_desk(house.other)
    answers = [client.post(f"{HERE}/access/", {"code": code, "ground": "emergency", "reason": "x"}) for code in codes]
    assert {answer.status_code for answer in answers} == {404}
    assert len({body(answer) for answer in answers}) == 1
    assert not AccessGrant.objects.exists()


def test_scenario_61_the_list_of_readers_is_for_owner_and_officer_alone(house):
    case = house.case()
    at_desk(house.worker).get(f"{HERE}/cases/{case.code}/files/")
    for who, status in (
        (house.worker, 200),
        (house.officer, 200),
        (house.supervisor, 404),
        (House("rabat").officer, 404),
    ):
        answer = at_desk(who).get(f"{HERE}/cases/{case.code}/access/")
        assert answer.status_code == status
    shown = at_desk(house.officer).get(f"{HERE}/cases/{case.code}/access/").content.decode()
    assert "Looked at the list of files" in shown
    assert "Mariam" not in shown


# Requests, complaints, holds, export --------------------------------------------------------------------------------------


def test_scenario_65_from_the_desk_to_the_copy_on_paper_and_as_json(house):
    case = house.case(given_name="Awa")
    sent = {"kind": "access", "asked_by": "person", "received_on": "", "asked": "A copy", "code": case.code}
    desk = at_desk(house.worker)
    assert desk.post(f"{HERE}/requests/new/", sent).status_code == 400
    from django.utils import timezone

    sent["received_on"] = timezone.localdate().isoformat()
    assert desk.post(f"{HERE}/requests/new/", sent).status_code == 302
    row = DataRequest.objects.get()
    address = f"{HERE}/requests/{row.pk}/"
    officer = at_desk(house.officer)
    assert desk.get(address).status_code == 404
    assert at_desk(house.supervisor).get(address).status_code == 404
    assert "First ask for permission" in officer.get(address).content.decode()
    assert officer.get(f"{address}copy/").status_code == 409
    officer.post(f"{HERE}/access/", {"code": case.code, "ground": "data_request", "reason": "The copy"})
    at_desk(house.supervisor).post(f"{HERE}/access/{AccessGrant.objects.get().pk}/", {"answer": "approve"})
    assert "left out" in officer.get(f"{address}copy/").content.decode()
    page = officer.post(f"{address}copy/", {"note": "nonsense"})
    assert "Awa" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    as_json = officer.post(f"{address}copy/", {"json": "1"})
    assert any(line["value"] == "Awa" for part in as_json.json()["parts"] for line in part["lines"])
    answered = {"answer-outcome": "copy_given", "answer-words": "On paper"}
    assert officer.post(address, answered).status_code == 302
    assert officer.post(address, answered).status_code == 409


def test_erasure_by_two_people_on_the_screens(house):
    case = house.case()
    from referral.guarding import data_requests

    row = data_requests.record(by=house.worker, kind="erasure", asked="Erase", code=case.code)
    address = f"{HERE}/requests/{row.pk}/"
    officer, supervisor = at_desk(house.officer), at_desk(house.supervisor)
    assert supervisor.post(f"{address}erase/").status_code == 404
    assert officer.post(f"{address}erase/").status_code == 302
    assert officer.post(f"{address}erase/").status_code == 409
    assert "Erase the case for good" in supervisor.get(address).content.decode()
    assert supervisor.post(f"{address}erase/").status_code == 302
    case.refresh_from_db()
    assert case.erased_at is not None


def test_scenario_75_whom_a_complaint_is_about_finds_no_trace_of_it_on_any_screen(house):
    words = {"words": "Kanarycomplaint", "about": str(house.supervisor.user_id), "code": ""}
    assert at_desk(house.worker).post(f"{HERE}/complaints/new/", words).status_code == 302
    row = Complaint.objects.get()
    assert "Kanarycomplaint" in at_desk(house.officer).get(f"{HERE}/complaints/{row.pk}/").content.decode()
    accused = at_desk(house.supervisor)
    assert accused.get(f"{HERE}/complaints/{row.pk}/").status_code == 404
    assert str(row.pk) not in accused.get(f"{HERE}/requests/").content.decode()
    assert at_desk(house.worker).get(f"{HERE}/complaints/{row.pk}/").status_code == 404
    answer = {"outcome": "upheld", "words": "Spoke"}
    assert accused.post(f"{HERE}/complaints/{row.pk}/", answer).status_code == 404
    assert at_desk(house.officer).post(f"{HERE}/complaints/{row.pk}/", answer).status_code == 302


def test_scenario_64_a_hold_is_set_and_lifted_by_the_screen(house):
    case, officer = house.case(), at_desk(house.officer)
    for what in ("set", "lift"):
        sent = {"code": case.code, "what": what, "reason": "A trial"}
        assert officer.post(f"{HERE}/holds/", sent).status_code == 302
        case.refresh_from_db()
        assert case.legal_hold is (what == "set")
        assert (case.code in officer.get(f"{HERE}/holds/").content.decode()) is (what == "set")
    assert at_desk(house.worker).get(f"{HERE}/holds/").status_code == 404


def test_scenario_55_the_export_is_a_stream_with_a_name_and_for_nobody_else(house):
    case = house.case()
    answer = at_desk(house.supervisor).get(f"{HERE}/export/cases.csv?status=open")
    assert answer.streaming
    assert answer["Cache-Control"] == "no-store"
    assert case.code in answer.getvalue().decode()
    for role in (CaseRole.CASEWORKER, CaseRole.STATISTICIAN, CaseRole.FOCAL_POINT, CaseRole.ORGANISATION_ADMIN):
        assert at_desk(making.member(house.partner, role)).get(f"{HERE}/export/cases.csv").status_code == 404


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_page_opens_in_three_languages_without_a_script_of_its_own(house, language):
    case = house.case()
    pages = ["access/", "requests/", "requests/new/", "complaints/new/", "holds/"]
    client = at_desk(making.member(house.partner, CaseRole.SUPERVISOR, CaseRole.DPO, in_team=house.team))
    found = [client.get(f"/{language}/casework/{page}") for page in pages]
    found += [
        at_desk(house.worker).get(f"/{language}/casework/cases/{case.code}/{page}/") for page in ("files", "access")
    ]
    for answer in found:
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        assert answer.content.decode().count("<script") == 1


# The second factor once more ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ago", [LASTS + 5, -60])
def test_before_an_export_the_second_factor_is_asked_for_again_and_nothing_leaves_without_it(house, ago):
    case, client = house.case(), at_desk(house.supervisor)
    confirmed(client, time.time() - ago)
    asked = client.get(f"{HERE}/export/cases.csv?status=open")
    assert asked["Location"] == f"{HERE}/account/confirm/?next=%2Fen%2Fcasework%2Fexport%2Fcases.csv%3Fstatus%3Dopen"
    assert not AuditEntry.objects.filter(what="case.export").exists()
    assert 'name="code"' in client.get(asked["Location"]).content.decode()
    assert client.post(asked["Location"], {"code": "000000"}).status_code == 400
    assert client.get(f"{HERE}/export/cases.csv").status_code == 302
    done = client.post(asked["Location"], {"code": code_now()}).content.decode()
    assert f'href="{HERE}/export/cases.csv?status=open"' in done
    assert case.code in client.get(f"{HERE}/export/cases.csv?status=open").getvalue().decode()
    assert AuditEntry.objects.filter(what="second_factor.again:totp", user_id=house.supervisor.user_id).exists()


def test_before_a_copy_the_second_factor_is_asked_for_again_and_what_was_ticked_stays_ticked(house):
    from referral.guarding import data_requests, letting_in

    case = house.case()
    people.add_note(case, by=house.worker, words="Came alone")
    row = data_requests.record(by=house.worker, kind="access", asked="A copy", code=case.code)
    letting_in.approve(
        letting_in.ask(by=house.officer, code=case.code, ground="data_request", reason="x"), by=house.supervisor
    )
    client, address = at_desk(house.officer), f"{HERE}/requests/{row.pk}/copy/"
    page = client.get(address).content.decode()
    note = re.search(r'name="note" value="([^"]+)">', page)[1]
    confirmed(client, time.time() - LASTS - 5)
    assert client.get(address).status_code == 302
    for sent in ({"note": note}, {"note": note, "json": "1"}):
        assert client.post(address, sent)["Location"].startswith(f"{HERE}/account/confirm/")
    assert not AuditEntry.objects.filter(what="request.copy").exists()
    client.post(f"{HERE}/account/confirm/", {"code": code_now()})
    assert f'value="{note}" checked' in client.get(address).content.decode()
    assert "Came alone" in client.post(address, {"note": note}).content.decode()
    assert f'value="{note}" checked' not in client.get(address).content.decode()
