"""The first step of a referral: what help is asked for, and which services could give it, each with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from referral.access import Member
from referral.matching.proposing import Proposal, Proposals, judge, propose
from referral.reading.casebook import Sheet, read_case
from referral.referring.previews import may_refer
from referral.safety.isolation import as_partner
from referral.words.choices import CaseRole, ServiceType
from services.models import Service

from ..desk import desk, shown
from .earlier import Earlier, earlier_of
from .finding import find_services, name_of

FIRST = 12  # proposals that stand open; the others are folded


@dataclass(frozen=True)
class Help:
    """A kind of help that can be asked for. `needed`: it is among the needs of the case that are not met."""

    key: str
    label: str
    needed: bool
    chosen: bool


@dataclass(frozen=True)
class Offer:
    """A proposal with the name of its service in the reader's language."""

    name: str
    proposal: Proposal


@desk(CaseRole.CASEWORKER, CaseRole.SUPERVISOR)
def refer(request: HttpRequest, member: Member, code: str) -> HttpResponse:
    """Proposals for the kind of help (`help`; else the first need of the case); posted: services found by words."""
    sheet = read_case(member, code, screen="case.refer")
    with as_partner(member.partner):
        may_refer(sheet.case, member)
        earlier = earlier_of(sheet.case, member, request.GET.get("replaces", ""))
        wanted = _wanted(sheet, request.GET.get("help", "") or (earlier.help if earlier else ""))
        found = propose(sheet.case, member, wanted, opened=sheet.person) if wanted else Proposals((), ())
        words = request.POST.get("words", "").strip()[:100]
        by_hand = judge(_with_suggested(words, earlier), sheet.case, member, opened=sheet.person)
    context: dict[str, Any] = {
        "case": sheet.case, **_helps(sheet, wanted), "wanted": wanted, "order": found.order,
        "fitting": _offers(found.fitting[:FIRST]), "more": _offers(found.fitting[FIRST:]), "refused": _offers(found.refused),
        "words": words, "by_hand": _offers(by_hand), "searched": bool(words), "replaces": earlier,
    }  # fmt: skip
    return shown(request, member, "referral/referrals/refer.html", context)


def _wanted(sheet: Sheet, asked: str) -> str:
    if asked in ServiceType.values:
        return asked
    return next((need.row.service_type for need in sheet.needs if need.row.met_at is None), "")


def _helps(sheet: Sheet, wanted: str) -> dict[str, list[Help]]:
    """The needs of the case, with what was chosen; then every other kind of help."""
    needed = {need.row.service_type for need in sheet.needs if need.row.met_at is None}
    found = [Help(one.value, str(one.label), one.value in needed, one.value == wanted) for one in ServiceType]
    first = [one for one in found if one.needed or one.chosen] if needed else []
    return {"needed": first, "others_of_help": [one for one in found if one not in first]}


def _with_suggested(words: str, earlier: Earlier | None) -> Sequence[Service]:
    """What was found by words; else the service that was suggested when this was declined."""
    if words:
        return find_services(words)
    return [earlier.referral.suggested] if earlier and earlier.referral.suggested else []


def _offers(proposals: Sequence[Proposal]) -> list[Offer]:
    return [Offer(name_of(one.service), one) for one in proposals]
