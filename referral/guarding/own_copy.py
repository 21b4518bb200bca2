"""A person's copy of their own data (law 09-08, art. 7), without what is of others and without what keeps somebody safe.

What is left out, and why, is written in the copy itself (WITHHELD). Names of staff stand as their role. Notes are free text
about anybody: the officer reads them and ticks those that may be given. Screen, print and JSON come from this one structure.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from referral.access import Member
from referral.actions.case_desk import box_of
from referral.encryption import Box
from referral.models import (
    AccessGrant,
    Attachment,
    AuditEntry,
    AuditKind,
    Case,
    Consent,
    ContactAttempt,
    Need,
    Note,
    Packet,
    Partner,
    Person,
    Referral,
    Representative,
    Screening,
    StepDone,
)
from referral.reading.versions import procedure_in
from referral.refusals import GuardRefused
from referral.safety import audit
from referral.safety.isolation import as_system
from referral.states.case_states import CaseStatus
from referral.tiers import most_tier
from referral.words.choices import ContactChannel
from referral.words.consent_choices import ConsentStatus, DataCategory
from referral.words.person_choices import AgeBand, InterpreterNeed, Screen, ScreenAnswer, Sex
from referral.words.request_choices import Ground, RequestKind
from services.taxonomy import SPOKEN

from .data_requests import RequestGuard, get_request_for

TIER = 4  # of one's own data nothing is too delicate; who prepares the copy was let in by somebody else
# Of the person's row: everything but the word that proves a caller, for a copy lies about where others live.
GIVEN = tuple(name for name in Person.sealed_names() if name != "code_word")
TYPED = ("text",)  # answers of a procedure that are free text may name others
SHOWN_AS = {"age_band": AgeBand, "sex": Sex, "interpreter": InterpreterNeed}


@dataclass(frozen=True)
class Line:
    """One thing that is known: a stable key, its label, the value as it is read."""

    key: str
    label: str
    value: str


@dataclass(frozen=True)
class Part:
    """Lines that belong together."""

    key: str
    title: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class OwnCopy:
    """The whole copy."""

    code: str
    partner: str
    made_on: str
    parts: list[Part]
    withheld: list[str]

    def as_json(self) -> dict[str, Any]:
        """The same for machines."""
        return asdict(self)


def withheld() -> list[str]:
    """What is not in a copy, and why: one sentence each."""
    return [
        _("Names of people who work here: their role stands instead, for their safety."),
        _("Name and contact of a representative, and what others said: these are the data of other people."),
        _("The code word by which you are recognised on the telephone: a copy may be read by others."),
        _("Free text that may name other people: notes and answers that were not ticked after reading."),
        _("Who opened the case: the organisations are named, not the people."),
    ]


def notes_of(member: Member, request_id: uuid.UUID) -> list[tuple[Note, str]]:
    """The notes of the case, opened for the officer who chooses those that may be given. Reading them is in the trail."""
    with as_system():
        case = _case(member, request_id)
        box = box_of(case)
        found = [(row, str(row.opened(box)["words"] or "")) for row in Note.objects.filter(case=case)]
        audit.record(AuditKind.READ, "request.notes", by=member.by, case_id=case.pk, rows=len(found))
    return found


def prepare(member: Member, request_id: uuid.UUID, notes: Collection[uuid.UUID] = ()) -> OwnCopy:
    """The copy, for the officer who was let in because of this request. NotFound, GuardRefused. An export in the trail."""
    with as_system():
        case = _case(member, request_id)
        box = box_of(case)
        parts = [part for part in _parts(case, box, notes) if part.lines]
        names = sorted(part.key for part in parts)
        lines = sum(len(part.lines) for part in parts)
        audit.record(AuditKind.EXPORT, "request.copy", by=member.by, case_id=case.pk, fields=names, rows=lines)
    return OwnCopy(case.code, case.partner.name, _day(timezone.now()), parts, withheld())


def may_prepare(member: Member, case: Case) -> bool:
    """Whether the officer was let in because of such a request: emergency access, or a case of one's own, is not that."""
    now = timezone.now()
    asked = AccessGrant.objects.filter(case=case, user=member.user_id, ground=Ground.DATA_REQUEST)
    let_in = asked.filter(approved_at__lte=now, until__gt=now).exists()
    return let_in and case.erased_at is None and most_tier(member, case) >= TIER


def _case(member: Member, request_id: uuid.UUID) -> Case:
    request = get_request_for(member, request_id)
    if request.case is None or request.kind != RequestKind.ACCESS:
        raise GuardRefused(RequestGuard.CASE_FOUND)
    case = Case.objects.select_related("partner").get(pk=request.case.pk)
    if case.partner_id != member.partner.pk or not may_prepare(member, case):
        raise GuardRefused(RequestGuard.LET_IN)
    return case


def _parts(case: Case, box: Box, notes: Collection[uuid.UUID]) -> Iterator[Part]:
    yield Part("case", _("Your case"), [
        Line("opened_on", _("Opened on"), _day(case.opened_at)),
        Line("status", _("Status"), str(CaseStatus(case.status).label)),
        Line("profile", _("Procedure"), str(case.get_profile_display())),
        Line("urgency", _("Urgency"), str(case.get_urgency_display())),
        Line("risk", _("Risk"), str(case.get_risk_display())),
    ])  # fmt: skip
    yield Part("person", _("What you told us about yourself"), list(_person(case, box)))
    yield Part("representative", _("Who represents you"), [
        Line("kind", str(row.get_kind_display()), _("Verified") if row.verified_at else _("Not verified"))
        for row in Representative.objects.filter(case=case)
    ])  # fmt: skip
    yield Part("consents", _("What you agreed to, and what you refused"), list(_consents(case)))
    yield Part("screenings", _("Questions about danger"), list(_screenings(case, box)))
    yield Part("needs", _("Needs and plan"), list(_needs(case, box)))
    yield Part("steps", _("Steps that were done"), list(_steps(case, box)))
    yield Part("contacts", _("Attempts to reach you"), [
        Line("contact", _day(row.tried_at), f"{ContactChannel(row.channel).label}: {_('reached') if row.reached else _('not reached')}")
        for row in ContactAttempt.objects.filter(case=case).order_by("tried_at")
    ])  # fmt: skip
    yield Part("notes", _("Notes"), [
        Line("note", _day(row.written_at), str(row.opened(box)["words"] or ""))
        for row in Note.objects.filter(case=case, pk__in=list(notes))
    ])  # fmt: skip
    yield Part("referrals", _("To whom your data were given"), list(_referrals(case)))
    yield Part("files", _("Files"), [
        Line("file", _day(row.added_at), str(row.opened(box)["name"] or ""))
        for row in Attachment.objects.filter(case=case).order_by("added_at")
    ])  # fmt: skip
    yield Part("readers", _("Organisations that opened your case"), list(_readers(case)))


def _person(case: Case, box: Box) -> Iterator[Line]:
    labels = person_labels()
    row = Person.objects.get(case=case)
    for name, value in row.opened(box, GIVEN).items():
        if value not in (None, "", [], {}):
            yield Line(name, labels[name], _read_out(name, value))


def _listed(parts: Iterable[str]) -> str:
    return pgettext("between the items of a list", ", ").join(parts)


def _read_out(name: str, value: Any) -> str:
    if name == "languages":
        spoken = dict(SPOKEN)
        return _listed(str(spoken.get(code, code)) for code in value)
    if name == "safe_contact":
        ways = [str(ContactChannel(way).label) for way in value.get("channels", [])]
        return "; ".join([*ways, *(str(value[key]) for key in ("number", "hours", "words") if value.get(key))])
    if name in SHOWN_AS:
        return str(SHOWN_AS[name](value).label)
    return str(value)


def person_labels() -> dict[str, str]:
    """The label of each column of a person."""
    return {
        "alias": _("Name you want to be called by"), "age_band": _("Age group"), "sex": _("Sex"),
        "languages": _("Languages"), "interpreter": _("Interpreter"), "special_needs": _("Accessibility needs"),
        "safe_contact": _("Safe contact"), "given_name": _("Given name"), "family_name": _("Family name"),
        "birth_date": _("Date of birth"), "nationality": _("Nationality"), "phone": _("Phone"),
        "commune": _("Commune"), "address": _("Address"), "status_declared": _("Status in the country"),
        "health": _("Health"),
    }  # fmt: skip


def _consents(case: Case) -> Iterator[Line]:
    rows = Consent.objects.filter(case=case).prefetch_related("grants__service", "grants__partner").order_by("given_at")
    for row in rows:
        for grant in row.grants.all():
            to = grant.service or grant.partner or ""
            what = _listed(str(DataCategory(one).label) for one in grant.categories)
            said = ConsentStatus.GIVEN if grant.given else ConsentStatus.REFUSED
            if grant.given and (row.withdrawn_at or grant.withdrawn_at):
                said = ConsentStatus.WITHDRAWN
            told = " · ".join(
                part for part in (str(grant.get_purpose_display()), str(to), what, str(said.label)) if part
            )
            yield Line("consent", _day(row.given_at), told)


def _screenings(case: Case, box: Box) -> Iterator[Line]:
    for row in Screening.objects.filter(case=case):
        for key, value in (row.opened(box)["answers"] or {}).items():
            if key in Screen.values and value in ScreenAnswer.values:
                yield Line(key, f"{_day(row.made_at)} · {Screen(key).label}", str(ScreenAnswer(value).label))


def _needs(case: Case, box: Box) -> Iterator[Line]:
    for row in Need.objects.filter(case=case):
        found = row.opened(box)
        told = " · ".join(str(found[name]) for name in ("words", "goal") if found[name])
        yield Line("need", str(row.get_service_type_display()), told or _("Recorded"))


def _steps(case: Case, box: Box) -> Iterator[Line]:
    """Each step with its answers, but for free text."""
    for row in StepDone.objects.filter(case=case).select_related("procedure"):
        procedure = procedure_in(row.procedure)
        title = next((str(step.title) for step in procedure.steps if step.key == row.step), row.step)
        answers = {key: value for part in row.opened(box).values() for key, value in (part or {}).items()}
        told = []
        for key, value in answers.items():
            known = procedure.fields.get(key)
            if known is None or known.kind in TYPED:
                continue
            told.append(f"{known.label}: {_choice(known.choices, value)}")
        yield Line(row.step, f"{_day(row.done_at)} · {title}", " · ".join(told) or _("Done"))


def _choice(choices: Any, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    labels = {key: str(label) for key, label in choices}
    return _listed(labels.get(one, str(one)) for one in (value if isinstance(value, list) else [value]))


def _referrals(case: Case) -> Iterator[Line]:
    sent = Referral.objects.filter(case=case, sent_at__isnull=False).select_related("service").order_by("sent_at")
    shared: dict[Any, set[str]] = {}
    for packet in Packet.objects.filter(referral__case=case):
        shared.setdefault(packet.referral_id, set()).update(packet.categories)
    for row in sent:
        what = _listed(str(one.label) for one in DataCategory if str(one) in shared.get(row.pk, set()))
        told = " · ".join(part for part in (str(row.get_status_display()), what) if part)
        yield Line("referral", f"{_day(row.sent_at)} · {row.service}", told)


def _readers(case: Case) -> Iterator[Line]:
    rows = AuditEntry.objects.filter(case_id=case.pk, kind=AuditKind.READ).values_list("partner_id", flat=True)
    for partner in Partner.objects.filter(pk__in={pk for pk in rows if pk}):
        yield Line("organisation", partner.name, _("Opened it"))


def _day(at: Any) -> str:
    return str(date_format(timezone.localtime(at).date(), "j F Y")) if at else ""
