"""What the person reads of a case: each state of case and referral in one of five neutral words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from referral.follow_up.looking import view_of
from referral.follow_up.status import AFTER, NEVER, NEXT, OVER, UNDER_WAY, Shown, status_of
from referral.referring.referrals import act
from referral.states.case_states import CaseStatus
from referral.states.events import Event, Status
from tests.referral import making

from .opening import agreed_case


def test_every_state_of_a_referral_has_its_place():
    assert set(Status) == set(UNDER_WAY) | set(AFTER) | NEVER
    assert len(UNDER_WAY) + len(AFTER) + len(NEVER) == len(Status)
    assert set(NEXT) == set(Shown)


@pytest.mark.parametrize("status", CaseStatus)
def test_every_state_of_a_case_has_its_place(status):
    assert status_of(status, [Status.DELIVERED]) == (Shown.FINISHED if status in OVER else Shown.CONTACT_US)


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        ([], Shown.RECEIVED),
        ([Status.DRAFT, Status.WITHDRAWN, Status.ENTERED_IN_ERROR], Shown.RECEIVED),
        ([Status.SENT], Shown.IN_PROGRESS),
        ([Status.WAITLISTED], Shown.IN_PROGRESS),
        ([Status.ACCEPTED], Shown.APPOINTMENT),
        ([Status.ACCEPTED, Status.SENT], Shown.APPOINTMENT),
        ([Status.ACCEPTED, Status.DELIVERED], Shown.CONTACT_US),
        ([Status.DECLINED], Shown.IN_PROGRESS),
        ([Status.EXPIRED], Shown.IN_PROGRESS),
        ([Status.NOT_DELIVERED], Shown.CONTACT_US),
        ([Status.NOT_DELIVERED, Status.SENT], Shown.IN_PROGRESS),
        ([Status.NOT_DELIVERED, Status.CLOSED], Shown.IN_PROGRESS),
        ([Status.CLOSED, Status.NOT_DELIVERED], Shown.CONTACT_US),
    ],
)
def test_the_table_of_referrals(states, shown):
    assert status_of(CaseStatus.OPEN, states) == shown


@pytest.mark.django_db
def test_a_draft_changes_neither_the_word_nor_the_day():
    opened = timezone.now() - timedelta(days=9)
    case, member = agreed_case(opened_at=opened)
    made = making.referral(case, member, making.service(), sent=False)
    assert view_of(case).status == Shown.RECEIVED
    assert view_of(case).changed_on == timezone.localdate(opened)
    making.consent(case, made.service)
    act(made.pk, Event.SEND, by=member)
    assert view_of(case).status == Shown.IN_PROGRESS
    assert view_of(case).changed_on == timezone.localdate()


@pytest.mark.django_db
def test_the_phone_of_the_office_only_where_calling_was_found_safe():
    from services.models import Organisation, OrganisationPhone

    number = "+212536000111"
    listed = Organisation.objects.create(key="office", name="Office", kind="ngo")
    OrganisationPhone.objects.create(organisation=listed, number=number)
    made = {}
    for name, profile, given in (
        ("safe", "gen", {"safe_contact": {"channels": ["call"]}}),
        ("text only", "gen", {"safe_contact": {"channels": ["sms"]}}),
        ("unknown", "gen", {}),
        ("delicate", "gbv", {"safe_contact": {"channels": ["call"]}}),
    ):
        case, member = agreed_case(profile=profile, **given)
        member.partner.listed_as = listed
        member.partner.save()
        case.refresh_from_db()
        made[name] = view_of(case).phone
    assert made == {"safe": number, "text only": "", "unknown": "", "delicate": ""}
