"""The receiver without an account, on the pages: the door, the code, what the session holds, and every end."""

from __future__ import annotations

import base64
import logging
import re
import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from referral.models import ReceiverLink
from referral.referring.links import open_link
from referral.screens.links import visit
from referral.states.workflow import Status
from tests.people import at_desk
from tests.referral import making

from .desks import REASON, desks, event_of, page_of, session_of

pytestmark = pytest.mark.django_db


def linked(found):
    """A sent referral, and the link that its page has made: (referral, address, code)."""
    row = found.sent()
    answer = found.sender.post(reverse("referral-link", kwargs={"referral_id": row.pk}), {})
    page = answer.content.decode()
    address = re.search(r'value="https?://[^/"]+(/[a-z]+/casework/link/[^"]+)"', page)[1]
    code = re.search(r"(\d{3}) (\d{3})", page)
    return row, address, code[1] + code[2]


def received(row, event: str = "") -> str:
    named = {"referral_id": row.pk} | ({"event": event} if event else {})
    return reverse("received-event" if event else "received", kwargs=named)


def post(client, row, event, **given):
    row.refresh_from_db()
    return client.post(received(row, event), {"version": row.version, "key": f"{event}-1", **given})


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


@pytest.fixture
def found():
    return desks(account=False)


def test_address_and_code_are_shown_once_and_never_again(found):
    row, address, code = linked(found)
    token = address.strip("/").split("/")[-1]
    for again in (page_of(row), reverse("referral-link", kwargs={"referral_id": row.pk})):
        page = found.sender.get(again).content.decode()
        assert token not in page
        assert f"{code[:3]} {code[3:]}" not in page


def test_from_the_code_to_the_delivery_without_an_account(found):
    row, address, code = linked(found)
    client = found.receiver
    assert REASON not in client.get(address).content.decode()
    answer = client.post(address, {"code": f" {code[:3]} {code[3:]} "})
    assert (answer.status_code, answer["Location"]) == (303, received(row))
    assert address.strip("/").split("/")[-1] not in answer["Location"]
    page = client.get(received(row))
    assert REASON in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "same-origin"
    today = timezone.localdate().isoformat()
    assert post(client, row, "accept", first_contact_on=today).status_code == 303
    assert post(client, row, "deliver", outcome="Seen", service_date=today).status_code == 303
    row.refresh_from_db()
    assert row.status == Status.DELIVERED


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_door_opens_in_each_language_from_the_address_alone(found, language):
    _row, address, code = linked(found)
    here = address.replace("/fr/", f"/{language}/")
    assert Client().get(here).status_code == 200
    assert Client().post(here, {"code": code}).status_code == 303


def test_looking_at_the_door_does_nothing(found):
    row, address, _code = linked(found)
    for _number in range(20):
        Client().get(address)
        Client().head(address)
    link = ReceiverLink.objects.get()
    assert (link.failed, link.opened_at, link.revoked_at) == (0, None, None)
    row.refresh_from_db()
    assert row.seen_at is None


def test_everything_wrong_gets_one_answer_and_the_fifth_wrong_code_ends_the_link(found):
    _row, address, code = linked(found)
    never_was = reverse("receive", kwargs={"token": "x" * 43})
    answers = {(client.status_code, re.sub(r"/(?:fr/casework/link)/[^/\"]+/|value=\"[^\"]{20,}\"", "", client.content.decode()))
               for client in (Client().post(never_was, {"code": code}), Client().post(address, {"code": wrong(code)}),
                              Client().post(address, {"code": "abc"}), Client().post(address, {"code": "9" * 500}),
                              Client().post(address, {}))}  # fmt: skip
    assert len({status for status, _text in answers}) == 1
    assert len({re.sub(r"/link/[^/\"]+", "", text) for _status, text in answers}) == 1
    Client().post(address, {"code": wrong(code)})
    assert ReceiverLink.objects.get().revoked_at is not None
    assert Client().post(address, {"code": code}).status_code == 403


def test_an_expired_and_a_replaced_link_open_nothing(found):
    row, address, code = linked(found)
    ReceiverLink.objects.update(expires_at=timezone.now())
    assert Client().post(address, {"code": code}).status_code == 403
    ReceiverLink.objects.update(expires_at=timezone.now() + timezone.timedelta(days=1))
    found.sender.post(reverse("referral-link", kwargs={"referral_id": row.pk}), {})
    assert Client().post(address, {"code": code}).status_code == 403


def test_the_session_holds_the_key_only_wrapped(found):
    _row, address, code = linked(found)
    token = address.strip("/").split("/")[-1]
    key = open_link(token, code).key
    client = Client()
    client.get(address)
    before = session_of(client).session_key
    client.post(address, {"code": code})
    held = session_of(client)
    assert held.session_key != before  # as at every sign-in
    raw = str(Session.objects.get(pk=held.session_key).session_data) + str(dict(held.items()))
    for plain in (
        base64.b64encode(key).decode(),
        base64.urlsafe_b64encode(key).decode(),
        key.hex(),
        token,
        code,
        REASON,
    ):
        assert plain not in raw
    assert key not in base64.b64decode(held[visit.KEY])


def test_what_was_copied_into_another_session_opens_nothing(found):
    row, address, code = linked(found)
    client = Client()
    client.post(address, {"code": code})
    thief = Client()
    session = thief.session
    session.update({name: session_of(client)[name] for name in (visit.LINK, visit.REFERRAL, visit.KEY, visit.SEEN)})
    session.save()
    thief.cookies["staff"] = session.session_key
    assert thief.get(received(row)).status_code == 403
    assert client.get(received(row)).status_code == 200


def test_half_an_hour_without_a_request_ends_the_visit(found):
    row, address, code = linked(found)
    client = found.receiver
    client.post(address, {"code": code})
    session = session_of(client)
    session[visit.SEEN] = int(time.time()) - visit.IDLE_S - 1
    session.save()
    answer = client.get(received(row))
    assert answer.status_code == 403
    assert REASON not in answer.content.decode()
    assert visit.KEY not in session_of(client)


def test_the_way_out_leaves_nothing(found):
    row, address, code = linked(found)
    client = found.receiver
    client.post(address, {"code": code})
    assert client.get(reverse("link-leave")).status_code == 405
    assert client.post(reverse("link-leave")).status_code == 303
    assert client.get(received(row)).status_code == 403


def test_another_referral_is_not_there_for_this_link(found):
    row, address, code = linked(found)
    other = making.referral(found.case, found.worker, making.service("another"))
    found.receiver.post(address, {"code": code})
    assert found.receiver.get(received(other)).status_code == 404
    assert post(found.receiver, other, "acknowledge").status_code == 404
    assert found.receiver.get(page_of(other)).status_code == 302  # to the sign-in of staff: a link is no account
    assert found.receiver.get(event_of(row, "accept")).status_code == 302


def test_after_a_no_by_link_the_visit_and_the_link_are_over(found):
    row, address, code = linked(found)
    client = found.receiver
    client.post(address, {"code": code})
    answer = post(client, row, "decline", decline_reason="no_capacity")
    assert answer.status_code == 200
    assert client.get(received(row)).status_code == 403
    assert Client().post(address, {"code": code}).status_code == 403


def test_scenario_33_a_withdrawal_ends_the_visit_with_one_sentence(found):
    row, address, code = linked(found)
    client = found.receiver
    client.post(address, {"code": code})
    assert client.get(received(row)).status_code == 200
    found.do(found.sender, row, "withdraw", reason="She said no")
    answer = client.get(received(row))
    assert answer.status_code == 410
    for gone in (REASON, found.case.code, "oujda", "Xylophone"):
        assert gone not in answer.content.decode()


def test_scenario_34_a_withdrawal_between_looking_and_accepting_by_link_changes_nothing(found):
    row, address, code = linked(found)
    client = found.receiver
    client.post(address, {"code": code})
    version = row.version
    found.do(found.sender, row, "withdraw", reason="She said no")
    given = {"version": version, "key": "a", "first_contact_on": timezone.localdate().isoformat()}
    assert client.post(received(row, "accept"), given).status_code == 410
    row.refresh_from_db()
    assert row.status == Status.WITHDRAWN


def test_a_link_gives_no_rights_of_staff_and_staff_rights_give_no_link(found):
    row, address, code = linked(found)
    found.receiver.post(address, {"code": code})
    assert found.receiver.get("/fr/casework/").status_code == 302
    assert found.sender.get(received(row)).status_code == 403
    other = at_desk(making.member(making.partner("fes")))
    other.post(address, {"code": code})
    del other.cookies["staff"]  # a browser has one cookie a path, and has the new one now
    assert other.get(received(row)).status_code == 200
    assert other.get(page_of(row)).status_code == 302  # the account was signed out: one browser is one of the two


def test_neither_the_token_nor_the_code_comes_into_a_log(found, caplog):
    _row, address, code = linked(found)
    token = address.strip("/").split("/")[-1]
    strict = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.WARNING):
        Client().post(address, {"code": wrong(code)})
        assert strict.post(address, {"code": code}).status_code == 403
        Client().get(address + "nothing/")
    heard = [record for record in caplog.records if logging.getLogger(record.name).isEnabledFor(record.levelno)]
    assert token not in "".join(record.getMessage() for record in heard)


def test_only_a_service_without_an_inbox_gets_a_link():
    found = desks()
    row = found.sent()
    assert found.sender.post(reverse("referral-link", kwargs={"referral_id": row.pk}), {}).status_code == 410
    assert not ReceiverLink.objects.exists()
