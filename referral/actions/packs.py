"""Proposes a version of a procedure, approves it, refuses it: whoever proposes does not approve (referral.md b.6)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.access import Editor, Member
from referral.attempts import action
from referral.models import AuditKind, PackVersion
from referral.procedures import FaultyPack, Procedure, read, read_shared, shipped_version
from referral.procedures.vocabulary import PROFILES, SHARED
from referral.reading.versions import approved, text_in_force
from referral.refusals import GuardRefused, Stale
from referral.safety import audit
from referral.states.machine import NotYours
from referral.words.choices import CaseRole

from .case_desk import needed_text

DECIDERS = (CaseRole.SUPERVISOR, CaseRole.DPO)
LONGEST_REASON = 1000


class PackGuard(TextChoices):
    """What must hold before a version of a procedure is proposed or approved. The label refuses it."""

    SOUND = "sound", _("This text is not a procedure yet. Correct what is listed, then send it again.")
    THIS_PROFILE = "this_profile", _("This text belongs to another procedure.")
    NEW_VERSION = "new_version", _("There is already a version with this number. Give the text another number.")
    UNDECIDED = "undecided", _("This proposal has already been decided.")
    FOUR_EYES = "four_eyes", _("Somebody else must approve: nobody approves their own proposal.")
    IN_EARNEST = (
        "in_earnest",
        _("It holds for every organisation: nobody approves it in training or without a valid agreement."),
    )
    OFFICIAL_BY_DPO = "official_by_dpo", _("Only a data protection officer approves a text that is called official.")
    OTHERS_SOUND = "others_sound", _("With these shared rules another procedure could no longer be read.")


@action("procedure.propose")
def propose(profile: str, text: str, *, by: Editor) -> PackVersion:
    """Keep a text as the proposal of a version. The same text sent twice is one proposal.

    Raises GuardRefused: `because` are the sentences of the validator for a faulty text; the version must be new.
    """
    text = text.replace("\r\n", "\n")
    version = _sound(profile, text).version
    there = PackVersion.objects.filter(profile=profile, version=version).first()
    if there is not None and (there.text, there.proposed_by_id, there.refused_at) == (text, by.user_id, None):
        return there
    if there is not None or version == shipped_version(profile):
        raise GuardRefused(PackGuard.NEW_VERSION)
    made = PackVersion.objects.create(profile=profile, version=version, text=text, proposed_by_id=by.user_id)
    audit.record(AuditKind.CHANGE, "procedure.propose", by=by.by)
    return made


@action("procedure.approve")
def approve(proposal: PackVersion, *, by: Member, seen: int | None = None) -> PackVersion:
    """From now on new cases of this profile begin with this text; open ones keep theirs.

    `seen`: how many versions were approved when the comparison was shown (`times_approved`). Raises NotYours, Stale, and
    GuardRefused for one's own proposal, a decided one, an official text without a DPO, what can no longer be read, and
    while the site or the organisation of `by` is in training or its agreement does not hold: it is for everybody.
    """
    held = _held(proposal, by)
    now = times_approved(held.profile)
    if seen is not None and seen != now:
        raise Stale(seen, now)
    if held.proposed_by_id == by.user_id:
        raise GuardRefused(PackGuard.FOUR_EYES)
    if not (getattr(settings, "CNDP_AUTHORISATION", "") and by.partner.may_share()):
        raise GuardRefused(PackGuard.IN_EARNEST)
    found = _sound(held.profile, held.text)
    if found.source_status == "official" and not by.has(CaseRole.DPO):
        raise GuardRefused(PackGuard.OFFICIAL_BY_DPO)
    if held.profile == SHARED:
        _check_others(held.text)
    held.approved_by_id, held.approved_at = by.user_id, timezone.now()
    held.save(update_fields=["approved_by", "approved_at"])
    audit.record(AuditKind.CHANGE, "procedure.approve", by=by.by)
    return held


@action("procedure.refuse")
def refuse(proposal: PackVersion, *, by: Member, reason: str) -> PackVersion:
    """The proposal ends, with a reason that who proposed it reads. Raises NotYours, GuardRefused, WrongField."""
    held = _held(proposal, by)
    held.refusal = needed_text("reason", reason, LONGEST_REASON)
    held.refused_by_id, held.refused_at = by.user_id, timezone.now()
    held.save(update_fields=["refused_by", "refused_at", "refusal"])
    audit.record(AuditKind.CHANGE, "procedure.refuse", by=by.by)
    return held


def times_approved(profile: str) -> int:
    """How many versions of this profile were approved: moves on when another one comes into force."""
    return approved(profile).count()


def _held(proposal: PackVersion, by: Any) -> PackVersion:
    """The proposal under lock, for whoever may decide. Every open proposal is held, so that a shared text and one that
    names its rules are not approved side by side."""
    if not isinstance(by, Member) or not by.has(*DECIDERS):
        raise NotYours("procedure", "outsider")
    list(PackVersion.objects.select_for_update().filter(approved_at=None, refused_at=None).order_by("pk"))
    held = PackVersion.objects.get(pk=proposal.pk)
    if held.approved_at or held.refused_at:
        raise GuardRefused(PackGuard.UNDECIDED)
    return held


def _sound(profile: str, text: str) -> Procedure:
    file = f"{profile}.toml"
    try:
        found = read_shared(text) if profile == SHARED else read(text, file, text_in_force(SHARED))
    except FaultyPack as faulty:
        raise GuardRefused(PackGuard.SOUND, faulty.faults) from faulty
    if found.profile != profile:
        raise GuardRefused(PackGuard.THIS_PROFILE)
    return found


def _check_others(shared: str) -> None:
    for profile in PROFILES:
        try:
            read(text_in_force(profile), f"{profile}.toml", shared)
        except FaultyPack as faulty:
            raise GuardRefused(PackGuard.OTHERS_SOUND, faulty.faults) from faulty
