"""The demonstration: who it makes, that nothing of it is real, and that it may be loaded again."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from referral.models import Case, Orientation, Partner, Reception, Referral
from referral.states.events import Status
from services.models import Service
from tests.people import at_desk

pytestmark = pytest.mark.django_db
ROLES = ["intake", "caseworker", "supervisor", "focal_point", "org_admin", "dpo", "statistician", "editor", "translator_ar", "publisher"]  # fmt: skip


def load(*flags: str) -> list[dict[str, str]]:
    out = io.StringIO()
    call_command("load_demo", "--json", *flags, stdout=out)
    return json.loads(out.getvalue())


def test_it_refuses_to_run_where_debug_is_off_unless_told(settings):
    with pytest.raises(CommandError, match="--yes-demo"):
        load()
    assert not Partner.objects.exists()


@pytest.fixture
def accounts():
    return load("--yes-demo")


def test_it_prints_an_account_a_role_and_three_for_each_organisation(accounts):
    assert {account["role"] for account in accounts} == set(ROLES)
    for key in ("org-a", "org-b", "org-c"):
        roles = {account["role"] for account in accounts if account["organisation"] == key}
        assert {"caseworker", "supervisor", "focal_point"} <= roles
    for account in accounts:
        user = authenticate(username=account["username"], password=account["password"])
        assert user is not None
        assert not user.is_superuser
        assert len(account["totp_secret"]) == 32
    assert Group.objects.filter(user__username="demo-editor", name="Editors").exists()


def test_loading_it_again_changes_nothing_and_prints_the_same(accounts):
    before = (Case.objects.count(), Referral.objects.count(), Reception.objects.count())
    assert load("--yes-demo") == accounts
    assert (Case.objects.count(), Referral.objects.count(), Reception.objects.count()) == before


def test_there_is_a_referral_in_every_state_and_nothing_is_real(settings):
    settings.CNDP_AUTHORISATION = "D-1"  # also where the operator has its papers
    public = list(Service.objects.order_by("pk").values())
    load("--yes-demo")
    assert set(Referral.objects.values_list("status", flat=True)) == set(Status.values)
    assert not Case.objects.filter(is_training=False).exists()
    assert not Referral.objects.filter(is_training=False).exists()
    assert not Orientation.objects.filter(is_training=False).exists()
    assert not any(partner.may_share() for partner in Partner.objects.all())
    assert list(Service.objects.order_by("pk").values()) == public


def test_each_desk_of_the_demonstration_has_something_to_do(accounts):
    from portal.management.demo.people import member
    from referral.words.choices import CaseRole

    for key in ("org-a", "org-b", "org-c"):
        for role in (CaseRole.CASEWORKER, CaseRole.FOCAL_POINT):
            html = at_desk(member(key, role)).get("/fr/casework/").content.decode()
            assert '<li class="row' in html, (key, role)
    late = at_desk(member("org-b", CaseRole.FOCAL_POINT)).get("/en/casework/").content.decode()
    assert late.index("waits-late") < late.index("waits-others")
    assert "Emergency" in late


@pytest.mark.parametrize("who", ["caseworker", "focal_point", "supervisor"])
def test_every_line_of_an_inbox_leads_to_a_page_that_opens(accounts, who):
    from portal.management.demo.people import member
    from referral.words.choices import CaseRole

    for key in ("org-a", "org-b", "org-c"):
        desk = at_desk(member(key, CaseRole(who)))
        html = desk.get("/fr/casework/").content.decode()
        for address in set(re.findall(r'<span class="row-what"><a href="([^"]+)"', html)):
            assert desk.get(address).status_code == 200, (key, who, address)
