"""Files of cases: judged by content, drawn anew, sealed, for nobody else, gone with the key."""

from __future__ import annotations

import stat
import uuid
from io import BytesIO

import pytest
from django.db import connection
from django.utils import timezone
from PIL import Image

from referral.attachments import storing
from referral.attachments.judging import LARGEST, FileRefused, cleaned
from referral.guarding import files
from referral.models import Attachment, AuditEntry
from referral.permissions import NotFound
from referral.states.machine import NotYours
from referral.timers.erasure import erase_case, erase_identity
from referral.words.choices import CaseRole
from tests.referral import making

from . import papers

pytestmark = pytest.mark.django_db
NAME = "passeport de Mariam Kanaryword.jpg"


@pytest.fixture
def worker():
    return making.member(making.partner())


@pytest.fixture
def case(worker):
    return making.case(worker)


def on_disk() -> list:
    return sorted(storing.folder().iterdir())


# What is taken -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("content", "why"), [
    (b"", "empty"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not_taken"),
    (b"<!doctype html><script>alert(1)</script>", "not_taken"),
    (b"GIF89a" + b"\0" * 50, "not_taken"),
    (b"PK\x03\x04" + b"\0" * 50, "not_taken"),
    (b"MZ\x90\0", "not_taken"),
    (b"  %PDF-1.7", "not_taken"),
    (papers.photo() + b"<script>alert(1)</script>", "two_in_one"),
    (papers.photo() + b"PK\x05\x06" + b"\0" * 18, "two_in_one"),
    (papers.photo("PNG") + b"<html>", "two_in_one"),
    (papers.pdf() + b"PK\x05\x06" + b"\0" * 18, "two_in_one"),
    (b"\xff\xd8\xff\xfe\x00\x20%PDF-1.7 hidden in a comment" + papers.photo()[2:], "two_in_one"),
    (papers.photo()[:200], "broken"),
    (b"\xff\xd8\xff" + b"\0" * 100, "broken"),
    (papers.photo("PNG").replace(b"IHDR", b"IHDX"), "broken"),
    (b"%PDF-1.7\nnothing", "broken"),
    (papers.pdf()[:-60], "broken"),
    (papers.pdf(password="secret"), "encrypted"),
    (papers.flood(), "too_many_pixels"),
    (b"\xff\xd8\xff" + b"\0" * LARGEST, "too_large"),
])  # fmt: skip
def test_what_is_no_photograph_or_pdf_alone_is_refused_with_one_sentence(content, why):
    with pytest.raises(FileRefused) as refused:
        cleaned(content, "scan.jpg")
    assert refused.value.why == why
    assert str(refused.value).endswith(".")


def test_a_photograph_loses_its_camera_and_its_place_and_keeps_its_picture():
    found = cleaned(papers.photo(exif=True), "photo.png")
    assert (found.kind, found.name) == ("jpg", "photo.jpg")
    assert papers.CAMERA.encode() not in found.content
    assert papers.PLACE.encode() not in found.content
    with Image.open(BytesIO(found.content)) as picture:
        assert picture.size == (60, 40)
        assert not picture.getexif()


def test_what_hides_behind_the_end_of_a_photograph_is_gone():
    assert b"HIDDENBEHIND" not in cleaned(papers.photo() + b"HIDDENBEHIND", "a.jpg").content
    assert b"HIDDENBEHIND" not in cleaned(papers.photo("PNG") + b"HIDDENBEHIND", "a.png").content


def test_a_pdf_loses_scripts_files_metadata_links_and_the_place_in_its_pictures_and_keeps_its_page():
    dirty = papers.pdf(harmful=True)
    secrets = (b"SECRETSCRIPT", b"SECRETINSIDE", b"SECRETTITLE", b"SECRETAUTHOR", b"secrettracker", b"SECRETCAMERA")
    assert all(secret in papers.laid_open(dirty) for secret in secrets)
    clean = papers.laid_open(cleaned(dirty, "x.pdf").content)
    assert [secret for secret in (*secrets, b"/OpenAction", b"/JavaScript", b"/AA") if secret in clean] == []
    assert b"/Im0" in clean
    assert b"/Count 1" in clean


@pytest.mark.parametrize(("name", "kept"), [
    ("invoice\u202egpj.exe", "invoicegpj.jpg"),
    ("../../etc/passwd", "passwd.jpg"),
    ("C:\\Users\\x\\scan.png", "scan.jpg"),
    ("a.jpg:stream.exe", "a.jpg"),
    ("x" * 300 + ".jpg", "x" * 120 + ".jpg"),
    ("\u202e\x00", "file.jpg"),
    ("جواز السفر.jpg", "جواز السفر.jpg"),
])  # fmt: skip
def test_a_name_that_misleads_is_put_right(name, kept):
    assert cleaned(papers.photo(), name).name == kept


def test_the_process_that_opens_files_can_write_none_and_knows_no_key(settings, monkeypatch):
    import subprocess

    seen = {}
    real = subprocess.run

    def watched(command, **named):
        seen.update(named, command=command)
        return real(command, **named)

    monkeypatch.setattr(subprocess, "run", watched)
    cleaned(papers.photo(), "a.jpg")
    assert seen["env"] == {}
    assert settings.CASE_KEYS not in repr(seen["command"])


# Where it is kept --------------------------------------------------------------------------------------------------------


def test_on_the_disk_and_in_the_database_there_is_noise_alone_and_only_the_site_may_read_it(worker, case):
    content = papers.photo(exif=True)
    row = files.add(case, by=worker, content=content, name=NAME)
    [path] = on_disk()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    clean = files.open_file(worker, case.code, row.pk).content
    sealed = path.read_bytes()
    assert clean.startswith(b"\xff\xd8\xff")
    assert clean[20:60] not in sealed
    assert b"Kanaryword" not in sealed + path.name.encode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM referral_attachment")
        assert b"Kanaryword" not in repr(cursor.fetchall()).encode()


def test_a_sealed_file_opens_only_for_its_own_row(worker, case):
    first = files.add(case, by=worker, content=papers.photo(), name="a.jpg")
    second = files.add(case, by=worker, content=papers.photo("PNG"), name="b.png")
    (storing.folder() / second.pk.hex).write_bytes((storing.folder() / first.pk.hex).read_bytes())
    with pytest.raises(NotFound):
        files.open_file(worker, case.code, second.pk)


def test_a_case_takes_so_many_files_and_no_more(worker, case, monkeypatch):
    monkeypatch.setattr(files, "MOST_FILES", 1)
    files.add(case, by=worker, content=papers.photo(), name="a.jpg")
    with pytest.raises(FileRefused) as refused:
        files.add(case, by=worker, content=papers.photo(), name="b.jpg")
    assert refused.value.why == "no_room"
    assert len(on_disk()) == 1
    assert AuditEntry.objects.filter(kind="refused", what="file.add:no_room", case_id=case.pk).count() == 1


def test_scenario_38_a_file_is_not_there_for_another_partner_nobody_or_another_case(worker, case):
    row = files.add(case, by=worker, content=papers.photo(), name="a.jpg")
    other = making.member(making.partner("rabat"), CaseRole.CASEWORKER, CaseRole.SUPERVISOR, CaseRole.DPO)
    colleague = making.member(worker.partner)
    officer = making.member(worker.partner, CaseRole.DPO)
    for stranger in (other, colleague, officer):
        for wanted in (row.pk, uuid.uuid4()):
            with pytest.raises(NotFound):
                files.open_file(stranger, case.code, wanted)
        with pytest.raises(NotFound):
            files.listed(stranger, case.code)
        with pytest.raises((NotFound, NotYours)):
            files.add(case, by=stranger, content=papers.photo(), name="x.jpg")
    own = making.case(other)
    with pytest.raises(NotFound):
        files.open_file(other, own.code, row.pk)


def test_opening_a_file_is_in_the_trail_and_its_name_is_not(worker, case):
    row = files.add(case, by=worker, content=papers.photo(), name=NAME)
    opened = files.open_file(worker, case.code, row.pk)
    entry = AuditEntry.objects.filter(what="file.open").get()
    assert (entry.kind, entry.case_id) == ("read", case.pk)
    assert "Kanaryword" not in opened.name
    assert files.listed(worker, case.code)[1][0].name == NAME


# When it goes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("erase", [erase_identity, erase_case])
def test_scenario_63_erasing_a_case_deletes_its_files_and_what_a_backup_kept_is_noise(worker, case, erase):
    row = files.add(case, by=worker, content=papers.photo(), name=NAME)
    kept = on_disk()[0].read_bytes()
    erase(case, timezone.now())
    assert on_disk() == []
    assert not Attachment.objects.exists()
    (storing.folder() / row.pk.hex).write_bytes(kept)
    with pytest.raises(NotFound):
        files.open_file(worker, case.code, row.pk)


def test_a_file_that_is_removed_is_gone_from_the_disk(worker, case, django_capture_on_commit_callbacks):
    row = files.add(case, by=worker, content=papers.photo(), name=NAME)
    with django_capture_on_commit_callbacks(execute=True):
        files.remove(case, by=worker, attachment_id=row.pk)
    assert on_disk() == []


def test_what_a_crash_left_without_a_row_is_swept_away_after_a_day(worker, case, monkeypatch):
    files.add(case, by=worker, content=papers.photo(), name="a.jpg")
    (storing.folder() / uuid.uuid4().hex).write_bytes(b"left")
    assert storing.forget_left() == 0
    monkeypatch.setattr(storing, "LEFT", -5)
    assert storing.forget_left() == 1
    assert len(on_disk()) == 1
