"""Around a case: who wants no record is only counted; what is half typed is kept for a while, sealed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import models
from django.utils import timezone

from referral import drafts
from referral.access import Member
from referral.actions.orientation import log_orientation
from referral.models import AuditEntry, Case, Draft, Orientation
from referral.refusals import GuardRefused, WrongField
from referral.states.machine import NotYours
from referral.words.choices import CaseRole
from tests.referral import making

pytestmark = pytest.mark.django_db
COUNTED = {"partner", "on", "language", "age_band", "sex", "need", "service", "given", "is_training"}


@pytest.fixture
def worker() -> Member:
    return making.member(making.partner(), CaseRole.INTAKE)


def test_scenario_1_who_refuses_any_record_is_only_counted(worker: Member) -> None:
    row = log_orientation(by=worker, need="health", language="bm", age_band="25-34", service=making.service())
    assert not Case.objects.exists()
    assert {field.name for field in Orientation._meta.fields} - {"id"} == COUNTED
    assert not [field for field in Orientation._meta.fields if isinstance(field, models.DateTimeField)]
    assert (row.language, row.age_band, row.need, row.sex) == ("bm", "25-34", "health", "")
    entry = AuditEntry.objects.get()
    assert (entry.what, entry.fields, entry.case_id) == ("orientation.log", [], None)


@pytest.mark.parametrize("wrong", [{"need": "money"}, {"language": "Awa Diallo"}, {"age_band": "23"}, {"sex": "x"}])
def test_an_orientation_takes_nothing_but_its_lists(worker: Member, wrong: dict[str, str]) -> None:
    with pytest.raises(WrongField):
        log_orientation(by=worker, **{"need": "health", **wrong})
    assert not Orientation.objects.exists()


def test_a_focal_point_logs_no_orientation_and_a_partner_without_agreement_no_real_one(
    worker: Member, settings
) -> None:
    with pytest.raises(NotYours):
        log_orientation(by=making.member(worker.partner, CaseRole.FOCAL_POINT), need="health")
    settings.CNDP_AUTHORISATION = "A-1"
    assert not log_orientation(by=worker, need="health").is_training
    with pytest.raises(GuardRefused):
        log_orientation(by=making.member(making.partner("fes", agreed=False)), need="health")


def test_a_draft_is_kept_for_who_typed_it_in_this_partner_and_for_nobody_else(worker: Member) -> None:
    drafts.save(worker, "open", {"given_name": "Awa"})
    drafts.save(worker, "open", {"given_name": "Awa", "languages": ["bm"]})
    assert drafts.load(worker, "open") == {"given_name": "Awa", "languages": ["bm"]}
    assert Draft.objects.count() == 1
    assert b"Awa" not in bytes(Draft.objects.get().typed)
    elsewhere = making.member(making.partner("rabat"), who=making.user_of(worker))
    assert drafts.load(elsewhere, "open") is None
    assert drafts.load(making.member(worker.partner), "open") is None
    assert drafts.load(worker, "note") is None


def test_a_draft_is_gone_when_its_form_was_sent_and_after_72_hours(worker: Member) -> None:
    drafts.save(worker, "open", {"given_name": "Awa"})
    drafts.forget(worker, "open")
    assert drafts.load(worker, "open") is None
    drafts.save(worker, "open", {"given_name": "Awa"})
    Draft.objects.update(expires_at=timezone.now())
    assert drafts.load(worker, "open") is None
    drafts.save(worker, "note", {"words": "x"})
    assert (drafts.forget_expired(), Draft.objects.count()) == (1, 1)
    left = Draft.objects.get().expires_at - timezone.now()
    assert timedelta(hours=71) < left <= timedelta(hours=72)


def test_a_draft_that_is_too_long_or_cannot_be_opened_is_no_draft(worker: Member) -> None:
    with pytest.raises(drafts.TooLong):
        drafts.save(worker, "open", {"words": "x" * drafts.MOST})
    drafts.save(worker, "open", {"words": "x"})
    other = Draft.objects.get()
    drafts.save(worker, "note", {"words": "y"})
    Draft.objects.filter(form="note").update(typed=other.typed)
    assert drafts.load(worker, "note") is None
