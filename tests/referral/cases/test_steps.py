"""Steps of a procedure: what they need, what they keep, their clocks; a case keeps the version that it began with."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from referral.access import Member
from referral.actions import cases, closing, people, plans, steps, triage
from referral.actions.answers import read_answer
from referral.models import AuditEntry, Case, FrozenProcedure, PackVersion, StepDone, Task, TaskKind
from referral.procedures import pack_text, procedures
from referral.reading.case_checks import to_tick
from referral.reading.casebook import Sheet, read_case
from referral.reading.course import Done, Known, due, next_steps
from referral.reading.versions import procedure_of
from referral.refusals import GuardRefused, Stale, WrongField
from referral.states.clock import ZONE
from referral.states.machine import NotYours
from referral.words.choices import CaseRole, Stage
from tests.referral import making

pytestmark = pytest.mark.django_db
TICKS = {
    profile: {
        step.key: [rule.key for rule in to_tick(procedure, step)] for step in procedure.steps
    }
    for profile, procedure in procedures().items()
}  # fmt: skip


@pytest.fixture
def worker() -> Member:
    return making.member(making.partner())


def do(case: Case, worker: Member, step: str, **answers: Any) -> StepDone:
    """The step, with every rule ticked."""
    now = Case.objects.get(pk=case.pk)
    return steps.done_step(
        now, by=worker, version=now.version, step=step, answers=answers, ticked=TICKS[now.profile][step]
    )


def sheet(case: Case, worker: Member) -> Sheet:
    return read_case(worker, case.code)


def to_do(case: Case, worker: Member) -> list[str]:
    return [found.next.step.key for found in sheet(case, worker).to_do if found.next.is_reached]


def test_a_step_is_done_and_the_case_moves_on(worker: Member) -> None:
    case = making.case(worker)
    assert sheet(case, worker).stage == Stage.IDENTIFICATION
    do(case, worker, "identification", stated_need="a doctor")
    assert sheet(case, worker).stage == Stage.INFORMATION_CONSENT
    assert to_do(case, worker) == ["information_consent"]


def test_a_step_is_refused_with_a_sentence_for_each_thing_that_is_missing(worker: Member) -> None:
    case = making.case(worker, languages=None, age_band=None)
    with pytest.raises(GuardRefused) as refused:
        steps.done_step(case, by=worker, version=case.version, step="identification", answers={"stated_need": "x"})
    procedure = procedure_of(case)
    missing = {str(procedure.fields[key].label) for key in ("language_known", "age_band_known")}
    rules = {str(procedure.rules[key].wording) for key in TICKS["gen"]["identification"]}
    assert set(refused.value.because) == missing | rules
    assert not StepDone.objects.exists()
    assert Case.objects.get().version == case.version
    assert AuditEntry.objects.last().what == "step.done:step_ready"


def test_a_tick_of_another_step_is_not_taken(worker: Member) -> None:
    case = making.case(worker)
    ticked = [*TICKS["gen"]["identification"], "person_asked"]
    with pytest.raises(WrongField):
        steps.done_step(
            case, by=worker, version=case.version, step="identification", answers={"stated_need": "x"}, ticked=ticked
        )


@pytest.mark.parametrize("answers", [{}, {"stated_need": ""}, {"stated_need": "x", "risk": "high"}, {"stated_need": 3}])
def test_an_answer_that_is_missing_wrong_or_not_asked_is_refused(worker: Member, answers: dict[str, Any]) -> None:
    with pytest.raises(WrongField):
        do(making.case(worker), worker, "identification", **answers)


@pytest.mark.parametrize(
    ("profile", "field", "good", "bad"),
    [
        ("irr", "headcount_women", 3, -1),
        ("irr", "headcount_women", "3", "many"),
        ("irr", "dead_or_missing", ["none_reported"], ["none"]),
        ("det", "held_in", "prison", "jail"),
        ("det", "held_since", "2026-11-20T09:00:00+01:00", "2026-11-20T09:00:00"),
        ("det", "measure_notified", "no", "perhaps"),
    ],
)
def test_answers_are_read_by_their_kind(profile: str, field: str, good: Any, bad: Any) -> None:
    fields = procedures()[profile].fields
    assert read_answer(fields[field], good) is not None
    with pytest.raises(WrongField):
        read_answer(fields[field], bad)


def test_delicate_answers_are_kept_apart_and_only_the_owner_reads_them(worker: Member) -> None:
    case = making.case(worker, "gbv")
    do(case, worker, "identification")
    at = (timezone.now() - timedelta(hours=30)).isoformat()
    row = do(case, worker, "immediate_safety", assault_at=at, injuries="none seen", safety_plan="at her aunt's")
    assert (row.answers, row.delicate_answers is not None) == (None, True)
    boss = making.member(worker.partner, CaseRole.SUPERVISOR)
    assert sheet(case, worker).done[0].answers["safety_plan"] == "at her aunt's"
    assert sheet(case, boss).done[0].answers == {}


def test_scenario_12_of_a_survivor_the_health_task_shows_the_hours_left_to_72(worker: Member) -> None:
    assault = timezone.now() - timedelta(hours=30)
    case = cases.open_case(
        by=worker, profile="gbv", urgency="urgent", risk="high", dates={"assault_at": assault.isoformat()}
    )
    task = Task.objects.get(case=case, step="immediate_safety")
    assert task.due_at == assault + timedelta(hours=72)
    shown = next(one for one in sheet(case, worker).to_do if one.next.step.key == "immediate_safety")
    assert shown.hours_left is not None
    assert 41.9 < shown.hours_left <= 42
    assert "health" in shown.next.step.services


def test_scenario_12_no_story_of_the_assault_is_asked(worker: Member) -> None:
    procedure = procedures()["gbv"]
    typed = {key for step in procedure.steps for key in step.fields}
    assert not [key for key in typed if "narrative" in key or "story" in key or "perpetrator" in key]


def test_scenario_70_the_clocks_of_detention_run_by_the_wall_clock_from_the_hour_of_detention(worker: Member) -> None:
    friday = datetime(2026, 11, 20, 9, tzinfo=ZONE)
    case = making.case(worker, "det")
    triage.note_dates(case, by=worker, version=case.version, dates={"held_since": friday.isoformat()})
    limits = {task.step: task.due_at for task in Task.objects.filter(case=case, kind=TaskKind.STEP)}
    assert limits["information_consent"] == friday + timedelta(hours=24)  # the lawyer's, at once
    assert limits["assessment"] == friday + timedelta(hours=48)
    assert "legal" in procedure_of(case).step("information_consent").actors


def test_scenario_70_the_consulate_is_hidden_once_asylum_is_wished(worker: Member) -> None:
    case = making.case(worker, "det")
    assert not sheet(case, worker).consulate_hidden
    answers = {"ill": "no", "is_child": "no", "is_pregnant": "no", "trafficking_suspected": "no", "asylum_wish": "yes"}
    do(case, worker, "immediate_safety", **answers)
    assert sheet(case, worker).consulate_hidden


def test_a_step_left_out_is_still_to_be_done(worker: Member) -> None:
    case = making.case(worker)
    plans.add_need(case, by=worker, version=0, service_type="health")
    triage.screen(
        case, by=worker, version=1, urgency="normal", risk="low",
        answers=dict.fromkeys(("child", "trafficking", "gbv", "asylum", "health"), "no"),
    )  # fmt: skip
    people.update_person(case, by=worker, version=2, values={"safe_contact": {"channels": ["call"]}})
    do(case, worker, "immediate_safety")
    assert to_do(case, worker) == ["identification", "assessment"]
    assert sheet(case, worker).stage == Stage.ASSESSMENT


def test_screening_questions_must_be_answered_before_the_step_that_asks_them(worker: Member) -> None:
    case = making.case(worker, safe_contact={"channels": ["call"]})
    with pytest.raises(GuardRefused) as refused:
        do(case, worker, "immediate_safety")
    assert refused.value.because == (str(procedure_of(case).rules["red_flag_questions"].wording),)


def test_a_step_comes_back_with_its_rhythm_until_the_next_one_is_done(worker: Member) -> None:
    case = making.case(worker, "det")
    do(case, worker, "follow_up", still_held="yes", held_where="the same place")
    first = Task.objects.get(case=case, step="follow_up", done_at=None)
    do(case, worker, "follow_up", still_held="yes", held_where="the same place")
    second = Task.objects.get(case=case, step="follow_up", done_at=None)
    assert first.pk != second.pk
    assert timedelta(hours=22) < second.due_at - timezone.now() <= timedelta(hours=25)
    assert "follow_up" in to_do(case, worker)


def test_the_rhythm_counts_from_the_last_time_and_a_limit_from_the_first() -> None:
    procedure = procedures()["det"]
    monday = datetime(2026, 11, 16, 9, tzinfo=ZONE)
    times = [monday, monday + timedelta(days=3)]
    known = Known(monday, "normal", [Done("follow_up", at) for at in times] + [Done("care_plan", at) for at in times])
    assert due(procedure.step("follow_up"), known) == times[-1] + timedelta(days=1)
    fresh = Known(monday, "normal", [Done("care_plan", at) for at in times])
    assert due(procedure.step("follow_up"), fresh) == times[0] + timedelta(days=1)


def test_time_limits_by_urgency_move_with_the_urgency(worker: Member) -> None:
    case = making.case(worker)
    do(case, worker, "identification", stated_need="a doctor")
    before = Task.objects.get(case=case, step="immediate_safety", done_at=None).due_at
    triage.triage(case, by=worker, version=1, urgency="emergency", risk="low")
    after = Task.objects.get(case=case, step="immediate_safety", done_at=None).due_at
    done_at = StepDone.objects.get().done_at
    assert (after, before > after) == (done_at + timedelta(hours=24), True)


def test_a_step_of_supervisors_alone_is_not_a_caseworkers(worker: Member) -> None:
    case = making.case(worker, "det")
    with pytest.raises(NotYours):
        do(case, worker, "closure", detention_outcome="released")
    boss = making.member(worker.partner, CaseRole.SUPERVISOR)
    assert do(case, boss, "closure", detention_outcome="released")


def test_a_step_is_neither_done_in_the_future_nor_before_the_case(worker: Member) -> None:
    case = making.case(worker)
    for wrong in (timezone.now() + timedelta(hours=1), case.opened_at - timedelta(hours=1)):
        with pytest.raises(WrongField):
            steps.done_step(
                case, by=worker, version=0, step="identification", answers={"stated_need": "x"},
                ticked=TICKS["gen"]["identification"], done_at=wrong,
            )  # fmt: skip


def test_an_older_version_of_the_case_is_refused(worker: Member) -> None:
    case = making.case(worker)
    triage.triage(case, by=worker, version=0, urgency="urgent", risk="low")
    with pytest.raises(Stale) as refused:
        triage.triage(case, by=worker, version=0, urgency="normal", risk="low")
    assert (refused.value.version, refused.value.current) == (0, 1)


def _approved(profile: str, text: str, version: str) -> None:
    PackVersion.objects.create(
        profile=profile, version=version, text=text, proposed_by=making.user(), approved_by=making.user(),
        approved_at=timezone.now(),
    )  # fmt: skip


def test_scenario_66_open_cases_stay_on_their_version_and_new_ones_begin_with_the_new(worker: Member) -> None:
    before = cases.open_case(by=worker, profile="gen", urgency="normal", risk="low")
    old = pack_text("gen")
    new = old.replace('version = "2026.1"', 'version = "2026.2"').replace("amount = 14", "amount = 10")
    _approved("gen", new, "2026.2")
    after = cases.open_case(by=worker, profile="gen", urgency="normal", risk="low")
    assert (before.procedure_version, after.procedure_version) == ("2026.1", "2026.2")
    before = Case.objects.get(pk=before.pk)
    assert procedure_of(before).step("assessment").limit.amount == 14
    assert procedure_of(after).step("assessment").limit.amount == 10
    assert FrozenProcedure.objects.count() == 2


def test_scenario_66_a_case_keeps_its_words_when_a_newer_software_ships_other_ones(worker: Member, monkeypatch) -> None:
    before = cases.open_case(by=worker, profile="gen", urgency="normal", risk="low")
    newer = pack_text("gen").replace('version = "2026.1"', 'version = "2027.1"').replace("amount = 14", "amount = 3")
    monkeypatch.setattr("referral.reading.versions.pack_text", lambda name: newer if name == "gen" else pack_text(name))
    after = cases.open_case(by=worker, profile="gen", urgency="normal", risk="low")
    assert procedure_of(Case.objects.get(pk=before.pk)).step("assessment").limit.amount == 14
    assert procedure_of(after).step("assessment").limit.amount == 3


def test_a_case_goes_on_under_another_profile_and_what_was_done_is_kept(worker: Member) -> None:
    case = making.case(worker)
    do(case, worker, "identification", stated_need="a doctor")
    now = triage.change_profile(case, by=worker, version=1, profile="vot", reason="signs of trafficking")
    assert (now.profile, now.other_profiles) == ("vot", ["gen"])
    assert to_do(case, worker)[0] == "identification"
    assert sheet(case, worker).done[0].procedure.profile == "gen"
    assert not Task.objects.filter(case=case, done_at=None, mark__contains=":gen:").exists()


def test_after_a_closure_that_was_not_approved_the_procedure_goes_on(worker: Member) -> None:
    boss = making.member(worker.partner, CaseRole.SUPERVISOR)
    case = making.case(worker, "det", risk="low")
    closing.request_closure(case, by=worker, version=0, closure_reason="needs_ended", feedback_asked=True)
    do(case, boss, "closure", detention_outcome="released")
    assert to_do(case, worker) == []
    closing.return_closure(case, by=boss, version=2, reason="still held")
    assert "identification" in to_do(case, worker)


@pytest.mark.parametrize("profile", sorted(procedures()))
def test_every_procedure_leads_from_its_start_to_an_end(profile: str) -> None:
    procedure = procedures()[profile]
    opened = datetime(2026, 11, 20, 9, tzinfo=ZONE)
    done: list[Done] = []
    for number in range(40):
        known = Known(opened, "urgent", tuple(done))
        open_now = [found.step for found in next_steps(procedure, known) if found.is_reached]
        if not open_now:
            break
        fresh = [step for step in open_now if step.key not in {one.step for one in done}]
        done.append(Done((fresh or open_now)[0].key, opened + timedelta(hours=number)))
    assert {step.key for step in procedure.steps} == {one.step for one in done}
