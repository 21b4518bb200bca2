"""The referral machine against a second copy of b.4, typed here by hand: every state, every event, every kind of actor."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as some

from referral.states import machine, workflow
from referral.states.events import sentence
from referral.states.workflow import Actor, Event, Guard, IllegalEvent, NotYours, Status

# event: from → to: who. R referrer, S supervisor, V receiver, L receiver by link, T the system's timers.
TABLE = """
create: - → draft: R S
send: draft → sent: R S
discard: draft → entered_in_error: R S T
acknowledge: sent → acknowledged: V L
ask_info: sent acknowledged → info_requested: V L
answer: info_requested → acknowledged: R S
accept: sent acknowledged → accepted: V L
waitlist: sent acknowledged → waitlisted: V L
accept_waitlisted: waitlisted → accepted: V L
decline: sent acknowledged info_requested waitlisted → declined: V L
start: accepted → in_progress: V L
pause: in_progress → waitlisted: V L
deliver: accepted in_progress → delivered: V L
fail: accepted in_progress waitlisted → not_delivered: V L
confirm: delivered → closed: R S
dispute: delivered → in_progress: R S
withdraw: draft sent acknowledged info_requested accepted waitlisted in_progress → withdrawn: R S T
expire: sent acknowledged info_requested waitlisted → expired: T
service_closed: sent acknowledged info_requested accepted waitlisted in_progress delivered → same: T
mark_error: draft sent acknowledged info_requested accepted waitlisted in_progress delivered → entered_in_error: S
"""
WHO = {"R": "referrer", "S": "supervisor", "V": "receiver", "L": "link_receiver", "T": "system"}
STATES = [None, *Status]


def by_hand() -> dict[tuple[str, str, str], str]:
    """(state, event, actor) → state, of everything that is legal; “-” is nothing yet."""
    found = {}
    for line in TABLE.strip().splitlines():
        event, way, actors = line.split(": ")
        sources, target = way.split(" → ")
        for source in sources.split():
            for actor in actors.split():
                found[source, event, WHO[actor]] = source if target == "same" else target
    return found


LEGAL = by_hand()


def test_there_are_14_states_20_events_and_7_kinds_of_actor():
    assert (len(Status), len(Event), len(Actor)) == (14, 20, 7)
    assert len(LEGAL) > 60
    assert set(workflow.MACHINE.by_event) == set(Event)


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("status", STATES, ids=str)
def test_each_event_in_each_state_does_for_each_kind_of_actor_what_the_specification_says(status, event):
    for actor in Actor:
        wanted = LEGAL.get((status or "-", event.value, actor.value))
        if wanted is not None:
            assert workflow.allowed(status, event, actor).event == event
            assert workflow.target(status, event) == wanted
            continue
        anybody = any(who == actor.value and what == event.value for _state, what, who in LEGAL)
        with pytest.raises(IllegalEvent if anybody else NotYours):
            workflow.allowed(status, event, actor)
    if not any((status or "-", event.value) == (state, what) for state, what, _who in LEGAL):
        with pytest.raises(IllegalEvent):
            workflow.target(status, event)


def test_the_buttons_offered_are_exactly_the_legal_events():
    for status in STATES:
        for actor in Actor:
            offered = {row.event.value for row in workflow.possible(status, actor)}
            assert offered == {what for state, what, who in LEGAL if (state, who) == (status or "-", actor.value)}


def test_what_has_ended_stays_ended_and_the_three_sorts_of_state_are_apart():
    ended = {"closed", "declined", "withdrawn", "not_delivered", "expired", "entered_in_error"}
    assert set(workflow.TERMINAL) == ended
    assert set(workflow.LIVE) == set(Status) - ended - {"draft"}
    assert not {state for state, _what, _who in LEGAL} & ended


def test_a_referral_still_unseen_a_day_after_its_service_closed_is_declined_and_no_other():
    day = timedelta(hours=24)
    assert workflow.target(Status.SENT, Event.SERVICE_CLOSED, day - timedelta(seconds=1)) == Status.SENT
    assert workflow.target(Status.SENT, Event.SERVICE_CLOSED, day) == Status.DECLINED
    for status in workflow.LIVE - {Status.SENT}:
        assert workflow.target(status, Event.SERVICE_CLOSED, 9 * day) == status


def test_a_refusal_names_the_state_found_and_the_states_needed():
    with pytest.raises(IllegalEvent) as caught:
        workflow.allowed(Status.WITHDRAWN, Event.ACCEPT, Actor.RECEIVER)
    assert caught.value.status == Status.WITHDRAWN
    assert caught.value.target == Status.ACCEPTED
    assert caught.value.sources == {Status.SENT, Status.ACKNOWLEDGED}
    with translation.override("en"):
        assert str(caught.value) == "“Accept” is not possible: the state is now “Withdrawn”."


def test_a_stranger_gets_the_same_answer_in_every_state():
    answers = set()
    for status in STATES:
        with pytest.raises(NotYours) as caught:
            workflow.allowed(status, Event.ACCEPT, Actor.OUTSIDER)
        answers.add((str(caught.value), caught.value.args))
    assert len(answers) == 1


def test_outsiders_and_the_person_can_do_nothing_to_the_machine():
    assert not [who for _state, _what, who in LEGAL if who in {"outsider", "person"}]
    assert all(not workflow.possible(status, actor) for status in STATES for actor in (Actor.OUTSIDER, Actor.PERSON))


def test_guards_of_the_events_on_which_most_depends():
    rows = workflow.MACHINE.by_event
    send = {"consent_covers", "service_open", "service_accepts", "no_other_live", "minor_protected", "packet_frozen"}
    assert send <= set(rows[Event.SEND].needs)
    assert Guard.CONSENT_COVERS in rows[Event.ANSWER].needs
    assert Guard.CAPACITY_LEFT in rows[Event.ACCEPT].needs
    assert Guard.CAPACITY_LEFT in rows[Event.ACCEPT_WAITLISTED].needs
    assert Guard.NOT_EMERGENCY in rows[Event.WAITLIST].needs
    assert Guard.NOT_EMERGENCY in rows[Event.EXPIRE].needs
    assert "decline_reason" in rows[Event.DECLINE].fields
    assert "not_delivered_reason" in rows[Event.FAIL].fields
    assert Guard.FIRST_DISPUTE in rows[Event.DISPUTE].guards(Actor.REFERRER)
    assert Guard.FIRST_DISPUTE not in rows[Event.DISPUTE].guards(Actor.SUPERVISOR)
    assert Guard.CONSENT_WITHDRAWN in rows[Event.WITHDRAW].guards(Actor.SYSTEM)
    for row in workflow.MACHINE.rows:
        assert Actor.RECEIVER not in row.who or Guard.ONE_SIDE_ONLY in row.needs


def test_each_state_is_said_in_fhir_in_its_own_way():
    assert set(workflow.TASKS) == set(Status)
    assert len(set(workflow.TASKS.values())) == len(Status)
    # the value set task-status of HL7 FHIR R4
    fhir = {"draft", "requested", "received", "accepted", "rejected", "ready", "cancelled", "in-progress", "on-hold"}
    assert {task.status for task in workflow.TASKS.values()} <= fhir | {"failed", "completed", "entered-in-error"}
    assert workflow.task(Status.CLOSED) == workflow.Task("completed", "loop-closed")
    assert workflow.task(Status.EXPIRED).status_reason == "expired"
    assert workflow.task(Status.INFO_REQUESTED).business_status


def test_every_event_has_a_sentence_with_who_did_it_unless_the_system_did():
    with translation.override("en"):
        for event in Event:
            told = sentence(event, "Amal", Actor.REFERRER)
            by_system = {Actor.SYSTEM} == workflow.MACHINE.by_event[event].who
            assert ("Amal" in told) != by_system
            assert "%" not in told
        assert "consent was withdrawn" in sentence(Event.WITHDRAW, "Amal", Actor.SYSTEM)
        assert sentence(Event.WITHDRAW, "Amal", Actor.SUPERVISOR).startswith("Amal")


def test_a_row_cannot_be_changed_and_an_event_has_one_row():
    row = workflow.MACHINE.rows[0]
    with pytest.raises(FrozenInstanceError):
        row.target = Status.CLOSED
    with pytest.raises(ValueError, match="more than one"):
        machine.Machine((row, row))


@given(some.lists(some.tuples(some.sampled_from(Event), some.sampled_from(Actor)), max_size=60))
def test_whatever_is_tried_a_referral_only_walks_along_the_table(steps):
    status, seen = None, [None]
    for event, actor in steps:
        before = status
        try:
            workflow.allowed(status, event, actor)
            status = workflow.target(status, event)
        except (IllegalEvent, NotYours):
            assert (before or "-", event.value, actor.value) not in LEGAL
            assert status == before
            continue
        assert LEGAL[before or "-", event.value, actor.value] == status
        assert before not in workflow.TERMINAL
        seen.append(status)
    if Status.CLOSED in seen:
        assert seen.index(Status.DELIVERED) < seen.index(Status.CLOSED)
    if Status.DELIVERED in seen:
        assert seen.index(Status.ACCEPTED) < seen.index(Status.DELIVERED)
    if len(seen) > 1:
        assert seen[1] == Status.DRAFT


@given(some.randoms(use_true_random=False))
def test_from_every_state_that_a_random_walk_reaches_it_can_still_end(random):
    status = Status.DRAFT
    for _step in range(30):
        rows = [row for row in workflow.MACHINE.rows if status in row.sources]
        if not rows:
            break
        status = workflow.target(status, random.choice(rows).event)
    if status not in workflow.TERMINAL:
        ends = {row.target for row in workflow.MACHINE.rows if status in row.sources}
        assert ends & workflow.TERMINAL
