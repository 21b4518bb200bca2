"""Partner A with a case in which everything is there once; B, which was sent a referral; C, a stranger; and those without cases."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from referral.access import Member
from referral.actions.case_desk import box_of
from referral.actions.plans import add_need
from referral.guarding import complaints, data_requests, files
from referral.models import AccessGrant, CaseTransfer, PackVersion, Representative
from referral.procedures import pack_text
from referral.referring.links import NewLink, make_link
from referral.states.workflow import Event, Status
from referral.words.choices import CaseRole
from referral.words.consent_choices import RepresentativeKind
from tests.people import app_of, at_desk, sign_in
from tests.referral import making
from tests.referral.guarding.papers import photo
from tests.referral.referring.referring import SHARED, scene

# Values of the right form, of nothing that is there.
NOTHING: dict[str, Any] = {
    "code": "ACEF-HJKM-NP",
    "user_id": 999_999,
    **dict.fromkeys(
        ("referral_id", "transfer_id", "which", "grant_id", "request_id", "complaint_id", "file_id"), uuid.UUID(int=7)
    ),
}


class House:
    """`people`: how each of them comes in. `values`: what stands in the paths, always ids of partner A."""

    def __init__(self) -> None:
        self.found = found = scene()
        assert found.focal is not None
        self.a, self.b, self.c, self.d = (
            found.worker.partner,
            found.focal.partner,
            making.partner("fes"),
            making.partner("nador"),
        )
        found.case.team = making.team(self.a)
        found.case.save()
        self.referral = found.at(Status.SENT)
        self.link_referral, self.link = self._linked()
        self.people: dict[str, Callable[[], Client]] = {}
        self._members({"A owner": found.worker, "B focal point": found.focal})
        for key, partner in (("A", self.a), ("B", self.b), ("C", self.c)):
            self._members({f"{key} {role.value}": self._member(partner, role) for role in CaseRole})
        self._members({"D caseworker, offered the case": self._member(self.d, CaseRole.CASEWORKER)})
        self.people |= {
            "link receiver": self._at_link,
            "no member": lambda: sign_in(making.user("nobody")),
            "editor": lambda: sign_in(self._editor()),
            "superuser": lambda: sign_in(self._superuser()),
            "anonymous": lambda: Client(headers={"accept": "text/html"}),
        }
        self.values = self._values()

    @cached_property
    def clients(self) -> dict[str, Client]:
        """A browser of everybody, signed in once."""
        return {name: make() for name, make in self.people.items()}

    def _linked(self) -> tuple[Any, NewLink]:
        desk = making.service("phone-desk")
        making.consent(self.found.case, desk, SHARED)
        referral = making.referral(self.found.case, self.found.worker, desk, categories=SHARED)
        return referral, make_link(referral.pk, by=self.found.worker)

    def _at_link(self) -> Client:
        client = Client(headers={"accept": "text/html"})
        assert client.post(f"/fr/casework/link/{self.link.token}/", {"code": self.link.code}).status_code == 303
        return client

    def _member(self, partner: Any, role: CaseRole) -> Member:
        in_team = making.team(partner) if role in (CaseRole.CASEWORKER, CaseRole.SUPERVISOR, CaseRole.INTAKE) else None
        return making.member(partner, role, in_team=in_team)

    def _members(self, members: Mapping[str, Member]) -> None:
        for name, member in members.items():
            self.people[name] = lambda member=member: at_desk(member)

    def _values(self) -> dict[str, Any]:
        found, case = self.found, self.found.case
        worker, owner = found.worker, making.user_of(found.worker)
        text = pack_text("gen").replace('version = "2026.1"', 'version = "2026.9"', 1)
        PackVersion.objects.create(profile="gen", version="2026.9", text=text, proposed_by=making.user("author"))
        app_of(owner)
        need = add_need(case, by=worker, version=self._version(), service_type="health")
        consent = found.grant.consent if found.grant else None
        child = Representative.objects.create(case=case, kind=RepresentativeKind.values[0])
        transfer = CaseTransfer(case=case, source=self.a, taker=self.d, asked_by=owner)
        transfer.save()
        leave = AccessGrant(
            case=case, user=making.user_of(self._member(self.a, CaseRole.DPO)), kind=AccessGrant.Kind.REQUEST
        )
        leave.seal(box_of(case), reason="A complaint about it.")
        leave.save()
        asked = data_requests.record(by=worker, kind="access", asked="What is written about me?", code=case.code)
        complaint = complaints.record(by=worker, words="Nobody called back.", code=case.code)
        assert consent is not None
        assert complaint is not None
        return {
            "code": case.code, "referral_id": self.referral.pk, "transfer_id": transfer.pk, "grant_id": leave.pk,
            "request_id": asked.pk, "complaint_id": complaint.pk, "user_id": owner.pk, "service": found.service.key,
            "file_id": files.add(case, by=worker, content=photo(), name="paper.jpg").pk,
            "step": "identification", "event": Event.WITHDRAW, "profile": "gen", "version": "2026.9",
            "which": need.pk, "inbox-list.which": "late", "case-withdraw.which": consent.pk,
            "case-withdraw-grant.which": consent.pk, "grant": found.grant.pk if found.grant else 0,
            "case-representative-verify.which": child.pk, "case-representative-conflict.which": child.pk,
            "received.referral_id": self.link_referral.pk, "received-event.referral_id": self.link_referral.pk,
            "received-event.event": Event.ACKNOWLEDGE, "referral-link.referral_id": self.link_referral.pk,
            "pk": Authenticator.objects.filter(user=owner).values_list("pk", flat=True)[0],
            "token": "no-such-token", "receive.token": self.link.token, "uid": "none",
        }  # fmt: skip

    def _version(self) -> int:
        self.found.case.refresh_from_db()
        return self.found.case.version

    @staticmethod
    def _editor() -> Any:
        user = making.user("texts")
        user.groups.add(Group.objects.get(name="Editors"))
        return user

    @staticmethod
    def _superuser() -> Any:
        return get_user_model().objects.create_superuser("root", "root@example.org", "a long password 2026")


__all__ = ["NOTHING", "House"]
