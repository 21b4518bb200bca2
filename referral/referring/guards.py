"""Every guard of the referral machine as one function that looks at the rows themselves; none believes a posted field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from django.utils import timezone

from referral import rules
from referral.access import Member
from referral.encryption import CannotOpen
from referral.models import ContactAttempt, Reception, Referral
from referral.models.referrals import OPEN_STATES
from referral.permissions import may_write
from referral.reading.representation import represented
from referral.referring.attempt import Attempt
from referral.referring.grants import live_grant
from referral.referring.packet_content import compose
from referral.referring.pauses import effective_due
from referral.referring.sides import RECEIVERS, SENDERS
from referral.refusals import GuardRefused
from referral.states import limits
from referral.states.case_states import CaseStatus
from referral.states.workflow import Event, Guard, Status, Transition
from referral.words.choices import ServiceType, Urgency
from referral.words.consent_choices import NEVER_IN_PACKET
from referral.words.service_types import types_of
from services.models import Service
from services.taxonomy import Answer, Capacity

ATTEMPTS = 3  # to reach the person, before a delivery may be closed without the person's word
FARTHEST = timedelta(days=366)  # a date beyond this is a mistake of typing
REASONS = {Event.DECLINE: "decline_reason", Event.FAIL: "not_delivered_reason"}


def check(attempt: Attempt, row: Transition) -> None:
    """Everything that must hold, in the order in which to tell it. Raises GuardRefused for the first that does not."""
    for guard in row.guards(attempt.kind):
        if not GUARDS[guard](attempt):
            raise GuardRefused(guard)


def is_open(service: Service) -> bool:
    """Whether the directory says that this service is there: published, not suspended, not closed to new people."""
    there = service.live and service.organisation.live
    return there and not service.is_suspended and service.capacity != Capacity.CLOSED


def _case_open(attempt: Attempt) -> bool:
    return attempt.case.status == CaseStatus.OPEN and attempt.case.erased_at is None


def _may_write_case(attempt: Attempt) -> bool:
    return isinstance(attempt.by, Member) and may_write(attempt.by, attempt.case)


def _no_other_live(attempt: Attempt) -> bool:
    live = Referral.objects.filter(case=attempt.case, service=attempt.service, status__in=OPEN_STATES)
    if (other := live.exclude(pk=attempt.referral.pk).values_list("pk", flat=True).first()) is not None:
        raise GuardRefused(Guard.NO_OTHER_LIVE, other=other)
    return True


def _consent_covers(attempt: Attempt) -> bool:
    """Finds the grant too: what is written is what was judged."""
    attempt.grant = live_grant(
        attempt.case, attempt.service, attempt.categories, sender_id=attempt.user_id, at=attempt.now
    )
    return attempt.grant is not None


def _agreements_valid(attempt: Attempt) -> bool:
    """Of both partners, today. Training is about nobody and needs none."""
    receiver = attempt.receiver
    both = attempt.referral.sender.may_share() and (receiver is None or receiver.may_share())
    return attempt.case.is_training or both


def _service_open(attempt: Attempt) -> bool:
    return is_open(attempt.service)


def _service_accepts(attempt: Attempt) -> bool:
    """A full service may be asked only if it keeps a waiting list."""
    service = attempt.service
    if service.accepts_referrals == Answer.NO or service.capacity == Capacity.FULL:
        return False
    is_full = attempt.reception is not None and attempt.reception.places == 0
    return not is_full or service.capacity == Capacity.WAITING_LIST


def _minor_protected(attempt: Attempt) -> bool:
    """The way to child protection itself is always open: there a child finds a representative."""
    return ServiceType.CHILD_PROTECTION in types_of(attempt.service) or represented(attempt.case)


def _procedure_allows(attempt: Attempt) -> bool:
    facts = rules.Facts(attempt.case, attempt.service, frozenset(attempt.categories), attempt.grant)
    verdict = rules.judge(facts)
    if verdict.broken:
        raise GuardRefused(Guard.PROCEDURE_ALLOWS, because=verdict.because)
    attempt.rules = verdict.kept
    return True


def _limits_set(attempt: Attempt) -> bool:
    return all((attempt.referral.urgency, clock) in limits.LIMITS for clock in limits.Clock)


def _packet_frozen(attempt: Attempt) -> bool:
    """Fixes the content too. An answer is judged here by the rules that keep something out of every packet."""
    forbidden = rules.excluded(attempt.case, attempt.service) | set(NEVER_IN_PACKET)
    if not attempt.categories or forbidden & set(attempt.categories):
        return False
    try:
        attempt.content = compose(attempt)
    except CannotOpen:
        return False
    return True


def _one_side_only(attempt: Attempt) -> bool:
    """Who has acted for one organisation, or is in charge of the case, never acts for the other at the same referral."""
    if attempt.user_id is None:
        return True
    others = SENDERS if attempt.kind in RECEIVERS else RECEIVERS
    if attempt.referral.events.filter(user=attempt.user_id, kind_of_actor__in=list(others)).exists():
        return False
    in_charge = (attempt.case.owner_id, attempt.case.deputy_id, attempt.referral.created_by_id)
    return attempt.kind not in RECEIVERS or attempt.user_id not in in_charge


def _capacity_left(attempt: Attempt) -> bool:
    """Counted under the lock on the service. Nobody has said how many places there are: the receiver knows."""
    places = Reception.objects.select_for_update().filter(service=attempt.service).values_list("places", flat=True)
    return places.first() != 0


def _coming(day: date | None) -> bool:
    today = timezone.localdate()
    return day is not None and today <= day <= today + FARTHEST


def _contact_date_given(attempt: Attempt) -> bool:
    return _coming(attempt.given.get("first_contact_on"))


def _expected_date_given(attempt: Attempt) -> bool:
    return _coming(attempt.given.get("expected_on"))


def _not_emergency(attempt: Attempt) -> bool:
    return attempt.referral.urgency != Urgency.EMERGENCY


def _reason_given(attempt: Attempt) -> bool:
    return bool(attempt.given.get(REASONS.get(attempt.event, "reason")))


def _question_given(attempt: Attempt) -> bool:
    return bool(attempt.given.get("question"))


def _answer_given(attempt: Attempt) -> bool:
    return bool(attempt.given.get("answer"))


def _contact_recorded(attempt: Attempt) -> bool:
    moment = attempt.given.get("contacted_at")
    return moment is not None and moment <= attempt.now


def _outcome_given(attempt: Attempt) -> bool:
    day = attempt.given.get("service_date")
    return bool(attempt.given.get("outcome")) and day is not None and day <= timezone.localdate()


def _person_asked(attempt: Attempt) -> bool:
    """The person said yes; or was not reached, by attempts that were recorded since the service reported."""
    answer = attempt.given.get("client_confirmed")
    if answer != "unreachable":
        return answer == "yes"
    reported = attempt.referral.events.filter(event=Event.DELIVER).order_by("-number").first()
    since = reported.at if reported else attempt.now
    tried = ContactAttempt.objects.filter(case=attempt.case, tried_at__gte=since)
    return tried.count() >= ATTEMPTS and not tried.filter(reached=True).exists()


def _not_received(attempt: Attempt) -> bool:
    """The sender says it in the person's name, about what the service reports; never after the person has said yes."""
    return attempt.referral.status == Status.DELIVERED and attempt.referral.confirmed != "yes"


def _first_dispute(attempt: Attempt) -> bool:
    return attempt.referral.disputes == 0


def _consent_withdrawn(attempt: Attempt) -> bool:
    """The whole consent, or this one thing of it."""
    grant = attempt.referral.grant
    return grant is not None and (grant.withdrawn_at is not None or grant.consent.withdrawn_at is not None)


def _past_hard_limit(attempt: Attempt) -> bool:
    """Whether the moment of the last warning has come, for a clock at whose end a referral expires."""
    referral, urgency, status = attempt.referral, Urgency(attempt.referral.urgency), Status(attempt.referral.status)
    for clock in limits.running(status):
        due = effective_due(referral, clock, attempt.now)
        if due is None or referral.sent_at is None:
            continue
        if limits.last_alarm(urgency, clock, status) != limits.Alarm.EXPIRE:
            continue
        last = limits.warnings(referral.sent_at, due, urgency=urgency, clock=clock, status=status)[-1]
        if last.at <= attempt.now:
            return True
    return False


def _directory_says_closed(attempt: Attempt) -> bool:
    return not is_open(attempt.service)


GUARDS: Mapping[Guard, Callable[[Attempt], bool]] = {
    Guard.CASE_OPEN: _case_open,
    Guard.MAY_WRITE_CASE: _may_write_case,
    Guard.NO_OTHER_LIVE: _no_other_live,
    Guard.CONSENT_COVERS: _consent_covers,
    Guard.AGREEMENTS_VALID: _agreements_valid,
    Guard.SERVICE_OPEN: _service_open,
    Guard.SERVICE_ACCEPTS: _service_accepts,
    Guard.MINOR_PROTECTED: _minor_protected,
    Guard.PROCEDURE_ALLOWS: _procedure_allows,
    Guard.LIMITS_SET: _limits_set,
    Guard.PACKET_FROZEN: _packet_frozen,
    Guard.ONE_SIDE_ONLY: _one_side_only,
    Guard.QUESTION_GIVEN: _question_given,
    Guard.ANSWER_GIVEN: _answer_given,
    Guard.CAPACITY_LEFT: _capacity_left,
    Guard.CONTACT_DATE_GIVEN: _contact_date_given,
    Guard.EXPECTED_DATE_GIVEN: _expected_date_given,
    Guard.NOT_EMERGENCY: _not_emergency,
    Guard.REASON_GIVEN: _reason_given,
    Guard.CONTACT_RECORDED: _contact_recorded,
    Guard.OUTCOME_GIVEN: _outcome_given,
    Guard.PERSON_ASKED: _person_asked,
    Guard.NOT_RECEIVED: _not_received,
    Guard.FIRST_DISPUTE: _first_dispute,
    Guard.CONSENT_WITHDRAWN: _consent_withdrawn,
    Guard.PAST_HARD_LIMIT: _past_hard_limit,
    Guard.DIRECTORY_SAYS_CLOSED: _directory_says_closed,
}
