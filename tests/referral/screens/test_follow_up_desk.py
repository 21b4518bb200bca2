"""The desk at which a code is made: the card shows the code once and the PIN never, in the language of the person."""

from __future__ import annotations

import re

import pytest

from referral.models import AuditEntry, FollowUpCode
from tests.people import at_desk
from tests.referral import making
from tests.referral.follow_up.opening import PIN, agreed_case, ask, followed

pytestmark = pytest.mark.django_db


def path(case, language: str = "fr") -> str:
    return f"/{language}/casework/cases/{case.code}/follow-up/"


def make(member, case, **fields):
    return at_desk(member).post(path(case), {"pin": PIN, "language": "fr", "version": case.version, **fields})


def card_of(answer) -> str:
    return re.search(r'<div class="ticket".*?</div>', answer.content.decode(), re.DOTALL)[0]


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fr", "ltr"), ("en", "ltr")])
def test_the_card_is_in_the_persons_language_and_opens_the_case(reader, settings, language, direction):
    settings.BASE_URL = "https://guide.example"
    case, member = agreed_case(given_name="Xantippa")
    answer = make(member, case, language=language)
    shown = card_of(answer)
    assert f'lang="{language}" dir="{direction}"' in shown
    assert f"guide.example/{language}/follow-up/" in shown
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", shown)[0]
    assert ask(reader, code).status_code == 200
    assert PIN not in answer.content.decode()
    told = [word for word in ("Xantippa", "Dalil", case.code, case.partner.key, "http") if word in shown]
    assert not told, "the card looks like nothing in particular"
    assert code not in at_desk(member).get(path(case)).content.decode(), "shown once"


def test_the_language_of_the_card_is_the_persons_first_that_the_site_speaks():
    case, member = agreed_case(languages=["bm", "ar"])
    page = at_desk(member).get(path(case)).content.decode()
    assert re.search(r'<input[^>]*value="ar"[^>]*checked', page)


def test_a_delicate_case_asks_the_safety_question_and_a_perhaps_makes_no_code():
    case, member = agreed_case(profile="vot")
    assert 'name="found_safe"' in at_desk(member).get(path(case)).content.decode()
    assert not re.search(r'name="found_safe"[^>]*checked', at_desk(member).get(path(case)).content.decode())
    assert make(member, case).status_code == 400
    assert make(member, case, found_safe="not_safe").status_code == 409
    assert not FollowUpCode.objects.exists()
    assert make(member, case, found_safe="safe").status_code == 200


def test_a_weak_pin_is_refused_in_one_sentence_and_not_shown_again_by_chance():
    case, member = agreed_case()
    assert make(member, case, pin="123456").status_code == 400
    assert not FollowUpCode.objects.exists()


def test_without_consent_there_is_no_form_and_a_posted_one_is_refused():
    member = making.member(making.partner())
    case = making.case(member)
    assert 'name="pin"' not in at_desk(member).get(path(case)).content.decode()
    assert make(member, case).status_code == 409


def test_a_code_is_ended_with_one_button(reader):
    made = followed()
    answer = at_desk(made.member).post(f"{path(made.case)}end/")
    assert (answer.status_code, answer["Location"]) == (302, path(made.case))
    assert ask(reader, made.code).status_code == 403


def test_for_a_stranger_there_is_no_such_page_and_it_is_on_record():
    made = followed()
    stranger = making.member(making.partner("rabat"))
    for answer in (at_desk(stranger).get(path(made.case)), make(stranger, made.case)):
        assert answer.status_code == 404
    assert at_desk(stranger).post(f"{path(made.case)}end/").status_code == 404
    assert AuditEntry.objects.filter(kind="denied", user_id=stranger.user_id).count() == 3
    assert made.row.disabled_at is None
