"""The machine rules of the procedures: what each one looks at, to whom it applies, and what it tells."""

from __future__ import annotations

import pytest
from django.utils import translation

from referral import rules
from referral.models import Representative, Screening, StepDone
from referral.procedures import procedures
from referral.procedures.vocabulary import MACHINE_RULES
from referral.referring.referrals import create
from referral.refusals import GuardRefused
from referral.safety.keys import case_box
from referral.states.workflow import Event, Guard, Status
from referral.words.consent_choices import ConsentGiver, InterpreterKind, RepresentativeKind
from referral.words.person_choices import Screen
from referral.words.service_types import BY_CATEGORY, BY_TERM, types_of
from services.models import Category, Location, Term
from tests.referral import making
from tests.referral.referring.referring import DRAFT, SHARED, scene

ELSEWHERE = {  # judged where it matters: closing a case, contacting a person, filling in a form
    "no_open_referral", "four_eyes", "closure_reason_needs_supervisor", "channel_not", "no_incident_narrative",
}  # fmt: skip


def broken(found, **more) -> set[str]:
    """The keys of the rules that refuse a referral of this scene."""
    facts = rules.Facts(found.case, found.service, frozenset(map(str, SHARED)), found.grant, **more)
    return {rule.key for rule in rules.judge(facts).broken}


def screened(case, *screens) -> None:
    """A round of screening questions, each answered."""
    row = Screening(
        case=case, made_by_id=case.owner_id, answered=[str(one) for one in screens], urgency="normal", risk="low"
    )
    row.seal(case_box(case, case.partner), answers={str(one): "no" for one in screens})
    row.save()


def to_return(found):
    """The same scene, with the service of voluntary return."""
    found.service.category = Category.objects.get(key="voluntary_return")
    found.service.save()
    return found


def test_every_machine_rule_is_judged_here_or_where_it_matters():
    assert set(rules.CHECKS) | ELSEWHERE == set(MACHINE_RULES) | {"step_done"}
    assert not set(rules.CHECKS) & ELSEWHERE


def test_every_category_of_the_directory_has_its_type_of_help(db):
    assert set(BY_CATEGORY) == set(Category.objects.values_list("key", flat=True))
    assert set(BY_TERM) <= set(Term.objects.values_list("code", flat=True))


def test_a_term_adds_a_type_of_help(db):
    service = making.service("desk", category="protection")
    service.terms.add(Term.objects.get(code="70.5"))
    service.save()
    assert types_of(service) == ("protection_authority", "disability")


def test_scenario_11_no_way_to_return_before_all_five_screens_are_answered(db):
    found = to_return(scene())
    assert broken(found) == {"screens_before_return"}
    screened(found.case, Screen.CHILD, Screen.TRAFFICKING, Screen.ASYLUM)
    assert broken(found) == {"screens_before_return"}
    screened(found.case, Screen.GBV, Screen.HEALTH)
    assert broken(found) == set()
    assert broken(scene()) == set()


def test_a_step_that_must_come_before_is_looked_up_in_what_was_done(db):
    found = to_return(scene(profile="avr"))
    screened(found.case, *Screen)
    assert broken(found) == {"counselled_and_screened_first"}
    for step in ("information_consent", "immediate_safety"):
        StepDone.objects.create(
            case=found.case, procedure=found.case.procedure, step=step, done_by_id=found.case.owner_id
        )
    assert broken(found) == set()


def test_a_place_that_is_known_not_to_be_accessible_is_refused_one_that_is_not_known_is_not(db):
    found = scene(profile="dis")
    assert broken(found) == set()
    Location.objects.filter(services__service=found.service).update(accessible="no")
    assert broken(found) == {"accessible_place"}
    Location.objects.filter(services__service=found.service).update(accessible="yes")
    assert broken(found) == set()


@pytest.mark.parametrize(("profile", "kind", "key"), [
    ("asy", "consulate", "no_consulate"), ("det", "consulate", "no_packet_to_consulate"), ("avr", "consulate", "no_consulate"),
])  # fmt: skip
def test_a_consulate_gets_nothing(db, profile, kind, key):
    found = scene(profile=profile)
    found.service.organisation.kind = kind
    assert key in broken(found)


def test_what_a_profile_of_before_forbids_stays_forbidden_but_its_steps_are_not_asked_for(db):
    found = scene(other_profiles=["avr", "asy"])
    assert broken(found) == set()
    found.service.organisation.kind = "consulate"
    assert broken(found) == {"no_consulate"}


@pytest.mark.parametrize("kind", [InterpreterKind.CHILD, InterpreterKind.RELATIVE, InterpreterKind.COMPANION])
def test_consent_through_an_interpreter_who_must_not_interpret_is_not_enough(db, kind):
    found = scene(agreed=None)
    found.grant = making.consent(found.case, found.service, SHARED, interpreter=kind)
    assert broken(found) == {"safe_interpreter"}
    with pytest.raises(GuardRefused) as caught:
        found.do(found.draft(), Event.SEND)
    assert caught.value.guard == Guard.PROCEDURE_ALLOWS


def test_a_child_needs_a_representative_who_counts_or_a_written_decision(db):
    found = scene(profile="uasc", is_minor=True)
    assert broken(found) == {"child_represented"}
    guardian = Representative.objects.create(
        case=found.case, kind=RepresentativeKind.LEGAL_GUARDIAN, verified_by_id=None
    )
    assert broken(found) == {"child_represented"}
    guardian.verified_by_id = found.supervisor.user_id
    guardian.save()
    assert broken(found) == set()
    guardian.in_conflict = True
    guardian.save()
    found.grant.consent.given_by, found.grant.consent.representative = ConsentGiver.REPRESENTATIVE, guardian
    assert "child_represented" in broken(found)
    found.case.seal(case_box(found.case, found.case.partner), best_interest="decided on …")
    found.case.save()
    assert "child_represented" not in broken(found)


def test_nobody_known_is_no_representative(db):
    found = scene(profile="uasc", is_minor=True)
    Representative.objects.create(
        case=found.case, kind=RepresentativeKind.NONE_KNOWN, verified_by_id=found.supervisor.user_id
    )
    assert broken(found) == {"child_represented"}


def test_the_way_to_child_protection_is_always_open(db):
    found = scene(profile="uasc", is_minor=True)
    found.service = making.service("protection", receiver=found.focal.partner, category="child_protection")
    found.grant = making.consent(found.case, found.service, SHARED)
    draft = create(found.case, by=found.worker, service=found.service, given=DRAFT)
    assert found.do(draft, Event.SEND).status == Status.SENT


def test_the_explanation_is_the_text_of_the_rule_in_the_language_of_the_reader(db, settings):
    found = to_return(scene())
    draft = found.draft()
    told = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code), pytest.raises(GuardRefused) as caught:
            found.do(draft, Event.SEND)
        wording = procedures()["gen"].rules["screens_before_return"].wording
        assert caught.value.because == (wording.written_in(code),)
        told.add(caught.value.because)
    assert len(told) == len(settings.LANGUAGES)


def test_which_rules_held_is_kept_with_the_referral(db):
    found = scene()
    sent = found.at(Status.SENT)
    assert sent.rules["procedures"] == [f"gen {procedures()['gen'].version}"]
    assert {"consent_for_recipient", "safe_interpreter"} <= set(sent.rules["held"])
