"""Two desks for tests of screens: somebody who refers and somebody who receives, each in a browser of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from referral.access import Member
from referral.models import Case, Partner, Referral
from referral.words.choices import CaseRole
from services.models import Service
from services.taxonomy import Capacity
from tests.people import at_desk
from tests.referral import making

# Unique words of this case: what must be seen, and what must not.
NAME, FAMILY, HEALTH, ADDRESS, REASON = "Awazeta", "Diallozeta", "asthmazeta", "12 rue Zeta", "Needs a lawyerzeta"
YES = {
    "asked": "yes", "asked_language": "fr", "asked_interpreter": "not_needed", "asked_method": "verbal_witnessed",
    "asked_read_back": "on",
}  # fmt: skip


@dataclass
class Desks:
    """A caseworker of Oujda with a case, a clinic that takes referrals, and who answers there (None: nobody has an account)."""

    worker: Member
    sender: Client
    focal: Member | None
    receiver: Client
    service: Service
    case: Case

    @property
    def form_address(self) -> str:
        return reverse("refer-to", kwargs={"code": self.case.code, "service": self.service.key})

    def send(self, key: str = "k1", **given: Any) -> Any:
        """Post the one form: reason, three categories, a yes."""
        usual = {
            "key": key, "version": "0", "reason": REASON, "urgency": "normal", "handover": "facilitated",
            "categories": ["need", "reason", "language"], **YES,
        }  # fmt: skip
        return self.sender.post(self.form_address, {name: v for name, v in {**usual, **given}.items() if v is not None})

    def sent(self, **given: Any) -> Referral:
        answer = self.send(**given)
        assert answer.status_code == 303, answer.content.decode()[:3000]
        return Referral.objects.get()

    def do(self, client: Client, referral: Referral, event: str, **given: Any) -> Any:
        """Post an event as its page does."""
        referral.refresh_from_db()
        return client.post(event_of(referral, event), {"version": referral.version, "key": f"{event}-1", **given})


def page_of(referral: Referral) -> str:
    return reverse("referral", kwargs={"referral_id": referral.pk})


def event_of(referral: Referral, event: str) -> str:
    return reverse("referral-event", kwargs={"referral_id": referral.pk, "event": event})


def clinic(receiver: Partner | None = None, key: str = "zeta-clinic", **fields: Any) -> Service:
    """A service of which it is known that there is room."""
    usual = {"capacity": Capacity.OPEN, "capacity_since": timezone.localdate()}
    return making.service(key, receiver=receiver, **{**usual, **fields})


def desks(*, account: bool = True, service: dict[str, Any] | None = None, profile: str = "gen", **case: Any) -> Desks:
    sender, receiver = making.partner("oujda"), making.partner("rabat")
    worker = making.member(sender)
    focal = making.member(receiver, CaseRole.FOCAL_POINT) if account else None
    named = {"given_name": NAME, "family_name": FAMILY, "health": HEALTH, "address": ADDRESS}
    return Desks(
        worker=worker,
        sender=at_desk(worker),
        focal=focal,
        receiver=at_desk(focal) if focal else Client(headers={"accept": "text/html"}),
        service=clinic(receiver if account else None, **(service or {})),
        case=making.case(worker, profile, **{**named, **case}),
    )


def session_of(client: Client) -> SessionBase:
    """The session that this browser sends: the newest, whatever the path of its cookie."""
    key = [morsel.value for morsel in client.cookies.values() if morsel.key == settings.SESSION_COOKIE_NAME][-1]
    return SessionStore(session_key=key)


def text_of(answer: Any) -> str:
    """The words of a page, without tags and runs of space."""
    found = re.sub(r"<style>.*?</style>", "", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found))
