"""Who is asking: a member of one partner with its roles, somebody with a signed link, or the system. Made by the server only."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from referral.safety.audit import By
from referral.words.choices import CaseRole

from .models import Membership, Partner


@dataclass(frozen=True)
class Member:
    """Somebody who acts for one partner. A person of two partners is two members, one session each."""

    user_id: int
    partner: Partner
    roles: frozenset[str]
    teams: frozenset[uuid.UUID] = field(default=frozenset())
    supervised: frozenset[uuid.UUID] = field(default=frozenset())  # of these teams, those where the role is supervisor

    def has(self, *roles: CaseRole) -> bool:
        """Whether one of these roles is held now."""
        return any(role in self.roles for role in roles)

    @property
    def by(self) -> By:
        """As the trail names them."""
        return By(self.user_id, self.partner.pk)

    @property
    def who(self) -> str:
        """Whose keys of repeated requests these are."""
        return f"user {self.user_id} at {self.partner.pk}"


@dataclass(frozen=True)
class Linked:
    """The receiver without an account: whoever has the signed link and has typed the short code."""

    link_id: int
    referral_id: uuid.UUID
    key: bytes = field(repr=False)  # of the packet, unwrapped with link and code

    by = By()

    @property
    def who(self) -> str:
        """Whose keys of repeated requests these are."""
        return f"link {self.link_id}"


@dataclass(frozen=True)
class System:
    """A timer, or the consequence of another event."""

    by = By()
    who = "system"


@dataclass(frozen=True)
class Editor:
    """Somebody who edits texts in the CMS: reads and proposes procedures, and sees no case."""

    user_id: int

    @property
    def by(self) -> By:
        """As the trail names them."""
        return By(self.user_id)


Asker = Member | Linked | System


def editor_of(user: Any) -> Editor | None:
    """The editor that this user is now, by the right to enter the CMS; None for anybody else."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return None
    return Editor(user.pk) if user.has_perm("wagtailadmin.access_admin") else None


def member_of(user: Any, partner_id: uuid.UUID | None = None) -> Member | None:
    """The member that this user is in this partner (in the only one, if none is named) at this moment; None for nobody.

    Rights are read anew at every request: a role that was taken away is gone at once.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return None
    rows = Membership.objects.valid().filter(user=user).select_related("partner")
    if partner_id is not None:
        rows = rows.filter(partner=partner_id)
    return _member(user.pk, rows)


def _member(user_id: int, rows: Iterable[Membership]) -> Member | None:
    rows = list(rows)
    if len({row.partner_id for row in rows}) != 1:
        return None
    return Member(
        user_id,
        rows[0].partner,
        frozenset(row.role for row in rows),
        frozenset(row.team_id for row in rows if row.team_id),
        frozenset(row.team_id for row in rows if row.team_id and row.role == CaseRole.SUPERVISOR),
    )
