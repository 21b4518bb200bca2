"""Records what the person agreed to and refused, takes it back, and lets a supervisor answer for a share without consent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from referral import rules
from referral.access import Member
from referral.attempts import action
from referral.models import (
    AuditKind,
    Case,
    Consent,
    FollowUpCode,
    Grant,
    Partner,
    Representative,
    TaskKind,
)
from referral.permissions import NotFound, cases_for, kind_at_case, may_write, supervises
from referral.reading.case_checks import asylum_possible
from referral.reading.versions import procedure_of
from referral.referring.referrals import withdraw_for_grants
from referral.refusals import GuardRefused, WrongField
from referral.states.case_states import CaseGuard
from referral.states.clock import add_hours
from referral.states.machine import NotYours
from referral.words.choices import ContactChannel
from referral.words.consent_choices import (
    REFUSED_INTERPRETERS,
    SHAREABLE,
    ConsentGiver,
    ConsentMethod,
    InterpreterKind,
    LegalBasis,
    Purpose,
)
from services.models import Service
from services.taxonomy import SPOKEN, ProviderKind

from .case_desk import (
    DeskGuard,
    box_of,
    for_writing,
    locked,
    make_task,
    needed_text,
    one_of,
    supervisors_of,
    tell,
    write_trail,
)

NO_CONSULATE = "no_consulate_if_asylum"  # the common rule that is shown
INFORM_WITHIN = 24  # hours, by the wall clock: after a share without consent the person is told (scenario 5)


@dataclass(frozen=True)
class Asked:
    """One question and its answer. A referral names a service and categories of data, a transfer names a partner."""

    purpose: str
    given: bool
    service: Service | None = None
    partner: Partner | None = None
    categories: Collection[str] = ()


@dataclass(frozen=True)
class Conversation:
    """How consent was asked for: by whom it was given, in which language and with whose help, which text was read."""

    language: str
    interpreter: str
    method: str
    script_version: str
    read_back: bool = False
    given_by: str = ConsentGiver.PERSON
    representative: Representative | None = None
    child_assent: bool | None = None
    expires_at: datetime | None = None
    words: str = ""


@action("consent.record")
def record_consent(case: Case, *, by: Member, how: Conversation, asked: Sequence[Asked]) -> Consent:
    """Keep every answer, yes and no. A “no” to what was agreed before takes that back, with its shares.

    GuardRefused for an interpreter who must not interpret, a representative who does not count, a child who was not heard,
    a recipient that the procedure rules out. A child who says no: it is kept, counts for nothing, and a supervisor is asked.
    """
    _check_may_write(case, by)
    refused = {_subject(one) for one in asked if not one.given}
    _take_back([grant for grant in _live_grants(case) if _subject(grant) in refused])  # its locks come first
    held = for_writing(case, by)
    _check_conversation(held, how)
    if not asked or len({_subject(one) for one in asked}) != len(asked):
        raise WrongField("asked")
    for one in asked:
        _check_question(held, one)
    consent = Consent(
        case=held, given_by=how.given_by, representative=how.representative, child_assent=how.child_assent,
        language=how.language, interpreter=how.interpreter, method=how.method, script_version=how.script_version,
        read_back=how.read_back, expires_at=how.expires_at, asked_by_id=by.user_id,
    )  # fmt: skip
    consent.seal(box_of(held), words=needed_text("words", how.words) if how.words.strip() else None)
    consent.save(force_insert=True)
    for one in asked:
        chosen = [str(category) for category in SHAREABLE if category in one.categories]
        given = {"purpose": one.purpose, "service": one.service, "partner": one.partner, "given": one.given}
        Grant.objects.create(consent=consent, categories=chosen, **given)
    if how.child_assent is False and any(one.given for one in asked):
        make_task(held, TaskKind.DECIDE, f"dissent:{consent.pk}", owner_id=None)
        tell(supervisors_of(held), f"dissent:{consent.pk}", by)
    write_trail(held, "consent.record", by, sorted({str(one.purpose) for one in asked}))
    return consent


def _check_conversation(case: Case, how: Conversation) -> None:
    if one_of("interpreter", how.interpreter, InterpreterKind) in REFUSED_INTERPRETERS:
        raise GuardRefused(DeskGuard.SAFE_INTERPRETER)
    one_of("method", how.method, ConsentMethod)
    needed_text("script_version", how.script_version, 20)
    if how.language not in dict(SPOKEN):
        raise WrongField("language")
    if how.expires_at is not None and how.expires_at <= timezone.now():
        raise WrongField("expires_at")
    if one_of("given_by", how.given_by, ConsentGiver) == ConsentGiver.REPRESENTATIVE:
        found = how.representative
        if found is None or found.case_id != case.pk or not found.counts:
            raise GuardRefused(DeskGuard.REPRESENTATIVE_COUNTS)
        if case.is_minor and how.child_assent is None:
            raise GuardRefused(DeskGuard.CHILD_HEARD)
    elif how.representative is not None:
        raise WrongField("representative")


def _check_question(case: Case, one: Asked) -> None:
    purpose = one_of("purpose", one.purpose, Purpose)
    if (one.service is not None) != (purpose == Purpose.REFERRAL):
        raise WrongField("service")
    if (one.partner is not None) != (purpose == Purpose.TRANSFER):
        raise WrongField("partner")
    if not set(one.categories) <= set(SHAREABLE) or (purpose != Purpose.REFERRAL and one.categories):
        raise WrongField("categories")
    if one.given and one.service is not None:
        if not one.categories:
            raise WrongField("categories")
        _check_recipient(case, one.service)


def _check_recipient(case: Case, service: Service) -> None:
    """GuardRefused, with the text of the rule, for a kind of recipient that the procedure rules out."""
    broken = rules.judge(rules.Facts(case, service, frozenset())).broken
    because = [str(rule.wording) for rule in broken if rule.check == "recipient_kind_not"]
    if service.organisation.kind == ProviderKind.CONSULATE and asylum_possible(case, box_of(case)):
        because.append(str(procedure_of(case).rules[NO_CONSULATE].wording))
    if because:
        raise GuardRefused(DeskGuard.RECIPIENT_ALLOWED, because)


def _subject(one: Asked | Grant) -> tuple[str, int | None, object]:
    """What a question is about: an answer undoes earlier answers about the same."""
    return str(one.purpose), one.service.pk if one.service else None, one.partner.pk if one.partner else None


def _live_grants(case: Case) -> list[Grant]:
    rows = Grant.objects.filter(consent__case=case, given=True, withdrawn_at=None, consent__withdrawn_at=None)
    return list(rows.select_related("consent__representative", "service", "partner"))


@action("consent.withdraw")
def withdraw_consent(
    consent: Consent, *, by: Member, through: str = ContactChannel.IN_PERSON, grants: Collection[Grant] = ()
) -> Consent:
    """Take back everything that was agreed in this conversation, or only these grants, in any state of the case.

    In the same transaction the shares that rested on it end: referrals are withdrawn, packets can no longer be read;
    for following online the codes end. Never refused for an older version: what the person says counts at once.
    """
    case = consent.case
    _check_may_write(case, by)
    row = Consent.objects.select_for_update().get(pk=consent.pk)
    now = timezone.now()
    row.withdrawn_through = one_of("through", through, ContactChannel)
    if grants:
        wanted = list(row.grants.filter(pk__in=[grant.pk for grant in grants]))
    else:
        wanted, row.withdrawn_at = list(row.grants.all()), row.withdrawn_at or now
    row.save(update_fields=["withdrawn_at", "withdrawn_through"])
    _take_back(wanted)
    held = locked(case)
    Case.objects.filter(pk=held.pk).update(version=held.version + 1, changed_at=now)
    write_trail(held, "consent.withdraw", by, sorted({grant.purpose for grant in wanted}))
    return row


def _check_may_write(case: Case, by: Member) -> None:
    if not cases_for(by).filter(pk=case.pk).exists():
        raise NotFound(case.code)
    if not may_write(by, case):
        raise NotYours("consent", kind_at_case(by, case))


def _take_back(grants: Sequence[Grant]) -> None:
    """Mark these grants as taken back, and end what rests on them. Before the case is locked."""
    now = timezone.now()
    given = [grant for grant in grants if grant.given]
    Grant.objects.filter(pk__in=[grant.pk for grant in given], withdrawn_at=None).update(withdrawn_at=now)
    cases = {grant.consent.case_id for grant in given if grant.purpose == Purpose.ONLINE_FOLLOW_UP}
    FollowUpCode.objects.filter(case__in=cases, disabled_at=None).update(disabled_at=now)
    withdraw_for_grants(given)  # all at once: its locks have one order, after the codes


@action("consent.override")
def override(  # noqa: PLR0913  (the fields of its form)
    case: Case, *, by: Member, service: Service, categories: Collection[str], legal_basis: str, reason: str
) -> Grant:
    """Answer, as a supervisor, for sharing these categories with this service without consent: a basis and a reason.

    Somebody else sends. Within 24 hours, by the wall clock, the person is told and their wishes are recorded: a task. A
    best-interest decision is for a child only; consent itself is no basis here.
    """
    held = for_writing(case, by)
    if not supervises(by, held):
        raise NotYours("override", kind_at_case(by, held))
    if one_of("legal_basis", legal_basis, LegalBasis) == LegalBasis.CONSENT:
        raise GuardRefused(DeskGuard.WITHOUT_CONSENT)
    if legal_basis == LegalBasis.BEST_INTEREST_DECISION and not held.is_minor:
        raise GuardRefused(DeskGuard.A_CHILD)
    if not reason.strip():
        raise GuardRefused(CaseGuard.REASON_GIVEN)
    if not categories or not set(categories) <= set(SHAREABLE):
        raise WrongField("categories")
    _check_recipient(held, service)
    consent = Consent(
        case=held, language="", interpreter=InterpreterKind.NOT_NEEDED, method="", script_version="",
        legal_basis=legal_basis, approved_by_id=by.user_id, asked_by_id=by.user_id,
    )  # fmt: skip
    consent.seal(box_of(held), words=needed_text("reason", reason))
    consent.save(force_insert=True)
    chosen = [str(category) for category in SHAREABLE if category in categories]
    grant = Grant.objects.create(
        consent=consent, purpose=Purpose.REFERRAL, service=service, categories=chosen, given=True
    )
    make_task(held, TaskKind.INFORM, f"inform:{consent.pk}", due_at=add_hours(consent.given_at, INFORM_WITHIN))
    write_trail(held, "consent.override", by, [legal_basis, *chosen], kind=AuditKind.OVERRIDE)
    return grant
