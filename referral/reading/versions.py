"""Which versions of procedures hold for a case: of each profile the one that it began with, kept with all its words."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from django.db.models import QuerySet

from referral.models import Case, FrozenProcedure, PackVersion
from referral.procedures import Procedure, pack_text, read, read_shared
from referral.procedures.vocabulary import PROFILES, SHARED


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
    return _kept(case.procedure_id)


def other_procedures_of(case: Case) -> tuple[Procedure, ...]:
    """The procedures of the other profiles of this case, each in the version that the case began it with.

    One that was never kept (a row written by older software while the site was updated) is as it is in force now.
    """
    kept = FrozenProcedure.objects.in_bulk(set(case.other_procedures.values()))
    others = [one for one in case.other_profiles if one in PROFILES]
    rows = {one: kept.get(case.other_procedures.get(one, "")) for one in others}
    return tuple(procedure_in(row) if row else in_force(one) for one, row in rows.items())


def begin_with(case: Case, profile: str) -> None:
    """Lead this case by another profile: in the version that it once began it with, else in the one in force, kept from now on.

    The one that led until now stays beside it, in its own version. Raises FaultyPack. Does not save.
    """
    before = FrozenProcedure.objects.filter(pk=case.other_procedures.get(profile, "")).first()
    others = {**case.other_procedures, case.profile: case.procedure_id}
    case.other_procedures = {one: digest for one, digest in others.items() if one != profile}
    case.other_profiles = [one for one in dict.fromkeys([*case.other_profiles, case.profile]) if one != profile]
    case.profile, case.procedure = profile, before or freeze(profile)
    case.procedure_version = case.procedure.version


def procedure_in(kept: FrozenProcedure) -> Procedure:
    """The procedure that was kept in this row."""
    return _read(kept.digest, kept.text, kept.shared)


@lru_cache(maxsize=64)
def _kept(digest: str) -> Procedure:
    """A row is named by what it holds, so what was read of it once stays true."""
    return procedure_in(FrozenProcedure.objects.get(pk=digest))


def _digest(text: str, shared: str) -> str:
    return hashlib.sha256(f"{len(text)}\n{text}{shared}".encode("utf-8", "replace")).hexdigest()


@lru_cache(maxsize=64)
def _read(digest: str, text: str, shared: str) -> Procedure:
    """`digest` stands first so that comparing keys ends there."""
    return read(text, f"{digest[:8]}.toml", shared)
