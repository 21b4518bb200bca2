"""A referral of the same case that a new one begins from: one that has ended and is replaced, or a draft that is changed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from referral.access import Member
from referral.models import Case, Referral
from referral.permissions import sent_by
from referral.safety.keys import case_box
from referral.states.workflow import TERMINAL, Status


@dataclass(frozen=True)
class Earlier:
    """The row, with what its form held."""

    referral: Referral
    typed: dict[str, Any]

    @property
    def help(self) -> str:
        """The kind of help that was asked for."""
        return self.referral.service_type

    @property
    def is_draft(self) -> bool:
        """Whether it is a draft that is changed: it is discarded once the new one is there."""
        return self.referral.status == Status.DRAFT


def earlier_of(case: Case, member: Member, text: str) -> Earlier | None:
    """The referral of this number, if it is of this case, and over or a draft; None for anything else."""
    try:
        wanted = uuid.UUID(text)
    except ValueError:
        return None
    usable = [*TERMINAL, Status.DRAFT]
    rows = sent_by(member).filter(case=case, status__in=[str(status) for status in usable])
    found = rows.select_related("suggested__organisation").filter(pk=wanted).first()
    if found is None:
        return None
    opened = found.opened(case_box(case, case.partner), ["reason", "special_needs"])
    typed = {"urgency": found.urgency, "handover": found.handover, **{k: v or "" for k, v in opened.items()}}
    return Earlier(found, typed | ({"categories": found.categories} if found.status == Status.DRAFT else {}))
