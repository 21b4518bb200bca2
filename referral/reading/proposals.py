"""Which versions of a procedure there are: shipped, proposed, approved, refused; and each of them by its number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from referral.models import FrozenProcedure, PackVersion
from referral.procedures import FaultyPack, Procedure, pack_text, shipped_version

from .versions import approved, as_procedure, in_force, procedure_in


class VersionState(TextChoices):
    """Where a version stands."""

    IN_FORCE = "in_force", pgettext_lazy("version", "In force")
    PROPOSED = "proposed", pgettext_lazy("version", "Proposed")
    REFUSED = "refused", pgettext_lazy("version", "Refused")
    EARLIER = "earlier", pgettext_lazy("version", "Earlier")


@dataclass(frozen=True)
class Version:
    """A line of the history. `kept`: its row; None for a version that came with the software."""

    number: str
    state: VersionState
    at: datetime | None = None
    kept: PackVersion | None = None

    @property
    def is_proposed(self) -> bool:
        """Whether it waits for a decision."""
        return self.state == VersionState.PROPOSED


def history(profile: str) -> list[Version]:
    """Every version of this profile, the newest proposal first, the shipped one last."""
    newest = approved(profile).first()
    rows = PackVersion.objects.filter(profile=profile).select_related("proposed_by", "approved_by", "refused_by")
    found = [Version(row.version, _state(row, newest), _at(row), row) for row in rows.order_by("-proposed_at", "-pk")]
    shipped = VersionState.EARLIER if newest else VersionState.IN_FORCE
    return [*found, Version(shipped_version(profile), shipped)]


def open_proposals() -> dict[str, int]:
    """How many proposals wait, for each profile that has any."""
    counted: dict[str, int] = {}
    for profile in PackVersion.objects.filter(approved_at=None, refused_at=None).values_list("profile", flat=True):
        counted[profile] = counted.get(profile, 0) + 1
    return counted


def version_of(profile: str, number: str) -> Procedure | None:
    """The procedure of this number, whatever became of it; the one in force if no number is given; None if there is none.

    Also a version that no longer ships, but leads a case that began with it.
    """
    if not number:
        return in_force(profile)
    row = PackVersion.objects.filter(profile=profile, version=number).first()
    shipped = pack_text(profile) if shipped_version(profile) == number else None
    text = row.text if row else shipped
    if text is not None:
        try:
            return as_procedure(profile, text)
        except FaultyPack:  # it named shared rules that are no longer there; a case may have kept them
            pass
    frozen = FrozenProcedure.objects.filter(profile=profile, version=number).order_by("-first_used_at").first()
    return procedure_in(frozen) if frozen else None


def _state(row: PackVersion, newest: PackVersion | None) -> VersionState:
    if row.refused_at:
        return VersionState.REFUSED
    if not row.approved_at:
        return VersionState.PROPOSED
    return VersionState.IN_FORCE if newest is not None and row.pk == newest.pk else VersionState.EARLIER


def _at(row: PackVersion) -> Any:
    return row.approved_at or row.refused_at or row.proposed_at
