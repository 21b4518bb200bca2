"""Makes the code of a person, and ends it. The code exists in plain in the answer to the one who made it, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.access import Member
from referral.actions.case_desk import for_writing, hold_codes, write_trail
from referral.attempts import action
from referral.identifiers import choose_pin, new_follow_up_code
from referral.models import Case, FollowUpCode, Grant
from referral.permissions import NotFound, cases_for, kind_at_case, may_write
from referral.refusals import GuardRefused
from referral.states.machine import NotYours
from referral.words.choices import Profile
from referral.words.consent_choices import Purpose

from .hashing import code_hash, pin_word

LASTS = timedelta(days=365)  # of an open case; once it is closed, 90 days (actions/closing.py)
DELICATE = frozenset({Profile.VOT, Profile.GBV, Profile.UASC, Profile.DET})


class CodeGuard(TextChoices):
    """What must hold before a code is made. The label is the sentence that refuses it."""

    AGREED = "agreed_to_follow_up", _("The person has not agreed to follow the case online. Ask first.")
    SAFE = "safe_to_follow_up", _("Ask first whether somebody could force the person to show the code or the phone.")


@dataclass(frozen=True)
class NewCode:
    """What exists in plain only now. Show it once."""

    code: str = field(repr=False)
    expires_at: datetime


def is_delicate(case: Case) -> bool:
    """Whether a code is off by default: trafficking, gender-based violence, children, detained people, restricted cases."""
    profiles = {case.profile, *case.other_profiles}
    return case.is_minor or case.is_restricted or bool(profiles & {str(profile) for profile in DELICATE})


def has_agreed(case: Case) -> bool:
    """Whether the person has agreed to follow the case online, and has not taken it back."""
    rows = Grant.objects.filter(consent__case=case, purpose=Purpose.ONLINE_FOLLOW_UP, given=True, withdrawn_at=None)
    return any(grant.is_live() for grant in rows.select_related("consent__representative"))


def current_code(case: Case) -> FollowUpCode | None:
    """The row of the code that opens this case now."""
    rows = FollowUpCode.objects.filter(case=case, disabled_at=None, expires_at__gt=timezone.now())
    return rows.order_by("-made_at").first()


@action("follow_up.make_code")
def make_code(case: Case, *, by: Member, pin: str, found_safe: bool = False, version: int | None = None) -> NewCode:
    """A new code under a PIN that the person has chosen; the codes before it end.

    `found_safe`: the safety question was asked, and nobody can force the person to show it. Without it a delicate case gets
    no code. Raises WrongCode and WeakPin for the PIN, GuardRefused, and what writing in a case raises.
    """
    hold_codes(case)
    held = for_writing(case, by, version)
    digits = choose_pin(pin)
    if not has_agreed(held):
        raise GuardRefused(CodeGuard.AGREED)
    if is_delicate(held) and not found_safe:
        raise GuardRefused(CodeGuard.SAFE)
    now, code = timezone.now(), new_follow_up_code()
    _end(held, now)
    FollowUpCode.objects.create(
        case=held, code_hash=code_hash(code), pin_hash=make_password(pin_word(code, digits)), made_by_id=by.user_id,
        made_at=now, expires_at=now + LASTS,
    )  # fmt: skip
    write_trail(held, "follow_up.make_code", by, ["found_safe"] if found_safe else [])
    return NewCode(code, now + LASTS)


@action("follow_up.disable_code")
def disable_code(case: Case, *, by: Member) -> int:
    """End every code of the case at once, in any state of it; how many."""
    if not cases_for(by).filter(pk=case.pk).exists():
        raise NotFound(case.code)
    if not may_write(by, case):
        raise NotYours("follow_up", kind_at_case(by, case))
    done = _end(case, timezone.now())
    write_trail(case, "follow_up.disable_code", by)
    return done


def _end(case: Case, now: datetime) -> int:
    return FollowUpCode.objects.filter(case=case, disabled_at=None).update(disabled_at=now)
