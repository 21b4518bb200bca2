"""What the procedure of a case says about sending this to that service: evaluates its machine rules, gives the broken ones.

Rules that a person reads and ticks, and rules about other moments (closing, contact, forms), are not judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from referral.reading.representation import represented
from referral.reading.versions import other_procedures_of, procedure_of
from referral.words.choices import ServiceType, Stage
from referral.words.consent_choices import ConsentGiver
from referral.words.service_types import types_of
from services.models import Location, Service
from services.taxonomy import Answer, Situation, Welcome

from .models import Case, Grant, Screening, StepDone
from .procedures import Procedure, Rule

# Rules about the course of a case: of the procedure that leads it. Those of its other profiles protect, and no more.
OF_THE_COURSE = frozenset({"step_done", "screens_answered", "recipient_type_is"})


@dataclass(frozen=True)
class Facts:
    """What is about to be sent: of whom, whereto, which categories of data, on which grant (None: on none)."""

    case: Case
    service: Service
    categories: frozenset[str]
    grant: Grant | None = None

    @cached_property
    def types(self) -> frozenset[str]:
        return frozenset(str(kind) for kind in types_of(self.service))

    @cached_property
    def places(self) -> list[Location]:
        return list(Location.objects.filter(services__service=self.service))


@dataclass(frozen=True)
class Verdict:
    """Which rules hold and which do not, and by which versions of which procedures."""

    procedures: tuple[str, ...]
    held: tuple[str, ...]
    broken: tuple[Rule, ...]

    @property
    def because(self) -> tuple[str, ...]:
        """The texts of the broken rules, in the active language."""
        return tuple(str(rule.wording) for rule in self.broken)

    @property
    def kept(self) -> dict[str, Any]:
        """What is stored with the referral."""
        return {"procedures": list(self.procedures), "held": list(self.held)}


def judge(facts: Facts) -> Verdict:
    """Evaluate every machine rule that speaks of this referral: general ones and those of the steps of orientation."""
    rules = _rules(facts.case, facts.types)
    broken = tuple(rule for rule in rules if not CHECKS[rule.check](facts, rule))
    held = tuple(rule.key for rule in rules if rule not in broken)
    return Verdict(tuple(f"{one.profile} {one.version}" for one in _procedures(facts.case)), held, broken)


def excluded(case: Case, service: Service) -> frozenset[str]:
    """The categories of data that the procedure of this case keeps out of every packet to this service."""
    rules = _rules(case, frozenset(str(kind) for kind in types_of(service)))
    return frozenset(category for rule in rules if rule.check == "packet_excludes" for category in rule.args)


def _procedures(case: Case) -> tuple[Procedure, ...]:
    """The procedure of this case, then those of its other profiles: each in the version that the case began it with."""
    return (procedure_of(case), *other_procedures_of(case))


def _rules(case: Case, types: frozenset[str]) -> tuple[Rule, ...]:
    """The rules to judge, each once: those for this type of service."""
    leading, *others = _procedures(case)
    protecting = (rule for one in others for rule in _of_orientation(one, types) if rule.check not in OF_THE_COURSE)
    return tuple(dict.fromkeys((*_of_orientation(leading, types), *protecting)))


def _of_orientation(procedure: Procedure, types: frozenset[str]) -> Iterator[Rule]:
    keys = [*procedure.general]
    for step in procedure.steps:
        if step.stage == Stage.ORIENTATION:
            keys += [*step.must, *step.must_not]
    for key in keys:
        rule = procedure.rules[key]
        if rule.check in CHECKS and (not rule.services or types & set(rule.services)):
            yield rule


def _packet_excludes(facts: Facts, rule: Rule) -> bool:
    return not facts.categories & set(rule.args)


def _recipient_kind_not(facts: Facts, rule: Rule) -> bool:
    """By the kind of provider in the directory, which knows consulates and religious communities."""
    return str(facts.service.organisation.kind) not in rule.args


def _recipient_type_is(facts: Facts, rule: Rule) -> bool:
    return bool(facts.types & set(rule.args))


def _screens_answered(facts: Facts, rule: Rule) -> bool:
    """By which questions have an answer, at any time; the answers stay sealed."""
    rows = Screening.objects.filter(case=facts.case).values_list("answered", flat=True)
    return set(rule.args) <= {screen for answered in rows for screen in answered}


def _consent_names_recipient(facts: Facts, _rule: Rule) -> bool:
    return facts.grant is not None and facts.grant.service_id == facts.service.pk


def _representative_or_best_interest(facts: Facts, _rule: Rule) -> bool:
    """The way to a representative leads through child protection: that way is always open."""
    return ServiceType.CHILD_PROTECTION in facts.types or represented(facts.case)


def _representative_verified(facts: Facts, _rule: Rule) -> bool:
    consent = facts.grant.consent if facts.grant else None
    if consent is None or consent.given_by != ConsentGiver.REPRESENTATIVE:
        return True
    return consent.representative is not None and consent.representative.counts


def _step_done(facts: Facts, rule: Rule) -> bool:
    rows = StepDone.objects.filter(case=facts.case, procedure__profile=facts.case.profile)
    return set(rule.args) <= set(rows.values_list("step", flat=True))


def _recipient_accessible(facts: Facts, _rule: Rule) -> bool:
    """Refused where the directory says of every place that it is not: of most places it does not know."""
    return not facts.places or any(place.accessible != Answer.NO for place in facts.places)


def _recipient_welcomes_women(facts: Facts, _rule: Rule) -> bool:
    service = facts.service
    return service.women_only or service.welcome != Welcome.ONLY or Situation.WOMAN in service.welcomes


def _recipient_hides_address(facts: Facts, _rule: Rule) -> bool:
    return all(place.hidden for place in facts.places)


def _interpreter_not(facts: Facts, rule: Rule) -> bool:
    return facts.grant is None or facts.grant.consent.interpreter not in rule.args


CHECKS: Mapping[str, Callable[[Facts, Rule], bool]] = {
    "packet_excludes": _packet_excludes,
    "recipient_kind_not": _recipient_kind_not,
    "recipient_type_is": _recipient_type_is,
    "screens_answered": _screens_answered,
    "consent_names_recipient": _consent_names_recipient,
    "representative_or_best_interest": _representative_or_best_interest,
    "representative_verified": _representative_verified,
    "step_done": _step_done,
    "recipient_accessible": _recipient_accessible,
    "recipient_welcomes_women": _recipient_welcomes_women,
    "recipient_hides_address": _recipient_hides_address,
    "interpreter_not": _interpreter_not,
}
