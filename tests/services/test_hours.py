"""What readers are told of opening hours, in their language."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import translation

from services.hours import telling
from services.hours.opening import ZONE, Answer, Dated, Hours, Reason, Season, Status, Weekly
from services.models import Category, DatedHours, OpeningHours, Organisation, Service

OFFICE = tuple(Weekly(number, time(9), time(16)) for number in range(5))


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def told(given: Hours, moment: str) -> list[str]:
    found = telling.now_words(given, datetime.fromisoformat(moment).replace(tzinfo=ZONE))
    return [str(found.text), *map(str, found.notes)]


def made_service(**fields: object) -> Service:
    category = Category.objects.create(key="test-health", name="Health")
    organisation = Organisation.objects.create(key="test-organisation", name="An association")
    return Service.objects.create(
        key="test-service", name="A service", organisation=organisation, category=category, **fields
    )


@pytest.mark.parametrize(
    ("moment", "sentences"),
    [
        ("2026-11-23 10:00", ["Open now, until 16:00"]),
        ("2026-11-23 08:00", ["Closed now", "Opens at 09:00"]),
        ("2026-11-23 18:00", ["Closed now", "Opens tomorrow at 09:00"]),
        ("2026-11-21 10:00", ["Closed today", "Opens on Monday at 09:00"]),
        ("2026-11-18 10:00", ["Independence Day: perhaps closed, call first"]),
        (
            "2026-11-17 18:00",
            ["Closed now", "Opens on Thursday at 09:00", "Independence Day, 18 November: perhaps open, call first"],
        ),
    ],
)
def test_a_reader_is_told_whether_an_office_is_open(moment, sentences):
    assert told(Hours(OFFICE), moment) == sentences


def test_a_closed_holiday_is_named():
    given = Hours(OFFICE, closed_on_holidays=Answer.YES)
    assert told(given, "2026-07-30 10:00") == ["Closed today: Throne Day", "Opens tomorrow at 09:00"]


def test_a_feast_that_is_only_expected_says_that_it_may_move():
    given = Hours(OFFICE, closed_on_holidays=Answer.YES)
    said = told(given, "2027-05-17 10:00")
    assert said[0] == "Closed today: Eid al-Adha"
    assert said[-1] == "It depends on the moon: this may be one day earlier or later."
    assert len(told(given, "2026-03-20 10:00")) == 2, "this one was announced"


def test_hours_that_nobody_gave_are_not_known():
    assert told(Hours(), "2026-11-23 10:00") == ["Hours not known: call first"]
    assert telling.now_words(Hours()).status == Status.UNKNOWN


def test_day_and_night_is_said_so():
    assert told(Hours(around_the_clock=True), "2026-11-18 03:00") == ["Open day and night"]
    shut = Hours(around_the_clock=True, closed_on_holidays=Answer.YES)
    assert told(shut, "2026-11-15 03:00") == ["Open now, until Wednesday at 00:00"]
    assert told(shut, "2026-11-17 03:00") == ["Open now, until tomorrow at 00:00"]
    assert told(shut, "2026-11-08 03:00") == ["Open now"]


def test_the_friday_prayer_is_named_with_about_when_it_ends():
    assert told(Hours(OFFICE, friday_prayer=True), "2026-11-20 13:00") == [
        "Closed for the Friday prayer, until about 14:30"
    ]


def test_an_opening_after_more_than_a_week_has_its_date():
    shut = Dated(date(2026, 11, 20), date(2026, 11, 30))
    assert told(Hours(OFFICE, (shut,)), "2026-11-21 10:00") == ["Closed today", "Opens on 1 December at 09:00"]


def test_a_message_is_shown_in_the_language_of_the_reader_or_marked_as_another():
    row = DatedHours(message_fr="Fermé pour <travaux>", message_ar="مغلق")
    given = Hours(OFFICE, (Dated(date(2026, 11, 23), date(2026, 11, 23), message=row),))
    assert told(given, "2026-11-23 10:00")[-1] == '<bdi lang="fr" dir="ltr">Fermé pour &lt;travaux&gt;</bdi>'
    with translation.override("ar"):
        assert told(given, "2026-11-23 10:00")[-1] == "مغلق"


def test_times_keep_their_order_in_arabic():
    with translation.override("ar"):
        assert '<bdi dir="ltr">16:00</bdi>' in told(Hours(OFFICE), "2026-11-23 10:00")[0]
        assert '<bdi dir="ltr">09:00–16:00</bdi>' in telling.today_words(Hours(OFFICE), date(2026, 11, 23))
        closed = Hours(OFFICE, closed_on_holidays=Answer.YES)
        assert "عيد العرش" in told(closed, "2026-07-30 10:00")[0]


def test_the_line_of_today_lists_its_intervals():
    given = Hours((Weekly(0, time(9), time(12)), Weekly(0, time(14), time(17))))
    assert telling.today_words(given, date(2026, 11, 23)) == "Today: 09:00–12:00, 14:00–17:00"
    assert telling.today_words(given, date(2026, 11, 24)) == "Today: Closed"
    assert telling.today_words(Hours(around_the_clock=True), date(2026, 11, 24)) == "Today: Day and night"


def test_the_table_has_seven_days_from_today_each_with_its_reason():
    rows = telling.week_rows(Hours(OFFICE, closed_on_holidays=Answer.YES), date(2026, 11, 16))
    assert [row.name for row in rows][:3] == ["Monday", "Tuesday", "Wednesday"]
    assert [row.is_today for row in rows] == [True] + [False] * 6
    assert rows[0].times == "09:00–16:00"
    assert (rows[2].day, rows[2].times) == ("18 November", "Closed: Independence Day")
    assert rows[5].times == "Closed"
    unsaid = telling.week_rows(Hours(OFFICE), date(2026, 11, 16))
    assert unsaid[2].times == "Independence Day: perhaps closed, call first"


def test_the_hours_of_a_service_are_built_from_its_rows_without_a_query_once_prefetched(db, django_assert_num_queries):
    made = made_service(friday_prayer=True, closed_on_holidays="yes")
    OpeningHours.objects.create(service=made, weekday="FR", opens=time(9), closes=time(12), sort_order=1)
    OpeningHours.objects.create(
        service=made,
        weekday="SA",
        opens=time(20),
        closes=time(2),
        season="ramadan",
        valid_from=date(2026, 1, 1),
        sort_order=2,
    )
    DatedHours.objects.create(service=made, first=date(2026, 8, 1), last=date(2026, 8, 31), message_fr="Congés")
    found = Service.objects.prefetch_related("hours", "dated_hours").get(pk=made.pk)
    with django_assert_num_queries(0):
        given = telling.hours_of(found)
    assert given.weekly == (
        Weekly(4, time(9), time(12)),
        Weekly(5, time(20), time(2), Season.RAMADAN, date(2026, 1, 1)),
    )
    assert (given.friday_prayer, given.around_the_clock, given.closed_on_holidays) == (True, False, Answer.YES)
    assert [(row.first, row.last, row.opens, row.message.message_fr) for row in given.dated] == [
        (date(2026, 8, 1), date(2026, 8, 31), None, "Congés")
    ]


def test_a_service_without_any_hours_is_unknown(db):
    assert telling.hours_of(made_service()) == Hours()
    assert telling.now_words(telling.hours_of(Service(organisation_id=1))).status == Status.UNKNOWN


def test_the_words_of_the_model_are_those_of_the_pure_functions():
    from services import taxonomy

    assert list(taxonomy.Season.values) == [season.value for season in Season]
    assert list(taxonomy.Answer.values) == [answer.value for answer in Answer]


def test_every_reason_and_moment_has_a_sentence():
    given = Hours(
        (*OFFICE, Weekly(5, time(20), time(2), Season.RAMADAN)),
        (Dated(date(2027, 2, 10), date(2027, 2, 11)),),
        friday_prayer=True,
    )
    start = datetime(2026, 12, 20, tzinfo=ZONE)
    for number in range(24 * 90):
        found = telling.now_words(given, start + number * timedelta(hours=1))
        assert found.text
    assert telling.now_words(given, datetime(2034, 1, 2, 10, tzinfo=ZONE)).text == "Hours not known: call first"
    assert set(Reason)
