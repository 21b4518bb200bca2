"""Sets how urgent and how dangerous a case is, keeps the screening, and which procedure leads it from now on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from referral.access import Member
from referral.attempts import action
from referral.models import Case, Screening
from referral.reading.progress import refresh_tasks
from referral.reading.versions import begin_with
from referral.refusals import WrongField
from referral.words.choices import Profile, Risk, Urgency
from referral.words.person_choices import Screen, ScreenAnswer

from .answers import read_dates
from .case_desk import (
    box_of,
    for_writing,
    keep_reason,
    needed_text,
    one_of,
    save,
    write_trail,
)


@action("case.triage")
def triage(case: Case, *, by: Member, version: int, urgency: str, risk: str) -> Case:
    """Set how urgent and how dangerous it is: two things apart. Time limits that depend on the urgency move."""
    held = for_writing(case, by, version)
    return _triaged(held, by, urgency, risk, "case.triage")


@action("case.screen")
def screen(  # noqa: PLR0913  (urgency and risk are found while the questions are put)
    case: Case, *, by: Member, version: int, answers: Mapping[str, str], urgency: str, risk: str
) -> Case:
    """Keep the answers to screening questions with the urgency and risk that were found. A sign of a child makes it one.

    Raises WrongField for a question or an answer that is in no list, and for no answer at all.
    """
    held = for_writing(case, by, version)
    if not answers:
        raise WrongField("answers")
    found = {one_of("answers", name, Screen): one_of("answers", said, ScreenAnswer) for name, said in answers.items()}
    row = Screening(case=held, made_by_id=by.user_id, answered=sorted(found), urgency=urgency, risk=risk)
    row.seal(box_of(held), answers=found)
    held.is_minor = held.is_minor or found.get(Screen.CHILD) == ScreenAnswer.YES
    one_of("urgency", urgency, Urgency)
    one_of("risk", risk, Risk)
    row.save()
    return _triaged(held, by, urgency, risk, "case.screen")


def _triaged(case: Case, by: Member, urgency: str, risk: str, what: str) -> Case:
    case.urgency, case.risk = one_of("urgency", urgency, Urgency), one_of("risk", risk, Risk)
    save(case)
    refresh_tasks(case, box_of(case), timezone.now())
    write_trail(case, what, by, ("urgency", "risk"))
    return case


@action("case.change_profile")
def change_profile(case: Case, *, by: Member, version: int, profile: str, reason: str) -> Case:
    """Lead the case by another procedure from now on; what was done by the first one is kept, and so is its version.

    A new one begins in the version in force, one that led the case before goes on in its own. Raises WrongField.
    """
    held = for_writing(case, by, version)
    if one_of("profile", profile, Profile) == held.profile:
        raise WrongField("profile")
    keep_reason(held, "change_profile", by, needed_text("reason", reason))
    begin_with(held, profile)
    held.is_minor = held.is_minor or profile == Profile.UASC
    save(held)
    refresh_tasks(held, box_of(held), timezone.now())
    write_trail(held, "case.change_profile", by, ("profile", "other_profiles", "other_procedures", "procedure_version"))
    return held


@action("case.note_dates")
def note_dates(case: Case, *, by: Member, version: int, dates: Mapping[str, Any]) -> Case:
    """Note moments that time limits count from, before their step is done: hours since an assault, the hour of detention."""
    held = for_writing(case, by, version)
    put_dates(held, dates)
    save(held)
    refresh_tasks(held, box_of(held), timezone.now())
    write_trail(held, "case.note_dates", by, dates)
    return held


def put_dates(case: Case, dates: Mapping[str, Any]) -> None:
    """Seal these moments beside those that are known. WrongField for one that the procedure does not ask. Does not save."""
    box = box_of(case)
    known = case.opened(box, ["dates"])["dates"] or {}
    case.seal(box, dates=known | read_dates(case, dates) or None)
