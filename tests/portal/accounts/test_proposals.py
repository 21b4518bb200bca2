"""Supervisors, data protection officers and administrators: proposed by one administrator, confirmed by another one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts import people, proposals
from portal.models import Invitation
from referral import outbox
from referral.access import member_of
from referral.models import AuditEntry
from referral.words.choices import CaseRole
from tests.people import at_desk
from tests.portal.accounts.doors import DOOR, browser
from tests.referral import making

pytestmark = pytest.mark.django_db
NEW = "three green bicycles"
SALMA = {"name": "Salma Idrissi", "email": "salma@example.org", "language": "ar"}


@pytest.fixture
def admin():
    return making.member(making.partner(), CaseRole.ORGANISATION_ADMIN)


@pytest.fixture
def second():
    return making.member(making.partner(), CaseRole.ORGANISATION_ADMIN)


def propose(admin, *roles: str, **changes: str) -> Invitation:
    assert at_desk(admin).post(f"{DOOR}people/invite/", SALMA | {"roles": roles} | changes).status_code == 302
    return Invitation.objects.get(withdrawn_at=None, is_proposal=True)


def confirm(admin, proposal: Invitation):
    return at_desk(admin).post(f"{DOOR}people/", {"confirm": str(proposal.pk)})


def change(admin, user, *roles: str):
    return at_desk(admin).post(f"{DOOR}people/{user.pk}/", {"do": "roles", "roles": roles})


@pytest.mark.parametrize("role", ["supervisor", "dpo", "org_admin"])
def test_an_invitation_to_a_role_that_others_rely_on_leaves_when_a_second_administrator_has_confirmed(
    admin, second, role
):
    proposal = propose(admin, "caseworker", role)
    assert mail.outbox == []
    assert browser().get(people.link_of(proposal)).status_code == 410
    assert people.accept(proposal, password=NEW) is None
    assert outbox.waiting().filter(user=second.user_id).exists()
    assert confirm(second, proposal).status_code == 200
    link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[0].body)[1]
    assert browser().post(link, {"password": NEW, "again": NEW}).status_code == 302
    found = Invitation.objects.get()
    assert (found.made_by_id, found.confirmed_by_id) == (admin.user_id, second.user_id)
    trail = AuditEntry.objects.filter(what__in=["account.propose", "account.confirm"]).order_by("pk")
    assert [(one.what, one.user_id, one.fields) for one in trail] == [
        ("account.propose", admin.user_id, sorted(["caseworker", role])),
        ("account.confirm", second.user_id, sorted(["caseworker", role])),
    ]


def test_other_roles_need_no_second_administrator(admin):
    given = SALMA | {"roles": ["intake", "caseworker", "focal_point", "statistician"]}
    assert at_desk(admin).post(f"{DOOR}people/invite/", given).status_code == 200
    assert len(mail.outbox) == 1


def test_nobody_confirms_their_own_proposal_nor_one_to_their_own_address(admin, second):
    own = making.user_of(second).email.upper()
    for by, changes in ((admin, {}), (second, {"email": own})):
        proposal = propose(admin, "supervisor", **changes)
        assert 'name="confirm"' not in at_desk(by).get(f"{DOOR}people/").content.decode()
        assert confirm(by, proposal).status_code == 403
        at_desk(admin).post(f"{DOOR}people/", {"withdraw": str(proposal.pk)})
    assert mail.outbox == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(confirmed_by=admin.user_id)


def test_an_administrator_of_another_organisation_and_a_supervisor_confirm_nothing(admin):
    proposal = propose(admin, "supervisor")
    elsewhere = making.member(making.partner("elsewhere"), CaseRole.ORGANISATION_ADMIN)
    boss = making.member(admin.partner, CaseRole.SUPERVISOR)
    confirm(elsewhere, proposal)
    assert confirm(boss, proposal).status_code == 404
    proposal.refresh_from_db()
    assert proposal.is_proposal
    assert not proposals.may_confirm(proposal, elsewhere)


def test_a_role_that_others_rely_on_is_given_to_a_colleague_when_a_second_administrator_has_confirmed(admin, second):
    user = making.user_of(making.member(admin.partner))
    assert change(admin, user, "supervisor", "intake").status_code == 302
    assert member_of(user).roles == {"caseworker"}
    proposal = Invitation.objects.get()
    assert confirm(admin, proposal).status_code == 403
    assert confirm(second, proposal).status_code == 302
    assert member_of(user).roles == {"supervisor", "intake"}
    assert mail.outbox == []
    assert browser().get(people.link_of(proposal)).status_code == 410, "there is no link to it"
    assert change(admin, user, "supervisor").status_code == 302
    assert member_of(user).roles == {"supervisor"}, "what somebody has already needs nobody"


def test_who_would_get_the_role_does_not_confirm_it(admin, second):
    change(admin, making.user_of(second), "org_admin", "dpo")
    assert confirm(second, Invitation.objects.get()).status_code == 403
    assert member_of(making.user_of(second)).roles == {"org_admin"}


def test_a_newer_change_and_leaving_end_a_proposal(admin, second):
    user = making.user_of(making.member(admin.partner))
    change(admin, user, "dpo")
    first = Invitation.objects.get()
    change(admin, user, "intake")
    confirm(second, first)
    assert member_of(user).roles == {"intake"}
    change(admin, user, "dpo")
    at_desk(admin).post(f"{DOOR}people/{user.pk}/", {"do": "leave"})
    assert not proposals.proposed(admin.partner).exists()


def test_a_proposal_waits_for_two_weeks(admin, second):
    proposal = propose(admin, "supervisor")
    Invitation.objects.update(made_at=timezone.now() - timedelta(days=13))
    assert proposals.proposed(admin.partner).exists()
    Invitation.objects.update(made_at=timezone.now() - timedelta(days=15))
    assert confirm(second, proposal).status_code == 404
    assert mail.outbox == []


@pytest.mark.parametrize(("language", "words"), [
    ("en", "can invite them on the server"), ("fr", "depuis le serveur"), ("ar", "من الخادم"),
])  # fmt: skip
def test_the_screen_says_who_must_confirm_and_what_an_administrator_alone_does(admin, language, words):
    propose(admin, "supervisor")
    client = at_desk(admin)
    for page in ("people/", "people/invite/"):
        assert words in client.get(f"/{language}/casework/account/{page}").content.decode()


def test_the_operator_invites_to_any_role_alone(admin, capsys):
    call_command("invite", "--email", "boss@example.org", "--partner", admin.partner.key, "--role", "supervisor")
    link = re.search(r"https?://[^/]+(/\S+)", capsys.readouterr().out)[1]
    assert browser().get(link).status_code == 200
    assert Invitation.objects.get().roles == ["supervisor"]
