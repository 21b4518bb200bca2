"""Writes about the person: who it is, notes, attempts to reach them, who stands for a child. Finds the same person again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from referral.access import Member
from referral.attempts import action
from referral.encryption import Box
from referral.models import AuditKind, Case, ContactAttempt, Note, Partner, Person, Representative, TaskKind
from referral.permissions import cases_for, kind_at_case, supervises
from referral.reading.person_values import checked
from referral.reading.versions import procedure_of
from referral.refusals import GuardRefused, WrongField
from referral.safety import audit
from referral.safety.keys import blind_index
from referral.states.case_states import CaseGuard
from referral.states.machine import NotYours
from referral.tiers import most_tier
from referral.words.choices import ContactChannel, Profile
from referral.words.consent_choices import RepresentativeKind
from referral.words.person_choices import is_child

from .case_desk import (
    WRITABLE,
    DeskGuard,
    box_of,
    for_writing,
    keep_reason,
    make_task,
    needed_text,
    one_of,
    save,
    supervisors_of,
    tell,
    write_trail,
)

INDEXED = ("phone", "given_name", "family_name")
AGE = ("age_band", "birth_date")


@action("person.update")
def update_person(case: Case, *, by: Member, version: int, values: Mapping[str, Any]) -> Case:
    """Write these columns of the person; what is not named stays, what is empty is emptied.

    WrongField for a value that does not fit, and for a column that this member may not read.
    """
    held = for_writing(case, by, version)
    row = Person.objects.select_for_update().get(case=held)
    put_person(row, held, box_of(held), values, most=most_tier(by, held))
    row.save()
    save(held)
    flag_doubles(held, row, by)
    write_trail(held, "person.update", by, values)
    return held


def put_person(row: Person, case: Case, box: Box, values: Mapping[str, Any], *, most: int) -> Person:
    """Seal these values, renew the indexes of name and number, and say on the case whether it is a child's. Saves nothing."""
    found = checked(values, Person.sealed_names(most))
    row.seal(box, **found)
    if set(INDEXED) & set(found):
        put_indexes(row, case.partner, box)
    if set(AGE) & set(found) or case.profile == Profile.UASC:
        known = row.opened(box, AGE)
        born = date.fromisoformat(known["birth_date"]) if known["birth_date"] else None
        of_age = born is not None and not is_child("", born, timezone.localdate())
        child = is_child(known["age_band"] or "", born, timezone.localdate())
        case.is_minor = child or (case.profile == Profile.UASC and not of_age)
    return row


def put_indexes(row: Person, partner: Partner, box: Box) -> None:
    """Index name and number anew, with the secret of this partner. Does not save."""
    known = {name: value or "" for name, value in row.opened(box, INDEXED).items()}
    row.phone_index = blind_index(partner, "phone", known["phone"])
    row.name_index = blind_index(partner, "name", _full_name(known["given_name"], known["family_name"]))


def _full_name(given: str, family: str) -> str:
    """Both parts or nothing: half a name is half of the country's."""
    return f"{given} {family}" if given and family else ""


@action("person.same")
def same_person(*, by: Member, given_name: str = "", family_name: str = "", phone: str = "") -> list[Case]:
    """The cases of this partner that this member may read, with exactly this name (either part first) or this number.

    What somebody may not read is not found. The search itself is in the trail, without what was searched.
    """
    names = {_full_name(given_name, family_name), _full_name(family_name, given_name)} - {""}
    indexes = {blind_index(by.partner, "name", name) for name in names} - {""}
    number = blind_index(by.partner, "phone", phone)
    wanted = Q(person__name_index__in=indexes)
    if number:
        wanted |= Q(person__phone_index=number)
    found = list(cases_for(by).filter(wanted).order_by("-opened_at")) if indexes or number else []
    fields = [name for name, used in (("name", names), ("phone", number)) if used]
    audit.record(AuditKind.SEARCH, "person.same", by=by.by, fields=fields, rows=len(found))
    return found


def flag_doubles(case: Case, row: Person, by: Member) -> None:
    """If the partner has another live case with this name or number, ask the supervisors, once a case: who works on this
    one may not be allowed to know of the other. A restricted case is never hinted at."""
    same = Q(person__name_index=row.name_index) & ~Q(person__name_index="")
    same |= Q(person__phone_index=row.phone_index) & ~Q(person__phone_index="")
    live = Case.objects.filter(partner=case.partner, is_restricted=False, status__in=WRITABLE).exclude(pk=case.pk)
    mark = f"double:{case.pk}"
    if live.filter(same).exists():
        make_task(case, TaskKind.DECIDE, mark, owner_id=None)
        tell(supervisors_of(case), mark, by)


@action("note.add")
def add_note(case: Case, *, by: Member, words: str) -> Note:
    """Write a note. Nothing changes or deletes it; a correction is a new one."""
    held = for_writing(case, by)
    note = Note(case=held, written_by_id=by.user_id)
    note.seal(box_of(held), words=needed_text("words", words))
    note.save(force_insert=True)
    write_trail(held, "note.add", by)
    return note


@action("contact.attempt")
def record_attempt(case: Case, *, by: Member, channel: str, reached: bool, words: str = "") -> ContactAttempt:
    """Record an attempt to reach the person. GuardRefused for a way that the procedure or the person has ruled out."""
    held = for_writing(case, by)
    box = box_of(held)
    if not _may_use(one_of("channel", channel, ContactChannel), held, box):
        raise GuardRefused(DeskGuard.SAFE_CHANNEL)
    attempt = ContactAttempt(case=held, channel=channel, tried_by_id=by.user_id, reached=reached)
    attempt.seal(box, words=needed_text("words", words) if words.strip() else None)
    attempt.save(force_insert=True)
    write_trail(held, "contact.attempt", by)
    return attempt


def _may_use(channel: str, case: Case, box: Box) -> bool:
    """Meeting is always possible; else no rule of any step of the procedure forbids it, and the person has named it, if
    they have named any."""
    if channel == ContactChannel.IN_PERSON:
        return True
    procedure = procedure_of(case)
    named = {key for step in procedure.steps for key in (*step.must, *step.must_not)}
    rules = [procedure.rules[key] for key in (*procedure.general, *named)]
    if any(rule.check == "channel_not" and channel in rule.args for rule in rules):
        return False
    safe = Person.objects.get(case=case).opened(box, ["safe_contact"])["safe_contact"] or {}
    return not safe.get("channels") or channel in safe["channels"]


@action("representative.add")
def add_representative(  # noqa: PLR0913  (what is known of who stands for a child)
    case: Case, *, by: Member, version: int, kind: str, name: str = "", contact: str = "", document: str = "",
    in_conflict: bool = False,
) -> Representative:  # fmt: skip
    """Note who stands for a child, or that nobody is known. Their consent counts only once somebody has verified them."""
    held = for_writing(case, by, version)
    row = Representative(case=held, kind=one_of("kind", kind, RepresentativeKind), in_conflict=in_conflict)
    given = {"name": name, "contact": contact, "document": document}
    row.seal(box_of(held), **{key: needed_text(key, text, 500) for key, text in given.items() if text.strip()})
    row.save(force_insert=True)
    save(held)
    write_trail(held, "representative.add", by, ("kind", *given))
    return row


@action("representative.verify")
def verify_representative(representative: Representative, *, by: Member, version: int) -> Representative:
    """Say that papers or the court confirm this representative. WrongField where none is known."""
    held = for_writing(representative.case, by, version)
    row = Representative.objects.select_for_update().get(pk=representative.pk, case=held)
    if row.kind == RepresentativeKind.NONE_KNOWN:
        raise WrongField("kind")
    row.verified_by_id, row.verified_at = by.user_id, timezone.now()
    row.save()
    save(held)
    write_trail(held, "representative.verify", by, ("verified_by",))
    return row


@action("representative.conflict")
def flag_conflict(
    representative: Representative, *, by: Member, version: int, in_conflict: bool = True
) -> Representative:
    """Say that this representative has a conflict of interest (or none): their consent does not count from this moment."""
    held = for_writing(representative.case, by, version)
    row = Representative.objects.select_for_update().get(pk=representative.pk, case=held)
    row.in_conflict = in_conflict
    row.save()
    save(held)
    write_trail(held, "representative.conflict", by, ("in_conflict",))
    return row


@action("case.best_interest")
def decide_best_interest(case: Case, *, by: Member, version: int, words: str) -> Case:
    """Keep the best-interest decision for a child, with its reasons. A supervisor's; GuardRefused if it is no child."""
    held = for_writing(case, by, version)
    if not supervises(by, held):
        raise NotYours("best_interest", kind_at_case(by, held))
    if not held.is_minor:
        raise GuardRefused(DeskGuard.A_CHILD)
    if not words.strip():
        raise GuardRefused(CaseGuard.REASON_GIVEN)
    text = needed_text("words", words)
    held.seal(box_of(held), best_interest=text)
    keep_reason(held, "best_interest", by, text)
    save(held)
    write_trail(held, "case.best_interest", by, ("best_interest",))
    return held
