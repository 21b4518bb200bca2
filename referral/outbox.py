"""Tells people by mail that they have something to look at, and not a word more. At least once; a mark is never told twice.

An effect is written in the transaction that causes it, so a dead mail server never blocks an action (scenario 73). Waiting
effects of one person leave as one mail. A try that fails is repeated later and later, and given up after TRIES; what was
given up stays listed. Who sends claims first, for LEASE: two processes never send the same, and after a crash between
sending and noting it the mail is sent again.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import transaction
from django.db.models import F, QuerySet
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from .models import Effect

log = logging.getLogger(__name__)
MAIL = "mail"
TRIES = 10
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=12)
LEASE = timedelta(minutes=10)
SECONDS = 10  # that a mail server may take to answer
DEAD_AFTER = 3  # failures in a row: the server is down, the rest waits without losing a try


@dataclass
class Sent:
    """What came of a run: mails that left, mails that did not, effects that were given up."""

    mails: int = 0
    failed: int = 0
    given_up: int = 0


def tell(users: Iterable[int], mark: str) -> None:
    """These people have something to look at: one effect for each, once a mark. In the caller's transaction."""
    now = timezone.now()
    effects = [Effect(kind=MAIL, user_id=user, mark=f"{mark}:{user}", made_at=now, next_try_at=now) for user in users]
    Effect.objects.bulk_create(effects, ignore_conflicts=True)


def was_told(users: Iterable[int], mark: str) -> bool:
    """Whether every one of these people has an effect under this mark, sent or waiting."""
    marks = {f"{mark}:{user}" for user in users}
    return Effect.objects.filter(mark__in=marks).count() == len(marks)


def waiting() -> QuerySet[Effect]:
    """Mails that are still to be sent."""
    return Effect.objects.filter(kind=MAIL, done_at=None, given_up_at=None)


def given_up() -> QuerySet[Effect]:
    """What nobody could be told by mail: for the screen of the operator."""
    return Effect.objects.filter(given_up_at__isnull=False).order_by("-given_up_at")


def send() -> Sent:
    """Send what is due. Never raises; call it outside a transaction, for it waits for a mail server."""
    sent, failures = Sent(), 0
    due = waiting().filter(next_try_at__lte=timezone.now())
    users = list(due.order_by("user").values_list("user", flat=True).distinct())
    for user_id in users:
        effects = _claim(user_id)
        if not effects:
            continue
        failures = failures + 1 if _send(user_id, effects, sent) is False else 0
        if failures >= DEAD_AFTER:
            break
    return sent


def _claim(user_id: int | None) -> list[Effect]:
    """The effects of this person that are due, for nobody else during LEASE."""
    now = timezone.now()
    with transaction.atomic():
        rows = waiting().filter(user=user_id, next_try_at__lte=now)
        effects = list(rows.select_for_update().order_by("pk"))
        Effect.objects.filter(pk__in=[effect.pk for effect in effects]).update(
            tries=F("tries") + 1, next_try_at=now + LEASE
        )
    for effect in effects:
        effect.tries += 1
    return effects


def _send(user_id: int | None, effects: list[Effect], sent: Sent) -> bool | None:
    """Whether the mail left; None where there is nobody to write to."""
    user = get_user_model().objects.filter(is_active=True, pk__in=[user_id]).exclude(email="").first()
    if user is None:
        sent.given_up += _note(effects, given_up_at=timezone.now())
        return None
    try:
        _message(user).send()
    except Exception as error:
        log.warning("outbox: a mail did not leave (%s)", type(error).__name__)
        sent.failed += 1
        sent.given_up += sum(_later(effect) for effect in effects)
        return False
    sent.mails += 1
    _note(effects, done_at=timezone.now())
    return True


def _note(effects: list[Effect], **columns: datetime) -> int:
    return Effect.objects.filter(pk__in=[effect.pk for effect in effects]).update(**columns)


def _later(effect: Effect) -> bool:
    """Set the next try, half to one and a half times as late as the rule says; whether this was the last."""
    now = timezone.now()
    if effect.tries >= TRIES:
        _note([effect], given_up_at=now)
        return True
    wait = min(FIRST_WAIT * 2 ** (effect.tries - 1), LONGEST_WAIT)
    _note([effect], next_try_at=now + wait * random.uniform(0.5, 1.5))  # noqa: S311 (spreads load, no secret)
    return False


def _message(user: Any) -> mail.EmailMessage:
    """The mail, in the language of this person. Neither its subject nor its text tells anything."""
    with translation.override(language_of(user)):
        link = f"{settings.BASE_URL}{resolve_url(settings.LOGIN_URL)}"
        text = _("You have something to look at. Sign in to see it:")
        end = _("This message was sent automatically. Please do not reply.")
        return mail.EmailMessage(
            _("You have something to look at"),
            f"{text}\n\n{link}\n\n{end}\n",
            to=[user.email],
            headers={"Auto-Submitted": "auto-generated"},
            connection=mail.get_connection(timeout=SECONDS),
        )


def language_of(user: Any) -> str:
    """The language that somebody has chosen in the CMS, else the site's own."""
    profile = getattr(user, "wagtail_userprofile", None)
    chosen = getattr(profile, "preferred_language", "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
