"""One partner with its people, for tests of who is let in and who asks what."""

from __future__ import annotations

from typing import Any

from referral.models import Case
from referral.words.choices import CaseRole, Profile
from tests.referral import making


class House:
    """One partner: a team with its worker and supervisor, the supervisor of another team, the officer."""

    def __init__(self, key: str = "oujda") -> None:
        self.partner = making.partner(key)
        self.team, other = making.team(self.partner), making.team(self.partner, "Other")
        self.worker = making.member(self.partner, in_team=self.team)
        self.supervisor = making.member(self.partner, CaseRole.SUPERVISOR, in_team=self.team)
        self.other = making.member(self.partner, CaseRole.SUPERVISOR, in_team=other)
        self.officer = making.member(self.partner, CaseRole.DPO)

    def case(self, profile: str = Profile.GEN, **fields: Any) -> Case:
        return making.case(self.worker, profile, team=self.team, **fields)
