"""A version is proposed by an editor, and approved or refused by a supervisor or a data protection officer."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from referral.access import Member, editor_of
from referral.actions import packs
from referral.models import PackVersion
from referral.procedures import FaultyPack, Procedure
from referral.procedures.vocabulary import SHARED
from referral.reading.versions import as_procedure, in_force, text_in_force
from referral.screens.desk import desk, shown
from referral.screens.forms import DeskForm

from .door import for_editors
from .forms import APPROVE, DecisionForm, ProposalForm
from .showing import name_of
from .views import compared, known


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def propose(request: HttpRequest, member: Member | None, profile: str) -> HttpResponse:
    """The text in force, to change and to send. What is wrong with it is told sentence by sentence; what was typed stays."""
    editor = editor_of(request.user)
    now = in_force(known(profile))
    if request.method == "POST":
        form = ProposalForm(request.POST, request.FILES)
        if form.is_valid() and editor is not None:
            made = form.carry_out(lambda: packs.propose(profile, form.given["text"], by=editor))
            if made is not None:
                return redirect(f"{reverse('procedure-compare', args=[profile])}?old={now.version}&new={made.version}")
    else:
        form = ProposalForm(initial={"text": text_in_force(profile)})
    context = {"form": form, "profile": profile, "name": name_of(profile, now), "version": now.version}
    return shown(request, member, "referral/procedures/propose.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(*packs.DECIDERS)
def decide(request: HttpRequest, member: Member, profile: str, version: str) -> HttpResponse:
    """A proposal beside what is in force, and the decision about it."""
    proposal = PackVersion.objects.filter(profile=known(profile), version=version).select_related("proposed_by").first()
    if proposal is None:
        raise Http404
    seen = packs.times_approved(profile)
    form: DeskForm = DecisionForm(request.POST if request.method == "POST" else None, initial={"version": seen})
    if request.method == "POST" and form.is_valid() and _decided(form, proposal, member):
        return redirect(f"{reverse('procedure', args=[profile])}?version={version}")
    now = in_force(profile)
    context = {
        "form": form,
        "profile": profile,
        "name": name_of(profile, now),
        "proposal": proposal,
        "is_own": proposal.proposed_by_id == member.user_id,
        "is_decided": bool(proposal.approved_at or proposal.refused_at),
        "is_shared": profile == SHARED,
        "in_training": packs.PackGuard.IN_EARNEST.label,
        **_beside(now, proposal),
    }
    return shown(request, member, "referral/procedures/decide.html", context, status=form.status)


def _beside(now: Procedure, proposal: PackVersion) -> dict[str, Any]:
    """The comparison; or what is wrong with a proposal that can no longer be read, since the shared rules have changed."""
    try:
        new = as_procedure(proposal.profile, proposal.text)
    except FaultyPack as faulty:
        return {"old": now.version, "new": proposal.version, "faults": faulty.faults}
    return {"needs_dpo": new.source_status == "official", **compared(now, new)}


def _decided(form: DeskForm, proposal: PackVersion, member: Member) -> bool:
    given, seen = form.given, form.cleaned_data["version"]
    seen = -1 if seen is None else seen  # nobody approves what they have not compared
    if given["decision"] == APPROVE:
        return form.carry_out(lambda: packs.approve(proposal, by=member, seen=seen)) is not None
    return form.carry_out(lambda: packs.refuse(proposal, by=member, reason=given["reason"])) is not None
