"""Nothing is kept longer than its rule: the clock is moved, and what must be gone is gone; what a legal hold keeps is listed."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from referral.actions.people import add_note
from referral.encryption import CannotOpen
from referral.models import (
    Answered,
    Attachment,
    AuditEntry,
    Case,
    Draft,
    Effect,
    FollowUpCode,
    Note,
    Packet,
    PacketKey,
    Person,
    Referral,
    Representative,
    Task,
    TaskKind,
)
from referral.safety import audit, keys
from referral.states.workflow import Status
from referral.timers import erasure, retention
from referral.timers.retention import RULES
from referral.words.choices import CaseRole
from tests.referral import making
from tests.referral.referring.referring import member, scene
from tests.referral.timers.waiting import MONDAY, Clock, agreed_long_ago, run

pytestmark = pytest.mark.django_db
NAMES = {"given_name": "Awa", "family_name": "Traoré", "phone": "+212600000001", "commune": "Oujda", "health": "x"}


@pytest.fixture
def clock(monkeypatch) -> Clock:
    found = Clock(MONDAY)
    monkeypatch.setattr("django.utils.timezone.now", found)
    return found


def closed(found, clock: Clock, **columns) -> Case:
    """The case, closed now as `approve_closure` closes it."""
    usual = {"closed_at": clock(), "changed_at": clock()}
    Case.objects.filter(pk=found.case.pk).update(status="closed", closure_reason="goals_met", **(usual | columns))
    return Case.objects.get(pk=found.case.pk)


def sealed(row, lowest: int = 2) -> set[str]:
    """The sealed columns of at least this tier that hold something."""
    row.refresh_from_db()
    names = set(row.sealed_names()) - set(row.sealed_names(lowest - 1))
    return {name for name in names if getattr(row, name) is not None}


def test_every_rule_names_what_goes_when_how_and_where_that_is_said():
    assert len({rule.what for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.since
        assert rule.how
        assert rule.source.startswith(("d.4", "trust"))


def test_scenario_63_a_year_after_closure_the_identity_is_gone_and_the_trail_stays(clock):
    found = scene(**NAMES)
    agreed_long_ago()
    referral = found.at(Status.CLOSED)
    person = Person.objects.get(case=found.case)
    guardian = Representative(case=found.case, kind="parent")
    guardian.seal(keys.case_box(found.case, found.case.partner), name="Fatou", contact="0600000002")
    guardian.save()
    Attachment.objects.create(case=found.case, added_by_id=found.worker.user_id, kind="pdf", size=10)
    closed(found, clock)
    clock.wait(days=364, hours=23)
    assert run()["retention, identities"].done == 0
    before = AuditEntry.objects.count()
    clock.wait(hours=1)
    assert run()["retention, identities"].done == 1
    assert run()["retention, identities"].done == 0
    assert sealed(person, 3) == sealed(guardian, 3) == set()
    assert sealed(person) >= {"alias", "languages"}
    person.refresh_from_db()
    assert (person.phone_index, person.name_index) == ("", "")
    assert not Attachment.objects.exists()
    packet = Packet.objects.get(referral=referral)
    assert packet.revoked_at is not None
    with pytest.raises(CannotOpen):
        keys.packet_key(packet, found.case.partner)
    assert AuditEntry.objects.count() > before
    assert AuditEntry.objects.filter(case_id=found.case.pk, what="case.erase_identity").count() == 1
    assert audit.verify()[1] is None


def test_scenario_63_three_years_after_the_last_activity_nothing_of_the_case_can_be_read(clock):
    found = scene(**NAMES)
    agreed_long_ago()
    referral = found.at(Status.CLOSED)
    box = keys.case_box(found.case, found.case.partner)
    note = Note(case=found.case, written_by_id=found.worker.user_id)
    note.seal(box, words="told in confidence")
    note.save()
    kept = bytes(note.words)
    closed(found, clock)
    clock.wait(days=1097)
    assert run()["retention, contents of cases"].done == 1
    assert run()["retention, contents of cases"].done == 0
    rows = (
        Case.objects.get(pk=found.case.pk),
        Person.objects.get(case=found.case),
        note,
        Referral.objects.get(pk=referral.pk),
    )
    assert [sealed(row) for row in rows] == [set()] * len(rows)
    assert rows[0].erased_at is not None
    assert not PacketKey.objects.filter(packet__referral__case=found.case).exists()
    assert not Task.objects.filter(case=found.case).exists()
    with pytest.raises(keys.Erased):
        keys.case_box(found.case, found.case.partner)
    note.words = kept  # as a backup has it
    with pytest.raises(CannotOpen):
        note.opened(keys.partner_box(found.case.partner))
    assert AuditEntry.objects.filter(case_id=found.case.pk, what="case.purge").count() == 1
    assert audit.verify()[1] is None


def test_scenario_64_a_legal_hold_skips_the_case_and_lists_it_and_its_end_lets_it_go(clock):
    found = scene(**NAMES)
    closed(found, clock, legal_hold=True)
    clock.wait(days=1097)
    printed = io.StringIO()
    call_command("run_due", stdout=printed)
    assert "kept by a legal hold: 1\n" in printed.getvalue()
    assert list(retention.held()) == [found.case]
    assert sealed(Person.objects.get(case=found.case), 3)
    Case.objects.update(legal_hold=False)
    assert run()["retention, contents of cases"].done + run()["retention, identities"].done >= 1
    assert not retention.held().exists()
    assert not sealed(Person.objects.get(case=found.case), 3)


def test_scenario_64_a_hold_keeps_packets_too(clock):
    found = scene()
    agreed_long_ago()
    referral = found.at(Status.CLOSED)
    Case.objects.update(legal_hold=True)
    clock.wait(days=100)
    assert run()["retention, packets"].done == 0
    Case.objects.update(legal_hold=False)
    assert run()["retention, packets"].done == 1
    assert Packet.objects.get(referral=referral).revoked_at == clock()


def test_a_packet_can_be_read_by_its_receiver_for_90_days_after_the_end_and_by_its_sender_still(clock):
    found = scene()
    agreed_long_ago()
    packet = Packet.objects.get(referral=found.at(Status.CLOSED))
    clock.wait(days=89)
    assert run()["retention, packets"].done == 0
    clock.wait(days=1, minutes=1)
    assert run()["retention, packets"].done == 1
    packet.refresh_from_db()
    with pytest.raises(CannotOpen):
        keys.packet_key(packet, found.focal.partner)
    assert keys.packet_key(packet, found.case.partner)


@pytest.mark.parametrize("columns", [{"is_minor": True}, {"profile": "vot"}])
def test_of_children_and_victims_the_officer_is_asked_each_year_and_a_date_lets_the_identity_go(clock, columns):
    found = scene(**NAMES)
    officer = member(making.partner("oujda"), CaseRole.DPO)
    case = closed(found, clock, retain_until=None, **columns)
    clock.wait(days=366)
    counts = run()
    assert counts["retention, identities"].done == 0
    assert counts["retention, identities to decide on"].done == 1
    assert run()["retention, identities to decide on"].done == 0
    assert Task.objects.filter(case=case, kind=TaskKind.REVIEW, owner=officer.user_id).count() == 1
    clock.wait(days=365)
    assert run()["retention, identities to decide on"].done == 1
    clock.wait(days=800)
    assert run()["retention, contents of cases"].done == 0
    Case.objects.filter(pk=case.pk).update(retain_until=clock().date() - timedelta(days=1))
    run()
    assert not sealed(Person.objects.get(case=case), 3)


def test_a_date_in_the_future_keeps_what_the_rules_would_take(clock):
    found = scene(**NAMES)
    closed(found, clock, retain_until=clock().date() + timedelta(days=5000))
    clock.wait(days=1500)
    counts = run()
    assert counts["retention, identities"].done == counts["retention, contents of cases"].done == 0


def test_an_open_case_with_a_referral_under_way_is_not_erased(clock):
    found = scene(**NAMES)
    agreed_long_ago()
    found.at(Status.SENT, urgency="emergency")
    Case.objects.update(changed_at=clock())
    clock.wait(days=1500)
    assert run()["retention, contents of cases"].done == 0


def test_an_open_case_is_announced_to_the_supervisors_before_its_content_goes_and_work_on_it_keeps_it(clock):
    found, busy = scene(**NAMES), scene(**NAMES)
    Case.objects.update(changed_at=clock())
    clock.wait(days=1036)
    add_note(busy.case, by=busy.worker, words="Still here.")
    assert run()["retention, open cases that rest"].done == 1
    assert run()["retention, open cases that rest"].done == 0
    assert Task.objects.filter(case=found.case, kind=TaskKind.DECIDE, owner=None).count() == 1
    assert Effect.objects.filter(user=found.supervisor.user_id, mark__startswith="resting:").count() == 1
    clock.wait(days=60)
    run()
    assert Case.objects.get(pk=found.case.pk).erased_at == clock()
    assert Case.objects.get(pk=busy.case.pk).erased_at is None


def test_a_case_that_was_begun_and_left_without_a_name_is_erased_after_14_days(clock):
    found = scene(agreed=None)
    named = making.case(found.worker, given_name="Awa")
    Case.objects.update(changed_at=clock())
    clock.wait(days=14)
    assert run()["retention, cases begun and left"].done == 1
    assert Case.objects.get(pk=found.case.pk).erased_at is not None
    assert Case.objects.get(pk=named.pk).erased_at is None


def test_a_case_with_a_consent_is_not_one_that_was_left(clock):
    scene()
    Case.objects.update(changed_at=clock())
    clock.wait(days=30)
    assert run()["retention, cases begun and left"].done == 0


def test_forms_codes_answers_and_mails_go_after_their_time(clock):
    found = scene()
    user = making.user_of(found.worker)
    Draft.objects.create(user=user, partner=found.case.partner, form="case", expires_at=clock() + timedelta(hours=72))
    FollowUpCode.objects.create(
        case=found.case, code_hash="1", pin_hash="1", made_by=user, expires_at=clock() + timedelta(days=90)
    )
    Answered.objects.create(who="user 1", key="a", digest="d", event="send", at=clock())
    Effect.objects.create(kind="mail", user=user, mark="sent", done_at=clock())
    Effect.objects.create(kind="mail", user=user, mark="waits")
    kinds = {"forms half filled in": Draft, "follow-up codes": FollowUpCode, "answers to repeated requests": Answered}
    for days, left in ((2.9, 4), (3, 3), (14, 2), (30, 1), (90, 0)):
        clock.set(MONDAY + timedelta(days=days))
        run()
        there = sum(model.objects.exists() for model in kinds.values()) + Effect.objects.filter(mark="sent").exists()
        assert there == left, days
    assert Effect.objects.filter(mark="waits").exists()


def test_one_that_cannot_be_erased_leaves_the_others_erased(clock, monkeypatch):
    found = [scene(**NAMES) for _number in range(3)]
    for one in found:
        closed(one, clock)
    broken, destroy = found[1].case.pk, erasure._destroy_packets

    def destroy_but_once(case, now):
        if case.pk == broken:
            raise OSError
        destroy(case, now)

    monkeypatch.setattr(erasure, "_destroy_packets", destroy_but_once)
    clock.wait(days=366)
    count = run()["retention, identities"]
    assert (count.done, count.failed) == (2, 1)
    assert sealed(Person.objects.get(case=broken), 3)


def test_rules_count_in_days_that_really_pass_also_across_ramadan(clock):
    clock.set(datetime(2027, 1, 30, 12, tzinfo=UTC))
    found = scene(agreed=None)
    Case.objects.update(changed_at=clock())
    clock.set(datetime(2027, 2, 13, 11, 59, tzinfo=UTC))
    assert run()["retention, cases begun and left"].done == 0
    clock.set(datetime(2027, 2, 13, 12, tzinfo=UTC))
    assert run()["retention, cases begun and left"].done == 1
    assert Case.objects.get(pk=found.case.pk).erased_at == timezone.now()
