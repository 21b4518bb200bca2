"""The referral machine at work: every event in one transaction, under locks, with its trail; a refusal changes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from typing import Any

from django.db.models import Q
from django.utils import timezone

from referral.access import Asker, Linked, Member, System
from referral.models import AuditKind, Case, Grant, Packet, ReceiverLink, Referral, ReferralEvent
from referral.models.referrals import OPEN_STATES
from referral.permissions import NotFound, kind_at_referral
from referral.referring import effects, guards, packets, repeats
from referral.referring.attempt import Attempt
from referral.referring.given import need, understood
from referral.referring.grants import is_override
from referral.referring.sides import check_link, held, held_case, held_service
from referral.referring.telling import tell
from referral.refusals import GuardRefused, Stale, WrongField
from referral.safety import audit
from referral.safety.isolation import in_one_transaction
from referral.states import workflow
from referral.states.machine import NotYours, Refused
from referral.states.workflow import MACHINE, TERMINAL, Event, Status
from referral.words.service_types import types_of
from services.models import Service


def create(case: Case, *, by: Asker, service: Service, given: Mapping[str, Any], key: str | None = None) -> Referral:
    """Prepare a referral of this case to this service: a draft, which nobody else sees.

    `given`: urgency, handover, reason (300 characters), categories; special_needs; replaces (an ended referral of the case).
    The type of help follows from the directory. `key`: the same one again gives the same draft. Raises NotYours,
    Repeated, WrongField, GuardRefused.
    """
    with _told(by, Event.CREATE, case_id=case.pk), in_one_transaction():
        service, case = held_service(pk=service.pk), held_case(case.pk)
        referral = Referral(case=case, service=service, sender=case.partner, is_training=case.is_training)
        kind = _kind(by, Event.CREATE, referral)
        digest = repeats.keyed_digest(case.partner, Event.CREATE, f"{case.pk} {service.pk}", given)
        if (first := repeats.answered(by, key, digest)) is not None:
            return first
        row = workflow.allowed(None, Event.CREATE, kind)
        read = understood(row, given)
        need(read, [name for name in row.fields if name != "service"])
        if "replaces" in read and not _may_be_replaced(read["replaces"], case):
            raise WrongField("replaces")
        attempt = Attempt(Event.CREATE, by, kind, referral, case, service, read, timezone.now(), None)
        guards.check(attempt, row)
        if isinstance(by, Member):  # nobody else is ever of a kind that may create
            referral.created_by_id, referral.created_at = by.user_id, attempt.now
        referral.service_type, referral.receiver = types_of(service)[0], attempt.receiver
        _carry_out(attempt, Status.DRAFT)
        repeats.remember(by, key, digest, Event.CREATE, referral)
        _trail(attempt)
        return referral


def act(  # noqa: PLR0913  (each part of the request by its name)
    referral_id: uuid.UUID,
    event: Event,
    *,
    by: Asker,
    given: Mapping[str, Any] | None = None,
    version: int | None = None,
    key: str | None = None,
) -> Referral:
    """Do this to a referral: the row as it is afterwards.

    `version`: the one that was shown, so that nobody decides on what has changed since. `key`: the same request again is
    not carried out again. Raises NotFound for no such referral; Gone for a link that has ended; NotYours; Repeated;
    IllegalEvent; Stale; WrongField; GuardRefused: looked at in this order. Each but NotFound leaves a row in the trail.
    """
    event, given = Event(event), given or {}
    if event == Event.CREATE:
        raise NotFound(str(referral_id))
    with _told(by, event, referral_id=referral_id), in_one_transaction():
        referral = held(referral_id)
        check_link(by)
        kind = _kind(by, event, referral)
        digest = repeats.keyed_digest(referral.sender, event, referral_id, given)
        if (first := repeats.answered(by, key, digest)) is not None:
            return first
        before = Status(referral.status)
        row = workflow.allowed(before, event, kind)
        if version is not None and version != referral.version:
            raise Stale(version, referral.version, before)
        read = understood(row, given)
        attempt = Attempt(event, by, kind, referral, referral.case, referral.service, read, timezone.now(), before)
        guards.check(attempt, row)
        after = _after(attempt, before)
        if event == Event.SERVICE_CLOSED and referral.service_closed_at is not None and after == before:
            return referral  # the sender knows it already
        _carry_out(attempt, after)
        repeats.remember(by, key, digest, event, referral)
        _trail(attempt)
        return referral


def withdraw_for_grants(grants: Iterable[Grant]) -> list[Referral]:
    """Stop every share that rests on those of these grants that were withdrawn; those that were stopped. Safe to repeat.

    Call it in the transaction that withdraws, after `withdrawn_at` is saved (of consents, or of single grants), before the
    case is locked and before anything is written into the trail; for several consents of a case: once. Live referrals
    become withdrawn, their packets and links are revoked; what was delivered keeps its state, without packet.
    """
    with in_one_transaction():
        ended = [grant for grant in grants if _is_withdrawn(grant)]
        shares = Referral.objects.filter(grant__in=ended, status__in=OPEN_STATES)
        known = list(shares.values_list("pk", "service_id"))
        list(Service.objects.select_for_update().filter(pk__in={service for _pk, service in known}).order_by("pk"))
        list(Referral.objects.select_for_update().filter(pk__in=[pk for pk, _service in known]).order_by("pk"))
        list(Case.objects.select_for_update().filter(pk__in={grant.consent.case_id for grant in ended}).order_by("pk"))
        live = list(shares.exclude(status=Status.DELIVERED).order_by("pk").values_list("pk", flat=True))
        reason = {"reason": "consent_withdrawn"}
        stopped = [act(pk, Event.WITHDRAW, by=System(), given=reason) for pk in live]
        now = timezone.now()
        packets.revoke(Packet.objects.filter(grant__in=ended), now)
        ReceiverLink.objects.filter(referral__grant__in=ended, revoked_at=None).update(revoked_at=now)
        return stopped


def _is_withdrawn(grant: Grant) -> bool:
    """As the database has it now: the rows in hand may be older."""
    withdrawn = Grant.objects.filter(
        Q(withdrawn_at__isnull=False) | Q(consent__withdrawn_at__isnull=False), pk=grant.pk
    )
    return withdrawn.exists()


def _kind(by: Asker, event: Event, referral: Referral) -> workflow.Actor:
    """The kind of actor; NotYours at once for one who may never do this, before anything of the state is looked at."""
    kind = kind_at_referral(by, referral)
    if kind not in MACHINE.by_event[event].who:
        raise NotYours(event, kind)
    return kind


def _may_be_replaced(other: Referral, case: Case) -> bool:
    return other.case_id == case.pk and other.status in TERMINAL


def _after(attempt: Attempt, before: Status) -> Status:
    """The next state; that of a service that has closed depends on how long the sender has known it."""
    known = attempt.referral.service_closed_at or attempt.now
    return workflow.target(before, attempt.event, attempt.now - known)


def _carry_out(attempt: Attempt, after: Status) -> None:
    """Write the row, its event, and what people must do; the version moves on by one."""
    referral = attempt.referral
    if attempt.before is None:
        effects.write(attempt, after)
        referral.save(force_insert=True)
    else:
        read = _columns(referral)
        effects.write(attempt, after)
        _move_on(referral, read, attempt.before)
    tell(attempt, _add_event(attempt, after))


def _columns(referral: Referral) -> dict[str, Any]:
    return {field.attname: copy(getattr(referral, field.attname)) for field in Referral._meta.concrete_fields}


def _move_on(referral: Referral, read: Mapping[str, Any], before: Status) -> None:
    """Write what differs from the row that was read, and the next version; only on that version.

    Nobody can have changed it under the lock. If the lock should fail, this does not.
    """
    shown, referral.version = referral.version, referral.version + 1
    changed = {name: value for name, value in _columns(referral).items() if value != read[name]}
    if not Referral.objects.filter(pk=referral.pk, version=shown).update(**changed):
        raise Stale(shown, shown + 1, before)


def _add_event(attempt: Attempt, after: Status) -> ReferralEvent:
    referral, by = attempt.referral, attempt.by
    partner = by.partner if isinstance(by, Member) else referral.receiver if isinstance(by, Linked) else None
    event = ReferralEvent(
        referral=referral, number=referral.version + 1, event=attempt.event, before=attempt.before or "",
        after=after, kind_of_actor=attempt.kind.value, user_id=attempt.user_id, partner=partner, at=attempt.now,
    )  # fmt: skip
    packets.seal_words(event, referral, by, effects.words(attempt))
    event.save(force_insert=True)
    return event


def _trail(attempt: Attempt) -> None:
    override = attempt.event in (Event.SEND, Event.ANSWER) and is_override(attempt.grant)
    kind = AuditKind.OVERRIDE if override else AuditKind.CHANGE
    audit.record(
        kind, attempt.event.value, by=attempt.by.by, case_id=attempt.case.pk, referral_id=attempt.referral.pk,
        fields=attempt.given,
    )  # fmt: skip


@contextmanager
def _told(
    by: Asker, event: Event, *, case_id: uuid.UUID | None = None, referral_id: uuid.UUID | None = None
) -> Iterator[None]:
    """A refusal leaves a row in the trail, after what was tried is undone: which event, and which guard or reason."""
    try:
        yield
    except Refused as refused:
        kind = AuditKind.DENIED if isinstance(refused, NotYours) else AuditKind.REFUSED
        why = refused.guard.value if isinstance(refused, GuardRefused) else type(refused).__name__.lower()
        audit.record(kind, f"{event.value}:{why}", by=by.by, case_id=case_id, referral_id=referral_id)
        raise
