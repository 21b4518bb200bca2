"""Counts the searches that find nothing, so that editors learn which words and services are missing (trust P18).

A search names its reader as soon as it is rare. So nothing is kept of it but a digest, keyed with this site's secret and
with the week, until it has been seen ENOUGH times; only then its words are, without digits, addresses and signs. What
was not seen often enough is forgotten with its week. Nobody is counted: no reader, address, hour or order of searches.
"""

from __future__ import annotations

import datetime
import logging
import re
import time
from collections import OrderedDict, deque

from django.db import DatabaseError, transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone
from django.utils.crypto import salted_hmac

from services.models import MissedSearch
from services.models.searching import week_of

from . import text as letters

logger = logging.getLogger(__name__)
SALT = "services.search.missed"
MOST_A_WEEK = 5000  # rows; after that the week takes no new words
MOST_A_MINUTE = 60  # writes of one process
AGAIN_AFTER_S = 60.0  # the same words from somebody who only loads the page again count once
KEPT_WEEKS = 52
LONGEST = 80  # characters, as the column
LONGEST_TYPED = 240
MOST_WORDS = 12  # more is a story, and stories name people
PRIVATE = re.compile(r"\S*[@/\\]\S*|www\.\S+|\S*\.\S*\.\S*|\+?\d[\d\s().-]{4,}\d|\S*\d{3,}\S*")
NOT_LETTERS = re.compile(r"[\W\d_]+")

_written: deque[float] = deque()
_recent: OrderedDict[str, float] = OrderedDict()
_forgotten: list[datetime.date] = []


def missed(text: str, language: str) -> None:
    """Count that a search in this language found nothing. Never raises; one short statement, seldom two.

    Nothing is counted of texts without letters, of stories, and of more than a process or a week takes.
    """
    words = plain(text)
    week = week_of(timezone.localdate())
    digest = salted_hmac(SALT, f"{week}:{language}:{words}", algorithm="sha256").hexdigest()
    if not words or not _takes(digest):
        return
    try:
        with transaction.atomic():
            _count(words, language, week, digest)
    except DatabaseError as error:
        logger.warning("search: a search without result is not counted (%s)", type(error).__name__)


def plain(text: str) -> str:
    """The words that may be kept: folded letters and single spaces; nothing that looks like an address or a number.

    Empty if there are none, or so many that they tell a story.
    """
    if len(text) > LONGEST_TYPED:
        return ""
    words = NOT_LETTERS.sub(" ", letters.fold(PRIVATE.sub(" ", text))).split()
    joined = " ".join(words)
    return joined if len(words) <= MOST_WORDS and len(joined) <= LONGEST else ""


def forget(today: datetime.date) -> int:
    """Delete what was not seen often enough in past weeks, and everything older than a year; how many rows."""
    week = week_of(today)
    rare, _kinds = MissedSearch.objects.filter(week__lt=week, words="").delete()
    old, _kinds = MissedSearch.objects.filter(week__lt=week - datetime.timedelta(weeks=KEPT_WEEKS)).delete()
    return rare + old


def _count(words: str, language: str, week: datetime.date, digest: str) -> None:
    rows = MissedSearch.objects.filter(language=language, week=week, digest=digest)
    enough = When(times__gte=MissedSearch.ENOUGH - 1, then=Value(words))
    if rows.update(times=F("times") + 1, words=Case(enough, default=F("words"))):
        return
    if week not in _forgotten:
        forget(week)
        _forgotten[:] = [week]
    if MissedSearch.objects.filter(week=week).count() < MOST_A_WEEK:
        MissedSearch.objects.bulk_create(
            [MissedSearch(language=language, week=week, digest=digest, times=1)], ignore_conflicts=True
        )


def _takes(digest: str) -> bool:
    """Whether this process writes now: not the same again at once, and not too much a minute."""
    now = time.monotonic()
    while _written and now - _written[0] > 60:
        _written.popleft()
    if len(_written) >= MOST_A_MINUTE or now - _recent.get(digest, -AGAIN_AFTER_S) < AGAIN_AFTER_S:
        return False
    _written.append(now)
    _recent[digest] = now
    while len(_recent) > MOST_A_MINUTE:
        _recent.popitem(last=False)
    return True
