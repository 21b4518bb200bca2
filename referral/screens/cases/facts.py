"""A case in words for its page: the person, consents with what holds of them, the course of the procedure, what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from referral.models import Grant, Task, TaskKind
from referral.procedures import Procedure, Step
from referral.reading.casebook import Opened, Sheet, StepShown, StepToDo
from referral.states.case_states import CaseEvent
from referral.words.choices import ContactChannel, Profile
from referral.words.consent_choices import DataCategory, LegalBasis
from referral.words.person_choices import AgeBand, InterpreterNeed, Screen, ScreenAnswer, Sex
from services.taxonomy import SPOKEN

COMMA = gettext_lazy(", ")
TWO_DAYS, DAY = 48, 24
LABELS: Mapping[str, Any] = {
    "alias": gettext_lazy("Known as"),
    "given_name": gettext_lazy("Given name"),
    "family_name": gettext_lazy("Family name"),
    "age_band": gettext_lazy("Age"),
    "birth_date": gettext_lazy("Birth date"),
    "sex": gettext_lazy("Sex"),
    "languages": gettext_lazy("Languages"),
    "interpreter": gettext_lazy("Interpreter"),
    "special_needs": gettext_lazy("Accessibility needs"),
    "nationality": gettext_lazy("Nationality"),
    "phone": gettext_lazy("Phone"),
    "commune": gettext_lazy("Commune"),
    "status_declared": gettext_lazy("Status, as declared"),
    "address": gettext_lazy("Address"),
    "code_word": gettext_lazy("Code word for the phone"),
    "health": gettext_lazy("Health"),
}
MASKED = frozenset({"phone", "address", "code_word", "health", "birth_date", "number"})
LEFT_TO_RIGHT = frozenset({"phone", "number", "birth_date"})
LISTS: Mapping[str, Mapping[str, Any]] = {
    "age_band": dict(AgeBand.choices),
    "sex": dict(Sex.choices),
    "interpreter": dict(InterpreterNeed.choices),
}


@dataclass(frozen=True)
class Fact:
    """One thing that is known. `masked`: shown once somebody asks; `ltr`: a number, read left to right."""

    label: Any
    value: str
    masked: bool = False
    ltr: bool = False


def person_facts(person: Mapping[str, Any]) -> Iterator[Fact]:
    """What is known about the person, in the order of the page; safe contact apart."""
    for name, label in LABELS.items():
        value = person.get(name)
        if value in (None, "", []):
            continue
        if name == "languages":
            value = str(COMMA).join(str(dict(SPOKEN).get(code, code)) for code in value)
        value = str(LISTS.get(name, {}).get(value, value))
        yield Fact(label, value, name in MASKED, name in LEFT_TO_RIGHT)


def contact_facts(person: Mapping[str, Any]) -> Iterator[Fact]:
    """How the person may be reached."""
    safe = person.get("safe_contact") or {}
    labels = {"number": _("Safe number"), "hours": _("Hours"), "words": _("What to say, what never to say")}
    if safe.get("channels"):
        ways = str(COMMA).join(str(ContactChannel(one).label) for one in safe["channels"])
        yield Fact(_("Only in these ways"), ways)
    for name, label in labels.items():
        if safe.get(name):
            yield Fact(label, str(safe[name]), name in MASKED, name in LEFT_TO_RIGHT)


@dataclass(frozen=True)
class GrantShown:
    """One answer of the person: to what, about whom, with which categories of data, and whether it holds."""

    grant: Grant
    about: str
    categories: str
    live: bool
    withdrawn: bool


def grants(consent: Opened) -> list[GrantShown]:
    """The answers of one conversation."""
    found = []
    for grant in consent.row.grants.all():
        names = str(COMMA).join(str(DataCategory(one).label) for one in grant.categories)
        withdrawn = grant.given and (grant.withdrawn_at is not None or consent.row.withdrawn_at is not None)
        about = str(grant.service or grant.partner or "")
        found.append(GrantShown(grant, about, names, grant.is_live(), withdrawn))
    return found


def consent_rows(sheet: Sheet) -> list[dict[str, Any]]:
    """Each conversation about consent, with its answers; `several`: more than one of them can be taken back at once."""
    rows = []
    for consent in sheet.consents:
        found = grants(consent)
        row = consent.row
        rows.append(
            {
                "row": row,
                "words": consent.values.get("words"),
                "grants": found,
                "several": sum(one.live for one in found) > 1,
                "without": row.legal_basis != LegalBasis.CONSENT,
                "language": dict(SPOKEN).get(row.language, ""),
            }
        )
    return rows


@dataclass(frozen=True)
class Doing:
    """A step to do, with its time in words."""

    found: StepToDo
    left: str
    late: bool
    soon: bool

    @property
    def step(self) -> Step:
        return self.found.next.step


def to_do(sheet: Sheet) -> list[Doing]:
    """The steps to do, the most pressing first; those that are reached before those that only have a clock running."""
    far = float("inf")
    rows = sorted(
        sheet.to_do, key=lambda one: (far if one.hours_left is None else one.hours_left, not one.next.is_reached)
    )
    return [
        Doing(one, left(one.hours_left), (one.hours_left or 0) < 0, one.hours_left is not None and one.hours_left < DAY)
        for one in rows
    ]


def left(hours: float | None) -> str:
    """“5 hours left”, “3 days left”, “2 hours late”; empty without a limit."""
    if hours is None:
        return ""
    whole, late = int(abs(hours)), hours < 0
    if whole == 0:
        return _("less than an hour late") if late else _("less than an hour left")
    if whole < TWO_DAYS:
        return (
            ngettext("%(count)s hour late", "%(count)s hours late", whole) % {"count": whole}
            if late
            else ngettext("%(count)s hour left", "%(count)s hours left", whole) % {"count": whole}
        )
    days = whole // DAY
    if late:
        return ngettext("%(count)s day late", "%(count)s days late", days) % {"count": days}
    return ngettext("%(count)s day left", "%(count)s days left", days) % {"count": days}


@dataclass(frozen=True)
class Waiting:
    """Something else to do than a step, with its time in words."""

    task: Task
    left: str
    late: bool
    soon: bool


def other_tasks(sheet: Sheet) -> list[Waiting]:
    """What else waits, beside steps, the most pressing first."""
    now, found = timezone.now(), []
    for task in sheet.tasks:
        if task.kind != TaskKind.STEP:
            hours = (task.due_at - now) / timedelta(hours=1) if task.due_at else None
            found.append(Waiting(task, left(hours), (hours or 0) < 0, hours is not None and hours < DAY))
    return sorted(found, key=lambda one: (not one.left, one.task.due_at or now))


def course(sheet: Sheet) -> list[dict[str, Any]]:
    """Every step of the procedure in its order: done when, to do by when."""
    done: dict[str, StepShown] = {}
    for one in sheet.done:
        if one.step is not None and one.procedure.profile == sheet.procedure.profile:
            done.setdefault(one.step.key, one)
    waiting = {one.next.step.key: one for one in sheet.to_do}
    return [
        {"step": step, "done": done.get(step.key), "waiting": waiting.get(step.key)} for step in sheet.procedure.steps
    ]


def answers(shown: StepShown) -> Iterator[Fact]:
    """What was found when a step was done, with the words of its own version of the procedure."""
    for key, value in shown.answers.items():
        yield Fact(shown.procedure.fields[key].label, said(shown.procedure, key, value))


def said(procedure: Procedure, key: str, value: Any) -> str:
    """One answer in words."""
    field = procedure.fields[key]
    if field.kind == "yes_no":
        return _("Yes") if value else _("No")
    if field.kind in ("choice", "choices"):
        labels = {name: str(label) for name, label in field.choices}
        return str(COMMA).join(labels.get(one, one) for one in ([value] if isinstance(value, str) else value))
    if field.kind == "datetime":
        return date_format(datetime.fromisoformat(value), "Y-m-d H:i")
    return str(value)


def screening_rows(sheet: Sheet) -> list[dict[str, Any]]:
    """Each screening: its answers where they may be read, else only which questions were put."""
    rows = []
    for one in sheet.screenings:
        found = one.values.get("answers") or {}
        told = [
            (Screen(name).label, ScreenAnswer(found[name]).label if name in found else "") for name in one.row.answered
        ]
        rows.append({"row": one.row, "told": told})
    return rows


BUTTONS: Mapping[str, str] = {
    CaseEvent.HOLD: "case-hold",
    CaseEvent.RESUME: "case-resume",
    CaseEvent.ASSIGN: "case-assign",
    CaseEvent.OFFER_TRANSFER: "case-transfer",
    CaseEvent.REQUEST_CLOSURE: "case-close",
    CaseEvent.APPROVE_CLOSURE: "case-approve-closure",
    CaseEvent.RETURN_CLOSURE: "case-return-closure",
    CaseEvent.REOPEN: "case-reopen",
    CaseEvent.MERGE: "case-merge",
    CaseEvent.UNMERGE: "case-unmerge",
    CaseEvent.VOID: "case-void",
}
WHEN_ASKED = frozenset({CaseEvent.APPROVE_CLOSURE, CaseEvent.RETURN_CLOSURE})


def buttons(sheet: Sheet) -> list[tuple[str, Any]]:
    """The names of the addresses and the words of what may happen to the case now."""
    asked = sheet.case.closure_asked_by_id is not None
    rows = []
    for row in sheet.buttons:
        fits = asked if row.event in WHEN_ASKED else not (asked and row.event == CaseEvent.REQUEST_CLOSURE)
        if row.event in BUTTONS and fits:
            rows.append((BUTTONS[row.event], row.event.label))
    return rows


def other_profiles(sheet: Sheet) -> Sequence[Any]:
    """The profiles that led the case before, by their words."""
    return [Profile(one).label for one in sheet.case.other_profiles]


def person_name(user: Any) -> str:
    """The name of a colleague."""
    return str(user.get_full_name() or user) if user is not None else ""


def listed(words: Iterable[Any]) -> str:
    return str(COMMA).join(map(str, words))
