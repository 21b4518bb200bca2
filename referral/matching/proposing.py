"""Which services could help: proposals in an order that is explained, and those that do not fit, each with its reason.

Only proposals: a named person chooses, and may choose another with a reason (law 09-08, art. 11: nothing about somebody is
decided by a machine alone). Nothing is stored, and no service learns of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from referral.access import Member
from referral.matching.person import seeker_of
from referral.matching.rules import RULES, Facts, Finding, Weight, hours, language, place, shown_place
from referral.matching.rules import capacity as capacity_of
from referral.models import Case, Referral
from referral.models.referrals import OPEN_STATES
from referral.permissions import NotFound
from referral.states.workflow import Status
from referral.words.service_types import BY_CATEGORY, BY_TERM, UNLISTED
from services.models import Service

# What decides the order, the strongest first. The words for it are in `Proposals.order`.
ORDER = (language, place, capacity_of, hours)


@dataclass(frozen=True)
class Proposal:
    """One service and everything that was found about it, in the language of the asker.

    `refusals` not empty: it is not proposed; whoever sends there all the same gives a reason. `where` never tells more of
    a hidden place than its region. `already`: the live referral of this person to it.
    """

    service: Service
    where: str
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    refusals: tuple[str, ...]
    rank: tuple[Any, ...]
    already: Referral | None = None

    @property
    def fits(self) -> bool:
        """Whether it may be proposed."""
        return not self.refusals


@dataclass(frozen=True)
class Proposals:
    """`fitting` in their order, `refused` by name."""

    fitting: tuple[Proposal, ...]
    refused: tuple[Proposal, ...]

    @property
    def order(self) -> str:
        """How the fitting ones are ordered, as a sentence; and who decides."""
        return _(
            "First those who speak a language of the person or offer interpretation, then the nearest, then those with "
            "free places, then those open now. You decide."
        )


def propose(case: Case, member: Member, service_type: str, *, opened: Mapping[str, Any]) -> Proposals:
    """The services of this type for the person of this case; `opened`: the values of the person that the member may read.

    As many queries for 10 services as for 1,000. Suspended, unpublished and doubtful services are not looked at.
    """
    rows = _with_parts(Service.objects.shown().filter(gives(service_type)).distinct())
    found = judge(rows, case, member, opened=opened)
    fitting = sorted((one for one in found if one.fits), key=lambda one: one.rank)
    refused = sorted((one for one in found if not one.fits), key=lambda one: str(one.service))
    return Proposals(tuple(fitting), tuple(refused))


def judge(
    services: QuerySet[Service] | Iterable[Service], case: Case, member: Member, *, opened: Mapping[str, Any]
) -> list[Proposal]:
    """The same about these services, in their order: for one that somebody has chosen by hand. NotFound for another partner's case."""
    if case.partner_id != member.partner.pk:
        raise NotFound(case.code)
    facts = _facts(case, opened)
    return [_judged(service, facts) for service in services]


def _facts(case: Case, opened: Mapping[str, Any]) -> Facts:
    own = Referral.objects.filter(case=case).order_by("created_at")
    wanted = own.filter(Q(status__in=OPEN_STATES) | Q(status=Status.DECLINED))
    live: dict[int, Referral] = {}
    declined: dict[int, Referral] = {}
    for referral in wanted:
        (declined if referral.status == Status.DECLINED else live)[referral.service_id] = referral
    return Facts(
        seeker=seeker_of(case, opened), now=timezone.now(), is_training=case.is_training, live=live, declined=declined
    )


def _judged(service: Service, facts: Facts) -> Proposal:
    found = {rule: tuple(rule(service, facts)) for rule in RULES}

    def texts(weight: Weight) -> tuple[str, ...]:
        return tuple(finding.text for part in found.values() for finding in part if finding.weight == weight)

    ranks = tuple(_rank(found[rule]) for rule in ORDER)
    warnings = texts(Weight.WARNING)
    return Proposal(
        service=service,
        where=_where(service),
        reasons=texts(Weight.REASON),
        warnings=warnings,
        refusals=texts(Weight.REFUSAL),
        rank=(*ranks, len(warnings), str(service), service.pk),
        already=facts.live.get(service.pk),
    )


def _rank(findings: tuple[Finding, ...]) -> int:
    return max((finding.rank for finding in findings), default=0)


def _where(service: Service) -> str:
    shown = [shown_place(link.location) for link in service.places.all()]
    return pgettext("between the items of a list", ", ").join(
        dict.fromkeys(str(spot.name) for spot in shown if spot is not None)
    )


def gives(service_type: str) -> Q:
    """Services that give this type of help, by their category or one of their terms (`service_types`)."""
    categories = [key for key, types in BY_CATEGORY.items() if service_type in types]
    terms = [code for code, kind in BY_TERM.items() if kind == service_type]
    found = Q(category__key__in=categories) | Q(terms__code__in=terms)
    return found | ~Q(category__key__in=list(BY_CATEGORY)) if service_type in UNLISTED else found


def _with_parts(rows: QuerySet[Service]) -> QuerySet[Service]:
    """With everything that rules read, in a fixed number of queries."""
    return rows.select_related("organisation", "category", "reception__partner").prefetch_related(
        "hours",
        "dated_hours",
        "terms",
        "phones",
        "areas",
        "places__location__city__region",
        "places__location__province__region",
    )
