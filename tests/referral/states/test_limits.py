"""Time limits of a referral: the defaults of b.4, reminders, emergencies that never expire, questions that stop the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from referral.states import limits
from referral.states.events import Event, Status
from referral.states.limits import Alarm, Clock, Pause, due, extended, last_alarm, running, warnings
from referral.states.workflow import LIVE, TERMINAL, allowed
from referral.words.choices import Urgency
from services.hours.opening import ZONE

HOUR = timedelta(hours=1)
SENT = "2026-11-20 10:00"  # a Friday


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("urgency", "clock", "wanted"),
    [
        ("emergency", "ack", "2026-11-20 11:00"),
        ("emergency", "decision", "2026-11-20 14:00"),
        ("emergency", "service", "2026-11-21 10:00"),
        ("urgent", "ack", "2026-11-21 10:00"),
        ("urgent", "decision", "2026-11-22 10:00"),
        ("urgent", "service", "2026-11-23 10:00"),
        ("normal", "ack", "2026-11-24 16:30"),
        ("normal", "decision", "2026-11-27 16:30"),
        ("normal", "service", "2026-12-04 10:00"),
        ("emergency", "verify", "2026-11-27 10:00"),
        ("urgent", "verify", "2026-11-27 10:00"),
        ("normal", "verify", "2026-11-27 10:00"),
    ],
)
def test_the_defaults_are_those_of_the_specification(urgency, clock, wanted):
    assert due(Urgency(urgency), Clock(clock), at(SENT)) == at(wanted)


def test_every_urgency_has_every_clock_and_only_an_emergency_is_called():
    assert set(limits.LIMITS) == {(urgency, clock) for urgency in Urgency for clock in Clock}
    assert [key for key, limit in limits.LIMITS.items() if limit.by_phone] == [(Urgency.EMERGENCY, Clock.ACK)]
    assert {pause / HOUR for pause in limits.LONGEST_PAUSE.values()} == {2, 24, 72}


def test_reminders_go_at_half_at_all_at_a_quarter_more_and_at_twice_the_time():
    start = at(SENT)
    found = warnings(start, start + 48 * HOUR, urgency=Urgency.URGENT, clock=Clock.DECISION, status=Status.SENT)
    assert [(warning.at - start) / HOUR for warning in found] == [24, 48, 60, 96]
    assert [warning.alarm for warning in found] == [Alarm.REMIND, Alarm.OVERDUE, Alarm.SUPERVISORS, Alarm.EXPIRE]


def test_shares_of_working_days_are_shares_of_working_time_so_nobody_is_reminded_on_a_sunday():
    start = at(SENT)
    end = due(Urgency.NORMAL, Clock.ACK, start)
    found = warnings(start, end, urgency=Urgency.NORMAL, clock=Clock.ACK, status=Status.SENT)
    wanted = ["2026-11-23 13:15", "2026-11-24 16:30", "2026-11-25 14:22:30", "2026-11-27 15:30"]
    assert [warning.at for warning in found] == [at(text) for text in wanted]


def test_an_emergency_never_expires_and_others_only_where_the_machine_lets_them_and_nobody_decided():
    for status in Status:
        for clock in Clock:
            for urgency in Urgency:
                found = last_alarm(urgency, clock, status)
                assert found == Alarm.COORDINATION or urgency != Urgency.EMERGENCY
                if found == Alarm.EXPIRE:
                    allowed(status, Event.EXPIRE, "system")
    assert last_alarm(Urgency.NORMAL, Clock.DECISION, Status.SENT) == Alarm.EXPIRE
    assert last_alarm(Urgency.NORMAL, Clock.SERVICE, Status.WAITLISTED) == Alarm.EXPIRE
    assert last_alarm(Urgency.NORMAL, Clock.SERVICE, Status.IN_PROGRESS) == Alarm.COORDINATION
    assert last_alarm(Urgency.NORMAL, Clock.ACK, Status.SENT) == Alarm.COORDINATION


def test_a_clock_runs_in_every_live_state_and_in_no_other():
    assert {status for status in Status if running(status)} == set(LIVE)
    assert not any(running(status) for status in TERMINAL)


@pytest.mark.parametrize(
    ("urgency", "hours", "moved"), [("emergency", 1, 1), ("emergency", 5, 2), ("urgent", 20, 20), ("urgent", 99, 24)]
)
def test_a_question_stops_the_clock_but_not_longer_than_its_urgency_allows(urgency, hours, moved):
    asked = at(SENT)
    end = due(Urgency(urgency), Clock.DECISION, asked)
    found = extended(Urgency(urgency), Clock.DECISION, end, Pause(asked, asked + hours * HOUR))
    assert (found - end) / HOUR == moved


def test_a_second_question_gets_only_what_the_first_has_left_of_the_pause():
    asked = at(SENT)
    end = due(Urgency.URGENT, Clock.DECISION, asked)
    for already, moved in ((10, 14), (24, 0), (30, 0)):
        pause = Pause(asked, asked + 40 * HOUR, already * HOUR)
        assert (extended(Urgency.URGENT, Clock.DECISION, end, pause) - end) / HOUR == moved


def test_a_question_over_a_week_end_moves_a_limit_of_working_days_by_working_time_only():
    end = at("2026-11-27 16:30")
    week_end = Pause(at("2026-11-20 16:30"), at("2026-11-23 09:00"))
    assert extended(Urgency.NORMAL, Clock.DECISION, end, week_end) == end
    monday = Pause(at("2026-11-20 16:00"), at("2026-11-23 10:00"))
    assert extended(Urgency.NORMAL, Clock.DECISION, end, monday) == at("2026-11-30 16:30")


def test_a_question_after_the_deadline_moves_nothing():
    end = at("2026-11-20 14:00")
    late = Pause(at("2026-11-20 15:00"), at("2026-11-20 16:00"))
    assert extended(Urgency.EMERGENCY, Clock.DECISION, end, late) == end


def test_a_deadline_before_its_beginning_and_moments_without_a_time_zone_are_refused():
    words = {"urgency": Urgency.NORMAL, "clock": Clock.ACK, "status": Status.SENT}
    with pytest.raises(ValueError, match="after its beginning"):
        warnings(at(SENT), at(SENT), **words)
    naive = wall("2026-11-23 10:00")
    for urgency in Urgency:
        for clock in Clock:
            with pytest.raises(ValueError, match="without a time zone"):
                due(urgency, clock, naive)
    with pytest.raises(ValueError, match="without a time zone"):
        warnings(naive, at(SENT), **words)


wall = datetime.fromisoformat  # what a clock on the wall shows: no time zone
moments = some.datetimes(wall("2025-01-02"), wall("2031-06-01"), timezones=some.just(UTC))


@given(moments, some.sampled_from(Urgency), some.sampled_from(Clock), some.sampled_from(sorted(LIVE)))
def test_from_any_moment_alarms_come_in_order_and_overdue_is_the_deadline(since, urgency, clock, status):
    end = due(urgency, clock, since)
    found = warnings(since, end, urgency=urgency, clock=clock, status=Status(status))
    moments_of_alarm = [warning.at.astimezone(UTC) for warning in found]
    assert moments_of_alarm == sorted(moments_of_alarm)
    assert since < moments_of_alarm[0]
    assert found[1].at == end


@given(moments, some.sampled_from(Urgency), some.integers(0, 100), some.integers(0, 200))
def test_a_pause_never_shortens_a_limit_and_a_longer_one_never_gives_less(since, urgency, first, more):
    end = due(urgency, Clock.DECISION, since)
    short = extended(urgency, Clock.DECISION, end, Pause(since, since + first * HOUR))
    long = extended(urgency, Clock.DECISION, end, Pause(since, since + (first + more) * HOUR))
    assert end <= short <= long
