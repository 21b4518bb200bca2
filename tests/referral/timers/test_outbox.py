"""Mail that says nothing: at least once, no mark twice, later and later where the server is down, given up after ten tries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.mail.backends.locmem import EmailBackend
from wagtail.users.models import UserProfile

from referral import outbox
from referral.models import Effect
from referral.states.workflow import Status
from tests.referral import making
from tests.referral.referring.referring import scene
from tests.referral.timers.waiting import MONDAY, Clock, agreed_long_ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch) -> Clock:
    found = Clock(MONDAY)
    monkeypatch.setattr("django.utils.timezone.now", found)
    return found


@pytest.fixture
def server(monkeypatch):
    """A mail server that can be down."""

    class Server:
        down, tried = False, 0

    def send(self, messages):
        Server.tried += 1
        if Server.down:
            raise ConnectionRefusedError("Mariam at the clinic")
        return original(self, messages)

    original = EmailBackend.send_messages
    monkeypatch.setattr(EmailBackend, "send_messages", send)
    return Server


def test_a_mail_has_a_neutral_subject_one_sentence_and_the_way_to_sign_in(clock, mailoutbox, settings):
    settings.BASE_URL = "https://dalil.example"
    user = making.user("amina")
    outbox.tell([user.pk], "referral:1")
    outbox.send()
    (mail,) = mailoutbox
    assert mail.subject == "You have something to look at" or mail.subject
    assert "https://dalil.example/" in mail.body
    assert mail.to == ["amina@example.org"]
    assert mail.from_email == settings.DEFAULT_FROM_EMAIL
    assert len(mail.body.split("\n\n")) == 3


def test_scenario_54_no_mail_of_a_whole_referral_tells_who_what_or_where(clock, mailoutbox):
    found = scene(given_name="Zoubida", urgency="urgent", phone="+212600000001")
    agreed_long_ago()
    referral = found.at(Status.CLOSED)
    outbox.send()
    assert mailoutbox
    secrets = [
        found.case.code, str(found.case.pk), str(referral.pk), "Zoubida", "Mariam", "212600000001", "lawyer", "legal",
        str(found.service), found.service.key, str(found.service.organisation), "oujda", "rabat", "urgent",
    ]  # fmt: skip
    for mail in mailoutbox:
        text = f"{mail.subject} {mail.body} {mail.from_email} {mail.extra_headers}".lower()
        assert [secret for secret in secrets if secret.lower() in text] == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_mail_is_in_the_language_that_somebody_has_chosen(clock, mailoutbox, language, settings):
    from django.utils import translation
    from django.utils.translation import gettext

    user = making.user()
    UserProfile.objects.create(user=user, preferred_language=language)
    outbox.tell([user.pk], "referral:1")
    assert outbox.language_of(user) == language
    outbox.send()
    with translation.override(language):
        assert mailoutbox[0].subject == gettext("You have something to look at")
    assert outbox.language_of(making.user()) == settings.LANGUAGE_CODE


def test_one_mark_is_told_once_and_several_at_once_are_one_mail(clock, mailoutbox):
    user = making.user()
    assert not outbox.was_told([user.pk], "referral:1")
    outbox.tell([user.pk], "referral:1")
    outbox.tell([user.pk, user.pk], "referral:1")
    assert outbox.was_told([user.pk], "referral:1")
    outbox.tell([user.pk], "referral:2")
    assert outbox.send().mails == 1
    assert outbox.send().mails == 0
    assert len(mailoutbox) == 1
    assert not outbox.waiting().exists()


def test_scenario_73_with_the_mail_server_down_an_action_is_saved_and_its_notice_leaves_later_once(
    clock, server, mailoutbox
):
    server.down = True
    found = scene()
    agreed_long_ago()
    referral = found.at(Status.SENT)
    assert outbox.send().failed == 1
    referral.refresh_from_db()
    assert referral.status == Status.SENT
    assert outbox.send().failed == 0  # not yet due again
    server.down = False
    clock.wait(minutes=8)
    assert outbox.send().mails == 1
    outbox.send()
    assert [mail.to for mail in mailoutbox] == [[making.user_of(found.focal).email]]


def test_tries_are_further_and_further_apart_and_given_up_after_ten(clock, server, caplog):
    server.down = True
    outbox.tell([making.user().pk], "referral:1")
    waits = []
    for _number in range(outbox.TRIES):
        outbox.send()
        effect = Effect.objects.get()
        waits.append(effect.next_try_at - clock())
        clock.set(max(effect.next_try_at, clock()))
    assert server.tried == outbox.TRIES
    effect = Effect.objects.get()
    assert effect.given_up_at is not None
    assert list(outbox.given_up()) == [effect]
    assert timedelta(minutes=2.5) <= waits[0] <= timedelta(minutes=7.5)
    assert all(wait <= 1.5 * outbox.LONGEST_WAIT for wait in waits)
    assert waits[8] > 20 * waits[0]
    clock.wait(days=1)
    outbox.send()
    assert server.tried == outbox.TRIES
    assert "Mariam" not in caplog.text


def test_a_dead_server_is_left_alone_after_three_failures_and_the_rest_loses_no_try(clock, server):
    server.down = True
    for _number in range(6):
        outbox.tell([making.user().pk], "referral:1")
    outbox.send()
    assert server.tried == outbox.DEAD_AFTER
    assert Effect.objects.filter(tries=0).count() == 3


def test_two_processes_never_send_the_same_and_after_a_crash_it_is_sent_again(clock, server, mailoutbox):
    user = making.user()
    outbox.tell([user.pk], "referral:1")
    assert len(outbox._claim(user.pk)) == 1  # one process has claimed it, and dies before it notes the sending
    assert outbox._claim(user.pk) == []
    assert outbox.send().mails == 0
    clock.wait(seconds=outbox.LEASE.total_seconds())
    assert outbox.send().mails == 1


def test_who_has_no_address_or_no_account_any_more_is_given_up_at_once(clock, mailoutbox):
    gone, silent = making.user(), making.user()
    gone.is_active = False
    gone.save()
    silent.email = ""
    silent.save()
    outbox.tell([gone.pk, silent.pk], "referral:1")
    others = [type(gone).objects.create(username=f"nobody-{number}") for number in range(outbox.DEAD_AFTER)]
    last = making.user()
    outbox.tell([*(user.pk for user in others), last.pk], "referral:1")
    assert outbox.send().given_up == 2 + outbox.DEAD_AFTER
    assert [mail.to for mail in mailoutbox] == [[last.email]]


def test_an_address_that_tries_to_add_a_header_is_not_sent(clock, mailoutbox):
    user = making.user()
    type(user).objects.filter(pk=user.pk).update(email="a@example.org\nBcc: b@example.org")
    outbox.tell([user.pk], "referral:1")
    assert outbox.send().failed == 1
    assert not mailoutbox


def test_what_is_rolled_back_tells_nobody(clock, mailoutbox):
    from django.db import transaction

    user = making.user()
    with transaction.atomic():
        outbox.tell([user.pk], "referral:1")
        transaction.set_rollback(True)
    assert outbox.send().mails == 0
