"""A referral as somebody looks at it: who asks, from which side, and where its pages are for them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.urls import reverse

from referral.access import Linked, Member
from referral.models import Referral
from referral.permissions import NotFound, get_referral_for, kind_at_referral
from referral.referring.sides import RECEIVERS, SENDERS, check_link
from referral.safety.isolation import as_partner, as_system
from referral.states.workflow import LIVE, Actor, Status


@dataclass(frozen=True)
class Seen:
    """The row with its service and both partners; with its case for the sender's side alone."""

    referral: Referral
    by: Member | Linked
    kind: Actor

    @property
    def member(self) -> Member | None:
        """For the frame of the page; None: somebody with a link."""
        return self.by if isinstance(self.by, Member) else None

    @property
    def receives(self) -> bool:
        """Whether this is the other desk."""
        return self.kind in RECEIVERS

    @property
    def status(self) -> Status:
        """The state, with its label."""
        return Status(self.referral.status)

    @property
    def is_live(self) -> bool:
        """Whether somebody at the other desk has it."""
        return self.referral.status in LIVE

    @property
    def address(self) -> str:
        """The page of the referral."""
        name = "referral" if isinstance(self.by, Member) else "received"
        return reverse(name, kwargs={"referral_id": self.referral.pk})

    def event_address(self, event: str) -> str:
        """The page of something that can be done to it."""
        name = "referral-event" if isinstance(self.by, Member) else "received-event"
        return reverse(name, kwargs={"referral_id": self.referral.pk, "event": event})


def seen_by(member: Member, referral_id: uuid.UUID) -> Seen:
    """The referral for a member who stands on one of its sides. NotFound for everybody else."""
    with as_partner(member.partner):
        referral = get_referral_for(member, referral_id)
        kind = kind_at_referral(member, referral)
        if kind not in SENDERS | RECEIVERS:
            raise NotFound(str(referral_id))
        return _with_service(Seen(referral, member, kind))


def seen_through(link: Linked, referral_id: uuid.UUID) -> Seen:
    """The referral for somebody with a link to it. NotFound for any other; Gone once the link has ended."""
    with as_system():
        rows = Referral.objects.select_related("sender", "receiver")
        referral = (
            rows.filter(pk=referral_id, sent_at__isnull=False).first() if referral_id == link.referral_id else None
        )
        if referral is None:
            raise NotFound(str(referral_id))
        check_link(link)
        return _with_service(Seen(referral, link, kind_at_referral(link, referral)))


def _with_service(seen: Seen) -> Seen:
    seen.referral.service.organisation  # noqa: B018  (fetched inside the wall)
    return seen
