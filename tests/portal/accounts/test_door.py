"""The door: two factors on every way in, nothing told to strangers, nobody led away."""

from __future__ import annotations

import re
import statistics
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as of_site
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from portal.accounts import second_factor
from portal.models import StaffSession
from referral.models import AuditEntry
from tests.people import app_of, code_now, enter, sign_in
from tests.portal.accounts.doors import DOOR, PASSWORD, browser, is_in, session_of, type_code, type_password, walk_in
from tests.referral import making

pytestmark = pytest.mark.django_db


def addresses(patterns, before="") -> list[str]:
    """Every address below these patterns, with something in each place."""
    found = []
    for entry in patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += addresses(entry.url_patterns, path)
        elif isinstance(entry, URLPattern):
            filled = re.sub(
                r"<(?:(\w+):)?\w+>", lambda place: "1" if place[1] in (None, "int", "str", "slug") else "a", path
            )
            found.append(
                "/" + re.sub(r"\(\?P<\w+>[^)]*\)", "1", filled).replace("^", "").replace("$", "").replace("\\Z", "")
            )
    return found


def staff_addresses() -> list[str]:
    found = [re.sub(r"^/(?:ar|fr|en)/", "/en/", path) for path in addresses(get_resolver().url_patterns)]
    return sorted({path for path in found if path.startswith(("/cms/", "/en/casework/"))})


def test_scenario_68_without_the_second_factor_only_the_page_that_sets_it_up_opens(worker):
    worker.is_superuser = worker.is_staff = True
    worker.save()
    client = enter(Client(headers={"accept": "text/html"}), worker, strong=False)
    paths = staff_addresses()
    assert len(paths) > 100
    for path in paths:
        answer = client.get(path)
        if path == f"{DOOR}set-up/":
            assert answer.status_code == 200
        elif path == f"{DOOR}sign-out/":
            assert answer.status_code == 405
        else:
            assert (answer.status_code, answer["Location"]) == (
                302,
                f"{DOOR}set-up/".replace("/en/", f"/{answer['Location'][1:3]}/"),
            )


def test_a_session_that_only_django_knows_is_nobodys(worker):
    client = Client()
    client.force_login(worker)
    assert client.get("/cms/")["Location"].startswith("/cms/login/")
    assert not is_in(client)


def test_between_password_and_code_nobody_is_signed_in(worker):
    app_of(worker)
    client = browser()
    assert type_password(client, worker.username)["Location"] == f"{DOOR}second-factor/"
    assert client.get("/en/casework/")["Location"].startswith(f"{DOOR}sign-in/")
    assert client.get("/cms/").status_code == 302
    assert type_code(client, code_now())["Location"] == "/en/casework/"
    assert client.get("/en/casework/").status_code == 200
    assert session_of(client)["partner"] == str(worker.memberships.get().partner_id)


def test_the_key_of_the_session_changes_at_each_step(worker):
    app_of(worker)
    client = browser()
    client.get(f"{DOOR}sign-in/")
    keys = [session_of(client).session_key]
    type_password(client, worker.username)
    keys.append(session_of(client).session_key)
    type_code(client, code_now())
    keys.append(session_of(client).session_key)
    assert len(set(keys)) == 3


@pytest.mark.parametrize("login", ["{0.username}", "{0.email}", " {0.email} "])
def test_user_name_or_address_open_the_same_account(worker, login):
    app_of(worker)
    assert type_password(browser(), login.format(worker))["Location"] == f"{DOOR}second-factor/"


def test_a_code_opens_once_and_one_step_of_clock_is_forgiven_not_two(worker):
    assert walk_in(browser(), worker).status_code == 302
    again = browser()
    assert walk_in(again, worker).status_code == 400, "the same code a second time"
    assert not is_in(again)
    assert walk_in(browser("198.51.100.1"), worker, code=code_now(2)).status_code == 400
    assert walk_in(browser("198.51.100.2"), worker, code=code_now(-1)).status_code == 400, (
        "older than the last one used"
    )
    assert walk_in(browser("198.51.100.3"), worker, code=code_now(1)).status_code == 302


def test_setting_up_shows_ten_codes_once_and_each_opens_once(worker):
    client = browser()
    assert type_password(client, worker.username)["Location"] == f"{DOOR}set-up/"
    page = client.get(f"{DOOR}set-up/").content.decode()
    secret = re.search(r'class="code-words">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    assert "<svg" in page
    assert client.post(f"{DOOR}set-up/", {"code": "000000"}).status_code == 400
    shown = client.post(f"{DOOR}set-up/", {"code": code_now(secret=secret)}).content.decode()
    codes = re.findall(r'class="code">(\d{10})<', shown)
    assert len(set(codes)) == 10
    assert not any(code in client.get(path).content.decode() for path in (DOOR, f"{DOOR}set-up/") for code in codes)
    assert client.get("/en/casework/").status_code == 200
    assert walk_in(browser(), worker, code=codes[3]).status_code == 302
    assert walk_in(browser("198.51.100.4"), worker, code=codes[3]).status_code == 400
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert not any(code in stored for code in codes)


def test_a_second_factor_that_was_set_up_elsewhere_meanwhile_must_be_given(worker):
    client = browser()
    type_password(client, worker.username)
    app_of(worker)
    assert client.get(f"{DOOR}set-up/")["Location"] == f"{DOOR}sign-in/"
    assert not is_in(client)


def test_new_recovery_codes_need_the_password_and_end_the_older_ones_and_other_sessions(worker):
    old = second_factor.new_recovery_codes(worker)
    client, other = sign_in(worker), sign_in(worker)
    assert client.post(f"{DOOR}factors/codes/", {"now": "wrong"}).status_code == 400
    shown = client.post(f"{DOOR}factors/codes/", {"now": PASSWORD}).content.decode()
    assert len(re.findall(r'class="code">(\d{10})<', shown)) == 10
    assert second_factor.check_code(worker, old[0]) == ""
    assert is_in(client)
    assert not is_in(other)


def test_the_last_second_factor_cannot_be_removed(worker):
    client = sign_in(worker)
    own = app_of(worker)
    assert client.post(f"{DOOR}factors/{own.pk}/remove/", {"now": PASSWORD}).status_code == 400
    assert Authenticator.objects.filter(pk=own.pk).exists()


# What strangers learn ------------------------------------------------------------------------------------------------


def plain(answer) -> str:
    """The page without what differs at every request."""
    text = re.sub(r'(csrfmiddlewaretoken"|name="key") value="[^"]*"', "", answer.content.decode())
    return re.sub(r'data-options="[^"]*"|value="[^"]*@example\.org"|value="[a-z0-9-]+"', "", text)


def test_unknown_name_wrong_password_and_closed_account_get_the_same_answer(worker):
    closed = making.user("closed")
    closed.is_active = False
    closed.save()
    tries = [("nobody@example.org", PASSWORD), (worker.email, "wrong password"), (closed.email, PASSWORD)]
    answers = [type_password(browser(), *given) for given in tries]
    assert {answer.status_code for answer in answers} == {400}
    assert len({plain(answer) for answer in answers}) == 1
    rows = list(AuditEntry.objects.order_by("pk").values_list("kind", "what", "user_id"))
    assert rows == [
        ("denied", "sign_in:password", None),
        ("denied", "sign_in:password", worker.pk),
        ("denied", "sign_in:password", closed.pk),
    ]


def test_no_account_takes_as_long_as_a_wrong_password(worker, monkeypatch):
    monkeypatch.setattr("portal.accounts.delays.FREE", 10_000)
    monkeypatch.setattr("portal.accounts.delays.FREE_OF_ALL", 10_000)
    times: dict[str, list[float]] = {worker.email: [], "nobody@example.org": []}
    for _round in range(15):
        for login, taken in times.items():
            start = time.perf_counter()
            type_password(browser(), login, "wrong password")
            taken.append(time.perf_counter() - start)
    known, unknown = (statistics.median(taken[2:]) for taken in times.values())
    assert abs(known - unknown) < 0.25 * known


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "https:evil.example", "javascript:alert(1)", "/fr/",
        "///evil.example/cms/", "/cms/\r\nX: 1", "\t//evil.example", "/\t/evil.example", "evil", "/.evil/cms/", "/fr/casework",
        "http:///evil.example", "/%2F/evil.example/",
    ],
)  # fmt: skip
def test_nobody_is_led_away_after_signing_in(worker, onward):
    app_of(worker)
    client = browser()
    client.post(f"{DOOR}sign-in/", {"login": worker.username, "password": PASSWORD}, QUERY_STRING=f"next={onward}")
    assert type_code(client, code_now())["Location"] == "/en/casework/"


def test_who_wanted_a_page_of_staff_comes_there(worker):
    client = browser()
    asked = client.get("/fr/casework/")["Location"]
    assert asked == "/fr/casework/account/sign-in/?next=/fr/casework/"
    assert walk_in(client, worker, onward="/ar/casework/account/")["Location"] == "/ar/casework/account/"


def test_the_door_of_the_cms_is_the_same_and_its_own_ways_in_are_closed(db):
    client = browser()
    assert "/casework/account/sign-in/?next=%2Fcms%2Fpages%2F" in client.get("/cms/login/?next=/cms/pages/")["Location"]
    assert client.post("/cms/login/", {"username": "a", "password": "b"}).status_code == 302
    assert client.get("/cms/password_reset/").status_code in (302, 404)
    assert client.post("/cms/password_reset/", {"email": "a@example.org"}).status_code in (302, 404)


def test_a_process_that_serves_the_cms_alone_has_the_same_door(settings, db):
    settings.ZONES = frozenset({"cms"})
    assert browser().get(f"{DOOR}sign-in/").status_code == 200
    assert browser().get("/en/casework/").status_code == 404
    settings.ZONES = frozenset({"public"})
    assert browser().get(f"{DOOR}sign-in/").status_code == 404


def test_s26_users_and_groups_of_the_cms_are_for_superusers_alone(django_user_model, editor):
    member = making.user("writer")
    from django.contrib.auth.models import Permission

    member.user_permissions.set(
        Permission.objects.filter(content_type__app_label__in=("portal", "auth", "wagtailadmin"))
    )
    client = sign_in(member)
    for path in ("/cms/users/", "/cms/users/new/", "/cms/groups/", "/cms/groups/new/"):
        assert client.get(path).status_code == 403
        assert client.post(path).status_code == 403
        assert editor.get(path).status_code in (200, 302)
    assert 'name="password1"' not in editor.get("/cms/users/new/").content.decode()


# How a session ends --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "ends"),
    [
        ({"seen_at": timedelta(minutes=14)}, False),
        ({"seen_at": timedelta(minutes=15, seconds=1)}, True),
        ({"seen_at": timedelta(minutes=1), "started_at": timedelta(hours=7, minutes=59)}, False),
        ({"seen_at": timedelta(minutes=1), "started_at": timedelta(hours=8, seconds=1)}, True),
    ],
)
def test_a_session_ends_by_itself_after_15_minutes_without_use_and_after_8_hours(worker, row, ends):
    client = sign_in(worker)
    assert is_in(client)
    StaffSession.objects.update(**{name: timezone.now() - ago for name, ago in row.items()})
    assert is_in(client) is not ends
    assert is_in(client) is not ends, "and it stays so"
    if ends:
        assert client.get(DOOR)["Location"] == f"{DOOR}sign-in/?next={DOOR}"


def test_what_is_used_does_not_end(worker):
    client = sign_in(worker)
    StaffSession.objects.update(seen_at=timezone.now() - timedelta(minutes=14))
    assert is_in(client)
    assert timezone.now() - StaffSession.objects.get().seen_at < timedelta(minutes=1)


def test_a_cookie_that_was_signed_out_opens_nothing_again(worker):
    client = sign_in(worker)
    kept = client.cookies[of_site.SESSION_COOKIE_NAME].value
    client.post(f"{DOOR}sign-out/")
    thief = browser()
    thief.cookies[of_site.SESSION_COOKIE_NAME] = kept
    assert not is_in(thief)


def test_one_ends_another_session_or_all_others(worker):
    here, there, third = (sign_in(worker) for _each in range(3))
    listed = here.get(DOOR).content.decode()
    assert listed.count('name="session"') == 2
    one = StaffSession.objects.get(session_key=there.session.session_key)
    here.post(f"{DOOR}sessions/end/", {"session": one.pk})
    assert (is_in(here), is_in(there), is_in(third)) == (True, False, True)
    here.post(f"{DOOR}sessions/end/")
    assert (is_in(here), is_in(third)) == (True, False)


def test_nobody_ends_a_session_of_somebody_else(worker):
    other = sign_in(making.user())
    one = StaffSession.objects.get()
    sign_in(worker).post(f"{DOOR}sessions/end/", {"session": one.pk})
    assert is_in(other)


def test_every_try_leaves_one_row_without_any_value(worker):
    client = browser()
    type_password(client, worker.username, "wrong password")
    walk_in(client, worker, code="123456")
    type_code(client, code_now())
    rows = list(AuditEntry.objects.order_by("pk").values_list("kind", "what", "user_id", "fields"))
    assert rows == [
        ("denied", "sign_in:password", worker.pk, []),
        ("denied", "sign_in:code", worker.pk, []),
        ("sign_in", "sign_in:totp", worker.pk, []),
    ]
