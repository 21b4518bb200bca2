"""Scenarios of referral.md (f) that no other module holds: the field, a change of mind, a crash in the middle, a door that closes."""

from __future__ import annotations

import json

import pytest

from referral.actions.consents import withdraw_consent
from referral.models import Effect, Membership, Packet, Referral, Screening
from referral.procedures.vocabulary import SCREENS
from referral.referring.referrals import act, create
from referral.refusals import Repeated, Stale
from referral.states.workflow import Event, Status
from tests.people import at_desk
from tests.referral import making
from tests.referral.referring.referring import DRAFT, SHARED, form, scene
from tests.referral.safety import own_site


@pytest.mark.django_db
def test_scenario_42_who_is_disabled_at_ten_can_post_nothing_at_one_past_ten():
    member = making.member(making.partner())
    client = at_desk(member)
    draft = {"draft": "note", "words": "half a sentence"}
    assert client.post("/fr/casework/draft/", draft).status_code == 204
    user = making.user_of(member)
    user.is_active = False
    user.save()
    assert client.post("/fr/casework/draft/", draft).status_code == 302  # asked to sign in, which they cannot


@pytest.mark.django_db
def test_scenario_42_who_is_no_longer_a_member_finds_nothing_at_the_next_request():
    member = making.member(making.partner())
    client = at_desk(member)
    assert client.get("/fr/casework/").status_code == 200
    Membership.objects.filter(user=member.user_id).delete()
    assert client.get("/fr/casework/").status_code == 404
    assert client.post("/fr/casework/draft/", {"draft": "note", "words": "x"}).status_code == 404


def test_scenario_59_a_tablet_that_sends_its_two_drafts_twice_makes_each_once(db):
    found = scene()
    second = making.service("second-desk", receiver=found.focal.partner)
    queue = [(found.service, "0190-aaaa"), (second, "0190-bbbb")]
    first, again = (
        [create(found.case, by=found.worker, service=to, given=DRAFT, key=key).pk for to, key in queue]
        for _sync in range(2)
    )
    assert first == again
    assert Referral.objects.filter(case=found.case).count() == 2
    with pytest.raises(Repeated):  # the tablet was used further, under the key of what was sent already
        create(found.case, by=found.worker, service=second, given={**DRAFT, "reason": "More."}, key="0190-bbbb")


def test_scenario_59_what_the_server_has_wins_and_the_tablet_is_told_both_versions(db):
    found = scene()
    referral = found.at(Status.SENT)
    shown = referral.version
    act(referral.pk, Event.ACKNOWLEDGE, by=found.focal, version=shown)
    with pytest.raises(Stale) as late:
        act(referral.pk, Event.WITHDRAW, by=found.worker, given=form(Event.WITHDRAW), version=shown)
    assert (late.value.version, late.value.current, late.value.status) == (shown, shown + 1, Status.ACKNOWLEDGED)
    assert Referral.objects.get(pk=referral.pk).status == Status.ACKNOWLEDGED


def test_scenario_71_who_changes_their_mind_about_return_loses_no_other_help(db):
    found = scene()
    doctor = found.at(Status.SENT)
    iom = making.service("return-desk", receiver=found.focal.partner, category="voluntary_return")
    Screening.objects.create(
        case=found.case, made_by_id=found.worker.user_id, answered=list(SCREENS), urgency="normal", risk="low"
    )
    grant = making.consent(found.case, iom, SHARED)
    back = create(found.case, by=found.worker, service=iom, given=DRAFT)
    back = act(back.pk, Event.SEND, by=found.worker)
    withdraw_consent(grant.consent, by=found.worker)
    back.refresh_from_db()
    doctor.refresh_from_db()
    assert (back.status, doctor.status) == (Status.WITHDRAWN, Status.SENT)
    told = Effect.objects.filter(mark__startswith=f"referral:{back.events.get(event=Event.WITHDRAW).pk}")
    assert set(told.values_list("user", flat=True)) == {found.focal.user_id, found.worker.user_id}
    assert Packet.objects.filter(referral=doctor, revoked_at=None).exists()
    assert not Packet.objects.filter(referral=back, revoked_at=None).exists()


CRASH = """
import json, os
from tests.referral.referring.referring import scene
from referral.models import AuditEntry, Packet, Referral, ReferralEvent
from referral.referring import referrals
from referral.states.workflow import Event
found = scene()
draft = found.draft()
print(json.dumps([str(draft.pk), AuditEntry.objects.count()]), flush=True)
plain = ReferralEvent.save
def save(self, *args, **named):
    plain(self, *args, **named)
    os._exit(0)  # the machine is gone, the transaction is open
ReferralEvent.save = save
found.do(draft, Event.SEND)
"""
AFTERWARDS = """
import json
from referral.models import AuditEntry, Effect, Packet, Referral, ReferralEvent
from referral.safety import audit
row = Referral.objects.get()
print(json.dumps([row.status, row.version, list(row.events.values_list("event", flat=True)), Packet.objects.count(),
    AuditEntry.objects.count(), Effect.objects.count(), audit.verify()[1] is None]))
"""


def test_scenario_72_a_crash_between_the_event_and_the_end_of_its_transaction_leaves_neither(tmp_path):
    folder = own_site.make(tmp_path / "site")
    before = json.loads(own_site.run(folder, CRASH)[0].splitlines()[-1])
    found = json.loads(own_site.run(folder, AFTERWARDS)[0].splitlines()[-1])
    assert found == ["draft", 0, ["create"], 0, before[1], 0, True]
