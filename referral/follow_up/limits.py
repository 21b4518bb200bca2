"""How many tries a network and the whole world get. In the database, so that every process counts the same.

A try is counted before the code is looked for, and given back if it was right: who has code and PIN is never slowed down by
themselves. A network (/24 of IPv4, /48 of IPv6: a town may sit behind one) gets A_NETWORK wrong tries in ten minutes. Beyond
MANY wrong tries a minute everywhere, networks that were wrong lately must wait, and others still get in; MOST is what the
machine can bear. Nothing here locks a code or a person out for longer than the window. The counts are digests under a key of
the day, and are deleted once they are over: no address is stored.
"""

from __future__ import annotations

import ipaddress
import math
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from referral.models import FollowUpCount

from .hashing import count_digest

NETWORK_WINDOW, A_NETWORK = timedelta(minutes=10), 30
MINUTE, MANY, MOST = timedelta(minutes=1), 120, 600
FORM_LASTS = timedelta(hours=1)


class TooMany(Exception):
    """Too many tries at once: answer 429. `wait`: seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


class SentTwice(Exception):
    """This form was sent before: from the history of a browser, by “reload”, or by a machine."""


def group_of(address: str) -> str:
    """The network of an address; empty for what is none (then only the whole world counts)."""
    try:
        found = ipaddress.ip_address(address.strip().partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))


def take(network: str, form: str, now: datetime) -> None:
    """Count one try, and the form that it came with. In the caller's transaction, before any other lock. TooMany, SentTwice."""
    world = _count(count_digest("world"), now, MINUTE)  # first, always: its lock orders everything below
    FollowUpCount.objects.filter(until__lte=now).exclude(pk=world.pk).delete()
    use_once(form, now)
    number = 0
    if network:
        own = _count(_of(network, now), now, NETWORK_WINDOW)
        number = own.number
        if number >= A_NETWORK:
            raise TooMany(_seconds(own, now))
        _add(own.pk, 1)
    if world.number >= (MANY if number else MOST):
        raise TooMany(_seconds(world, now))
    _add(world.pk, 1)


def refuse_at_once(now: datetime) -> None:
    """A flood is met by one query, before anything is computed, locked or written. TooMany."""
    full = FollowUpCount.objects.filter(pk=count_digest("world"), number__gte=MOST, until__gt=now).first()
    if full is not None:
        raise TooMany(_seconds(full, now))


def use_once(form: str, now: datetime) -> None:
    """A form counts once. SentTwice for the second time."""
    fresh = {"number": 1, "until": now + FORM_LASTS}
    _row, made = FollowUpCount.objects.get_or_create(pk=count_digest("form", form), defaults=fresh)
    if not made:
        raise SentTwice


def give_back(network: str, now: datetime) -> None:
    """The try was right, so it does not count. Before any other lock."""
    _add(count_digest("world"), -1)
    if network:
        _add(_of(network, now), -1)


def _of(network: str, now: datetime) -> str:
    return count_digest("network", network, timezone.localdate(now))


def _count(digest: str, now: datetime, lasts: timedelta) -> FollowUpCount:
    """The count of this name under lock, begun again if its time is over."""
    FollowUpCount.objects.get_or_create(pk=digest, defaults={"until": now + lasts})
    row = FollowUpCount.objects.select_for_update().get(pk=digest)
    if row.until <= now:
        row.number, row.until = 0, now + lasts
        row.save()
    return row


def _add(digest: str, number: int) -> None:
    rows = FollowUpCount.objects.filter(pk=digest, number__gte=-number if number < 0 else 0)
    rows.update(number=F("number") + number)


def _seconds(row: FollowUpCount, now: datetime) -> int:
    return max(1, math.ceil((row.until - now).total_seconds()))
