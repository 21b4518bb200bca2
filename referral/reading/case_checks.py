"""What a step needs that is not typed: read from the case itself; and the machine rules that can be judged at a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from django.utils import timezone

from referral.encryption import Box
from referral.models import (
    Case,
    Consent,
    Grant,
    Need,
    Person,
    Referral,
    Representative,
    Screening,
    StepDone,
    Task,
    TaskKind,
)
from referral.procedures import Procedure, Rule, Step
from referral.reading.representation import represented
from referral.states.workflow import LIVE, Status
from referral.words.choices import Profile
from referral.words.consent_choices import LegalBasis, Purpose
from referral.words.person_choices import Screen, ScreenAnswer

ASYLUM_FIELD = "asylum_wish"  # of the procedure for detained people


def _person(case: Case) -> Person:
    return Person.objects.get(case=case)


def _consent_names_recipient(case: Case) -> bool:
    grants = Grant.objects.filter(consent__case=case, purpose=Purpose.REFERRAL, service__isnull=False)
    return any(grant.is_live() for grant in grants.select_related("consent__representative"))


def _plan_agreed(case: Case) -> bool:
    return Need.objects.filter(case=case, agreed_at__isnull=False, goal__isnull=False, due_on__isnull=False).exists()


def _referral_made(case: Case) -> bool:
    sent = Referral.objects.filter(case=case, sent_at__isnull=False)
    return sent.exclude(status=Status.ENTERED_IN_ERROR).exists()


def _outcome_recorded(case: Case) -> bool:
    ends = [Status.DELIVERED, Status.CLOSED, Status.NOT_DELIVERED, Status.DECLINED]
    return Referral.objects.filter(case=case, status__in=ends).exists()


def _follow_up_planned(case: Case) -> bool:
    later = Task.objects.filter(case=case, kind=TaskKind.REVIEW, done_at=None, due_at__gt=timezone.now())
    return later.exists() or Need.objects.filter(case=case, review_on__gt=timezone.localdate()).exists()


CHECKS: Mapping[str, Callable[[Case], bool]] = {
    "consent_recorded": lambda case: Consent.objects.filter(case=case, legal_basis=LegalBasis.CONSENT).exists(),
    "consent_names_recipient": _consent_names_recipient,
    "urgency_set": lambda case: bool(case.urgency),
    "risk_set": lambda case: bool(case.risk),
    "safe_contact_set": lambda case: _person(case).safe_contact is not None,
    "representative_known": lambda case: Representative.objects.filter(case=case).exists(),
    "needs_recorded": lambda case: Need.objects.filter(case=case).exists(),
    "referral_made": _referral_made,
    "plan_agreed": _plan_agreed,
    "screening_done": lambda case: Screening.objects.filter(case=case).exists(),
    "closure_reason_set": lambda case: bool(case.closure_reason),
    "outcome_recorded": _outcome_recorded,
    "interpreter_known": lambda case: _person(case).interpreter is not None,
    "language_known": lambda case: _person(case).languages is not None,
    "age_band_known": lambda case: _person(case).age_band is not None,
    "follow_up_planned": _follow_up_planned,
}


def missing_fields(case: Case, procedure: Procedure, step: Step) -> list[str]:
    """The keys of the fields of this step that the case does not have yet; of typed ones it says nothing."""
    fields = [procedure.fields[key] for key in step.fields]
    return [field.key for field in fields if not field.typed and not CHECKS[field.check](case)]


def screens_answered(case: Case) -> frozenset[str]:
    """The screening questions that have an answer, from every screening of this case."""
    rows = Screening.objects.filter(case=case).values_list("answered", flat=True)
    return frozenset(name for answered in rows for name in answered)


def asylum_possible(case: Case, box: Box) -> bool:
    """Whether asylum is sought or possible, as far as anybody has found: then nobody contacts a consulate (rule 4)."""
    if Profile.ASY in (case.profile, *case.other_profiles):
        return True
    for screening in Screening.objects.filter(case=case):
        if (screening.opened(box)["answers"] or {}).get(Screen.ASYLUM) in (ScreenAnswer.YES, ScreenAnswer.UNSURE):
            return True
    rows = [row.opened(box) for row in StepDone.objects.filter(case=case)]
    return any((part or {}).get(ASYLUM_FIELD) is True for row in rows for part in row.values())


def _representative_verified(case: Case, _rule: Rule, _user_id: int) -> bool:
    found = Representative.objects.filter(case=case)
    return not found or any(one.counts for one in found)


def _no_open_referral(case: Case, rule: Rule, _user_id: int) -> bool:
    live = [str(status) for status in LIVE]
    return not Referral.objects.filter(case=case, urgency__in=rule.args, status__in=live).exists()


def _step_done(case: Case, rule: Rule, _user_id: int) -> bool:
    done = StepDone.objects.filter(case=case, procedure__profile=case.profile, step__in=rule.args)
    return set(rule.args) <= set(done.values_list("step", flat=True))


# Rules that are judged when a step is done. The others speak of another moment: sending a packet, recording a consent,
# contacting the person, approving a closure; they are refused there.
RULES: Mapping[str, Callable[[Case, Rule, int], bool]] = {
    "screens_answered": lambda case, rule, _user_id: set(rule.args) <= screens_answered(case),
    "consent_names_recipient": lambda case, _rule, _user_id: _consent_names_recipient(case),
    "representative_or_best_interest": lambda case, _rule, _user_id: represented(case),
    "representative_verified": _representative_verified,
    "no_open_referral": _no_open_referral,
    "four_eyes": lambda case, _rule, user_id: case.closure_asked_by_id != user_id,
    "step_done": _step_done,
}


def rules_at(procedure: Procedure, step: Step) -> Iterator[Rule]:
    """The rules that this step names. One that concerns only some services is for the moment of sending."""
    for key in (*step.must, *step.must_not):
        if not procedure.rules[key].services:
            yield procedure.rules[key]


def broken_rules(case: Case, procedure: Procedure, step: Step, user_id: int) -> list[Rule]:
    """The machine rules of this step that do not hold now, if this user does it."""
    found = [rule for rule in rules_at(procedure, step) if rule.check in RULES]
    return [rule for rule in found if not RULES[rule.check](case, rule, user_id)]


def to_tick(procedure: Procedure, step: Step) -> list[Rule]:
    """The rules of this step that a person reads and ticks."""
    return [procedure.rules[key] for key in (*step.must, *step.must_not) if procedure.rules[key].manual]
