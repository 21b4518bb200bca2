"""Invitations, roles, leaving, new passwords, several organisations: by who administers an organisation, and by the operator."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail, signing
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.accounts import people, second_factor
from portal.models import Invitation
from referral import outbox
from referral.access import member_of
from referral.models import AuditEntry, Membership, Partner, Reception, Task
from referral.outbox import language_of
from referral.words.choices import CaseRole
from tests.people import app_of, at_desk, code_now, sign_in
from tests.portal.accounts.doors import DOOR, PASSWORD, browser, is_in, session_of, type_code, type_password, walk_in
from tests.referral import making
from tests.services.directory import make_organisation

pytestmark = pytest.mark.django_db
NEW = "three green bicycles"


@pytest.fixture
def admin():
    return making.member(making.partner(), CaseRole.ORGANISATION_ADMIN)


def wanted(**changes):
    given = {"name": "Salma Idrissi", "email": "Salma@example.org", "language": "ar", "roles": ["caseworker", "intake"]}
    return given | changes


def link_in(message) -> str:
    return re.search(r"https?://[^/]+(/\S+)", message.body)[1]


def invited(admin, **changes) -> str:
    """The link of a new invitation."""
    assert at_desk(admin).post(f"{DOOR}people/invite/", wanted(**changes)).status_code == 200
    return link_in(mail.outbox[-1])


def test_who_is_invited_chooses_a_password_and_a_second_factor_and_then_works(admin):
    link = invited(admin)
    client = browser()
    assert link.startswith("/ar/casework/account/invitation/")
    assert client.post(link, {"password": NEW, "again": NEW})["Location"] == "/ar/casework/account/set-up/"
    assert client.get("/ar/casework/")["Location"] == "/ar/casework/account/set-up/"
    page = client.get("/ar/casework/account/set-up/").content.decode()
    secret = re.search(r'class="code-words">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    client.post("/ar/casework/account/set-up/", {"code": code_now(secret=secret)})
    assert client.get("/ar/casework/").status_code == 200
    user = get_user_model().objects.get(email="salma@example.org")
    member = member_of(user)
    assert (member.partner, member.roles) == (admin.partner, {"caseworker", "intake"})
    assert language_of(user) == "ar"


def test_the_mail_names_neither_organisation_nor_role_nor_person(admin):
    invited(admin)
    words = f"{mail.outbox[0].subject} {mail.outbox[0].body}"
    for secret in (*admin.partner.names.values(), admin.partner.key, "Salma", "caseworker", "intake", "ملف", "إحالة"):
        assert secret not in words
    assert mail.outbox[0].to == ["salma@example.org"]


def test_an_invitation_works_once_for_72_hours_and_as_it_was_signed(admin, monkeypatch):
    link = invited(admin)
    token = link.rstrip("/").rpartition("/")[2]
    other = signing.dumps(str(Invitation.objects.get().pk), salt="of something else")
    for bad in (link.replace(token, token[:-2] + "zz"), link.replace(token, other), link.replace(token, "x")):
        assert browser().post(bad, {"password": NEW, "again": NEW}).status_code == 410
    three_days_later = signing.time.time() + 72 * 3600 + 60
    with monkeypatch.context() as later:
        later.setattr(signing.time, "time", lambda at=three_days_later: at)
        assert browser().get(link).status_code == 410
    assert browser().post(link, {"password": NEW, "again": NEW}).status_code == 302
    assert browser().post(link, {"password": NEW, "again": NEW}).status_code == 410
    assert get_user_model().objects.filter(email="salma@example.org").count() == 1


def test_a_newer_invitation_ends_the_older_and_one_that_is_taken_back_ends(admin):
    first, second = invited(admin), invited(admin)
    assert [browser().get(link).status_code for link in (first, second)] == [410, 200]
    at_desk(admin).post(f"{DOOR}people/", {"withdraw": str(people.waiting(admin.partner).get().pk)})
    assert browser().get(second).status_code == 410


def test_who_has_an_account_already_signs_in_to_accept(admin, worker):
    elsewhere = making.member(making.partner("elsewhere"), CaseRole.ORGANISATION_ADMIN)
    link = invited(elsewhere, email=worker.email, language="en")
    assert 'name="password"' not in browser().get(link).content.decode()
    assert browser().post(link, {"password": NEW, "again": NEW}).status_code == 200
    assert not Membership.objects.filter(user=worker, partner=elsewhere.partner).exists()
    assert sign_in(making.user()).post(link).status_code == 200, "somebody else"
    assert not Membership.objects.filter(partner=elsewhere.partner, role="caseworker").exists()
    client = sign_in(worker)
    assert client.post(link)["Location"] == f"{DOOR}organisation/choose/"
    assert member_of(worker, elsewhere.partner.pk).roles == {"caseworker", "intake"}
    worker.refresh_from_db()
    assert worker.check_password(PASSWORD)


def test_roles_that_nobody_knows_and_teams_of_others_are_refused(admin):
    foreign = making.team(making.partner("elsewhere"))
    client = at_desk(admin)
    for changes in ({"roles": ["superuser"]}, {"team": str(foreign.pk)}, {"roles": []}, {"email": "no address"}):
        assert client.post(f"{DOOR}people/invite/", wanted(**changes)).status_code == 400
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "password",
    [
        "short one",
        "password1234",
        "aaaaaaaaaaaa",
        "Dalil2026!!!!",
        "مهاجر2026!!!!",
        "salma@example.org",
        "123456789012",
        "rabat rabat rabat",
    ],
)
def test_passwords_that_are_easy_to_guess_are_refused(admin, password):
    link = invited(admin)
    answer = browser().post(link, {"password": password, "again": password})
    assert answer.status_code == 400
    assert password not in answer.content.decode().replace("salma@example.org", "") or password == "salma@example.org"


@pytest.mark.parametrize("password", ["ثلاث دراجات خضراء", "x y z horse battery " * 5, "  three green bicycles  "])
def test_long_passwords_in_any_letters_with_spaces_are_taken_as_they_are(admin, password):
    assert browser().post(invited(admin), {"password": password, "again": password}).status_code == 302
    assert get_user_model().objects.get(email="salma@example.org").check_password(password)


# Leaving -------------------------------------------------------------------------------------------------------------


def test_scenario_42_off_boarding_ends_an_open_session_at_once_and_flags_each_live_case(admin):
    boss = making.member(admin.partner, CaseRole.SUPERVISOR)
    owner = making.member(admin.partner, CaseRole.CASEWORKER)
    case = making.case(owner)
    user, their = making.user_of(owner), at_desk(owner)
    assert their.get("/en/casework/").status_code == 200
    assert at_desk(admin).post(f"{DOOR}people/{user.pk}/", {"do": "leave"}).status_code == 302
    assert their.get("/en/casework/").status_code == 302
    assert their.post("/en/casework/draft/", {"draft": "note", "words": "x"}).status_code in (302, 403)
    user.refresh_from_db()
    assert not user.is_active
    task = Task.objects.get(mark=f"offboard:{case.pk}:{user.pk}")
    assert (task.kind, task.owner, task.case, task.partner) == ("decide", None, case, admin.partner)
    assert outbox.waiting().filter(user=boss.user_id).exists()
    assert type_password(browser(), user.username).status_code == 400


def test_who_left_comes_back_by_a_new_invitation_with_new_password_and_second_factor(admin):
    user = making.user_of(making.member(admin.partner))
    at_desk(admin).post(f"{DOOR}people/{user.pk}/", {"do": "leave"})
    app_of(user)
    link = invited(admin, email=user.email)
    assert browser().post(link, {"password": NEW, "again": NEW})["Location"].endswith("/set-up/")
    user.refresh_from_db()
    assert user.is_active
    assert not second_factor.has_any(user)
    assert member_of(user).roles == {"caseworker", "intake"}


def test_an_invitation_never_opens_a_closed_account_of_a_superuser(admin, django_user_model):
    root = django_user_model.objects.create_superuser("root", "root@example.org", PASSWORD, is_active=False)
    browser().post(invited(admin, email=root.email), {"password": NEW, "again": NEW})
    root.refresh_from_db()
    assert (root.is_active, root.check_password(NEW)) == (False, False)


def test_who_works_elsewhere_too_keeps_the_account_and_loses_this_organisation(admin, worker):
    making.member(making.partner("elsewhere"), who=worker)
    at_desk(admin).post(f"{DOOR}people/{worker.pk}/", {"do": "leave"})
    worker.refresh_from_db()
    assert worker.is_active
    assert member_of(worker).partner.key == "elsewhere"


def test_the_last_administrator_stays_and_nobody_reaches_people_of_others(admin, worker):
    client = at_desk(admin)
    assert client.post(f"{DOOR}people/{admin.user_id}/", {"do": "leave"}).status_code == 409
    assert client.post(f"{DOOR}people/{admin.user_id}/", {"do": "roles", "roles": ["caseworker"]}).status_code == 409
    assert member_of(making.user_of(admin)).has(CaseRole.ORGANISATION_ADMIN)
    stranger = making.member(making.partner("elsewhere"))
    for act in ("leave", "roles", "reset", "forget"):
        assert client.post(f"{DOOR}people/{stranger.user_id}/", {"do": act, "roles": ["dpo"]}).status_code == 404
    assert sign_in(worker).get(f"{DOOR}people/").status_code == 404


def test_roles_change_at_once_and_are_on_record(admin, worker):
    at_desk(admin).post(f"{DOOR}people/{worker.pk}/", {"do": "roles", "roles": ["intake", "focal_point"]})
    assert member_of(worker).roles == {"intake", "focal_point"}
    at_desk(admin).post(f"{DOOR}people/{worker.pk}/", {"do": "roles", "roles": ["caseworker"]})
    assert member_of(worker).roles == {"caseworker"}
    entry = AuditEntry.objects.filter(what="account.roles").latest("pk")
    assert (entry.user_id, entry.fields) == (admin.user_id, ["caseworker"])


def test_an_administrator_alone_sees_no_case(admin):
    case = making.case(making.member(admin.partner))
    client = at_desk(admin)
    for path in ("people/", "organisation/", "people/invite/", ""):
        assert case.code not in client.get(f"{DOOR}{path}").content.decode()
    assert client.post("/en/casework/find/", {"code": case.code}).status_code == 404


def test_who_has_lost_phone_and_codes_sets_up_a_new_factor_after_the_administrator_helped(admin, worker):
    their = sign_in(worker)
    assert at_desk(admin).post(f"{DOOR}people/{worker.pk}/", {"do": "forget"}).status_code == 302
    assert not is_in(their)
    assert type_password(browser(), worker.username)["Location"] == f"{DOOR}set-up/"
    assert outbox.waiting().filter(user=worker).exists()


def test_an_administrator_does_not_touch_the_second_factor_of_who_works_elsewhere_too(admin, worker):
    app_of(worker)
    making.member(making.partner("elsewhere"), who=worker)
    assert at_desk(admin).post(f"{DOOR}people/{worker.pk}/", {"do": "forget"}).status_code == 404
    assert second_factor.has_any(worker)


# New passwords -------------------------------------------------------------------------------------------------------


def test_a_link_for_a_new_password_keeps_the_second_factor_and_works_once(worker):
    app_of(worker)
    open_one = sign_in(worker)
    browser().post(f"{DOOR}forgotten/", {"email": worker.email})
    link = link_in(mail.outbox[0])
    client = browser()
    assert client.post(link, {"password": NEW, "again": NEW}).status_code == 200
    assert not is_in(open_one)
    assert not is_in(client)
    assert browser().post(link, {"password": NEW, "again": NEW}).status_code == 410
    assert type_password(client, worker.username, NEW)["Location"].endswith("/second-factor/")
    assert type_code(client, code_now()).status_code == 302


def test_asking_for_a_link_says_the_same_for_everybody(worker):
    closed = making.user("gone")
    closed.is_active = False
    closed.save()
    pages = [
        browser().post(f"{DOOR}forgotten/", {"email": one}).content
        for one in (worker.email, closed.email, "nobody@example.org")
    ]
    assert len(set(pages)) == 1
    assert len(mail.outbox) == 1


def test_a_mailbox_is_not_flooded_with_links(worker):
    for _each in range(20):
        browser().post(f"{DOOR}forgotten/", {"email": worker.email})
    assert len(mail.outbox) <= delays_free()


def delays_free() -> int:
    from portal.accounts import delays

    return delays.FREE


def test_a_password_that_one_changes_ends_every_other_session(worker):
    here, there = sign_in(worker), sign_in(worker)
    given = {"now": PASSWORD, "password": NEW, "again": NEW}
    assert here.post(f"{DOOR}password/", given | {"now": "wrong"}).status_code == 400
    assert here.post(f"{DOOR}password/", given).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)


# Organisations -------------------------------------------------------------------------------------------------------


def test_who_belongs_to_several_organisations_chooses_and_changes_and_never_enters_another(worker):
    second, foreign = making.partner("second"), making.partner("foreign")
    making.member(second, who=worker)
    client = browser()
    assert walk_in(client, worker)["Location"] == f"{DOOR}organisation/choose/"
    assert client.get("/en/casework/")["Location"] == f"{DOOR}organisation/choose/"
    client.post(f"{DOOR}organisation/choose/", {"partner": str(foreign.pk)})
    assert "partner" not in session_of(client)
    client.post(f"{DOOR}organisation/choose/", {"partner": str(second.pk)})
    assert session_of(client)["partner"] == str(second.pk)
    assert client.get("/en/casework/").status_code == 200


def test_an_editor_without_organisation_goes_to_the_cms(django_user_model):
    editor = django_user_model.objects.create_superuser("ed", "ed@example.org", PASSWORD)
    assert walk_in(browser(), editor)["Location"] == "/cms/"


def test_the_papers_of_an_organisation_end_training_and_are_on_record(settings):
    settings.CNDP_AUTHORISATION = "D-1"
    admin = making.member(making.partner("fresh", agreed=False), CaseRole.ORGANISATION_ADMIN)
    client = at_desk(admin)
    assert 'class="training"' in client.get(f"{DOOR}organisation/").content.decode()
    today = timezone.localdate()
    papers = {
        "form": "papers",
        "authorisation": "A-7",
        "agreement_from": today,
        "agreement_until": today - timedelta(days=1),
    }
    assert client.post(f"{DOOR}organisation/", papers).status_code == 400
    assert (
        client.post(f"{DOOR}organisation/", papers | {"agreement_until": today + timedelta(days=9)}).status_code == 302
    )
    assert 'class="training"' not in client.get(f"{DOOR}organisation/").content.decode()
    assert Partner.objects.get(key="fresh").may_share()
    assert AuditEntry.objects.get(what="organisation.papers").fields == [
        "agreement_from",
        "agreement_until",
        "authorisation",
    ]


def test_an_organisation_answers_for_its_own_services_only():
    ours = making.service("ours")
    foreign = making.service("foreign", organisation=make_organisation("another"))
    admin = making.member(making.partner("listed", listed_as=ours.organisation), CaseRole.ORGANISATION_ADMIN)
    client = at_desk(admin)
    for service in (ours, foreign):
        prefix = f"service-{service.pk}"
        given = {"form": prefix, f"{prefix}-service": service.pk, f"{prefix}-answered": "on", f"{prefix}-places": "4"}
        client.post(f"{DOOR}organisation/", given)
    held = Reception.objects.get()
    assert (held.service, held.partner, held.places) == (ours, admin.partner, 4)
    prefix = f"service-{ours.pk}"
    client.post(f"{DOOR}organisation/", {"form": prefix, f"{prefix}-service": ours.pk})
    assert not Reception.objects.exists()


def test_the_operator_invites_the_first_administrator(capsys):
    with pytest.raises(CommandError, match="--new"):
        call_command("invite", "--admin", "first@example.org", "--partner", "brand-new")
    call_command("invite", "--admin", "first@example.org", "--partner", "brand-new", "--new", "ngo", "--language", "fr")
    link = re.search(r"https?://[^/]+(/\S+)", capsys.readouterr().out)[1]
    assert browser().post(link, {"password": NEW, "again": NEW}).status_code == 302
    assert member_of(get_user_model().objects.get(email="first@example.org")).roles == {"org_admin"}
