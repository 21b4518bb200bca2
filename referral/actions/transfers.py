"""Hands a case over to another partner, or asks for one: offered by who is in charge, taken by the other side alone."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from referral.access import Member, System
from referral.attempts import action
from referral.models import (
    AccessGrant,
    Case,
    CaseTransfer,
    Grant,
    Membership,
    Packet,
    Partner,
    Person,
    Referral,
    Task,
    TaskKind,
)
from referral.reading.progress import refresh_tasks
from referral.refusals import GuardRefused
from referral.safety.keys import give_case_key, hand_over_packet_key, partner_box, take_case_key
from referral.states.case_states import CaseEvent, CaseGuard, CaseStatus
from referral.states.machine import NotYours
from referral.states.workflow import LIVE
from referral.words.choices import CaseRole
from referral.words.consent_choices import Purpose

from .case_desk import (
    box_of,
    for_event,
    keep_reason,
    make_task,
    needed_text,
    save,
    tell,
    write_trail,
)
from .people import put_indexes

OFFER_LASTS = timedelta(days=14)  # then it expires (our design)
PENDING = CaseTransfer.State.PENDING


@action("case.offer_transfer")
def offer_transfer(case: Case, *, by: Member, version: int, taker: Partner, handover_note: str) -> CaseTransfer:
    """Offer the case to another partner, which sees the note, the profile, urgency, risk, and how many referrals are open.

    Needs the person's consent that names this partner. Answers a request that waits: the same partner's becomes the
    offer, another one's ends.
    """
    held, _row = for_event(case, CaseEvent.OFFER_TRANSFER, by, version)
    waiting = CaseTransfer.objects.select_for_update().filter(case=held, state=PENDING).first()
    if taker.pk == held.partner_id or (waiting is not None and waiting.is_offer):
        raise GuardRefused(CaseGuard.NO_TRANSFER_PENDING)
    _check_agreements(held, taker)
    grant = _needed_grant(held, taker)
    if not handover_note.strip():
        raise GuardRefused(CaseGuard.HANDOVER_NOTE)
    note = needed_text("handover_note", handover_note)
    if waiting is not None:
        _end(waiting, CaseTransfer.State.EXPIRED, None)
    offer = CaseTransfer(case=held, source=held.partner, taker=taker, asked_by_id=by.user_id, grant=grant)
    live = Referral.objects.filter(case=held, status__in=[str(status) for status in LIVE])
    open_referrals = sorted(live.values_list("service_type", flat=True))
    told = {"note": note, "profile": held.profile, "urgency": held.urgency, "risk": held.risk}
    offer.seal(partner_box(taker), words={**told, "open_referrals": open_referrals})
    offer.save(force_insert=True)
    keep_reason(held, CaseEvent.OFFER_TRANSFER, by, note)
    save(held)
    tell(_takers(taker), f"transfer:{offer.pk}", by)
    write_trail(held, "case.offer_transfer", by, ("transfers",))
    return offer


@action("case.request_transfer")
def request_transfer(*, by: Member, code: str, reason: str) -> None:
    """Ask the partner that has the case of this code to hand it over. The person has given the code.

    Nothing tells whether there is such a case: the answer is always the same. Whoever is in charge gets a task.
    """
    if not by.has(CaseRole.CASEWORKER, CaseRole.SUPERVISOR):
        raise NotYours(CaseEvent.REQUEST_TRANSFER, "outsider")
    words = needed_text("reason", reason)
    cases = Case.objects.select_for_update(of=("self",)).select_related("partner")
    held = cases.filter(code=code, status=CaseStatus.OPEN).exclude(partner=by.partner).first()
    if held is None or CaseTransfer.objects.filter(case=held, state=PENDING).exists():
        return
    asked = CaseTransfer(case=held, source=held.partner, taker=by.partner, asked_by_id=by.user_id, is_offer=False)
    asked.seal(partner_box(held.partner), words={"note": words})
    asked.save(force_insert=True)
    make_task(held, TaskKind.DECIDE, f"transfer:{asked.pk}")
    tell([held.owner_id], f"transfer:{asked.pk}", by)
    write_trail(held, "case.request_transfer", by, ("transfers",))


@action("case.accept_transfer")
def accept_transfer(case: Case, *, by: Member, version: int | None = None) -> Case:
    """Take the case over: from now on it is this member's, and nobody of the source can read it any more.

    At the source it counts as transferred; it keeps its own events for 30 days. Consent and agreements are judged again.
    """
    referrals = list(Referral.objects.select_for_update().filter(case=case).order_by("pk"))
    held, _row = for_event(case, CaseEvent.ACCEPT_TRANSFER, by, version)
    offer = _pending_offer(held, by)
    _check_agreements(held, by.partner)
    _needed_grant(held, by.partner)
    source, giver, now = held.partner, held.owner_id, timezone.now()
    give_case_key(held, source, by.partner)
    held.partner, held.owner_id, held.deputy = by.partner, by.user_id, None
    held.team_id = next(iter(by.teams)) if len(by.teams) == 1 else None
    held.closure_asked_by, held.closure_reason, held.retain_until = None, "", None
    _hand_over_rows(held, source, referrals)
    _end(offer, CaseTransfer.State.ACCEPTED, by)
    keep_reason(held, CaseEvent.ACCEPT_TRANSFER, by, {"from": str(source.pk)})
    save(held)
    take_case_key(held, source)
    tell([giver], f"transfer:{offer.pk}:taken", by)
    refresh_tasks(held, box_of(held), now)
    write_trail(held, "case.accept_transfer", by, ("partner", "owner", "deputy", "team"))
    return held


def _hand_over_rows(case: Case, source: Partner, referrals: list[Referral]) -> None:
    """Referrals, keys of packets, indexes, tasks and leaves to read follow the case to its new partner."""
    for packet in Packet.objects.filter(referral__case=case).select_related("referral"):
        hand_over_packet_key(packet, source, case.partner)
    for referral in referrals:
        referral.sender = case.partner
        referral.version += 1
        referral.save(update_fields=["sender", "version"])
    person = Person.objects.select_for_update().get(case=case)
    put_indexes(person, case.partner, box_of(case))
    person.save(update_fields=["phone_index", "name_index"])
    Task.objects.filter(case=case, partner=source, done_at=None).update(partner=case.partner, owner=case.owner_id)
    AccessGrant.objects.filter(case=case, until__gt=timezone.now()).update(until=timezone.now())


@action("case.decline_transfer")
def decline_transfer(case: Case, *, by: Member, version: int | None = None, reason: str) -> CaseTransfer:
    """Say no to an offer. The case stays as it is; the source reads the reason."""
    held, _row = for_event(case, CaseEvent.DECLINE_TRANSFER, by, version)
    offer = _pending_offer(held, by)
    if not reason.strip():
        raise GuardRefused(CaseGuard.REASON_GIVEN)
    offer.seal(partner_box(offer.source), words={"note": needed_text("reason", reason)})
    _end(offer, CaseTransfer.State.DECLINED, by)
    make_task(held, TaskKind.DECIDE, f"declined:{offer.pk}")
    tell([held.owner_id], f"transfer:{offer.pk}:declined", by)
    write_trail(held, "case.decline_transfer", by, ("transfers",))
    return offer


@action("case.expire_transfer")
def expire_transfers(*, by: System) -> int:
    """End the offers and requests that nobody has answered for 14 days; how many. Safe to repeat."""
    old = CaseTransfer.objects.filter(state=PENDING, made_at__lte=timezone.now() - OFFER_LASTS)
    done = 0
    for offer in old.select_related("case").order_by("case_id"):
        if offer.case.status == CaseStatus.OPEN:
            held, _row = for_event(offer.case, CaseEvent.EXPIRE_TRANSFER, by, None)
        else:
            held = offer.case  # it was closed meanwhile: there is nothing left to offer
        _end(offer, CaseTransfer.State.EXPIRED, None)
        write_trail(held, "case.expire_transfer", by, ("transfers",))
        done += 1
    return done


def _pending_offer(case: Case, by: Member) -> CaseTransfer:
    """The offer to the partner of this member; a request of its own is none. GuardRefused(TRANSFER_PENDING)."""
    rows = CaseTransfer.objects.select_for_update(of=("self",))
    offers = rows.filter(case=case, state=PENDING, taker=by.partner, is_offer=True)
    if (offer := offers.select_related("source").first()) is None or offer.made_at <= timezone.now() - OFFER_LASTS:
        raise GuardRefused(CaseGuard.TRANSFER_PENDING)
    return offer


def _takers(partner: Partner) -> list[int]:
    rows = Membership.objects.valid().filter(partner=partner, role__in=(CaseRole.CASEWORKER, CaseRole.SUPERVISOR))
    return list(rows.values_list("user_id", flat=True).distinct())


def _end(transfer: CaseTransfer, state: CaseTransfer.State, by: Member | None) -> None:
    transfer.state, transfer.answered_at = state, timezone.now()
    transfer.answered_by_id = by.user_id if by else None
    transfer.save()
    Task.objects.filter(mark=f"transfer:{transfer.pk}", done_at=None).update(done_at=transfer.answered_at)


def _check_agreements(case: Case, taker: Partner) -> None:
    """The taker must work with cases; for a real case both partners must have an agreement that holds today."""
    if not taker.is_active:
        raise GuardRefused(CaseGuard.AGREEMENTS_VALID)
    if not case.is_training and not (case.partner.may_share() and taker.may_share()):
        raise GuardRefused(CaseGuard.AGREEMENTS_VALID)


def _needed_grant(case: Case, taker: Partner) -> Grant:
    """The person's newest answer about this partner, if it is a yes that holds now. GuardRefused otherwise."""
    asked = Grant.objects.filter(consent__case=case, purpose=Purpose.TRANSFER, partner=taker)
    grant = asked.select_related("consent__representative").order_by("-consent__given_at", "-pk").first()
    if grant is None or not grant.is_live():
        raise GuardRefused(CaseGuard.CONSENT_COVERS_RECIPIENT)
    return grant
