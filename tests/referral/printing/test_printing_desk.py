"""Printing from casework: either side may, nobody else; what is revoked is gone; every print is in the trail."""

from __future__ import annotations

import pytest

from referral.models import AuditEntry, AuditKind
from referral.printing import drawing, forms
from referral.states.workflow import Status
from tests.people import at_desk
from tests.referral.printing.reading import text_of
from tests.referral.referring.referring import scene, stranger

pytestmark = pytest.mark.django_db
KINDS = ("form.pdf", "form/")


def address(referral, kind="form.pdf", language="en"):
    return f"/{language}/casework/referrals/{referral.pk}/{kind}"


@pytest.mark.parametrize("kind", KINDS)
def test_both_sides_print_it_and_each_print_is_in_the_trail(kind):
    found = scene()
    referral = found.at(Status.SENT)
    for member in (found.worker, found.focal):
        answer = at_desk(member).get(address(referral, kind))
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        entry = AuditEntry.objects.filter(kind=AuditKind.PRINT).latest("pk")
        assert (entry.user_id, entry.referral_id, entry.fields) == (member.user_id, referral.pk, ["need", "reason"])
    assert AuditEntry.objects.filter(kind=AuditKind.PRINT).count() == 2


def test_the_form_is_in_the_language_that_was_chosen_and_named_after_nobody():
    found = scene()
    referral = found.at(Status.SENT)
    client = at_desk(found.focal)
    chosen = client.get(address(referral), {"language": "ar"})
    assert chosen["Content-Type"] == "application/pdf"
    assert chosen["Content-Disposition"] == f'inline; filename="form-{str(referral.pk)[:8]}.pdf"'
    assert "شباك كسيلوفون" in text_of(chosen.content)
    assert "Xylophone desk" in text_of(client.get(address(referral), {"language": "xx"}).content)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_revoked_is_gone_for_both_and_not_printed(kind):
    found = scene()
    referral = found.at(Status.WITHDRAWN)
    for member in (found.worker, found.focal):
        assert at_desk(member).get(address(referral, kind)).status_code == 410
    assert not AuditEntry.objects.filter(kind=AuditKind.PRINT).exists()


@pytest.mark.parametrize("kind", KINDS)
def test_for_a_stranger_and_before_it_is_sent_there_is_no_such_form(kind, reader):
    found = scene()
    referral = found.draft()
    assert at_desk(found.focal).get(address(referral, kind)).status_code == 404
    assert at_desk(stranger()).get(address(referral, kind)).status_code == 404
    assert reader.get(address(referral, kind)).status_code == 302
    assert not AuditEntry.objects.filter(kind=AuditKind.PRINT).exists()


def test_the_empty_form_is_there_for_whoever_works_here(reader):
    client = at_desk(stranger())
    assert client.get("/ar/casework/blank-form.pdf").content.startswith(b"%PDF-")
    assert client.get("/ar/casework/blank-form/").status_code == 200
    assert reader.get("/ar/casework/blank-form.pdf").status_code == 302


def test_where_pdf_cannot_be_drawn_the_page_to_print_is_offered(monkeypatch):
    found = scene()
    referral = found.at(Status.SENT)
    monkeypatch.setattr(drawing, "_weasyprint", lambda: None)
    forms.blank_form.cache_clear()
    client = at_desk(found.focal)
    answer = client.get(address(referral), {"language": "fr"})
    assert answer.status_code == 503
    assert f'href="{address(referral, "form/")}?language=fr"' in answer.content.decode()
    assert not AuditEntry.objects.filter(kind=AuditKind.PRINT).exists()
    assert client.get("/fr/casework/blank-form.pdf").status_code == 503
    page = client.get(address(referral, "form/"), {"language": "fr"})
    assert 'lang="fr"' in page.content.decode()
    assert "Needs a lawyer." in page.content.decode()
    assert "sha256-" in page["Content-Security-Policy"]
    assert "script" not in page["Content-Security-Policy"]
