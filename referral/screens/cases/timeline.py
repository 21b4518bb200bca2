"""What happened to a case, last first: the trail of the case and the events of its referrals, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from referral.access import Member
from referral.models import Case, ReferralEvent
from referral.permissions import sent_by
from referral.procedures import Procedure
from referral.reading.case_history import Happened, timeline
from referral.safety.isolation import as_partner
from referral.states.events import Actor, Event, sentence

from .facts import person_name

SENTENCES: Mapping[str, Any] = {
    "case.triage": _("%(who)s set urgency and risk."),
    "case.screen": _("%(who)s screened the person."),
    "case.change_profile": _("%(who)s changed the procedure."),
    "case.note_dates": _("%(who)s noted starting points of time limits."),
    "case.name_deputy": _("%(who)s named a deputy."),
    "case.restrict": _("%(who)s changed who may open the case."),
    "case.plan_contact": _("%(who)s planned the next contact."),
    "case.best_interest": _("%(who)s wrote a best-interest decision."),
    "person.update": _("%(who)s changed what is known about the person."),
    "note.add": _("%(who)s wrote a note."),
    "contact.attempt": _("%(who)s tried to reach the person."),
    "representative.add": _("%(who)s noted who represents the child."),
    "representative.verify": _("%(who)s verified the representative."),
    "representative.conflict": _("%(who)s noted whether the representative has a conflict of interest."),
    "need.add": _("%(who)s noted a need."),
    "plan.agree": _("%(who)s agreed on a goal with the person."),
    "need.met": _("%(who)s noted whether a need is met."),
    "consent.record": _("%(who)s asked for consent."),
    "consent.withdraw": _("%(who)s recorded that consent was withdrawn."),
    "consent.override": _("%(who)s took responsibility for sharing without consent."),
    "case.erase_identity": _("What identifies the person was erased."),
    "make_link": _("%(who)s made a link for a service."),
    "access.lapse": _("Permission to read the case ended."),
}
STEP = _("%(who)s did the step “%(step)s”.")
SYSTEM = _("The system")


@dataclass(frozen=True)
class Line:
    """One line of the timeline. `about`: the service of a referral."""

    at: datetime
    words: str
    about: str = ""
    referral_id: Any = None


def lines(member: Member, case: Case, procedure: Procedure, rows: slice) -> list[Line]:
    """These lines of what happened, last first. Reading them is in the trail."""
    newest = slice(rows.stop)
    found = [Line(one.at, told(one, procedure)) for one in timeline(member, case.code, newest)]
    found += _of_referrals(member, case, newest)
    return sorted(found, key=lambda line: line.at, reverse=True)[rows]


def told(one: Happened, procedure: Procedure) -> str:
    """One row of the trail as a sentence."""
    who = one.who or str(SYSTEM)
    if one.what.startswith("step."):
        titles = {step.key: str(step.title) for step in procedure.steps}
        key = one.what.removeprefix("step.")
        return str(STEP) % {"who": who, "step": titles.get(key, key)}
    if one.what in SENTENCES:
        return str(SENTENCES[one.what]) % {"who": who}
    return one.sentence


def _of_referrals(member: Member, case: Case, wanted: slice) -> Sequence[Line]:
    """Events of referrals come from the referrals themselves, with their service."""
    with as_partner(member.partner):
        own = sent_by(member).filter(case=case)
        rows = ReferralEvent.objects.filter(referral__in=own).select_related("user", "partner", "referral__service")
        return [
            Line(row.at, _sentence(row, member), str(row.referral.service), row.referral_id)
            for row in rows.order_by("-at", "-pk")[wanted]
        ]


def _sentence(row: ReferralEvent, member: Member) -> str:
    own = row.partner_id == member.partner.pk
    who = person_name(row.user) if own and row.user else str(row.partner or _("The service"))
    return sentence(Event(row.event), who, Actor(row.kind_of_actor))
