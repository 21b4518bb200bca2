"""An editor who would delete what a case needs is told that it is needed; the case forgets or loses what it can do without."""

from __future__ import annotations

import html
import re

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from referral.models import Draft, Orientation, Referral
from referral.safety.isolation import as_system
from services.models import Organisation, Service
from tests.referral import making
from tests.referral.safety.everything import Everything

pytestmark = pytest.mark.django_db


def deletion(row) -> str:
    """The address at which an editor deletes this one row."""
    kind = row._meta.model_name
    if kind == "user":
        return f"/cms/users/delete/{row.pk}/"
    return reverse(f"wagtailsnippets_services_{kind}:delete", args=[row.pk])


def deletion_of_many(*rows) -> str:
    """The address at which an editor deletes these rows, chosen in a list."""
    kind, chosen = rows[0]._meta.label_lower.replace(".", "/"), "".join(f"&id={row.pk}" for row in rows)
    return f"/cms/bulk/{kind}/delete/?next=/cms/{chosen}"


def said(page) -> str:
    """What the CMS says at the top of the page that the editor sees next."""
    found = re.findall(r'<li class="(?:error|success)">(.*?)</li>', page.content.decode(), re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", " ".join(found))).split())


def post(editor, address: str) -> str:
    page = editor.post(address, headers={"accept-language": "en"}, follow=True)
    assert page.status_code == 200
    return said(page)


@pytest.fixture
def found():
    with as_system():
        return Everything(making.partner(), making.partner("rabat"))


def needed(found) -> list:
    service = found.rows[Service]
    return [service, service.organisation, found.case.owner]


@pytest.mark.parametrize("address", [deletion, deletion_of_many])
def test_what_a_case_needs_is_not_deleted_and_the_editor_learns_only_that_it_is_needed(editor, found, address, caplog):
    for row in needed(found):
        sentence = post(editor, address(row))
        assert sentence.startswith(f"Not deleted, because other records need it: {row}."), sentence
        assert not re.search(r"case|referral|consent", sentence)
        assert not re.search(r"\d", sentence.replace(str(row), ""))
        assert type(row)._base_manager.filter(pk=row.pk).exists()
    assert caplog.text == ""


def test_who_opens_the_question_whether_to_delete_is_told_at_once_for_a_record(editor, found):
    service = found.rows[Service]
    page = editor.get(deletion(service), headers={"accept-language": "en"}, follow=True)
    assert "Not deleted" in said(page)
    assert page.redirect_chain[0][0].endswith(f"/edit/{service.pk}/")


def test_of_many_records_the_needed_ones_are_named_and_none_is_deleted(editor, found):
    free = making.service("free-desk")
    sentence = post(editor, deletion_of_many(free, found.rows[Service]))
    assert str(found.rows[Service]) in sentence
    assert str(free) not in sentence.replace(str(found.rows[Service]), "")
    assert Service.objects.filter(pk=free.pk).exists()


def test_a_record_that_a_case_only_remembers_is_deleted_and_forgotten(editor, found):
    """Deferred constraints are asked here, as at the end of the request."""
    free = making.service("free-desk")
    orientation, referral = found.rows[Orientation], found.rows[Referral]
    Orientation.objects.filter(pk=orientation.pk).update(service=free)
    Referral.objects.filter(pk=referral.pk).update(suggested=free)
    assert "deleted" in post(editor, deletion(free))
    assert_nothing_hangs_in_the_air()
    orientation.refresh_from_db()
    referral.refresh_from_db()
    assert (orientation.service, referral.suggested) == (None, None)


def test_drafts_of_an_account_go_with_it(editor, found):
    leaver = making.user()
    Draft.objects.create(user=leaver, partner=found.case.partner, form="note", expires_at=timezone.now())
    post(editor, deletion_of_many(leaver))
    assert_nothing_hangs_in_the_air()
    assert not get_user_model().objects.filter(pk=leaver.pk).exists()
    assert not Draft.objects.filter(user_id=leaver.pk).exists()


def test_what_nothing_needs_is_deleted_as_before(editor, found):
    free = making.service("free-desk")
    place = free.places.get().location
    for row in (free, place, Organisation.objects.create(key="nobody", name="Nobody")):
        assert "Not deleted" not in post(editor, deletion(row)), row
        assert not type(row).objects.filter(pk=row.pk).exists()


def assert_nothing_hangs_in_the_air() -> None:
    transaction.get_connection().check_constraints()
