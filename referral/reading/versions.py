"""Which version of a procedure leads a case: the one in force when the case was opened, kept with all its words."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from django.db.models import QuerySet

from referral.models import Case, FrozenProcedure, PackVersion
from referral.procedures import Procedure, pack_text, read, read_shared
from referral.procedures.vocabulary import SHARED


def approved(profile: str) -> QuerySet[PackVersion]:
    """The approved versions of this profile, the one in force first."""
    found = PackVersion.objects.filter(profile=profile, approved_at__isnull=False, refused_at=None)
    return found.order_by("-approved_at", "-pk")


def text_in_force(profile: str) -> str:
    """The text that new cases of this profile begin with: the version approved last, else the shipped one."""
    newest = approved(profile).first()
    return newest.text if newest else pack_text(profile)


def in_force(profile: str) -> Procedure:
    """The procedure that new cases of this profile begin with. Raises FaultyPack if its text is wrong."""
    return as_procedure(profile, text_in_force(profile))


def as_procedure(profile: str, text: str) -> Procedure:
    """A text of this profile as a procedure, with the shared rules in force. Raises FaultyPack if it is wrong."""
    if profile == SHARED:
        return read_shared(text)
    shared = text_in_force(SHARED)
    return _read(_digest(text, shared), text, shared)


def freeze(profile: str) -> FrozenProcedure:
    """The procedure in force for this profile, kept: the same row for every case that begins with the same words.

    Raises FaultyPack if its text is wrong, which approval checks first.
    """
    text, shared = text_in_force(profile), text_in_force(SHARED)
    digest = _digest(text, shared)
    kept = FrozenProcedure.objects.filter(pk=digest).first()
    if kept is None:
        fresh = {"profile": profile, "version": _read(digest, text, shared).version, "text": text, "shared": shared}
        kept, _made = FrozenProcedure.objects.get_or_create(pk=digest, defaults=fresh)
    return kept


def procedure_of(case: Case) -> Procedure:
    """The procedure of this case, in its own version."""
    return procedure_in(case.procedure)


def procedure_in(kept: FrozenProcedure) -> Procedure:
    """The procedure that was kept in this row."""
    return _read(kept.digest, kept.text, kept.shared)


def _digest(text: str, shared: str) -> str:
    return hashlib.sha256(f"{len(text)}\n{text}{shared}".encode("utf-8", "replace")).hexdigest()


@lru_cache(maxsize=64)
def _read(digest: str, text: str, shared: str) -> Procedure:
    """`digest` stands first so that comparing keys ends there."""
    return read(text, f"{digest[:8]}.toml", shared)
