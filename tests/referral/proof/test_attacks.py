"""What a hostile reviewer tried and got, each refused now: exports by emergency access, roles for oneself, floods, pages without end."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.models import Invitation
from referral import permissions
from referral.access import member_of
from referral.guarding import data_requests, exporting, letting_in, own_copy
from referral.models import ContactAttempt, Need, Note, PackVersion
from referral.procedures import pack_text
from referral.refusals import GuardRefused
from referral.safety import slow_hashes
from referral.words.choices import CaseRole
from referral.words.request_choices import Ground, RequestKind
from tests.people import at_desk
from tests.referral import making
from tests.referral.guarding.house import House

pytestmark = pytest.mark.django_db
PEOPLE = "/fr/casework/account/people/"


@pytest.fixture
def house():
    return House()


def let_in(house, by, case, ground):
    grant = letting_in.ask(by=by, code=case.code, ground=ground, reason="Somebody is in danger")
    decider = house.officer if by is not house.officer else house.supervisor
    return letting_in.approve(grant, by=decider)


def test_emergency_access_reads_and_takes_no_row_away(house):
    elsewhere = house.case()
    let_in(house, house.other, elsewhere, Ground.EMERGENCY)
    assert permissions.get_case_for(house.other, elsewhere.code) == elsewhere
    number, pieces = exporting.start(house.other, {})
    assert number == 0
    assert elsewhere.code not in "".join(pieces)


def test_an_officer_who_supervises_a_team_too_takes_away_no_content_of_the_other_teams(house):
    making.member(house.partner, CaseRole.DPO, who=making.user_of(house.supervisor))
    both = member_of(making.user_of(house.supervisor), house.partner.pk)
    assert {CaseRole.DPO, CaseRole.SUPERVISOR} <= both.roles
    house.case(is_restricted=True)
    _number, pieces = exporting.start(both, {})
    assert exporting.NEEDS not in "".join(pieces).splitlines()[0]


def test_a_look_because_of_a_complaint_writes_nothing_in_a_restricted_case(house):
    case = house.case(is_restricted=True)
    let_in(house, house.supervisor, case, Ground.COMPLAINT)
    assert permissions.get_case_for(house.supervisor, case.code) == case
    assert not permissions.may_write(house.supervisor, case)
    assert not permissions.supervises(house.supervisor, case)


def test_only_leave_for_this_request_makes_the_copy_not_emergency_access(house):
    making.member(house.partner, CaseRole.DPO, who=making.user_of(house.other))
    both = member_of(making.user_of(house.other), house.partner.pk)
    case = house.case()
    asked = data_requests.record(by=house.worker, kind=RequestKind.ACCESS, asked="My data", code=case.code)
    let_in(house, both, case, Ground.EMERGENCY)
    with pytest.raises(GuardRefused):
        own_copy.prepare(both, asked.pk)
    let_in(house, both, case, Ground.DATA_REQUEST)
    assert own_copy.prepare(both, asked.pk).code == case.code


def test_an_administrator_gives_no_role_to_themself_neither_directly_nor_by_an_invitation(house):
    admin = making.member(house.partner, CaseRole.ORGANISATION_ADMIN)
    client, user = at_desk(admin), making.user_of(admin)
    user.email = "admin@example.org"
    user.save()
    sent = {"do": "roles", "roles": ["org_admin", "supervisor", "dpo"]}
    assert client.post(f"{PEOPLE}{admin.user_id}/", sent).status_code == 403
    guest = {"name": "Me", "email": "Admin@example.org", "language": "fr", "roles": ["supervisor"]}
    assert client.post(f"{PEOPLE}invite/", guest).status_code == 400
    assert not Invitation.objects.exists()
    assert member_of(user, house.partner.pk).roles == {"org_admin"}


def test_a_supervisor_who_administers_moves_to_no_other_team(house):
    user = making.user_of(house.supervisor)
    making.member(house.partner, CaseRole.ORGANISATION_ADMIN, who=user)
    for team in house.partner.teams.exclude(pk=house.team.pk):
        sent = {"do": "roles", "roles": ["org_admin", "supervisor"], "team": str(team.pk)}
        assert at_desk(member_of(user, house.partner.pk)).post(f"{PEOPLE}{user.pk}/", sent).status_code == 403
    assert member_of(user, house.partner.pk).supervised == {house.team.pk}


@pytest.mark.parametrize("page", ["0001" + "9" * 30, "00019999999", "0" * 5000 + "1", "9" * 5000, "-1", "٣"])
@pytest.mark.parametrize("path", ["cases/", "inbox/late/"])
def test_a_list_has_no_page_without_end(house, django_assert_max_num_queries, path, page):
    client = at_desk(house.worker)
    with django_assert_max_num_queries(40) as asked:
        assert client.get(f"/fr/casework/{path}", {"page": page}).status_code == 200
    limits = [int(number) for query in asked for number in re.findall(r"LIMIT (\d+)", query["sql"])]
    assert max(limits, default=0) < 2000


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/fr/casework/account/sign-in/", {"login": "anybody", "password": "some words that fit"}),
        ("/fr/casework/link/no-such-token/", {"code": "123 456"}),
    ],
)
def test_a_flood_at_a_door_is_told_to_wait_and_computes_no_more_than_a_few_hashes_at_once(
    client, monkeypatch, path, sent
):
    monkeypatch.setattr(slow_hashes, "PATIENCE", 0.01)
    for _one in range(slow_hashes.AT_ONCE):
        assert slow_hashes._places.acquire(blocking=False)
    try:
        assert client.post(path, sent).status_code == 429
    finally:
        for _one in range(slow_hashes.AT_ONCE):
            slow_hashes._places.release()
    assert client.post(path, sent).status_code in (400, 403)


def test_the_link_to_a_receiver_never_has_the_host_that_a_request_names(monkeypatch):
    from tests.referral.proof.house import House as Everybody

    everybody = Everybody()
    path = f"/fr/casework/referrals/{everybody.link_referral.pk}/link/"
    page = everybody.people["A owner"]().post(path, headers={"host": "localhost:6666"}).content.decode()
    assert f"{settings.BASE_URL}/fr/casework/link/" in page
    assert "localhost:6666/fr/casework/link/" not in page


@pytest.mark.parametrize("path", ["/fr/casework/cases/ACEF-HJKM-NP/", "/ar/follow-up/", "/en/casework/"])
def test_the_service_worker_does_not_touch_casework_nor_the_page_of_the_person(path):
    script = (settings.BASE_DIR / "static" / "js" / "service-worker.js").read_text(encoding="utf-8")
    listener = script[script.index("'fetch'") : script.index("event.respondWith")]
    left_alone = [
        one.replace("\\/", "/")
        for one in re.findall(r"if \(/(.+?)/\.test\(address\.pathname\)\) \{ return; \}", listener)
    ]
    assert any(re.search(one, path) for one in left_alone)
    assert not any(re.search(one, "/fr/guides/health/") for one in left_alone)


FORGED = (
    "[" * 100_000, "[]", "null", "1", '"x"', "{}", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), '{"a":1e999}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","authenticatorData":"AA","signature":"AA","userHandle":"AA"}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"'
    + "A" * 100 + '","signature":"AA","userHandle":"' + "A" * 400 + '"}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"W10","authenticatorData":"' + "_" * 200
    + '","signature":"AA","userHandle":null}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0","attestationObject":"'
    + "n" * 99 + '"}}',
    '{"id":{},"rawId":[],"type":1,"response":"text"}',
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(FORGED)))
def test_a_forged_passkey_is_wrong_and_no_fault_of_ours(client, house, number):
    client.get("/fr/casework/account/sign-in/")
    assert client.post("/fr/casework/account/sign-in/passkey/", {"credential": FORGED[number]}).status_code == 302
    inside = at_desk(house.worker)
    session = inside.session
    session["confirmed"] = True
    session.save()
    inside.get("/fr/casework/account/factors/add/")
    assert inside.post("/fr/casework/account/factors/add/", {"credential": FORGED[number]}).status_code == 400


@pytest.mark.parametrize("path", ["cases/a%00b/", "cases/a%00b/access/", "procedures/gen/decide/%00/"])
def test_no_address_with_a_sign_that_postgresql_refuses_reaches_the_database(house, path):
    client = at_desk(house.worker)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/fr/casework/{path}").status_code == 404
    assert not [query["sql"] for query in asked if "referral_" in query["sql"]]


@pytest.mark.parametrize("name", ["a\0b", "a\nb", "\u202e"])
def test_a_draft_has_a_plain_name(house, name):
    answer = at_desk(house.worker).post("/fr/casework/draft/", {"draft": name, "words": "x"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("sent", "status"), [({f"f{n}": "x" for n in range(10_000)}, 413), ({"words": "x" * 10_000_000}, 413)]
)
def test_ten_thousand_fields_and_ten_megabytes_of_text_are_refused_with_a_page(house, sent, status):
    case = house.case()
    inside, outside = at_desk(house.worker), Client(headers={"accept": "text/html"})
    body = "&".join(f"{name}={value}" for name, value in sent.items())
    doors = {f"cases/{case.code}/note/": inside, "draft/": inside, "account/sign-in/": outside}
    for address, client in doors.items():
        answer = client.post(f"/fr/casework/{address}", body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == status, address
        assert answer["Cache-Control"] == "no-store"
    assert not Note.objects.exists()


def test_a_form_that_is_sent_twice_is_carried_out_once(house):
    case, client = house.case(), at_desk(house.worker)
    forms = {
        "note/": {"words": "The person called"},
        "contact/": {"channel": "in_person", "reached": "yes", "words": "Came by"},
        "need/": {"service_type": "health"},
    }
    for number, (address, given) in enumerate(forms.items()):
        case.refresh_from_db()
        sent = {**given, "key": f"key-{number}", "version": case.version}
        answers = [client.post(f"/fr/casework/cases/{case.code}/{address}", sent).status_code for _one in range(2)]
        assert answers == [302, 302], address
    assert [model.objects.filter(case=case).count() for model in (Note, ContactAttempt, Need)] == [1, 1, 1]


def test_who_decides_on_a_procedure_or_makes_a_code_says_which_version_they_saw(house):
    PackVersion.objects.create(
        profile="gen", version="2026.9", proposed_by=making.user("author"),
        text=pack_text("gen").replace('version = "2026.1"', 'version = "2026.9"', 1),
    )  # fmt: skip
    boss = at_desk(house.supervisor)
    answer = boss.post("/fr/casework/procedures/gen/decide/2026.9/", {"decision": "approve"})
    assert answer.status_code == 409
    assert not PackVersion.objects.filter(approved_at__isnull=False).exists()
