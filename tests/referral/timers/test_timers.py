"""What time does to referrals and cases, with a clock that is set: reminders, escalations, expiry; run twice, late, broken."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from subprocess import PIPE

import pytest
from django.core.management import call_command

from referral import outbox, timers
from referral.models import (
    AccessGrant,
    AuditEntry,
    Case,
    CaseTransfer,
    Effect,
    Partner,
    Referral,
    ReferralEvent,
    Task,
    TaskKind,
)
from referral.reading.versions import procedure_of
from referral.states.limits import Alarm
from referral.states.workflow import Event, Status
from referral.timers import referrals
from referral.timers.deadlines import ringing
from referral.words.choices import CaseRole
from services.models import Service
from services.taxonomy import Capacity
from tests import prepared
from tests.referral import making
from tests.referral.referring.referring import member, scene
from tests.referral.safety import own_site
from tests.referral.timers.waiting import MONDAY, Clock, agreed_long_ago, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch) -> Clock:
    found = Clock(MONDAY)
    monkeypatch.setattr("django.utils.timezone.now", found)
    return found


def sent(found, **given) -> Referral:
    agreed_long_ago()
    return found.at(Status.SENT, **given)


def marks(referral: Referral) -> list[str]:
    return sorted(Effect.objects.filter(mark__contains=str(referral.pk)).values_list("mark", flat=True))


def alarms(referral: Referral, now: datetime) -> list[tuple[str, str]]:
    return [(ring.clock.value, ring.alarm.value) for ring in ringing(referral, now)]


def test_scenario_28_a_normal_referral_without_answer_expires_once_with_one_task_and_one_notice(clock):
    found = scene()
    referral = sent(found)
    clock.wait(days=30)
    first, second = run(), run()
    referral.refresh_from_db()
    assert referral.status == Status.EXPIRED
    assert first["referrals expired"].done == 1
    assert second["referrals expired"].done == 0
    assert referral.events.filter(event=Event.EXPIRE).count() == 1
    assert Task.objects.filter(referral=referral, kind=TaskKind.REFER_AGAIN).count() == 1
    notices = [
        effect for effect in Effect.objects.filter(user=found.worker.user_id) if effect.mark.startswith("referral:")
    ]
    assert len(notices) == 1


def test_before_twice_its_time_a_referral_does_not_expire(clock):
    referral = sent(scene())
    clock.set(datetime(2027, 4, 16, 15, tzinfo=UTC))
    run()
    referral.refresh_from_db()
    assert referral.status == Status.SENT


def test_scenario_29_an_emergency_without_receipt_after_an_hour_calls_everybody_and_never_expires(clock):
    found = scene()
    boss = member(making.partner("rabat"), CaseRole.SUPERVISOR)
    backup = member(making.partner("rabat"), CaseRole.FOCAL_POINT)
    referral = sent(found, urgency="emergency")
    Effect.objects.all().delete()
    clock.wait(minutes=61)
    run()
    call = Task.objects.get(referral=referral, kind=TaskKind.CALL)
    assert (call.owner_id, call.escalation) == (found.worker.user_id, 1)
    everybody = {found.worker.user_id, found.supervisor.user_id, found.focal.user_id, backup.user_id}
    assert set(Effect.objects.values_list("user_id", flat=True)) == everybody
    clock.wait(days=30)
    run()
    run()
    referral.refresh_from_db()
    assert referral.status == Status.SENT
    decide = Task.objects.filter(referral=referral, kind=TaskKind.DECIDE)
    assert {task.partner.key: task.escalation for task in decide} == {"oujda": 3, "rabat": 3}
    assert Effect.objects.filter(user=boss.user_id, mark__contains="coordination").exists()


def test_the_receivers_supervisors_get_no_case_with_their_task(clock):
    referral = sent(scene())
    clock.wait(days=12)
    run()
    theirs = Task.objects.get(referral=referral, kind=TaskKind.DECIDE, partner__key="rabat")
    assert theirs.case_id is None


def test_reminders_go_at_half_the_time_to_whose_turn_it_is_and_once(clock):
    found = scene()
    referral = sent(found, urgency="urgent")
    Effect.objects.all().delete()
    clock.wait(hours=11, minutes=59)
    run()
    assert not Effect.objects.exists()
    clock.wait(minutes=1)
    run()
    run()
    assert marks(referral) == [f"alarm:{referral.pk}:ack:remind:0:{found.focal.user_id}"]


def test_where_the_receiver_has_no_account_a_reminder_is_a_call_for_the_sender(clock):
    found = scene(inbox=False)
    referral = sent(found, urgency="urgent")
    clock.wait(hours=12)
    run()
    call = Task.objects.get(referral=referral, kind=TaskKind.CALL)
    assert call.owner_id == found.worker.user_id


def test_nobody_hears_of_an_alarm_again_after_its_mail_is_forgotten(clock):
    referral = sent(scene(), urgency="emergency")
    clock.wait(days=3)
    assert run()["alarms"].done == 1
    Effect.objects.all().delete()
    Task.objects.all().delete()
    assert run()["alarms"].done == 0
    assert not Effect.objects.filter(mark__startswith=f"alarm:{referral.pk}").exists()


def test_a_late_run_tells_each_person_once_by_one_mail(clock, mailoutbox):
    found = scene()
    sent(found, urgency="urgent")
    clock.wait(hours=50)
    run()
    assert Effect.objects.filter(user=found.focal.user_id).count() > 1
    outbox.send()
    assert len([mail for mail in mailoutbox if mail.to == [f"{making.user_of(found.focal).email}"]]) == 1


def test_what_was_answered_in_time_rings_nothing(clock):
    found = scene()
    agreed_long_ago()
    referral = found.at(Status.CLOSED)
    Effect.objects.all().delete()
    clock.wait(days=60)
    counts = run()
    assert counts["alarms"].done == 0
    assert not Task.objects.filter(referral=referral, done_at=None).exists()


def test_scenario_30_working_days_follow_the_clock_of_morocco_across_ramadan(clock):
    clock.set(datetime(2027, 2, 5, 9, tzinfo=UTC))  # Friday 10:00, UTC+1; from Sunday 7 February UTC+0
    referral = sent(scene())
    due = datetime(2027, 2, 12, 16, 30, tzinfo=UTC)  # five working days later, 16:30 by a clock that is now UTC
    assert referral.decide_by == due
    assert ("decision", "overdue") not in alarms(referral, due - timedelta(minutes=1))
    assert ("decision", "overdue") in alarms(referral, due)


def test_scenario_30_an_emergency_counts_hours_that_really_pass_while_the_clock_is_set_back(clock):
    clock.set(datetime(2027, 2, 7, 1, 30, tzinfo=UTC))  # 02:30; an hour later the clock shows 02:30 again
    referral = sent(scene(), urgency="emergency")
    assert ("ack", "overdue") not in alarms(referral, datetime(2027, 2, 7, 2, 29, tzinfo=UTC))
    assert ("ack", "overdue") in alarms(referral, datetime(2027, 2, 7, 2, 30, tzinfo=UTC))


def test_while_a_question_stops_the_clock_nothing_rings_and_then_the_sender_hears(clock):
    found = scene()
    referral = sent(found, urgency="urgent")
    clock.wait(hours=23)
    referral = found.do(referral, Event.ASK_INFO)
    clock.wait(hours=13)  # more than half of 48 hours have passed, but only 23 of them count
    assert alarms(referral, clock()) == []
    clock.wait(hours=60)  # the pause was over after 24 hours: the clock ran again long ago
    assert ("decision", "overdue") in alarms(referral, clock())
    Effect.objects.all().delete()
    run()
    reminded = Effect.objects.filter(mark__contains=":remind:").values_list("user_id", flat=True)
    assert list(reminded) == [found.worker.user_id]


def test_scenario_14_a_service_that_closes_is_told_at_once_and_declines_a_day_later_if_still_sent(clock):
    found = scene()
    referral = sent(found)
    Service.objects.filter(pk=found.service.pk).update(capacity=Capacity.CLOSED)
    clock.wait(hours=1)
    assert run()["services closed"].done == 1
    clock.wait(hours=23, minutes=59)
    assert run()["services closed"].done == 0
    assert Task.objects.filter(referral=referral, kind=TaskKind.REFER_AGAIN).count() == 1
    clock.wait(minutes=1)
    run()
    run()
    referral.refresh_from_db()
    assert (referral.status, referral.decline_reason) == (Status.DECLINED, "service_closed")
    assert referral.events.filter(event=Event.SERVICE_CLOSED).count() == 2


def test_scenario_14_a_service_that_opens_again_and_closes_again_has_its_whole_day(clock):
    found = scene()
    referral = sent(found)
    for capacity in (Capacity.CLOSED, Capacity.OPEN):
        Service.objects.filter(pk=found.service.pk).update(capacity=capacity)
        run()
    clock.wait(days=2)
    Service.objects.filter(pk=found.service.pk).update(capacity=Capacity.CLOSED)
    run()
    referral.refresh_from_db()
    assert (referral.status, referral.service_closed_at) == (Status.SENT, clock())


@pytest.mark.parametrize("gone", [{"live": False}, {"suspended_until": "2027-12-31"}, {"capacity": Capacity.CLOSED}])
def test_scenario_14_unpublished_suspended_and_closed_services_all_count_as_closed(clock, gone):
    found = scene()
    referral = sent(found)
    Service.objects.filter(pk=found.service.pk).update(**gone)
    run()
    referral.refresh_from_db()
    assert referral.service_closed_at == clock()


def test_scenario_14_a_referral_that_was_accepted_stays_when_its_service_closes(clock):
    found = scene()
    agreed_long_ago()
    referral = found.at(Status.ACCEPTED)
    Service.objects.filter(pk=found.service.pk).update(capacity=Capacity.CLOSED)
    run()
    clock.wait(days=3)
    run()
    referral.refresh_from_db()
    assert referral.status == Status.ACCEPTED
    assert referral.events.filter(event=Event.SERVICE_CLOSED).count() == 1


def test_a_draft_of_14_days_is_discarded_and_emptied(clock):
    found = scene()
    agreed_long_ago()
    referral = found.draft()
    clock.wait(days=13, hours=23)
    assert run()["drafts discarded"].done == 0
    clock.wait(hours=1)
    assert run()["drafts discarded"].done == 1
    referral.refresh_from_db()
    assert (referral.status, referral.reason) == (Status.ENTERED_IN_ERROR, None)
    assert run()["drafts discarded"].done == 0


def test_a_delivery_that_nobody_has_confirmed_after_7_days_asks_who_is_in_charge(clock):
    found = scene()
    agreed_long_ago()
    referral = found.at(Status.DELIVERED)
    clock.wait(days=7, minutes=1)
    run()
    run()
    task = Task.objects.get(referral=referral, kind=TaskKind.CONFIRM)
    assert (task.owner_id, task.escalation, task.done_at) == (found.worker.user_id, 1, None)
    assert Effect.objects.filter(user=found.worker.user_id, mark__contains=":verify:overdue:").count() == 1


def test_tasks_of_an_alarm_are_over_when_its_clock_no_longer_runs(clock):
    found = scene()
    referral = sent(found)
    clock.wait(days=12)
    run()
    assert Task.objects.filter(referral=referral, kind=TaskKind.DECIDE, done_at=None).count() == 2
    found.do(referral, Event.ACCEPT)
    run()
    assert not Task.objects.filter(referral=referral, mark__contains=":decision:", done_at=None).exists()


def test_one_that_fails_leaves_the_others_done_and_nothing_of_itself(clock, monkeypatch, caplog):
    found = [scene() for _number in range(3)]
    referrals_sent = sorted((sent(one) for one in found), key=lambda one: one.pk)
    broken, act = referrals_sent[1], referrals.act

    def act_but_once(referral_id, event, **given):
        done = act(referral_id, event, **given)
        if referral_id == broken.pk:
            raise RuntimeError(found[0].case.code)
        return done

    monkeypatch.setattr(referrals, "act", act_but_once)
    clock.wait(days=30)
    count = run()["referrals expired"]
    assert (count.done, count.failed) == (2, 1)
    states = [Referral.objects.get(pk=one.pk).status for one in referrals_sent]
    assert states == [Status.EXPIRED, Status.SENT, Status.EXPIRED]
    assert not ReferralEvent.objects.filter(referral=broken, event=Event.EXPIRE).exists()
    assert not Task.objects.filter(referral=broken, kind=TaskKind.REFER_AGAIN).exists()
    assert "RuntimeError" in caplog.text
    assert found[0].case.code not in caplog.text
    monkeypatch.setattr(referrals, "act", act)
    assert run()["referrals expired"].done == 1


def test_what_another_process_has_done_meanwhile_is_not_done_again(clock):
    codes = [scene().case.code for _number in range(2)]
    done: list[str] = []

    def do(case: Case, _now: datetime) -> bool:
        done.append(case.code)
        Case.objects.filter(code__in=codes).update(legal_hold=True)
        return True

    job = timers.Job("holds", lambda _now: Case.objects.filter(code__in=codes, legal_hold=False), do)
    assert timers.carry_out(job, clock()).done == 1
    assert len(done) == 1


def test_more_than_a_portion_is_done_in_one_run(clock, monkeypatch):
    monkeypatch.setattr("referral.timers.portions.PORTION", 2)
    found = scene()
    sent_ones = [sent(scene()) for _number in range(5)]
    clock.wait(days=30)
    assert run()["referrals expired"].done == len(sent_ones)
    assert found.case.status == "open"


def test_the_command_prints_a_line_a_kind_with_numbers_only(clock):
    found = scene(given_name="Zoubida")
    referral = sent(found)
    clock.wait(days=30)
    printed = io.StringIO()
    assert call_command("run_due", stdout=printed) is None
    text = printed.getvalue()
    assert "referrals expired: 1\n" in text
    lines = text.splitlines()
    assert len(lines) == len(timers.JOBS) + len(timers._from_above) + 4  # transfers, files, legal holds, mails
    for secret in (found.case.code, str(referral.pk), str(found.case.pk), "Zoubida", "Mariam", str(found.service)):
        assert secret not in text


def test_a_step_that_is_late_is_told_to_its_owner_and_to_whom_the_procedure_names_once(clock):
    found = scene(profile="vot")
    step = next(step for step in procedure_of(found.case).steps if step.escalate_to == "supervisor")
    task = Task.objects.create(
        case=found.case, partner=found.case.partner, owner_id=found.worker.user_id, kind=TaskKind.STEP, step=step.key,
        due_at=clock() + timedelta(hours=1), mark="step:1",
    )  # fmt: skip
    run()
    assert not Effect.objects.exists()
    clock.wait(hours=1)
    run()
    run()
    told = Effect.objects.filter(mark__startswith=f"task:{task.pk}:").values_list("user_id", flat=True)
    assert sorted(told) == sorted([found.worker.user_id, found.supervisor.user_id])


def test_scenario_42_cases_of_somebody_who_has_left_are_flagged_to_the_supervisors_once(clock):
    found = scene()
    assert run()["owners left"].done == 0
    account = making.user_of(found.worker)
    account.is_active = False
    account.save()
    assert run()["owners left"].done == 1
    assert run()["owners left"].done == 0
    task = Task.objects.get(case=found.case, kind=TaskKind.DECIDE)
    assert (task.owner_id, task.partner_id) == (None, found.case.partner_id)
    assert Effect.objects.filter(user=found.supervisor.user_id, mark__startswith="owner-left").count() == 1


def test_scenario_43_when_an_agreement_ends_running_referrals_are_flagged_to_the_officers_of_both(clock):
    found = scene(is_training=False)
    officers = [member(making.partner(key), CaseRole.DPO) for key in ("oujda", "rabat")]
    referral = sent(found)
    assert run()["agreements ended"].done == 0
    Partner.objects.filter(key="rabat").update(agreement_until=clock().date() - timedelta(days=1))
    assert run()["agreements ended"].done == 1
    assert run()["agreements ended"].done == 0
    tasks = Task.objects.filter(referral=referral, kind=TaskKind.REVIEW)
    assert sorted(task.owner_id for task in tasks) == sorted(officer.user_id for officer in officers)
    assert [task.case_id for task in tasks if task.partner.key == "rabat"] == [None]


def test_an_offer_of_a_case_that_nobody_answers_expires(clock):
    found = scene()
    offer = CaseTransfer.objects.create(
        case=found.case, source=found.case.partner, taker=making.partner("rabat"), asked_by_id=found.worker.user_id,
        made_at=clock(),
    )  # fmt: skip
    clock.wait(days=13)
    assert run()["transfers expired"].done == 0
    clock.wait(days=1)
    assert run()["transfers expired"].done == 1
    offer.refresh_from_db()
    assert offer.state == CaseTransfer.State.EXPIRED


def test_a_request_to_read_a_case_that_nobody_approves_lapses(clock):
    found = scene()
    grant = AccessGrant.objects.create(
        case=found.case, user_id=found.supervisor.user_id, kind=AccessGrant.Kind.REQUEST, made_at=clock()
    )
    clock.wait(days=7)
    assert run()["access requests lapsed"].done == 1
    grant.refresh_from_db()
    assert grant.until == clock()
    assert AuditEntry.objects.filter(case_id=found.case.pk, kind="timer", what="access.lapse").count() == 1


PREPARE = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from referral.models import Effect, Referral
from referral.states.workflow import Status
from tests.referral.referring.referring import scene
for _number in range(12):
    scene().at(Status.SENT)
Referral.objects.update(
    sent_at=timezone.now() - timedelta(days=60), decide_by=timezone.now() - timedelta(days=53),
    acknowledge_by=timezone.now() - timedelta(days=58), deliver_by=timezone.now() - timedelta(days=46),
)
Effect.objects.all().delete()
"""
COUNT = """
import django; django.setup()
from django.db.models import Count
from referral.safety import audit
from referral.models import Effect, Referral, ReferralEvent, Task
print(
    Referral.objects.filter(status="expired").count(), ReferralEvent.objects.filter(event="expire").count(),
    Task.objects.filter(kind="refer_again").count(), Task.objects.filter(kind="decide", done_at=None).count(),
    Effect.objects.filter(done_at=None).count(), audit.verify()[1],
)
"""


def test_two_processes_at_once_do_everything_once(tmp_path):
    """Two real processes on one database, started together."""
    folder = own_site.make(tmp_path / "two")

    def python(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, *arguments]
        env = own_site.environment(folder, as_the_site="run_due" in arguments)
        return subprocess.Popen(command, cwd=prepared.ROOT, env=env, stdout=PIPE, stderr=PIPE, text=True)

    _said, wrong = (made := python("-c", PREPARE)).communicate(timeout=300)
    assert made.returncode == 0, wrong
    both = [python("manage.py", "run_due") for _number in range(2)]
    said = [one.communicate(timeout=300) for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    lines = [line for text, _wrong in said for line in text.splitlines() if line.startswith("referrals expired: ")]
    done = [int(re.match(r"referrals expired: (\d+)", line)[1]) for line in lines]
    assert sum(done) == 12, lines
    assert "failed" not in "".join(lines)
    counted, wrong = python("-c", COUNT).communicate(timeout=300)
    assert counted.split() == ["12", "12", "12", "0", "0", "None"], wrong


def test_every_alarm_of_the_table_of_limits_does_something(clock):
    """A new alarm without recipients would be silent."""
    found = scene()
    referral = sent(found)
    clock.wait(days=12)
    rung = {ring.alarm for ring in ringing(referral, clock())}
    assert rung >= {Alarm.REMIND, Alarm.OVERDUE, Alarm.SUPERVISORS}
    for ring in ringing(referral, clock()):
        assert referrals._told(referral, ring)
