"""The link of a receiver without an account: what opens it, what ends it, and that the database alone does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from referral.actions.consents import withdraw_consent
from referral.models import AuditEntry, AuditKind, Effect, ReceiverLink
from referral.referring import links, packets
from referral.referring.referrals import act
from referral.refusals import Gone, LinkRefused
from referral.states.machine import NotYours
from referral.states.workflow import Event, Status
from tests.referral.referring.referring import form, scene, stranger


def wrong(code: str) -> str:
    """Another code of six digits."""
    return f"{(int(code) + 1) % 10**6:06}"


def linked(found, **given):
    """A sent referral to a service without inbox, and a fresh link to it."""
    referral = found.draft(**given)
    act(referral.pk, Event.SEND, by=found.worker)
    return referral, links.make_link(referral.pk, by=found.worker)


def test_link_and_code_together_open_the_packet_and_answer_the_referral(db):
    found = scene(inbox=False)
    referral, made = linked(found)
    somebody = links.open_link(made.token, f"{made.code[:3]} {made.code[3:]}")
    assert packets.read(referral.pk, by=somebody).content["fields"]["need"] == "legal"
    assert act(referral.pk, Event.ACCEPT, by=somebody, given=form(Event.ACCEPT)).status == Status.ACCEPTED
    event = referral.events.get(event=Event.ACCEPT)
    assert (event.kind_of_actor, event.user, event.partner) == ("link_receiver", None, None)


def test_neither_the_token_nor_the_code_nor_the_key_is_in_the_database(db):
    found = scene(inbox=False)
    _referral, made = linked(found)
    key = links.open_link(made.token, made.code).key
    assert len(made.token) >= 43
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM referral_receiverlink")
        rows = cursor.fetchall()
    assert made.token not in str(rows)
    assert not any(
        bytes(value).find(key) >= 0 for row in rows for value in row if isinstance(value, bytes | memoryview)
    )
    row = ReceiverLink.objects.get()
    assert made.code not in (row.code_hash, row.token_hash)
    assert row.code_hash.startswith("argon2")


def test_a_link_works_for_its_own_referral_only(db):
    first, second = scene(inbox=False), scene(inbox=False)
    _referral, made = linked(first)
    other, _made = linked(second)
    somebody = links.open_link(made.token, made.code)
    with pytest.raises(NotYours):
        act(other.pk, Event.ACCEPT, by=somebody, given=form(Event.ACCEPT))
    with pytest.raises(Exception, match=str(other.pk)):
        packets.read(other.pk, by=somebody)


def test_the_answer_to_everything_wrong_is_the_same(db):
    found = scene(inbox=False)
    _referral, made = linked(found)
    answers = set()
    for token, code in (
        (made.token, wrong(made.code)),
        (made.token, "abc"),
        ("x" * 43, made.code),
        ("", ""),
        ("y" * 999, "1"),
    ):
        with pytest.raises(LinkRefused) as caught:
            links.open_link(token, code)
        answers.add((str(caught.value), caught.value.args))
    assert len(answers) == 1


def test_the_fifth_wrong_code_ends_the_link_for_good_and_its_maker_is_told(db):
    found = scene(inbox=False)
    _referral, made = linked(found)
    for _try in range(links.WRONG_CODES):
        with pytest.raises(LinkRefused):
            links.open_link(made.token, wrong(made.code))
    with pytest.raises(LinkRefused):
        links.open_link(made.token, made.code)
    assert Effect.objects.filter(user=found.worker.user_id).count() == 1
    assert AuditEntry.objects.filter(kind=AuditKind.DENIED, what="open_link").count() == links.WRONG_CODES


def test_four_wrong_codes_do_not_end_it(db):
    found = scene(inbox=False)
    _referral, made = linked(found)
    for _try in range(links.WRONG_CODES - 1):
        with pytest.raises(LinkRefused):
            links.open_link(made.token, wrong(made.code))
    assert links.open_link(made.token, made.code)
    assert ReceiverLink.objects.get().failed == links.WRONG_CODES - 1
    with pytest.raises(LinkRefused):
        links.open_link(made.token, wrong(made.code))
    with pytest.raises(LinkRefused):
        links.open_link(made.token, made.code)


def test_a_new_link_ends_the_one_before(db):
    found = scene(inbox=False)
    referral, made = linked(found)
    somebody = links.open_link(made.token, made.code)
    again = links.make_link(referral.pk, by=found.supervisor)
    with pytest.raises(LinkRefused):
        links.open_link(made.token, made.code)
    with pytest.raises(Gone):
        act(referral.pk, Event.ACKNOWLEDGE, by=somebody)
    with pytest.raises(Gone):
        packets.read(referral.pk, by=somebody)
    assert links.open_link(again.token, again.code)


@pytest.mark.parametrize("event", [Event.WITHDRAW, Event.MARK_ERROR, Event.DECLINE, Event.EXPIRE])
def test_a_link_ends_with_its_referral(db, event):
    found = scene(inbox=False)
    referral, made = linked(found)
    found.linked = links.open_link(made.token, made.code)
    found.do(referral, event)
    assert not ReceiverLink.objects.filter(revoked_at=None).exists()
    with pytest.raises(LinkRefused):
        links.open_link(made.token, made.code)
    with pytest.raises(Gone):
        packets.read(referral.pk, by=found.linked)


def test_a_link_ends_when_consent_is_withdrawn(db):
    found = scene(inbox=False)
    referral, made = linked(found)
    somebody = links.open_link(made.token, made.code)
    withdraw_consent(found.grant.consent, by=found.worker)
    with pytest.raises(Gone):
        packets.read(referral.pk, by=somebody)
    with pytest.raises(LinkRefused):
        links.open_link(made.token, made.code)


def test_a_link_ends_at_twice_the_time_for_the_service(db, monkeypatch):
    found = scene(inbox=False)
    referral, made = linked(found)
    referral.refresh_from_db()
    end = ReceiverLink.objects.get().expires_at
    assert end - referral.sent_at == 2 * (referral.deliver_by - referral.sent_at)
    later = end + timedelta(seconds=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    with pytest.raises(LinkRefused):
        links.open_link(made.token, made.code)


def test_who_may_not_act_for_the_sender_makes_no_link_and_where_there_is_an_inbox_nobody_does(db):
    found = scene(inbox=False)
    referral, _made = linked(found)
    with pytest.raises(NotYours):
        links.make_link(referral.pk, by=stranger())
    with_inbox = scene()
    with pytest.raises(Gone):
        links.make_link(with_inbox.at(Status.SENT).pk, by=with_inbox.worker)
    with pytest.raises(Gone):
        links.make_link(scene_draft(found).pk, by=found.worker)


def scene_draft(found):
    """A draft of the same worker, about another case."""
    other = scene(inbox=False)
    other.worker = found.worker
    other.case.owner_id = found.worker.user_id
    other.case.save()
    return other.draft()


def test_after_an_answer_the_same_link_opens_the_new_packet(db):
    found = scene(inbox=False)
    referral = found.at(Status.INFO_REQUESTED)
    found.do(referral, Event.ANSWER)
    assert packets.read(referral.pk, by=found.linked).packet.number == 2
    assert {"answer": "Bambara."} in [one.words for one in packets.timeline(referral.pk, by=found.linked)]
