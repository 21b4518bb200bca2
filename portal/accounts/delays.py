"""Wrong tries make the next one wait, and nobody can make a colleague wait (trust S3).

Tries are counted in buckets. A browser that signed in to an account before has a bucket of its own, so whatever strangers
do elsewhere does not touch it. Everybody else shares one bucket an account and address group; and one an account, into
which each group adds a few tries only: one attacker never fills it, many together do. A try that comes too early is not
looked at and does not count. Names are counted as typed, known or not, so a delay tells nothing about who has an account.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.models import Delay

FREE, FIRST_WAIT, LONGEST_WAIT = 4, timedelta(minutes=1), timedelta(hours=1)
OF_ONE_GROUP = 3  # tries that one address group adds to the bucket of the account
FREE_OF_ALL = 6
FORGOTTEN_AFTER = timedelta(hours=24)
TELL_AFTER = 20  # wrong tries in a day, from anywhere: the owner hears of it


@dataclass(frozen=True)
class Place:
    """Where a try comes from: a browser that is known to this account, or an address group."""

    known: bool
    digest: str


def group_of(address: str) -> str:
    """The network around an address (/24, /48 of IPv6), so that changing the last part of it does not help."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))


def plain(login: str) -> str:
    """A name as it is counted: however it is typed."""
    return unicodedata.normalize("NFKC", login).strip().casefold()[:254]


def waits_until(account: str, place: Place) -> datetime | None:
    """Until when no try is looked at; None if one is now."""
    now = timezone.now()
    rows = Delay.objects.filter(pk__in=_buckets(account, place), until__gt=now)
    return max((row.until for row in rows if row.until), default=None)


@transaction.atomic
def failed(account: str, place: Place) -> int:
    """Count a wrong try; how many there were against this account in a day, from anywhere."""
    own, *shared = _buckets(account, place)
    own_tries = _count(own, FREE)
    if shared and own_tries <= OF_ONE_GROUP:
        _count(shared[0], FREE_OF_ALL)
    return _count(_digest("all", account), None)


def succeeded(account: str, place: Place) -> None:
    """Forget the wrong tries of this browser or group."""
    Delay.objects.filter(pk=_buckets(account, place)[0]).delete()


def clear(now: datetime | None = None) -> int:
    """Forget what no longer counts: every row that is a day old. Safe to run at any time."""
    old = (now or timezone.now()) - FORGOTTEN_AFTER
    return Delay.objects.filter(last_at__lt=old).delete()[0]


def _buckets(account: str, place: Place) -> list[str]:
    """The bucket of this place, and the one that places which are not known share."""
    own = _digest("known" if place.known else "group", account, place.digest)
    return [own] if place.known else [own, _digest("strangers", account)]


def _count(bucket: str, free: int | None) -> int:
    """One more wrong try; from `free` on each doubles the wait. None: only count."""
    now = timezone.now()
    Delay.objects.get_or_create(pk=bucket)
    row = Delay.objects.select_for_update().get(pk=bucket)
    row.failed = 1 if row.last_at < now - FORGOTTEN_AFTER else row.failed + 1
    row.last_at = now
    if free is not None and row.failed >= free:
        row.until = now + min(FIRST_WAIT * 2 ** min(row.failed - free, 10), LONGEST_WAIT)
    row.save()
    return row.failed


def _digest(*parts: str) -> str:
    text = "\0".join(parts).encode()
    return hmac.new(f"delay {settings.SECRET_KEY}".encode(), text, hashlib.sha256).hexdigest()
