"""How long what is kept: the table of rules (referral.md d.4; the controller and the CNDP decide), and its carrying out.

A legal hold keeps everything of a case; what it keeps is listed. The trail stays: it is only ever added to, and names rows
by random ids, behind which nothing is left after erasure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from referral import outbox
from referral.models import (
    Answered,
    AuditEntry,
    AuditKind,
    Case,
    Consent,
    ContactAttempt,
    Draft,
    Effect,
    FollowUpCode,
    FollowUpCount,
    Need,
    Note,
    Packet,
    Person,
    Referral,
    ReferralEvent,
    Screening,
    StepDone,
    TaskKind,
)
from referral.models.referrals import OPEN_STATES
from referral.states.case_states import CaseStatus
from referral.states.workflow import TERMINAL
from referral.words.choices import Profile

from .asking import ask
from .cases import WORKED_ON
from .data_requests import answered_complaints, answered_requests, empty_words
from .erasure import erase_case, erase_identity, holds_identity, revoke_packet
from .people import data_protection, supervisors
from .portions import Job

ENDED = [str(status) for status in (CaseStatus.CLOSED, CaseStatus.VOID, CaseStatus.MERGED)]
YEAR = timedelta(days=365)
# Only people can say when proceedings have ended, or what is best for a child: a date (`retain_until`) must be set.
BY_PEOPLE = (Profile.VOT, Profile.LAB, Profile.DET)


@dataclass(frozen=True)
class Rule:
    """`what` goes `after` this time, which counts from `since`; `how` it goes. `hold`: the column of the legal hold."""

    what: str
    after: timedelta
    since: str
    how: str
    rows: Callable[[datetime, timedelta], QuerySet[Any]]
    do: Callable[[Any, datetime], bool]
    source: str
    hold: str = ""

    def due(self, now: datetime) -> QuerySet[Any]:
        """What must go now."""
        rows = self.rows(now, self.after)
        return rows.exclude(**{self.hold: True}) if self.hold else rows

    @property
    def job(self) -> Job:
        return Job(f"retention, {self.what}", self.due, self.do)


# What is due ---------------------------------------------------------------------------------------------------------


def _typed(now: datetime, _after: timedelta) -> QuerySet[Draft]:
    return Draft.objects.filter(expires_at__lte=now)


def _abandoned(now: datetime, after: timedelta) -> QuerySet[Case]:
    """Opened and never touched again: nobody was asked, nothing was done, and no name or number was written down."""
    named = Person.objects.filter(case=OuterRef("pk")).exclude(phone_index="", name_index="")
    rows = Case.objects.filter(~Exists(named), status=CaseStatus.OPEN, erased_at=None, changed_at__lte=now - after)
    for model in (Consent, Screening, StepDone, Need, Note, ContactAttempt, Referral):
        rows = rows.filter(~Exists(model.objects.filter(case=OuterRef("pk"))))
    return rows


def _packets(now: datetime, after: timedelta) -> QuerySet[Packet]:
    late = ReferralEvent.objects.filter(referral=OuterRef("referral"), at__gt=now - after)
    ended = [str(status) for status in TERMINAL]
    return Packet.objects.filter(~Exists(late), revoked_at=None, referral__status__in=ended).select_related("referral")


def _codes(now: datetime, after: timedelta) -> QuerySet[FollowUpCode]:
    closed = Q(case__closed_at__lte=now - after, case__status__in=ENDED)
    return FollowUpCode.objects.filter(closed | Q(expires_at__lte=now))


def _counts(now: datetime, _after: timedelta) -> QuerySet[FollowUpCount]:
    return FollowUpCount.objects.filter(until__lte=now)


def _ended(now: datetime, after: timedelta) -> QuerySet[Case]:
    rows = Case.objects.filter(status__in=ENDED, erased_at=None)
    return rows.annotate(ended_at=Coalesce("closed_at", "changed_at")).filter(ended_at__lte=now - after)


def _by_people() -> Q:
    return Q(is_minor=True) | Q(profile__in=[str(profile) for profile in BY_PEOPLE])


def _identities(now: datetime, after: timedelta) -> QuerySet[Case]:
    """A date that was set comes before the rule; where people must decide, there is no rule but the date."""
    today = timezone.localdate(now)
    rule = Q(pk__in=_ended(now, after).values("pk"), retain_until=None) & ~_by_people()
    dated = Q(pk__in=_ended(now, timedelta()).values("pk"), retain_until__lt=today)
    return Case.objects.filter(holds_identity()).filter(rule | dated)


def _reviews(now: datetime, after: timedelta) -> QuerySet[Case]:
    return _ended(now, after).filter(_by_people(), retain_until=None)


def _resting(now: datetime, after: timedelta) -> QuerySet[Case]:
    """Cases in which nobody has changed anything for so long: the trail knows."""
    acts = (AuditKind.CHANGE, AuditKind.OVERRIDE)
    active = AuditEntry.objects.filter(case_id=OuterRef("pk"), at__gt=now - after, kind__in=acts)
    return Case.objects.filter(~Exists(active), erased_at=None, changed_at__lte=now - after)


def _quiet(now: datetime, after: timedelta) -> QuerySet[Case]:
    return _resting(now, after).filter(status__in=WORKED_ON)


def _contents(now: datetime, after: timedelta) -> QuerySet[Case]:
    """Nothing that is still under way, and nothing before its date."""
    under_way = Referral.objects.filter(case=OuterRef("pk"), status__in=OPEN_STATES)
    kept = Q(retain_until__gte=timezone.localdate(now)) | (_by_people() & Q(retain_until=None))
    return _resting(now, after).filter(~Exists(under_way)).exclude(kept)


def _answers(now: datetime, after: timedelta) -> QuerySet[Answered]:
    return Answered.objects.filter(at__lte=now - after)


def _mails(now: datetime, after: timedelta) -> QuerySet[Effect]:
    return Effect.objects.filter(Q(done_at__lte=now - after) | Q(given_up_at__lte=now - after))


# How it goes ---------------------------------------------------------------------------------------------------------


def _delete(row: Any, _now: datetime) -> bool:
    row.delete()
    return True


def _ask_officer(case: Case, now: datetime) -> bool:
    """Once a year: may this identity go? The officer answers by setting a date."""
    years = (now - (case.closed_at or case.changed_at)) // YEAR
    officers = data_protection(case.partner_id)
    mark = f"retention:{case.pk}:{years}"
    whose = (case.partner_id, officers[0] if officers else None)
    if not ask(TaskKind.REVIEW, mark, whose=whose, about=case, due_at=now):
        return False
    outbox.tell(officers, mark)
    return True


def _announce(case: Case, now: datetime) -> bool:
    """The supervisors hear of an open case before its content goes: they close it, or work on it."""
    mark = f"resting:{case.pk}:{case.version}"
    if not ask(TaskKind.DECIDE, mark, whose=(case.partner_id, None), about=case, due_at=now):
        return False
    outbox.tell(supervisors(case.partner_id, case.team_id), mark)
    return True


RULES: tuple[Rule, ...] = (
    Rule("forms half filled in", timedelta(), "their end", "deleted", _typed, _delete, "trust P7: 72 h"),
    Rule("cases begun and left", timedelta(days=14), "the last change", "erased", _abandoned, erase_case, "d.4", "legal_hold"),
    Rule(
        "packets", timedelta(days=90), "the end of the referral", "revoked: the receiver reads them no more",
        _packets, revoke_packet, "d.4", "referral__case__legal_hold",
    ),
    Rule("follow-up codes", timedelta(days=90), "closure, or their end", "deleted", _codes, _delete, "d.4, b.3"),
    Rule("counts of tries with them", timedelta(), "their end, an hour at most", "deleted", _counts, _delete, "trust P7"),
    Rule(
        "identities", YEAR, "closure, or the date that was set", "tiers 3 and 4, files, blind indexes emptied",
        _identities, erase_identity, "d.4", "legal_hold",
    ),
    Rule(
        "identities to decide on", YEAR, "closure, of children, victims of trafficking and proceedings",
        "the data-protection officer is asked each year", _reviews, _ask_officer, "d.4", "legal_hold",
    ),
    Rule(
        "open cases that rest", timedelta(days=1036), "the last activity", "the supervisors are told, 60 days before",
        _quiet, _announce, "d.4", "legal_hold",
    ),
    Rule(
        "contents of cases", timedelta(days=1096), "the last activity", "keys destroyed, every sealed column emptied",
        _contents, erase_case, "d.4 (CLA: 3 years)", "legal_hold",
    ),
    Rule(
        "requests about data", YEAR, "the answer", "words emptied; that it was answered stays", answered_requests,
        empty_words, "trust P8; the time is our design", "case__legal_hold",
    ),
    Rule(
        "complaints", timedelta(days=1096), "the answer", "words emptied; that it was answered stays", answered_complaints,
        empty_words, "d.4: as the contents of cases", "case__legal_hold",
    ),
    Rule("answers to repeated requests", timedelta(days=30), "the request", "deleted", _answers, _delete, "trust R4"),
    Rule("mails", timedelta(days=14), "sending or giving up", "deleted", _mails, _delete, "trust P7"),
)  # fmt: skip
JOBS = tuple(rule.job for rule in RULES)


def held(now: datetime | None = None) -> QuerySet[Case]:
    """The cases of which something would go now if no legal hold kept it: the list for the data-protection officer."""
    now = now or timezone.now()
    found = Q()
    for rule in RULES:
        if rule.hold == "legal_hold":
            found |= Q(pk__in=rule.rows(now, rule.after).values("pk"))
    return Case.objects.filter(found, legal_hold=True).order_by("pk")
