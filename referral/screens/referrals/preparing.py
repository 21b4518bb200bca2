"""The second step of a referral: one form, from which consent is recorded, the draft made, and the referral sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from referral import drafts
from referral.access import Member
from referral.actions.consents import Asked, Conversation, record_consent
from referral.actions.people import add_note
from referral.matching.proposing import judge
from referral.models import Answered, AuditKind, Consent, Grant, Referral
from referral.permissions import supervises
from referral.reading.casebook import read_case
from referral.referring import previews
from referral.referring.grants import live_grant
from referral.referring.referrals import act, create
from referral.refusals import GuardRefused, Refused
from referral.safety import audit
from referral.safety.isolation import as_partner
from referral.states.workflow import Event
from referral.words.choices import CaseRole, Handover
from referral.words.consent_choices import ConsentGiver, Purpose

from ..cases.script import spoken_here
from ..desk import desk, shown
from ..forms import opened
from . import packet_words
from .earlier import Earlier, earlier_of
from .finding import name_of, service_of
from .page import referral_page
from .refer_form import EARLIER, NO, PHONE_CHECKS, YES, ReferForm, Wanted
from .seen import seen_by

PREVIEW, PREPARE = "preview", "prepare"  # buttons: only show what the service will see; only make the draft
SAME_CONVERSATION = timedelta(minutes=10)


@desk(CaseRole.CASEWORKER, CaseRole.SUPERVISOR)
def refer_to(request: HttpRequest, member: Member, code: str, service: str) -> HttpResponse:
    """The form for this service. Posted: send, keep as draft, or show what the service will see."""
    wanted, earlier = _wanted(request, member, code, service)
    form = _form(request, member, wanted, earlier)
    preview = None
    if form.is_bound:
        if not form.is_valid():
            audit.record(AuditKind.REFUSED, "refer:form", by=member.by, case_id=wanted.sheet.case.pk)
            _keep_if_asked(request, member, form, wanted)
        elif PREVIEW in request.POST:
            content = previews.of_form(wanted.sheet.case, by=member, service=wanted.service, given=form.given)
            preview = packet_words.shown(content)
        elif (answer := _carried_out(request, member, form, wanted)) is not None:
            return answer
    return shown(request, member, "referral/referrals/prepare.html", _context(member, form, wanted, earlier, preview),
                 status=form.status)  # fmt: skip


def _wanted(request: HttpRequest, member: Member, code: str, key: str) -> tuple[Wanted, Earlier | None]:
    sheet = read_case(member, code, screen="case.refer_to")
    if (service := service_of(key)) is None:
        raise Http404
    with as_partner(member.partner):
        previews.may_refer(sheet.case, member)
        proposal = judge([service], sheet.case, member, opened=sheet.person)[0]
        grant = live_grant(sheet.case, service, (), sender_id=member.user_id, at=timezone.now())
        number = request.POST.get("replaces", "") or request.GET.get("replaces", "")
        earlier = earlier_of(sheet.case, member, number)
        known = previews.known(sheet.case, by=member, service=service)  # last: it is in the trail
        return Wanted(sheet, service, proposal, grant, known), earlier


def _form(request: HttpRequest, member: Member, wanted: Wanted, earlier: Earlier | None) -> ReferForm:
    spoken = spoken_here(wanted.sheet.person.get("languages") or ())
    initial: dict[str, Any] = {
        "urgency": wanted.sheet.case.urgency, "handover": Handover.FACILITATED, "categories": wanted.agreed,
        "asked": EARLIER if wanted.grant else "", "asked_language": next(iter(spoken), ""), "asked_of": ConsentGiver.PERSON,
    }  # fmt: skip
    if earlier is not None:
        initial |= earlier.typed | {"replaces": str(earlier.referral.pk)}
    return opened(ReferForm, request, member, draft=draft_name(wanted), initial=initial, wanted=wanted)


def draft_name(wanted: Wanted) -> str:
    """Under which name the typed words of this form are kept."""
    return f"refer {wanted.sheet.case.pk} {wanted.service.pk}"


def _context(
    member: Member, form: ReferForm, wanted: Wanted, earlier: Earlier | None, preview: packet_words.Shown | None
) -> dict[str, Any]:
    refusal, case = form.refusal, wanted.sheet.case
    with as_partner(member.partner):
        may_override = wanted.grant is None and supervises(member, case)
    return {
        "form": form, "case": case, "wanted": wanted, "service": name_of(wanted.service), "proposal": wanted.proposal,
        "earlier": earlier, "preview": preview, "draft": draft_name(wanted), "training": case.is_training,
        "other": refusal.other if isinstance(refusal, GuardRefused) else None,
        "may_override": may_override,
        "already": wanted.proposal.already if not form.is_bound else None,
    }  # fmt: skip


def _keep_if_asked(request: HttpRequest, member: Member, form: ReferForm, wanted: Wanted) -> None:
    """“Keep as draft” of a form that is not ready keeps the words, if not the referral."""
    if PREPARE in request.POST:
        typed = {name: request.POST.getlist(name) for name in form.fields if name in request.POST}
        drafts.save(member, draft_name(wanted), typed)
        form.from_draft = True


def _carried_out(request: HttpRequest, member: Member, form: ReferForm, wanted: Wanted) -> HttpResponse | None:
    """Consent, draft, sending, in this order. What is refused before there is a draft comes back with the form: None.

    If only the sending is refused, the draft stays, and its page says why.
    """
    if form.given["asked"] == NO:
        if form.carry_out(lambda: _ask(member, form, wanted)) is None:
            return None
        drafts.forget(member, draft_name(wanted))
        return HttpResponseRedirect(_case_address(wanted), status=303)
    made = form.carry_out(lambda: _prepared(member, form, wanted))
    if made is None:
        return None
    drafts.forget(member, draft_name(wanted))
    if PREPARE not in request.POST:
        try:
            act(made.pk, Event.SEND, by=member, key=_key(form, "send"))
        except Refused as refused:
            return referral_page(request, seen_by(member, made.pk), refused)
    response = redirect("referral", referral_id=made.pk)
    response.status_code = 303
    return response


def _prepared(member: Member, form: ReferForm, wanted: Wanted) -> Referral:
    """The draft of this form. A form that was sent before records nothing again: the action answers as it did, or refuses."""
    key, given, case = _key(form), form.given, wanted.sheet.case
    is_first = not Answered.objects.filter(who=member.who, key=key).exists()
    if is_first and given["asked"] == YES:
        _ask(member, form, wanted)
    names = ("urgency", "handover", "reason", "special_needs", "categories")
    fields = {name: given[name] for name in names} | {"categories": list(given["categories"])}
    with as_partner(member.partner):
        earlier = earlier_of(case, member, given["replaces"])
    if earlier is not None and not earlier.is_draft:
        fields["replaces"] = str(earlier.referral.pk)
    made = create(case, by=member, service=wanted.service, given=fields, key=key)
    if is_first:
        _note(member, form, wanted)
        if earlier is not None and earlier.is_draft and earlier.referral.pk != made.pk:
            act(earlier.referral.pk, Event.DISCARD, by=member, version=earlier.referral.version)
    return made


def _key(form: ReferForm, more: str = "") -> str | None:
    key = form.cleaned_data.get("key") or ""
    return f"{key}{more}"[:64] if key else None


def _ask(member: Member, form: ReferForm, wanted: Wanted) -> Consent:
    """Record what the person said just now; the same conversation once, however often the form is sent."""
    given, case = form.given, wanted.sheet.case
    says_yes = given["asked"] == YES
    asked = Asked(Purpose.REFERRAL, says_yes, wanted.service, categories=given["categories"] if says_yes else ())
    with as_partner(member.partner):
        last = Grant.objects.filter(consent__case=case, service=wanted.service, purpose=Purpose.REFERRAL)
        before = last.select_related("consent").order_by("-consent__given_at", "-pk").first()
        if before is not None and _is_same(before, asked, member, form):
            return before.consent
    rows = {str(one.row.pk): one.row for one in wanted.sheet.representatives}
    assent = given.get("asked_assent") or ""
    how = Conversation(
        language=given["asked_language"], interpreter=given["asked_interpreter"], method=given["asked_method"],
        script_version=case.procedure_version, read_back=given["asked_read_back"],
        given_by=given.get("asked_of") or ConsentGiver.PERSON,
        representative=rows.get(given.get("asked_representative") or "") if given.get("asked_of") == ConsentGiver.REPRESENTATIVE else None,
        child_assent=None if not assent else assent == YES,
    )  # fmt: skip
    return record_consent(case, by=member, how=how, asked=[asked])


def _is_same(before: Grant, asked: Asked, member: Member, form: ReferForm) -> bool:
    said, given = before.consent, form.given
    fresh = timezone.now() - said.given_at < SAME_CONVERSATION
    how = (said.language, said.interpreter, said.method, said.read_back)
    now = tuple(given[name] for name in ("asked_language", "asked_interpreter", "asked_method", "asked_read_back"))
    same_answer = before.given == asked.given and set(before.categories) == set(map(str, asked.categories))
    return fresh and how == now and same_answer and said.asked_by_id == member.user_id and before.is_live()


def _note(member: Member, form: ReferForm, wanted: Wanted) -> None:
    """Scenarios 15 and 16: the telephone check, and why a service that does not fit was chosen, stand in the case."""
    given, name = form.given, name_of(wanted.service)
    if check := given.get("phone_check"):
        said = str(dict(PHONE_CHECKS)[check])
        add_note(
            wanted.sheet.case, by=member, words=_("Capacity of %(service)s: %(said)s") % {"service": name, "said": said}
        )
    if reason := given.get("unfit_reason"):
        against = " · ".join(wanted.proposal.refusals)
        words = _("%(service)s was chosen manually. Against it: %(against)s. Reason: %(reason)s")
        add_note(wanted.sheet.case, by=member, words=words % {"service": name, "against": against, "reason": reason})


def _case_address(wanted: Wanted) -> str:
    try:
        return reverse("case", kwargs={"code": wanted.sheet.case.code})
    except NoReverseMatch:
        return reverse("refer", kwargs={"code": wanted.sheet.case.code})
