"""The case on one page, its older notes and events, and what a partner that has handed it over may still see."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from referral.access import Member
from referral.permissions import NotFound, get_case_for, supervises
from referral.reading.case_history import own_events
from referral.reading.casebook import Sheet, read_case, read_notes
from referral.reading.versions import procedure_of
from referral.safety.isolation import as_partner
from referral.screens.addresses import SIZE, page_number, page_of
from referral.screens.desk import desk, shown
from referral.screens.forms import opened
from referral.words.choices import CaseRole, Profile, Risk, Urgency

from . import facts
from .acting import Seat
from .notes import NoteForm
from .timeline import lines

SHOWN_AT_ONCE = 12  # lines of the timeline, and notes, before the rest is folded


@require_safe
@desk()
def case_page(request: HttpRequest, member: Member, code: str) -> HttpResponse:
    """Everything of a case that this member may see. Whoever has handed it over sees what they did themselves, for 30 days."""
    try:
        sheet = read_case(member, code)
    except NotFound:
        return _left(request, member, code)
    context = context_of(member, sheet)
    if context["writes"]:
        context |= {"note": _note(request, member, sheet), "note_draft": f"case-note:{sheet.case.code}"}
    return shown(request, member, "referral/cases/case.html", context)


def _note(request: HttpRequest, member: Member, sheet: Sheet) -> NoteForm:
    """The field for a note on the page itself, with what was typed there before."""
    seat = Seat(member, sheet.case.code)
    seat.sheet = sheet
    return opened(NoteForm, request, member, draft=f"case-note:{sheet.case.code}", seat=seat)


def context_of(member: Member, sheet: Sheet) -> dict[str, Any]:
    """What the page shows, in words."""
    case = sheet.case
    doing = facts.to_do(sheet)
    happened, more_happened = page_of(lambda rows: lines(member, case, sheet.procedure, rows), 1)
    return {
        "sheet": sheet, "case": case, "code": case.code, "writes": sheet.may_write and case.status in ("open", "on_hold"),
        "profile": Profile(case.profile).label, "urgency": Urgency(case.urgency), "risk": Risk(case.risk),
        "other_profiles": facts.listed(facts.other_profiles(sheet)),
        "owner": facts.person_name(case.owner), "deputy": facts.person_name(case.deputy),
        "asked_by": facts.person_name(case.closure_asked_by),
        "doing": doing, "first": next(iter(doing), None), "tasks": facts.other_tasks(sheet), "course": facts.course(sheet),
        "buttons": facts.buttons(sheet), "person": list(facts.person_facts(sheet.person)),
        "contact": list(facts.contact_facts(sheet.person)), "consents": facts.consent_rows(sheet),
        "screenings": facts.screening_rows(sheet),
        "done": [(one, list(facts.answers(one))) for one in sheet.done],
        "notes_now": sheet.notes[:SHOWN_AT_ONCE], "notes_before": sheet.notes[SHOWN_AT_ONCE:SIZE],
        "more_notes": len(sheet.notes) > SIZE, "more_happened": more_happened,
        "lines_now": happened[:SHOWN_AT_ONCE], "lines_before": happened[SHOWN_AT_ONCE:],
        "reads_who_looked": member.user_id in (case.owner_id, case.deputy_id) or member.has(CaseRole.DPO),
        "supervises": _supervises(member, sheet),
        "official": sheet.procedure.source_status == "official",
    }  # fmt: skip


def _supervises(member: Member, sheet: Sheet) -> bool:
    with as_partner(member.partner):
        return supervises(member, sheet.case)


def _left(request: HttpRequest, member: Member, code: str) -> HttpResponse:
    page = page_number(request)
    events, more = page_of(lambda rows: own_events(member, code, rows), page)
    return shown(
        request, member, "referral/cases/left.html", {"events": events, "code": code, "page": page, "more": more}
    )


@require_safe
@desk()
def case_notes(request: HttpRequest, member: Member, code: str) -> HttpResponse:
    """The notes of a case, a page at a time."""
    page = page_number(request)
    notes, more = page_of(lambda rows: read_notes(member, code, rows), page)
    context = {"notes": notes, "code": code, "page": page, "more": more}
    return shown(request, member, "referral/cases/older_notes.html", context)


@require_safe
@desk()
def case_timeline(request: HttpRequest, member: Member, code: str) -> HttpResponse:
    """What happened to a case, a page at a time."""
    with as_partner(member.partner):
        case = get_case_for(member, code)
        procedure = procedure_of(case)
    page = page_number(request)
    happened, more = page_of(lambda rows: lines(member, case, procedure, rows), page)
    context = {"lines": happened, "code": code, "page": page, "more": more}
    return shown(request, member, "referral/cases/older_lines.html", context)
