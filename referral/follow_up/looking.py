"""Opens a case for who has its code and PIN. One answer, of one length, after one time, for whatever is wrong.

Wrong PIN, unknown, locked, expired, disabled, erased: each is counted, looked up, put to Argon2 once, and written down in
the same two transactions; what still differs (microseconds) is hidden by waiting until TAKES has passed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from referral import outbox
from referral.encryption import CannotOpen
from referral.identifiers import parse_follow_up_code, parse_pin
from referral.models import AuditKind, Case, FollowUpCode, Person, ReferralEvent, Task, TaskKind
from referral.safety import audit
from referral.safety.isolation import as_system, in_one_transaction
from referral.safety.keys import case_box
from referral.states.events import Event
from referral.timers.people import in_charge
from referral.words.choices import ContactChannel
from services.models.phones import PhoneKind
from services.phone_numbers import grouped

from . import limits
from .codes import has_agreed, is_delicate
from .hashing import code_hash, pin_word
from .status import NEVER, Shown, status_of

WRONG_PINS = 5
LOCKED = timedelta(hours=1)
TAKES = 0.3  # seconds, at least
LOOK = "follow_up.look"
NOBODY = audit.By()


class NotOpened(Exception):
    """Code and PIN open nothing: one answer for everything that can be wrong."""


@dataclass(frozen=True)
class View:
    """All that the person is shown. `phone` is empty unless calling was found safe."""

    status: Shown
    changed_on: date
    phone: str = ""

    @property
    def phone_shown(self) -> str:
        """The number as people say it."""
        return grouped(self.phone)


def open_code(code: str, pin: str, *, network: str, form: str) -> FollowUpCode:
    """The row of a code whose PIN is right. `form`: what makes this form unlike any other, so that it counts once.

    Raises WrongCode for what has not the shape of a code or a PIN (that tells nothing), TooMany, SentTwice, NotOpened. The
    fifth wrong PIN in a row locks the code for an hour, and who is in charge of the case must look. Tries at the same
    moment count like tries one after the other. Call it outside a transaction: what is refused must stay counted.
    """
    typed, digits = parse_follow_up_code(code), parse_pin(pin)
    began = time.monotonic()
    limits.refuse_at_once(timezone.now())
    hashed, word = code_hash(typed), pin_word(typed, digits)
    row = _claim(hashed, network, form)
    right = check_password(word, row.pin_hash if row else _no_pin())  # slow, so while nothing is locked
    found = _settle(row, network, right=right)
    time.sleep(max(0.0, TAKES - (time.monotonic() - began)))
    if found is None:
        raise NotOpened
    return found


def _claim(hashed: str, network: str, form: str) -> FollowUpCode | None:
    """The code of this hash if it opens anything now, with one try less."""
    now = timezone.now()
    _no_pin()  # made at the first try of a process, whatever it is
    with in_one_transaction():
        limits.take(network, form, now)
        row = FollowUpCode.objects.select_for_update(of=("self",)).filter(code_hash=hashed).first()
        if row is None or not is_usable(row, now):
            return None
        if row.locked_until is not None:  # the hour is over
            row.failed, row.locked_until = 0, None
        if row.failed >= WRONG_PINS:  # the tries that lock it are being answered
            return None
        row.failed += 1
        row.save(update_fields=["failed", "locked_until"])
        return row


def is_usable(row: FollowUpCode, now: datetime) -> bool:
    """Whether this code opens anything at this moment."""
    open_again = row.locked_until is None or row.locked_until <= now
    return row.disabled_at is None and row.expires_at > now and open_again


def _settle(row: FollowUpCode | None, network: str, *, right: bool) -> FollowUpCode | None:
    """Give the try back if it was right; lock the code if it was the last one."""
    now = timezone.now()
    with in_one_transaction():
        held = _held(row)
        right = right and held is not None and is_usable(held, now) and has_agreed(held.case)
        if held is not None:
            if right:
                held.failed, held.last_used_at = 0, now
            elif held.failed >= WRONG_PINS and held.locked_until is None:
                held.locked_until = now + LOCKED
                _flag(held, now)
            held.save(update_fields=["failed", "locked_until", "last_used_at"])
        kind = AuditKind.READ if right else AuditKind.DENIED
        audit.record(kind, LOOK, by=NOBODY, case_id=held.case_id if held else None)
    if not right:
        return None
    with transaction.atomic():
        limits.give_back(network, now)
    return held


def _held(row: FollowUpCode | None) -> FollowUpCode | None:
    """The row again under lock; unless it was erased meanwhile. A query also where there is none, to take as long."""
    rows = FollowUpCode.objects.select_for_update(of=("self",)).select_related("case")
    return rows.filter(pk=row.pk if row else 0).first()


def _flag(row: FollowUpCode, now: datetime) -> None:
    """Somebody tries PINs: a task for who is in charge, once a locking."""
    case, mark = row.case, f"code-locked:{row.pk}:{now:%Y%m%d%H%M}"
    columns = {"case": case, "partner_id": case.partner_id, "owner_id": case.owner_id, "kind": TaskKind.REVIEW}
    Task.objects.get_or_create(mark=mark, defaults={**columns, "due_at": now})
    outbox.tell(in_charge(case), mark)


@cache
def _no_pin() -> str:
    """What a PIN is compared with where there is no code: nothing matches it."""
    return make_password("no code")


@as_system()
def view_of(case: Case) -> View:
    """What to show of a case to the person. Nothing sealed is opened but the rules of safe contact."""
    referrals = case.referrals.exclude(status__in=[str(state) for state in NEVER])
    ordered = referrals.annotate(last=Max("events__at")).order_by("last")
    seen = ReferralEvent.objects.filter(referral__in=referrals).exclude(event__in=(Event.CREATE, Event.DISCARD))
    last = seen.aggregate(last=Max("at"))["last"]
    changed = max(moment for moment in (case.opened_at, case.closed_at, last) if moment is not None)
    status = status_of(case.status, [referral.status for referral in ordered])
    return View(status, timezone.localdate(changed), _office_phone(case))


def _office_phone(case: Case) -> str:
    """A number of the office, if the person may be called; never in a delicate case: a number tells whose it is."""
    listed = case.partner.listed_as
    if listed is None or is_delicate(case) or ContactChannel.CALL not in _channels(case):
        return ""
    voice = [phone.number for phone in listed.phones.all() if phone.kind == PhoneKind.VOICE]
    return voice[0] if voice else ""


def _channels(case: Case) -> list[str]:
    try:
        person = Person.objects.get(case=case)
        safe = person.opened(case_box(case, case.partner), ["safe_contact"])["safe_contact"] or {}
    except (CannotOpen, Person.DoesNotExist):
        return []
    found: list[str] = safe.get("channels", [])
    return found
