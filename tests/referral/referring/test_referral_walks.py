"""Whatever people do in whatever order: no two live referrals, no packet without a yes, each change one event."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from referral.actions.consents import withdraw_consent
from referral.models import AuditEntry, AuditKind, Packet, Referral, ReferralEvent
from referral.referring.referrals import act, create
from referral.refusals import Refused
from referral.safety import audit
from referral.states import workflow
from referral.states.workflow import LIVE, Actor, Event, Status
from referral.words.consent_choices import DataCategory
from services.models import Service
from services.taxonomy import Capacity
from tests.referral import making
from tests.referral.referring.referring import DRAFT, SHARED, form, scene

KINDS = (Actor.REFERRER, Actor.SUPERVISOR, Actor.RECEIVER, Actor.SYSTEM, Actor.OUTSIDER)
WILD = [(event, kind) for event in Event if event != Event.CREATE for kind in KINDS]


def legal(status: Status) -> list[tuple[Event, Actor]]:
    """What the table allows here, what begins or goes on before what ends."""
    rows = [(row, kind) for kind in KINDS for row in workflow.possible(status, kind)]
    going = [(row.event, kind) for row, kind in rows if row.target not in workflow.TERMINAL]
    return going * 3 + [(row.event, kind) for row, kind in rows]


ALONG = [
    (Event.SEND, Actor.REFERRER),
    (Event.ACKNOWLEDGE, Actor.RECEIVER),
    (Event.ACCEPT, Actor.RECEIVER),
    (Event.START, Actor.RECEIVER),
]
RARELY = some.sampled_from([False] * 6 + [True])
SEEN: set[str] = set()


class Walk(RuleBasedStateMachine):
    """One case, two services, everybody doing anything. `agreed` is what the person has said, kept here apart."""

    @initialize(along=some.integers(0, len(ALONG)))
    def begin(self, along: int) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()
        self.found = scene(agreed=None, places=2)
        self.services = [self.found.service, making.service("second-desk", receiver=self.found.focal.partner)]
        self.agreed: dict[int, set[str]] = {}
        self.said: dict[int, Any] = {}
        self.referrals: list[Referral] = []
        for number in range(2):
            self.ask(number, number == 0, True)
            self.draft(number, False, None)
        for event, kind in ALONG[:along]:  # so that walks also begin in the middle
            first = self.referrals[0]
            act(first.pk, event, by=self.found.asker(kind), given=form(event))

    def teardown(self) -> None:
        if hasattr(self, "block"):
            assert audit.verify()[1] is None
            SEEN.update(ReferralEvent.objects.filter(referral__case=self.found.case).values_list("after", flat=True))
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    @rule(number=some.integers(0, 1), name=some.booleans(), key=some.sampled_from([None, "a", "b"]))
    def draft(self, number: int, name: bool, key: str | None) -> None:
        categories = [*SHARED, DataCategory.NAME] if name else SHARED
        service = self.services[number]
        try:
            made = create(
                self.found.case,
                by=self.found.worker,
                service=service,
                given={**DRAFT, "categories": categories},
                key=key,
            )
        except Refused:
            return
        if made not in self.referrals:
            self.referrals.append(made)

    @rule(
        tries=some.lists(
            some.tuples(some.integers(0, 999), RARELY, some.integers(0, 9), RARELY), min_size=2, max_size=6
        )
    )
    def events(self, tries: list[tuple[int, bool, int, bool]]) -> None:
        for seed, wild, pick, stale in tries:
            self.event(seed, wild, pick, stale)

    def event(self, seed: int, wild: bool, pick: int, stale: bool) -> None:
        referral = Referral.objects.get(pk=self.referrals[-1 - pick % len(self.referrals)].pk)
        pairs = (WILD if wild else legal(Status(referral.status))) or WILD
        event, kind = pairs[seed % len(pairs)]
        events, packets = referral.events.count(), Packet.objects.count()
        shown = referral.version - 1 if stale and referral.version else referral.version
        try:
            after = act(referral.pk, event, by=self.found.asker(kind), given=form(event), version=shown)
        except Refused:
            now = Referral.objects.get(pk=referral.pk)
            assert (now.status, now.version, now.events.count()) == (referral.status, referral.version, events)
            assert Packet.objects.count() == packets
            return
        if after.version == referral.version:  # the sender knew already that the service has closed
            assert event == Event.SERVICE_CLOSED
            return
        assert shown == referral.version
        assert after.status == workflow.target(Status(referral.status), event)
        assert after.events.count() == events + 1
        if Packet.objects.count() > packets:
            assert set(after.categories) <= self.agreed.get(after.service_id, set())

    @rule(number=some.integers(0, 1), name=some.booleans(), given=some.sampled_from([True] * 4 + [False]))
    def ask(self, number: int, name: bool, given: bool) -> None:
        service = self.services[number]
        categories = [str(one) for one in ([*SHARED, DataCategory.NAME] if name else SHARED)]
        self.said[service.pk] = making.consent(self.found.case, service, categories, given=given).consent
        self.agreed[service.pk] = set(categories) if given else set()

    @rule(number=some.integers(0, 1), sure=some.sampled_from([False, False, True]))
    def withdraw(self, number: int, sure: bool) -> None:
        if not sure:
            return
        service = self.services[number]
        if (said := self.said.get(service.pk)) is None:
            return
        withdraw_consent(said, by=self.found.worker)
        self.agreed[service.pk] = set()

    @rule(number=some.integers(0, 1), capacity=some.sampled_from([Capacity.OPEN] * 4 + [Capacity.CLOSED]))
    def directory(self, number: int, capacity: Capacity) -> None:
        Service.objects.filter(pk=self.services[number].pk).update(capacity=capacity)

    @invariant()
    def holds(self) -> None:
        live: set[int] = set()
        for referral in Referral.objects.filter(case=self.found.case) if hasattr(self, "found") else ():
            if referral.status in LIVE:
                assert referral.service_id not in live
                live.add(referral.service_id)
            chain = list(referral.events.order_by("number").values_list("number", "before", "after"))
            assert [number for number, _before, _after in chain] == list(range(1, referral.version + 2))
            assert [before for _n, before, _after in chain] == ["", *(after for _n, _b, after in chain[:-1])]
            assert chain[-1][2] == referral.status
            trail = AuditEntry.objects.filter(referral_id=referral.pk, kind__in=(AuditKind.CHANGE, AuditKind.OVERRIDE))
            assert list(trail.order_by("pk").values_list("what", flat=True)) == [
                event for event in referral.events.order_by("number").values_list("event", flat=True)
            ]
            for packet in referral.packets.filter(revoked_at=None).select_related("grant__consent"):
                assert packet.grant.service_id == referral.service_id
                assert packet.grant.withdrawn_at is None
                assert packet.grant.consent.withdrawn_at is None


def test_whatever_is_tried_in_whatever_order_the_promises_hold(db):
    quick = settings(
        max_examples=30, stateful_step_count=20, deadline=None, database=None, derandomize=True,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Walk, settings=quick)
    assert {"sent", "acknowledged", "accepted", "withdrawn"} <= SEEN, "the walks lead nowhere"
