"""The case machine against a second copy of b.3, typed here by hand; and the page of documentation of both machines."""

from __future__ import annotations

import pytest
from django.utils import translation

from referral.states import case_states, state_tables
from referral.states.case_states import CaseActor, CaseEvent, CaseGuard, CaseStatus
from referral.states.machine import IllegalEvent, NotYours

# event: from → to: who. I intake, C caseworker, O owner, S supervisor, R receiving organisation, T the system.
TABLE = """
open: - → open: I C S
hold: open → on_hold: O S
resume: on_hold → open: O S
assign: open → open: S
request_transfer: open → open: R
offer_transfer: open → open: O
accept_transfer: open → transferred: R
decline_transfer: open → open: R
expire_transfer: open → open: T
request_closure: open on_hold → open: O
approve_closure: open → closed: S
return_closure: open → open: S
reopen: closed → open: S
merge: open → merged: S
unmerge: merged → open: S
void: open → void: S
purge: open on_hold closed transferred merged void → same: T
"""
WHO = {"I": "intake", "C": "caseworker", "O": "owner", "S": "supervisor", "R": "receiving", "T": "system"}
LEGAL = {
    (source, line.split(": ")[0], WHO[actor]): source if line.split(" → ")[1].startswith("same") else target
    for line in TABLE.strip().splitlines()
    for source in line.split(": ")[1].split(" → ")[0].split()
    for target in [line.split(" → ")[1].split(": ")[0]]
    for actor in line.split(": ")[2].split()
}


@pytest.mark.parametrize("event", CaseEvent)
@pytest.mark.parametrize("status", [None, *CaseStatus], ids=str)
def test_each_event_in_each_status_does_for_each_kind_of_actor_what_the_specification_says(status, event):
    for actor in CaseActor:
        wanted = LEGAL.get((status or "-", event.value, actor.value))
        if wanted is not None:
            case_states.allowed(status, event, actor)
            assert case_states.target(status, event) == wanted
            assert event in {row.event for row in case_states.possible(status, actor)}
            continue
        anybody = any((what, who) == (event.value, actor.value) for _state, what, who in LEGAL)
        with pytest.raises(IllegalEvent if anybody else NotYours):
            case_states.allowed(status, event, actor)
        assert event not in {row.event for row in case_states.possible(status, actor)}


def test_a_case_closes_and_opens_again_only_with_its_guards():
    rows = case_states.MACHINE.by_event
    assert {CaseGuard.FOUR_EYES, CaseGuard.CLOSURE_PENDING} <= set(rows[CaseEvent.APPROVE_CLOSURE].needs)
    assert CaseGuard.NO_URGENT_OPEN in rows[CaseEvent.REQUEST_CLOSURE].needs
    assert CaseGuard.NOT_PURGED in rows[CaseEvent.REOPEN].needs
    assert CaseGuard.NO_LEGAL_HOLD in rows[CaseEvent.PURGE].needs
    assert CaseGuard.CONSENT_COVERS_RECIPIENT in rows[CaseEvent.ACCEPT_TRANSFER].needs
    assert CaseGuard.NO_REFERRAL_SENT in rows[CaseEvent.VOID].needs


def test_every_event_of_a_case_has_a_sentence():
    with translation.override("en"):
        for event in CaseEvent:
            assert ("Amal" in case_states.sentence(event, "Amal")) != (
                {"system"} == case_states.MACHINE.by_event[event].who
            )


def test_the_page_of_states_is_up_to_date():
    written = state_tables.PAGE.read_text(encoding="utf-8")
    assert written == state_tables.page(), "write it again: python -m referral.states.state_tables"
    with translation.override("ar"):
        assert written == state_tables.page()
    assert "| decline | sent, acknowledged, info_requested, waitlisted | declined |" in written
    assert "mermaid" not in written
