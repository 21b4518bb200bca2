"""Does something to a referral, for either side: one page an event, one form made from the machine's own row."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral import drafts, rules
from referral.access import Member
from referral.attempts import kept
from referral.models import AuditKind
from referral.referring.grants import live_grant
from referral.referring.referrals import act
from referral.refusals import WrongField
from referral.safety import audit
from referral.safety.isolation import as_partner
from referral.states import workflow
from referral.states.workflow import MACHINE, Event, Status, Transition
from referral.words.choices import CaseRole
from referral.words.consent_choices import DataCategory

from ..desk import desk, shown
from ..forms import opened
from .event_fields import EventForm, form_of
from .finding import name_of
from .seen import Seen, seen_by

SEARCH = "search"  # the button that only looks for services
ABOUT: Mapping[Event, Any] = {
    Event.SEND: _("The service sees the information below at once, and its time limit starts."),
    Event.DISCARD: _("Nobody else has seen it."),
    Event.ACKNOWLEDGE: _("You confirm that somebody is looking at it. The time for your decision keeps running."),
    Event.ASK_INFO: _("The time limit is paused while you wait for the answer, for a limited time."),
    Event.ACCEPT: _("You confirm that you will receive the person, and when somebody will first speak with them."),
    Event.DECLINE: _("The caseworker is asked at once to find another service. After this, you no longer see the information."),
    Event.CONFIRM: _("Ask the person first, in a way that is safe for them. What they say counts, not what was reported."),
    Event.DISPUTE: _("The service must look at it again, and the supervisor is told."),
    Event.WITHDRAW: _("The service can no longer read anything, from this moment on."),
    Event.MARK_ERROR: _("The service can no longer read anything. Both sides keep the list of what happened."),
    Event.DELIVER: _("The caseworker now asks the person whether help arrived."),
}  # fmt: skip


@desk(CaseRole.CASEWORKER, CaseRole.SUPERVISOR, CaseRole.INTAKE, CaseRole.FOCAL_POINT)
def member_event(request: HttpRequest, member: Member, referral_id: uuid.UUID, event: str) -> HttpResponse:
    """The page of an event for a member of one of the two partners."""
    return event_page(request, seen_by(member, referral_id), event)


def event_page(request: HttpRequest, seen: Seen, name: str) -> HttpResponse:
    """The form; posted: do it and go back to the referral. What is refused keeps what was typed."""
    row = _row(seen, name, is_asked=request.method != "POST")
    form = _form(request, seen, row)
    if form.is_bound and SEARCH not in request.POST:
        if not form.is_valid():
            audit.record(AuditKind.REFUSED, f"{name}:form", by=seen.by.by, referral_id=seen.referral.pk)
        elif form.carry_out(lambda: _act(seen, row, form)) is not None:
            if seen.member is not None:
                drafts.forget(seen.member, draft_name(seen, name))
            return HttpResponseRedirect(seen.address, status=303)
    context = {
        "seen": seen, "referral": seen.referral, "service": name_of(seen.referral.service), "event": Event(name),
        "about": ABOUT.get(Event(name), ""), "form": form, "back": seen.address,
        "draft": draft_name(seen, name) if seen.member and row.fields + row.optional else "",
        "linked": seen.member is None, "training": seen.referral.is_training,
    }  # fmt: skip
    return shown(request, seen.member, "referral/referrals/event.html", context, status=form.status)


def draft_name(seen: Seen, event: str) -> str:
    """Under which name the typed words of this form are kept."""
    return f"{event} {seen.referral.pk}"


def _row(seen: Seen, name: str, *, is_asked: bool) -> Transition:
    """The row of the machine. An event that there is not, or that nobody chooses, has no page.

    Whoever only asks for the form is told at once that it is not possible; what was posted is judged by the action.
    """
    if name not in Event.values or name == Event.CREATE:
        raise Http404
    if is_asked:
        with kept(f"referral.{name}", by=seen.by.by, referral_id=seen.referral.pk):
            workflow.allowed(Status(seen.referral.status), Event(name), seen.kind)
    return MACHINE.by_event[Event(name)]


def _form(request: HttpRequest, seen: Seen, row: Transition) -> EventForm:
    kind, referral = form_of(row), seen.referral
    initial: dict[str, Any] = {"version": referral.version, "services_given": [referral.service_type]}
    if row.event == Event.START:
        initial["contacted_at"] = timezone.localtime()
    if request.method == "POST" and SEARCH in request.POST:
        typed = {name: request.POST.getlist(name) for name in kind.base_fields if name in request.POST}
        several = ("categories", "services_given", "barriers")
        return kind(initial={name: value if name in several else value[0] for name, value in typed.items()})
    if seen.member is None:
        return kind(request.POST if request.method == "POST" else None, initial=initial)
    if row.event != Event.ANSWER:
        return opened(kind, request, seen.member, draft=draft_name(seen, row.event), initial=initial)
    choices = _agreed(seen)
    kind.base_fields["categories"].choices = choices  # type: ignore[attr-defined]  # (a field of choices)
    initial["categories"] = [one for one in referral.categories if one in dict(choices)]
    return opened(kind, request, seen.member, draft=draft_name(seen, row.event), initial=initial)


def _agreed(seen: Seen) -> list[tuple[str, Any]]:
    """The categories that may go to this service now: those of the answer that stands, but for what the procedure forbids."""
    referral, user_id = seen.referral, seen.member.user_id if seen.member else None
    with as_partner(referral.sender):
        grant = live_grant(referral.case, referral.service, (), sender_id=user_id, at=timezone.now())
        forbidden = rules.excluded(referral.case, referral.service)
    named = grant.categories if grant else ()
    return [(str(one), one.label) for one in DataCategory if one in named and one not in forbidden]


def _act(seen: Seen, row: Transition, form: EventForm) -> object:
    """Only what the machine names for this event, whatever else was posted."""
    names = (*row.fields, *row.optional)
    given = {name: value for name, value in form.given.items() if name in names and value not in ("", None, [])}
    version, key = form.cleaned_data.get("version"), form.cleaned_data.get("key") or None
    if version is None:  # nobody decides on what they have not seen
        raise WrongField("version")
    return act(seen.referral.pk, row.event, by=seen.by, given=given, version=version, key=key)
