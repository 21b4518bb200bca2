"""The person's page from outside: scenarios 50, 51, 54; what is wrong has one answer; no cookie, no trace, no flood."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from referral.follow_up import codes
from referral.identifiers import new_follow_up_code
from referral.models import AuditEntry, Effect, FollowUpCode, FollowUpCount, Task
from tests.referral import making

from .opening import PATH, PIN, WRONG_PIN, ask, followed, ticket, token

pytestmark = pytest.mark.django_db
LANGUAGES = ("ar", "fr", "en")
SHOWN = 'class="standing"'


def bodies_alike(answer) -> str:
    """The body without its random token, and the status: what a stranger can compare."""
    text = answer.content.decode()
    assert len(re.findall(r'name="token" value="[^"]{60,90}"', text)) == 1
    return f"{answer.status_code} " + re.sub(r'name="token" value="[^"]+"', "", text)


# Opening ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_code_and_pin_open_a_neutral_word_a_day_and_what_to_do(reader, language):
    made = followed()
    answer = ask(reader, made.code.lower().replace("-", " "), PIN, path=f"/{language}/follow-up/")
    assert answer.status_code == 200
    assert str(timezone.localdate().year) in answer.content.decode()
    assert AuditEntry.objects.filter(kind="read", what="follow_up.look", case_id=made.case.pk).count() == 1
    assert made.row.last_used_at is not None


def test_a_code_typed_with_digits_of_arabic_opens_too(reader):
    made = followed()
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    assert ask(reader, made.code.translate(arabic), PIN.translate(arabic)).status_code == 200


def test_what_has_not_the_shape_of_a_code_is_told_so_and_counts_for_nothing(reader):
    made = followed()
    for code, pin in (("4F7K", PIN), (made.code, "12"), ("", ""), ("x" * 5000, PIN)):
        assert ask(reader, code, pin).status_code == 400
    assert made.row.failed == 0
    assert not FollowUpCount.objects.exists()


def test_an_answer_belongs_to_one_form_so_that_history_opens_nothing(reader):
    made = followed()
    form = token(reader)
    assert SHOWN in ask(reader, made.code, form=form).content.decode()
    again = ask(reader, made.code, form=form)
    assert (again.status_code, SHOWN in again.content.decode()) == (400, False)
    assert ask(reader, made.code, form="made-up").status_code == 400


def test_a_form_of_another_site_is_refused(reader):
    made = followed()
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}):
        assert ask(reader, made.code, headers=headers).status_code == 403
    for headers in ({"sec-fetch-site": "same-origin", "origin": "null"}, {"origin": "http://testserver"}, {}):
        assert ask(reader, made.code, headers=headers).status_code == 200


# Scenario 50 ---------------------------------------------------------------------------------------------------------


def test_scenario_50_five_wrong_pins_lock_the_code_for_an_hour_and_tell_staff_with_the_answer_of_an_unknown_code(
    reader,
):
    made = followed()
    answers = [ask(reader, made.code, WRONG_PIN) for _number in range(5)]
    locked, unknown = ask(reader, made.code, PIN), ask(reader, new_follow_up_code(), PIN)
    assert len({bodies_alike(answer) for answer in [*answers, locked, unknown]}) == 1
    task = Task.objects.get(mark__startswith="code-locked:")
    assert (task.owner_id, task.kind) == (made.member.user_id, "review")
    assert Effect.objects.get().user_id == made.member.user_id
    until = made.row.locked_until
    assert timedelta(minutes=59) < until - timezone.now() <= timedelta(hours=1)
    FollowUpCode.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert ask(reader, made.code, PIN).status_code == 200
    assert (made.row.failed, made.row.locked_until) == (0, None)


def test_the_right_pin_gives_the_wrong_ones_back(reader):
    made = followed()
    for _number in range(4):
        ask(reader, made.code, WRONG_PIN)
    assert ask(reader, made.code).status_code == 200
    assert made.row.failed == 0


def test_every_way_of_being_wrong_has_one_answer_of_one_length(reader):
    made = {name: followed(name) for name in ("wrong", "locked", "expired", "disabled", "right")}
    FollowUpCode.objects.filter(pk=made["locked"].row.pk).update(locked_until=timezone.now() + timedelta(hours=1))
    FollowUpCode.objects.filter(pk=made["expired"].row.pk).update(expires_at=timezone.now())
    codes.disable_code(made["disabled"].case, by=made["disabled"].member)
    answers = {name: ask(reader, one.code, WRONG_PIN if name == "wrong" else PIN) for name, one in made.items()}
    answers["unknown"] = ask(reader, new_follow_up_code())
    assert answers.pop("right").status_code == 200
    assert len({bodies_alike(answer) for answer in answers.values()}) == 1
    assert len({len(answer.content) for answer in answers.values()}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers.values()}) == 1
    assert AuditEntry.objects.filter(kind="denied", what="follow_up.look").count() == len(answers)


# “I received nothing” --------------------------------------------------------------------------------------------------


def delivered(made):
    """A service says that it helped."""
    from referral.referring.referrals import act
    from referral.states.events import Event
    from referral.words.choices import CaseRole

    clinic = making.partner("clinic")
    focal = making.member(clinic, CaseRole.FOCAL_POINT)
    row = making.referral(made.case, made.member, making.service(receiver=clinic))
    act(row.pk, Event.ACCEPT, by=focal, given={"first_contact_on": timezone.localdate().isoformat()})
    given = {"outcome": "done", "service_date": timezone.localdate().isoformat()}
    return act(row.pk, Event.DELIVER, by=focal, given=given)


def not_received(reader, made):
    return reader.post(PATH, ticket(ask(reader, made.code)))


def test_i_received_nothing_makes_one_task_a_day_and_tells_who_is_in_charge(reader):
    made = followed()
    delivered(made)
    before = Effect.objects.count()
    thanks = [not_received(reader, made).content for _number in range(2)]
    task = Task.objects.get(mark__startswith="not-received:")
    assert (task.owner_id, task.kind, task.case_id) == (made.member.user_id, "confirm", made.case.pk)
    assert Effect.objects.count() == before + 1
    assert len(set(thanks)) == 1
    assert AuditEntry.objects.filter(what="follow_up.not_received", case_id=made.case.pk).count() == 2


def test_the_second_day_the_supervisors_hear_of_it(reader):
    from referral.words.choices import CaseRole

    made = followed()
    supervisor = making.member(making.partner(), CaseRole.SUPERVISOR)
    delivered(made)
    not_received(reader, made)
    assert not Effect.objects.filter(mark__startswith="not-received:", user=supervisor.user_id).exists()
    first = Task.objects.get(mark__startswith="not-received:")
    yesterday = timezone.localdate() - timedelta(days=1)
    Task.objects.filter(pk=first.pk).update(mark=f"not-received:{made.case.pk}:{yesterday}")
    Effect.objects.all().delete()
    not_received(reader, made)
    told = set(Effect.objects.values_list("user", flat=True))
    assert told == {made.member.user_id, supervisor.user_id}


def test_where_nothing_was_to_arrive_the_thanks_are_the_same_and_nobody_is_asked(reader):
    made, other = followed(), followed("rabat")
    delivered(other)
    plain, asked = not_received(reader, made), not_received(reader, other)
    assert plain.content == asked.content
    assert not Task.objects.filter(case=made.case).exists()
    assert AuditEntry.objects.filter(what="follow_up.not_received").count() == 2


def test_a_ticket_is_of_one_code_counts_once_and_ends(reader, monkeypatch):
    from referral.follow_up import tickets

    made = followed()
    fields = ticket(ask(reader, made.code))
    assert reader.post(PATH, fields).status_code == 200
    assert reader.post(PATH, fields).status_code == 400, "from the history of the browser"
    for wrong in ("", "x", fields["ticket"][:-6] + "AAAAA=", "é" * 900):
        assert reader.post(PATH, {"ticket": wrong, "token": token(reader)}).status_code == 400
    fresh = ticket(ask(reader, made.code))
    later = timezone.now() + tickets.LASTS
    monkeypatch.setattr(tickets.timezone, "now", lambda: later)
    assert reader.post(PATH, fresh).status_code == 400


def test_a_ticket_ends_with_its_code(reader):
    made = followed()
    fields = ticket(ask(reader, made.code))
    codes.disable_code(made.case, by=made.member)
    assert reader.post(PATH, fields).status_code == 400


# Scenario 54 ---------------------------------------------------------------------------------------------------------


def test_scenario_54_page_title_address_headers_cookies_log_and_mail_tell_nothing(reader, mailoutbox, caplog, settings):
    from referral import outbox

    settings.BASE_URL = "https://guide.example"
    caplog.set_level(logging.DEBUG)
    member = making.member(making.partner("zephyrdesk"))
    case = making.case(member, "gbv", given_name="Xantippa", phone="+212600000001", address="Canaryhouse 7")
    from referral.words.consent_choices import Purpose

    making.consent(case, purpose=Purpose.ONLINE_FOLLOW_UP, categories=())
    code = codes.make_code(case, by=member, pin=PIN, found_safe=True).code
    from .opening import Followed

    made = Followed(case, member, code)
    delivered(made)
    answers = [
        reader.get(PATH, headers={"accept": ""}),
        ask(reader, code, WRONG_PIN),
        ask(reader, code),
        not_received(reader, made),
    ]
    answers += [reader.get(f"{PATH}?closing=yes"), reader.get(f"{PATH}?closed=yes")]
    outbox.send()
    assert mailoutbox
    said = [answer.content.decode() + str(answer.headers) + str(answer.cookies) for answer in answers]
    said += [f"{mail.subject} {mail.body}" for mail in mailoutbox] + [caplog.text]
    secrets = ["xantippa", "zephyrdesk", "clinic", "canaryhouse", "212600000001", case.code.lower(), PIN, WRONG_PIN]
    secrets += [code.lower(), code.lower().replace("-", ""), str(case.pk), "gbv", "dispensaire"]
    for text in said:
        assert not [word for word in secrets if word in text.lower()]
    for answer in answers:
        assert re.search(r"<title>(.*?)</title>", answer.content.decode())[1] == "Dalil"
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex"
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")


def test_what_is_typed_into_an_address_is_not_looked_at(reader):
    made = followed()
    answer = reader.get(f"{PATH}?code={made.code}&pin={PIN}", headers={"accept": ""})
    assert SHOWN not in answer.content.decode()
    assert made.code not in re.sub(r'href="[^"]*"', "", answer.content.decode())
    assert AuditEntry.objects.filter(what="follow_up.look").count() == 0


def test_the_page_cache_keeps_nothing_of_it_and_the_sitemap_does_not_name_it(reader):
    from portal.page_cache import SAME_FOR_EVERYONE

    answer = reader.get(PATH, headers={"accept": ""})
    assert answer["Cache-Control"] != SAME_FOR_EVERYONE
    assert token(reader) != token(reader)
    assert "follow-up" not in reader.get("/sitemap.xml").content.decode()
    assert "follow-up" not in reader.get("/fr/offline/pages.json").content.decode()


def test_a_browser_reads_it_inside_a_journey_and_a_machine_at_its_address(reader):
    led = reader.get(PATH)
    assert re.fullmatch(r"/j/[\w.-]+/fr/follow-up/", led["Location"])
    made = followed()
    answer = ask(reader, made.code, path=led["Location"])
    assert SHOWN in answer.content.decode()
    reader.get(led["Location"].replace("/fr/follow-up/", "/exit/fr/gone/"))
    left = ask(reader, made.code, path=led["Location"], form="any")
    assert left.status_code == 303


def test_only_reading_and_sending_are_allowed(reader):
    for method in ("put", "delete", "patch"):
        assert getattr(reader, method)(PATH).status_code == 405


def test_staff_who_is_signed_in_sends_no_cookie_to_this_page():
    from tests.people import at_desk

    client: Client = at_desk(making.member(making.partner()))
    assert not client.get(PATH).cookies
