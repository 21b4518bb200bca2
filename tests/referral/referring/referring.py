"""Referrals for tests: two partners with their people, a case, a service; and the way to each state, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from referral.access import Asker, Linked, Member, System
from referral.models import Case, Consent, ContactAttempt, Grant, Referral
from referral.referring import links
from referral.referring.referrals import act, create
from referral.states.workflow import Actor, Event, Status
from referral.words.choices import CaseRole, ContactChannel
from referral.words.consent_choices import DataCategory
from services.models import Service
from services.taxonomy import Capacity
from tests.referral import making

SHARED = [DataCategory.NEED, DataCategory.REASON]
DRAFT = {"urgency": "normal", "handover": "facilitated", "reason": "Needs a lawyer.", "categories": SHARED}
# Which way leads to each state; `receiver` stands for whoever answers.
WAYS: dict[Status, tuple[Event, ...]] = {
    Status.DRAFT: (),
    Status.SENT: (Event.SEND,),
    Status.ACKNOWLEDGED: (Event.SEND, Event.ACKNOWLEDGE),
    Status.INFO_REQUESTED: (Event.SEND, Event.ASK_INFO),
    Status.ACCEPTED: (Event.SEND, Event.ACCEPT),
    Status.WAITLISTED: (Event.SEND, Event.WAITLIST),
    Status.IN_PROGRESS: (Event.SEND, Event.ACCEPT, Event.START),
    Status.DELIVERED: (Event.SEND, Event.ACCEPT, Event.DELIVER),
    Status.CLOSED: (Event.SEND, Event.ACCEPT, Event.DELIVER, Event.CONFIRM),
    Status.DECLINED: (Event.SEND, Event.DECLINE),
    Status.WITHDRAWN: (Event.SEND, Event.WITHDRAW),
    Status.NOT_DELIVERED: (Event.SEND, Event.ACCEPT, Event.FAIL),
    Status.EXPIRED: (Event.SEND, Event.EXPIRE),
    Status.ENTERED_IN_ERROR: (Event.SEND, Event.MARK_ERROR),
}
BY_RECEIVER = frozenset({
    Event.ACKNOWLEDGE, Event.ASK_INFO, Event.ACCEPT, Event.WAITLIST, Event.ACCEPT_WAITLISTED, Event.DECLINE, Event.START,
    Event.PAUSE, Event.DELIVER, Event.FAIL,
})  # fmt: skip


@dataclass
class Scene:
    """A worker and a supervisor of one partner, a focal point of the other (or a link), a case, a service, a yes."""

    worker: Member
    supervisor: Member
    focal: Member | None
    service: Service
    case: Case
    grant: Grant | None
    linked: Linked | None = None

    def who(self, event: Event) -> Asker:
        """Who usually does this."""
        if event in (Event.EXPIRE, Event.SERVICE_CLOSED):
            return System()
        if event == Event.MARK_ERROR:
            return self.supervisor
        return self.receiver if event in BY_RECEIVER else self.worker

    @property
    def receiver(self) -> Asker:
        """Whoever answers: the focal point, or the one with the link."""
        found = self.focal or self.linked
        assert found is not None
        return found

    def asker(self, kind: Actor) -> Asker:
        """Somebody of this kind."""
        if kind == Actor.LINK_RECEIVER:
            return self.linked or Linked(0, Referral.objects.get(case=self.case).pk, bytes(32))
        known = {Actor.REFERRER: self.worker, Actor.SUPERVISOR: self.supervisor, Actor.SYSTEM: System()}
        if kind == Actor.RECEIVER and self.focal is not None:
            return self.focal
        return known.get(kind) or stranger()

    def draft(self, key: str | None = None, **given: Any) -> Referral:
        """A draft to the service of the scene."""
        return create(self.case, by=self.worker, service=self.service, given={**DRAFT, **given}, key=key)

    def do(self, referral: Referral, event: Event, **given: Any) -> Referral:
        """Let the one who usually does it do it, with a form as it should be."""
        prepare(self, referral, event)
        done = act(referral.pk, event, by=self.who(event), given={**form(event), **given})
        if event == Event.SEND and self.focal is None:
            made = links.make_link(referral.pk, by=self.worker)
            self.linked = links.open_link(made.token, made.code)
        return done

    def at(self, status: Status, **given: Any) -> Referral:
        """A referral in this state."""
        referral = self.draft(**given)
        for event in WAYS[status]:
            referral = self.do(referral, event)
        assert referral.status == status
        return referral


def person(name: str = "") -> Any:
    """An account without a password: nobody logs in."""
    name = name or f"person-{next(making.NUMBERS)}"
    return get_user_model().objects.create(username=name, email=f"{name}@example.org")


def member(of: Any, *roles: CaseRole) -> Member:
    return making.member(of, *roles, who=person())


def stranger() -> Member:
    """A caseworker of a third partner."""
    return member(making.partner("fes"), CaseRole.CASEWORKER, CaseRole.FOCAL_POINT)


def scene(
    *, inbox: bool = True, agreed: Any = SHARED, places: int | None = None, profile: str = "gen", **case: Any
) -> Scene:
    """Oujda refers to a clinic in Rabat. `inbox`: the clinic has an account here. `agreed`: what may be shared; None: nothing."""
    number = next(making.NUMBERS)
    sender, receiver = making.partner("oujda"), making.partner("rabat")
    service = making.service(f"clinic-{number}", receiver=receiver if inbox else None, places=places)
    worker = member(sender)
    made = making.case(worker, profile, **case)
    return Scene(
        worker=worker,
        supervisor=member(sender, CaseRole.SUPERVISOR),
        focal=member(receiver, CaseRole.FOCAL_POINT) if inbox else None,
        service=service,
        case=made,
        grant=making.consent(made, service, agreed) if agreed is not None else None,
    )


def form(event: Event) -> dict[str, Any]:
    """What a good form holds."""
    today = timezone.localdate()
    return {
        Event.ASK_INFO: {"question": "Which language?"},
        Event.ANSWER: {"answer": "Bambara."},
        Event.ACCEPT: {"first_contact_on": today},
        Event.ACCEPT_WAITLISTED: {"first_contact_on": today},
        Event.WAITLIST: {"expected_on": today + timedelta(days=7)},
        Event.DECLINE: {"decline_reason": "no_capacity"},
        Event.START: {"contacted_at": timezone.now()},
        Event.PAUSE: {"reason": "No bed tonight."},
        Event.DELIVER: {"outcome": "Seen by the lawyer.", "service_date": today},
        Event.FAIL: {"not_delivered_reason": "no_show"},
        Event.CONFIRM: {"client_confirmed": "yes"},
        Event.WITHDRAW: {"reason": "The person has left."},
    }.get(event, {})


def prepare(found: Scene, referral: Referral, event: Event, kind: Actor | None = None) -> None:
    """Make true what the world must be like for this event."""
    if event == Event.EXPIRE:
        long_ago = timezone.now() - timedelta(days=60)
        Referral.objects.filter(pk=referral.pk).update(
            sent_at=long_ago, decide_by=long_ago + timedelta(days=7), deliver_by=long_ago + timedelta(days=14)
        )
    if event == Event.SERVICE_CLOSED:
        Service.objects.filter(pk=found.service.pk).update(capacity=Capacity.CLOSED)
    if event == Event.WITHDRAW and kind == Actor.SYSTEM and found.grant is not None:
        Referral.objects.filter(pk=referral.pk, grant=None).update(grant=found.grant)
        Consent.objects.filter(pk=found.grant.consent_id).update(withdrawn_at=timezone.now())


def attempts(case: Case, count: int = 3, *, reached: bool = False) -> None:
    """So many recorded attempts to reach the person, just now."""
    for _number in range(count):
        ContactAttempt.objects.create(
            case=case, channel=ContactChannel.CALL, tried_by_id=case.owner_id, reached=reached
        )
