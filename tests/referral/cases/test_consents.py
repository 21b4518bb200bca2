"""Consent: every question apart, yes and no; who may give it; taking it back; a supervisor's override."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from referral.access import Member
from referral.actions import closing, consents, people
from referral.actions.consents import Asked, Conversation
from referral.models import (
    AuditEntry,
    Case,
    Consent,
    FollowUpCode,
    Grant,
    Packet,
    Referral,
    Representative,
    Task,
    TaskKind,
)
from referral.permissions import NotFound
from referral.refusals import GuardRefused, WrongField
from referral.states.events import Status
from referral.states.machine import NotYours
from referral.words.choices import CaseRole
from referral.words.consent_choices import REFUSED_INTERPRETERS, DataCategory
from services.models import Service
from tests.referral import making
from tests.services.directory_rows import make_organisation

pytestmark = pytest.mark.django_db
HOW = Conversation(
    language="fr", interpreter="not_needed", method="verbal_witnessed", script_version="2026.1", read_back=True
)


@pytest.fixture
def worker() -> Member:
    return making.member(making.partner())


@pytest.fixture
def clinic() -> Service:
    return making.service(receiver=making.partner("rabat"))


def yes(service: Service, *categories: str) -> Asked:
    return Asked("referral", True, service=service, categories=categories or ("need", "reason"))


def record(case: Case, by: Member, *asked: Asked, **how: Any) -> Consent:
    return consents.record_consent(case, by=by, how=replace(HOW, **how), asked=asked)


def refused_by(guard: str) -> Any:
    return pytest.raises(GuardRefused, check=lambda refused: refused.guard.value == guard)


def test_each_question_is_kept_with_its_own_answer(worker: Member, clinic: Service) -> None:
    case = making.case(worker)
    consent = record(case, worker, yes(clinic, "reason", "need"), Asked("contact", True), Asked("statistics", False))
    kept = {grant.purpose: (grant.given, grant.categories) for grant in consent.grants.all()}
    assert kept == {"referral": (True, ["need", "reason"]), "contact": (True, []), "statistics": (False, [])}
    assert [grant.is_live() for grant in consent.grants.order_by("pk")] == [True, True, False]


def test_a_refusal_alone_is_recorded(worker: Member, clinic: Service) -> None:
    consent = record(making.case(worker), worker, Asked("referral", False, service=clinic))
    assert not consent.grants.get().given


@pytest.mark.parametrize("interpreter", sorted(REFUSED_INTERPRETERS))
def test_children_relatives_and_companions_do_not_interpret(worker: Member, clinic: Service, interpreter: str) -> None:
    with refused_by("safe_interpreter"):
        record(making.case(worker), worker, yes(clinic), interpreter=interpreter)
    assert not Consent.objects.exists()
    assert AuditEntry.objects.last().what == "consent.record:safe_interpreter"


@pytest.mark.parametrize(
    "how",
    [{"language": ""}, {"method": "nod"}, {"script_version": ""}, {"interpreter": "friend"}, {"given_by": "aunt"},
     {"expires_at": timezone.now() - timedelta(days=1)}],
)  # fmt: skip
def test_a_conversation_says_language_method_script_and_interpreter(worker: Member, how: dict[str, Any]) -> None:
    with pytest.raises(WrongField):
        record(making.case(worker), worker, Asked("contact", True), **how)


def test_a_question_names_what_its_purpose_needs_and_nothing_else(worker: Member, clinic: Service) -> None:
    case, rabat = making.case(worker), making.partner("rabat")
    wrong = [
        Asked("referral", True), Asked("referral", True, service=clinic), Asked("contact", True, service=clinic),
        Asked("transfer", True), Asked("contact", True, partner=rabat), Asked("contact", True, categories=("name",)),
        Asked("marketing", True), yes(clinic, "narrative"), yes(clinic, DataCategory.HIV),
    ]  # fmt: skip
    for one in wrong:
        with pytest.raises(WrongField):
            record(case, worker, one)
    with pytest.raises(WrongField):
        record(case, worker)
    with pytest.raises(WrongField):
        record(case, worker, yes(clinic), Asked("referral", False, service=clinic))


def test_scenario_8_a_representative_in_conflict_or_not_verified_does_not_count(
    worker: Member, clinic: Service
) -> None:
    case = making.case(worker, "uasc", is_minor=True)
    guardian = people.add_representative(case, by=worker, version=0, kind="legal_guardian", name="M. T.")
    given = {"given_by": "representative", "representative": guardian, "child_assent": True}
    with refused_by("representative_counts"):
        record(case, worker, yes(clinic), **given)
    people.verify_representative(guardian, by=worker, version=1)
    guardian.refresh_from_db()
    consent = record(case, worker, yes(clinic), **{**given, "representative": guardian})
    assert consent.is_live()
    people.flag_conflict(guardian, by=worker, version=2)
    guardian.refresh_from_db()
    assert not Consent.objects.get(pk=consent.pk).is_live()
    with refused_by("representative_counts"):
        record(case, worker, yes(clinic), **{**given, "representative": guardian})


def test_a_representative_of_another_case_does_not_count(worker: Member, clinic: Service) -> None:
    other = Representative.objects.create(
        case=making.case(worker), kind="parent", verified_by_id=worker.user_id, verified_at=timezone.now()
    )
    with refused_by("representative_counts"):
        record(
            making.case(worker), worker, yes(clinic), given_by="representative", representative=other, child_assent=True
        )


def test_nobody_known_cannot_be_verified(worker: Member) -> None:
    case = making.case(worker, "uasc")
    nobody = people.add_representative(case, by=worker, version=0, kind="none_known")
    with pytest.raises(WrongField):
        people.verify_representative(nobody, by=worker, version=1)


def test_scenario_9_against_the_will_of_a_child_nothing_is_sent_until_a_supervisor_decides(
    worker: Member, clinic: Service
) -> None:
    case = making.case(worker, "gen", is_minor=True)
    guardian = Representative.objects.create(
        case=case, kind="legal_guardian", verified_by_id=worker.user_id, verified_at=timezone.now()
    )
    given = {"given_by": "representative", "representative": guardian}
    with refused_by("child_heard"):
        record(case, worker, yes(clinic, *making.AGREED), **given)
    consent = record(case, worker, yes(clinic, *making.AGREED), child_assent=False, **given)
    assert not consent.is_live()
    assert Task.objects.get(case=case, kind=TaskKind.DECIDE).owner is None
    with refused_by("consent_covers"):
        making.referral(case, worker, clinic)
    boss = making.member(worker.partner, CaseRole.SUPERVISOR)
    basis = {"legal_basis": "best_interest_decision", "reason": "the child is in danger where it stays"}
    consents.override(case, by=boss, service=clinic, categories=making.AGREED, **basis)
    draft = Referral.objects.filter(case=case).first()
    sent = making.act(draft.pk, making.Event.SEND, by=worker) if draft else making.referral(case, worker, clinic)
    assert sent.status == Status.SENT


def test_scenario_7_a_child_without_representative_or_decision_goes_to_child_protection_alone(
    worker: Member, clinic: Service
) -> None:
    case = making.case(worker, "gen", is_minor=True)
    with refused_by("minor_protected"):
        making.referral(case, worker, clinic)
    protection = making.service("children", receiver=making.partner("rabat"), category="child_protection")
    assert making.referral(case, worker, protection).status == Status.SENT
    boss = making.member(worker.partner, CaseRole.SUPERVISOR)
    with pytest.raises(NotYours):
        people.decide_best_interest(case, by=worker, version=0, words="x")
    people.decide_best_interest(case, by=boss, version=Case.objects.get().version, words="the panel met")
    case.refresh_from_db()
    draft = Referral.objects.get(case=case, service=clinic)
    assert making.act(draft.pk, making.Event.SEND, by=worker).status == Status.SENT


def test_a_best_interest_decision_is_for_a_child(worker: Member) -> None:
    boss = making.member(worker.partner, CaseRole.SUPERVISOR)
    with refused_by("a_child"):
        people.decide_best_interest(making.case(worker), by=boss, version=0, words="x")


def test_a_consulate_is_refused_as_recipient_in_an_asylum_case_with_the_text_of_the_rule(worker: Member) -> None:
    embassy = making.service("embassy", organisation=make_organisation("embassy", kind="consulate"))
    with refused_by("recipient_allowed") as refused:
        record(making.case(worker, "asy"), worker, yes(embassy))
    assert refused.value.because


def test_consent_withdrawn_stops_its_shares_in_the_same_transaction(worker: Member, clinic: Service) -> None:
    case = making.case(worker)
    consent = record(case, worker, yes(clinic, *making.AGREED), Asked("online_follow_up", True))
    sent = making.referral(case, worker, clinic)
    FollowUpCode.objects.create(
        case=case, code_hash="x", pin_hash="x", made_by_id=worker.user_id, expires_at=timezone.now() + timedelta(days=9)
    )
    consents.withdraw_consent(consent, by=worker, through="call")
    sent.refresh_from_db()
    assert sent.status == Status.WITHDRAWN
    assert not Packet.objects.filter(referral=sent, revoked_at=None).exists()
    assert FollowUpCode.objects.get().disabled_at is not None
    assert not Grant.objects.filter(withdrawn_at=None).exists()
    assert Case.objects.get().version == case.version + 1


def test_one_thing_is_taken_back_and_the_rest_stays(worker: Member, clinic: Service) -> None:
    case, other = making.case(worker), making.service("lawyer")
    consent = record(case, worker, yes(clinic), yes(other), Asked("contact", True))
    consents.withdraw_consent(consent, by=worker, grants=[consent.grants.get(service=clinic)])
    live = {(grant.purpose, grant.service_id) for grant in consent.grants.all() if grant.is_live()}
    assert live == {("referral", other.pk), ("contact", None)}


def test_a_later_no_takes_an_earlier_yes_back_with_its_shares(worker: Member, clinic: Service) -> None:
    case = making.case(worker)
    record(case, worker, yes(clinic, *making.AGREED))
    sent = making.referral(case, worker, clinic)
    record(case, worker, Asked("referral", False, service=clinic))
    sent.refresh_from_db()
    assert sent.status == Status.WITHDRAWN


def test_consent_is_taken_back_on_hold_and_after_closure_too(worker: Member) -> None:
    case = making.case(worker, risk="low")
    consent = record(case, worker, Asked("contact", True))
    boss = making.member(worker.partner, CaseRole.SUPERVISOR)
    closing.request_closure(case, by=worker, version=0, closure_reason="needs_ended", feedback_asked=True)
    closing.approve_closure(case, by=boss, version=1)
    consents.withdraw_consent(consent, by=worker)
    assert not Consent.objects.get().is_live()


def test_somebody_else_neither_records_nor_withdraws(worker: Member) -> None:
    case = making.case(worker)
    consent = record(case, worker, Asked("contact", True))
    for stranger in (making.member(making.partner("fes")), making.member(worker.partner)):
        with pytest.raises(NotFound):
            record(case, stranger, Asked("contact", True))
        with pytest.raises(NotFound):
            consents.withdraw_consent(consent, by=stranger)
    assert Consent.objects.get().is_live()


def test_a_supervisor_answers_for_a_share_without_consent_with_basis_and_reason(
    worker: Member, clinic: Service
) -> None:
    case = making.case(worker)
    boss = making.member(worker.partner, CaseRole.SUPERVISOR)
    given = {"service": clinic, "categories": making.AGREED}
    with pytest.raises(NotYours):
        consents.override(case, by=worker, legal_basis="vital_interest", reason="unconscious", **given)
    for basis, reason, guard in (
        ("consent", "x", "without_consent"), ("vital_interest", " ", "reason_given"),
        ("best_interest_decision", "x", "a_child"),
    ):  # fmt: skip
        with refused_by(guard):
            consents.override(case, by=boss, legal_basis=basis, reason=reason, **given)
    with pytest.raises(WrongField):
        consents.override(case, by=boss, service=clinic, categories=["hiv"], legal_basis="vital_interest", reason="x")
    grant = consents.override(case, by=boss, legal_basis="vital_interest", reason="unconscious", **given)
    assert grant.consent.approved_by_id == boss.user_id
    task = Task.objects.get(case=case, kind=TaskKind.INFORM)
    assert task.due_at - grant.consent.given_at == timedelta(hours=24)
    entry = AuditEntry.objects.last()
    assert (entry.kind, "unconscious" in str(entry.fields)) == ("override", False)
    assert making.referral(case, worker, clinic).status == Status.SENT


def test_scenario_69_a_record_only_hate_crime_case_sends_nothing_without_a_new_consent(
    worker: Member, clinic: Service
) -> None:
    case = making.case(worker, "rac")
    record(case, worker, Asked("record", True), Asked("statistics", True), Asked("referral", False, service=clinic))
    with refused_by("consent_covers"):
        making.referral(case, worker, clinic)
    record(case, worker, yes(clinic, *making.AGREED))
    draft = Referral.objects.get(case=case)
    assert making.act(draft.pk, making.Event.SEND, by=worker).status == Status.SENT
