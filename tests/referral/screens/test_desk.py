"""The door of casework: who comes in, what strangers get, what the pages carry."""

from __future__ import annotations

import pytest

from referral.models import AuditEntry
from referral.words.choices import CaseRole
from tests.people import at_desk, sign_in
from tests.referral import making

pytestmark = pytest.mark.django_db


def test_nobody_comes_in_without_signing_in_whether_the_address_leads_anywhere_or_not(reader):
    for path in ("/fr/casework/", "/ar/casework/draft/"):
        assert reader.get(path).status_code in (302, 405)


def test_an_account_without_a_partner_finds_nothing_there_and_is_on_record():
    answer = sign_in(making.user()).get("/fr/casework/")
    assert answer.status_code == 404
    assert AuditEntry.objects.get().kind == "denied"


def test_the_desk_greets_a_member_and_nobody_may_keep_the_page():
    answer = at_desk(making.member(making.partner())).get("/ar/casework/")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert "require-trusted-types-for" in answer["Content-Security-Policy"]
    assert answer["Referrer-Policy"] == "same-origin"


def test_training_is_on_every_page_until_the_operator_and_the_organisation_have_their_papers(settings):
    settings.CNDP_AUTHORISATION = "D-1"
    with_papers = at_desk(making.member(making.partner("signed"))).get("/en/casework/")
    without = at_desk(making.member(making.partner("unsigned", agreed=False))).get("/en/casework/")
    assert 'class="training"' not in with_papers.content.decode()
    assert 'class="training"' in without.content.decode()


def test_the_cookie_of_staff_goes_to_staff_pages_alone():
    client = at_desk(making.member(making.partner()))
    session = client.session
    session["changed"] = "yes"
    session.save()
    answer = client.get("/fr/casework/")
    assert all(morsel["path"] != "/" for morsel in answer.cookies.values())
    public = client.get("/fr/")
    assert not public.cookies
    assert "Cookie" not in public.get("Vary", "")


def test_what_is_typed_is_kept_and_comes_back():
    client = at_desk(making.member(making.partner(), CaseRole.CASEWORKER))
    assert client.post("/fr/casework/draft/", {"draft": "note", "words": "half a sen"}).status_code == 204
    assert client.post("/fr/casework/draft/", {"draft": "", "words": "x"}).status_code == 400
    assert client.post("/fr/casework/draft/", {"draft": "note", "words": "x" * 100_000}).status_code == 413


def test_ten_megabytes_are_refused_in_one_sentence():
    client = at_desk(making.member(making.partner()))
    answer = client.post("/en/casework/draft/", {"draft": "note", "words": "x" * 10_000_000})
    assert answer.status_code == 413
    assert "too large" in answer.content.decode()
