"""The referral machine at work: every event in every state through the database, repeats, stale forms, and what else changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from referral.access import System
from referral.models import (
    Answered,
    AuditEntry,
    AuditKind,
    Effect,
    Packet,
    Reception,
    Referral,
    ReferralEvent,
    Task,
    TaskKind,
)
from referral.permissions import NotFound
from referral.referring import repeats
from referral.referring.guards import GUARDS
from referral.referring.referrals import act, create
from referral.refusals import Gone, GuardRefused, Repeated, Stale, WrongField
from referral.safety import audit
from referral.states import workflow
from referral.states.limits import Clock, due
from referral.states.workflow import MACHINE, Actor, Event, Guard, IllegalEvent, NotYours, Status
from services.models import Service
from tests.referral import making
from tests.referral.referring.referring import DRAFT, SHARED, WAYS, attempts, form, member, prepare, scene, stranger

COUNTED = (ReferralEvent, Task, Effect, Packet, Answered)


def state_of(referral: Referral) -> tuple[Any, ...]:
    """Everything that a refusal must leave as it is."""
    rows = tuple(model.objects.count() for model in COUNTED)
    places = tuple(Reception.objects.order_by("pk").values_list("places", flat=True))
    return Referral.objects.filter(pk=referral.pk).values().get(), rows, places


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("inbox", [True, False], ids=["inbox", "link"])
@pytest.mark.parametrize("status", WAYS)
def test_each_event_in_each_state_does_what_the_table_says_and_every_other_changes_nothing(db, status, inbox):
    found = scene(inbox=inbox)
    referral = found.at(status)
    receiving = Actor.RECEIVER if inbox else Actor.LINK_RECEIVER
    done = 0
    for event in [one for one in Event if one != Event.CREATE]:
        row = MACHINE.by_event[event]
        for kind in (Actor.REFERRER, Actor.SUPERVISOR, receiving, Actor.SYSTEM, Actor.OUTSIDER):
            with undone():
                prepare(found, referral, event, kind)
                asker, before = found.asker(kind), state_of(referral)
                if kind in row.who and status in row.sources:
                    after = act(referral.pk, event, by=asker, given=form(event) or {"reason": "x"})
                    stored = Referral.objects.get(pk=referral.pk)
                    assert after.status == stored.status == workflow.target(status, event)
                    assert stored.version == before[0]["version"] + 1
                    last = stored.events.order_by("-number")[0]
                    assert (last.event, last.before, last.after) == (event, status, stored.status)
                    assert last.kind_of_actor == kind
                    assert stored.events.count() == stored.version + 1
                    done += 1
                    continue
                with pytest.raises((IllegalEvent, NotYours, Gone)):
                    act(referral.pk, event, by=asker, given=form(event))
                assert state_of(referral) == before
    assert (done > 0) == (status not in workflow.TERMINAL)
    assert audit.verify()[1] is None


def test_every_guard_of_the_machine_has_one_function():
    assert set(GUARDS) == set(Guard)


def test_a_draft_can_be_made_by_who_is_in_charge_and_by_nobody_else(db):
    found = scene()
    assert found.draft().status == Status.DRAFT
    for somebody in (stranger(), found.focal, member(found.case.partner), System()):
        with pytest.raises(NotYours):
            create(found.case, by=somebody, service=found.service, given=DRAFT)
    assert Referral.objects.count() == 1


@pytest.mark.parametrize("field", ["urgency", "handover", "reason", "categories"])
def test_a_draft_without_one_of_its_fields_is_refused_by_the_name_of_the_field(db, field):
    found = scene()
    with pytest.raises(WrongField) as caught:
        found.draft(**{field: ""})
    assert caught.value.field == field
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("urgency", "yesterday"),
        ("reason", "x" * 301),
        ("categories", ["narrative"]),
        ("categories", ["name", "hiv"]),
        ("replaces", "not-a-number"),
        ("reason", 7),
    ],
)
def test_what_cannot_be_understood_is_refused_and_not_repeated(db, field, typed):
    found = scene()
    with pytest.raises(WrongField) as caught:
        found.draft(**{field: typed})
    assert str(typed)[:6] not in str(caught.value)


def test_fields_that_the_event_does_not_name_are_not_taken(db):
    found = scene()
    referral = found.draft(status="accepted", version=7, sender="x", grant=1, is_training=False, disputes=3)
    assert (referral.status, referral.version, referral.grant, referral.disputes) == (Status.DRAFT, 0, None, 0)
    found.do(referral, Event.SEND, consent_overridden=True, status="closed", sent_at="2020-01-01")
    referral.refresh_from_db()
    assert referral.status == Status.SENT
    assert referral.sent_at.year >= 2026


def test_an_older_form_is_refused_and_told_the_version_and_the_state_of_now(db):
    found = scene()
    referral = found.at(Status.SENT)
    shown = referral.version
    found.do(referral, Event.ACKNOWLEDGE)
    with pytest.raises(Stale) as caught:
        act(referral.pk, Event.ACCEPT, by=found.focal, given=form(Event.ACCEPT), version=shown)
    assert (caught.value.current, caught.value.status) == (shown + 1, Status.ACKNOWLEDGED)
    assert act(referral.pk, Event.ACCEPT, by=found.focal, given=form(Event.ACCEPT), version=shown + 1)


def test_a_stranger_learns_nothing_and_leaves_a_row_in_the_trail(db):
    found = scene()
    referral = found.at(Status.SENT)
    somebody = stranger()
    answers = set()
    for event in (Event.ACCEPT, Event.WITHDRAW, Event.CONFIRM):
        with pytest.raises(NotYours) as caught:
            act(referral.pk, event, by=somebody, given=form(event), version=99)
        answers.add(str(caught.value))
    assert len(answers) == 1
    denied = AuditEntry.objects.filter(kind=AuditKind.DENIED, referral_id=referral.pk, user_id=somebody.user_id)
    assert denied.count() == 3
    with pytest.raises(NotFound):
        act(found.case.pk, Event.ACCEPT, by=somebody)


def test_nobody_acts_for_both_organisations_at_one_referral(db):
    found = scene()
    referral = found.at(Status.SENT)
    both = making.member(found.focal.partner, "focal_point", who=making.user_of(found.worker))
    with pytest.raises(GuardRefused) as caught:
        act(referral.pk, Event.ACCEPT, by=both, given=form(Event.ACCEPT))
    assert caught.value.guard == Guard.ONE_SIDE_ONLY


def test_the_deputy_of_a_case_never_answers_for_the_receiver(db):
    found = scene()
    referral = found.at(Status.SENT)
    deputy = member(found.case.partner)
    found.case.deputy_id = deputy.user_id
    found.case.save()
    both = making.member(found.focal.partner, "focal_point", who=making.user_of(deputy))
    with pytest.raises(GuardRefused) as caught:
        act(referral.pk, Event.ACCEPT, by=both, given=form(Event.ACCEPT))
    assert caught.value.guard == Guard.ONE_SIDE_ONLY


def test_what_was_posted_is_kept_only_as_a_digest_that_needs_a_key(db):
    found = scene()
    found.draft(key="form-1")
    row = Answered.objects.get()
    plain = repeats.digest_of(Event.CREATE, f"{found.case.pk} {found.service.pk}", DRAFT)
    assert row.digest
    assert row.digest not in plain


def test_time_limits_follow_the_urgency_and_the_inbox_is_ordered_by_the_next_one(db):
    found = scene()
    referral = found.at(Status.SENT, urgency="urgent")
    assert referral.acknowledge_by == due("urgent", Clock.ACK, referral.sent_at)
    assert referral.due_at == referral.acknowledge_by < referral.decide_by < referral.deliver_by
    found.do(referral, Event.ACKNOWLEDGE)
    referral.refresh_from_db()
    assert referral.due_at == referral.decide_by
    found.do(referral, Event.ACCEPT)
    found.do(referral, Event.DELIVER)
    referral.refresh_from_db()
    assert referral.due_at == referral.verify_by
    found.do(referral, Event.CONFIRM)
    referral.refresh_from_db()
    assert referral.due_at is None


def test_a_question_stops_the_clock_for_a_time_and_the_answer_moves_the_deadline(db, monkeypatch):
    found = scene()
    referral = found.at(Status.INFO_REQUESTED, urgency="urgent")
    before = referral.decide_by
    assert referral.due_at == referral.paused_at + timedelta(hours=24)
    question = Task.objects.get(referral=referral, kind=TaskKind.ANSWER, owner=found.worker.user_id)
    now = timezone.now() + timedelta(hours=5)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    answered = found.do(referral, Event.ANSWER)
    assert timedelta(hours=4.9) < answered.decide_by - before < timedelta(hours=5.1)
    assert answered.paused_at is None
    question.refresh_from_db()
    assert question.done_at is not None


def test_places_are_counted_under_the_lock_and_given_back(db):
    found = scene(places=1)
    referral = found.at(Status.ACCEPTED)
    reception = found.service.reception
    reception.refresh_from_db()
    assert reception.places == 0
    second = making.case(found.worker)
    making.consent(second, found.service, ["need", "reason"])
    Service.objects.filter(pk=found.service.pk).update(capacity="waiting_list")
    other = create(second, by=found.worker, service=found.service, given=DRAFT)
    found.do(other, Event.SEND)
    with pytest.raises(GuardRefused) as caught:
        found.do(other, Event.ACCEPT)
    assert caught.value.guard == Guard.CAPACITY_LEFT
    found.do(referral, Event.FAIL)
    assert found.do(other, Event.ACCEPT).status == Status.ACCEPTED
    reception.refresh_from_db()
    assert reception.places == 0


def test_an_emergency_is_never_put_on_a_list_never_expires_and_asks_for_a_call(db):
    found = scene()
    referral = found.at(Status.SENT, urgency="emergency")
    call = Task.objects.get(referral=referral, kind=TaskKind.CALL)
    assert (call.owner_id, call.due_at) == (found.worker.user_id, referral.acknowledge_by)
    for event in (Event.WAITLIST, Event.EXPIRE):
        with pytest.raises(GuardRefused):
            found.do(referral, event)
    found.do(referral, Event.ACKNOWLEDGE)
    call.refresh_from_db()
    assert call.done_at is not None


def test_nothing_expires_before_its_time(db):
    found = scene()
    referral = found.at(Status.SENT)
    with pytest.raises(GuardRefused) as caught:
        act(referral.pk, Event.EXPIRE, by=System())
    assert caught.value.guard == Guard.PAST_HARD_LIMIT


@pytest.mark.parametrize(
    ("status", "event", "changed"),
    [
        (Status.SENT, Event.ACCEPT, {"first_contact_on": timezone.localdate() - timedelta(days=1)}),
        (Status.SENT, Event.ACCEPT, {"first_contact_on": timezone.localdate() + timedelta(days=4000)}),
        (Status.SENT, Event.WAITLIST, {"expected_on": None}),
        (Status.SENT, Event.ASK_INFO, {"question": "  \u202e "}),
        (Status.INFO_REQUESTED, Event.ANSWER, {"answer": ""}),
        (Status.ACCEPTED, Event.START, {"contacted_at": timezone.now() + timedelta(days=2)}),
        (Status.ACCEPTED, Event.DELIVER, {"service_date": timezone.localdate() + timedelta(days=2)}),
        (Status.ACCEPTED, Event.DELIVER, {"outcome": ""}),
        (Status.ACCEPTED, Event.FAIL, {"not_delivered_reason": ""}),
        (Status.IN_PROGRESS, Event.PAUSE, {"reason": ""}),
        (Status.DELIVERED, Event.CONFIRM, {"client_confirmed": "no"}),
        (Status.DELIVERED, Event.CONFIRM, {"client_confirmed": "unreachable"}),
        (Status.SENT, Event.WITHDRAW, {"reason": ""}),
    ],
)
def test_an_event_without_what_it_needs_is_refused_and_changes_nothing(db, status, event, changed):
    found = scene()
    referral = found.at(status)
    before = state_of(referral)
    with pytest.raises(GuardRefused):
        found.do(referral, event, **changed)
    assert state_of(referral) == before


def test_people_who_must_look_are_noticed_once_without_a_word(db):
    found = scene()
    referral = found.at(Status.SENT)
    assert list(Effect.objects.values_list("user", flat=True)) == [found.focal.user_id]
    found.do(referral, Event.DECLINE)
    assert Effect.objects.filter(user=found.worker.user_id).count() == 1
    again = Task.objects.get(referral=referral, kind=TaskKind.REFER_AGAIN)
    assert again.owner_id == found.worker.user_id
    assert not Task.objects.filter(referral=referral, done_at=None).exclude(pk=again.pk).exists()


def test_a_refusal_is_a_sentence_in_each_language_and_holds_nothing_of_the_case(db, settings):
    found = scene(agreed=None, given_name="Aminata")
    referral = found.draft(reason="Aminata was hurt")
    with pytest.raises(GuardRefused) as caught:
        found.do(referral, Event.SEND)
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            assert str(caught.value)
    assert "Aminata" not in f"{caught.value!r} {caught.value} {caught.value.because}"
    rows = AuditEntry.objects.values_list("what", "fields")
    assert "Aminata" not in str(list(rows))


def test_scenario_32_the_persons_word_or_three_tries_close_the_loop(db):
    found = scene()
    referral = found.at(Status.DELIVERED)
    attempts(found.case, 3)
    done = found.do(referral, Event.CONFIRM, client_confirmed="unreachable")
    assert (done.status, done.confirmed) == (Status.CLOSED, "unreachable")


def test_somebody_who_was_reached_is_not_out_of_reach(db):
    found = scene()
    referral = found.at(Status.DELIVERED)
    attempts(found.case, 3)
    attempts(found.case, 1, reached=True)
    with pytest.raises(GuardRefused):
        found.do(referral, Event.CONFIRM, client_confirmed="unreachable")


def test_the_same_key_with_another_content_is_refused_for_events_too(db):
    found = scene()
    referral = found.at(Status.SENT)
    act(referral.pk, Event.DECLINE, by=found.focal, given={"decline_reason": "other"}, key="k1")
    assert (
        act(referral.pk, Event.DECLINE, by=found.focal, given={"decline_reason": "other"}, key="k1").pk == referral.pk
    )
    with pytest.raises(Repeated):
        act(referral.pk, Event.DECLINE, by=found.focal, given={"decline_reason": "duplicate"}, key="k1")
    assert referral.events.filter(event=Event.DECLINE).count() == 1


MOST_STATEMENTS = {"create": 24, "send": 32, "accept": 20}  # with savepoints, and with what the key of a form costs


def test_an_event_asks_the_database_few_times_whatever_else_the_services_and_cases_hold(db):
    found = scene()
    making.consent(found.case, found.service, SHARED)
    counted = {}
    for event, carry_out in {
        "create": lambda: found.draft(key="one"),
        "send": lambda: act(found.case.referrals.get().pk, Event.SEND, by=found.worker, version=0, key="two"),
        "accept": lambda: act(
            found.case.referrals.get().pk,
            Event.ACCEPT,
            by=found.focal,
            given=form(Event.ACCEPT),
            version=1,
            key="three",
        ),
    }.items():
        with CaptureQueriesContext(connection) as asked:
            carry_out()
        counted[event] = len(asked)
    assert {event: most for event, most in MOST_STATEMENTS.items() if counted[event] > most} == {}, counted
