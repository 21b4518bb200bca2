"""The people of an organisation, for its administrator: who works here, who is invited, roles, leaving, help with an account."""

from __future__ import annotations

import uuid
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy

from portal.models import Invitation
from referral.access import Member
from referral.screens.desk import shown
from referral.words.choices import CaseRole

from .. import people as actions
from .. import proposals, second_factor
from ..forms import NEEDS_SECOND, InviteForm, RolesForm
from .asking import as_administrator

LAST_ADMINISTRATOR = gettext_lazy("An organisation needs an administrator. Give somebody else this role first.")
NOT_YOURS = gettext_lazy("Another administrator must confirm this: not who proposed it, nor who would get the role.")
OWN_ROLES = gettext_lazy("Nobody can give themselves a role. Ask another administrator, or the operator of the site.")


@as_administrator
def everybody(request: HttpRequest, member: Member) -> HttpResponse:
    """Who works here, who is invited, and what waits for a second administrator."""
    there = {str(one.pk): one.pk for one in actions.open_ones(member.partner)} if request.method == "POST" else {}
    if gone := there.get(request.POST.get("withdraw", "")):
        actions.withdraw(member.partner, gone, by=member)
        return redirect("people")
    if wanted := there.get(request.POST.get("confirm", "")):
        return _confirm(request, member, wanted)
    return _listed(request, member)


def _confirm(request: HttpRequest, member: Member, pk: uuid.UUID) -> HttpResponse:
    try:
        made = proposals.confirm(pk, by=member)
    except actions.LastAdministrator:
        return _listed(request, member, LAST_ADMINISTRATOR, 409)
    except actions.OwnRoles:
        return _listed(request, member, str(NOT_YOURS), 403)
    return redirect("people") if made.member_id else _invited(request, member, made)


def _listed(request: HttpRequest, member: Member, sentence: Any = "", status: int = 200) -> HttpResponse:
    rows = groupby(actions.members(member.partner), key=lambda row: row.user)
    listed = [(user, [row.get_role_display() for row in roles]) for user, roles in rows]
    proposed = [
        (one, words(one.roles), proposals.may_confirm(one, member)) for one in proposals.proposed(member.partner)
    ]
    context = {
        "people": listed, "waiting": [(one, words(one.roles)) for one in actions.waiting(member.partner)],
        "proposed": proposed, "sentence": sentence, "about_second": NEEDS_SECOND,
    }  # fmt: skip
    return shown(request, member, "portal/accounts/people.html", context, status=status)


def words(roles: list[str]) -> list[str]:
    """Roles as people call them."""
    return [str(CaseRole(role).label) for role in roles]


@as_administrator
def invite(request: HttpRequest, member: Member) -> HttpResponse:
    """Ask somebody to work here: the mail names neither this organisation nor the role."""
    form = InviteForm(request.POST or None, partner=member.partner, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.invite(member.partner, actions.Guest(**form.given), by=member)
        except actions.OwnRoles:
            form.add_error("email", OWN_ROLES)
            return shown(request, member, "portal/accounts/invite.html", {"form": form}, status=400)
        return redirect("people") if made.is_proposal else _invited(request, member, made)
    return shown(request, member, "portal/accounts/invite.html", {"form": form}, status=form.status)


def _invited(request: HttpRequest, member: Member, made: Invitation) -> HttpResponse:
    context = {"invitation": made, "left": actions.send(made)}
    return shown(request, member, "portal/accounts/invited.html", context)


@as_administrator
def somebody(request: HttpRequest, member: Member, user_id: int) -> HttpResponse:
    """One person: roles, leaving, help with the account."""
    user = actions.member_named(member.partner, user_id)
    rows = list(actions.members(member.partner).filter(user=user))
    initial = {"roles": [row.role for row in rows], "team": next((row.team_id for row in rows if row.team_id), None)}
    wanted = request.POST.get("do", "")
    form = RolesForm(request.POST if wanted == "roles" else None, partner=member.partner, initial=initial)
    sentence, status = "", form.status
    if request.method == "POST" and (wanted != "roles" or form.is_valid()):
        try:
            if (done := _carry_out(wanted, user, form, member)) is not None:
                return done
        except actions.LastAdministrator:
            sentence, status = str(LAST_ADMINISTRATOR), 409
        except actions.OwnRoles:
            sentence, status = str(OWN_ROLES), 403
    context = {
        "somebody": user, "form": form, "sentence": sentence, "alone": actions.belongs_here_alone(user, member.partner),
        "has_factor": second_factor.has_any(user), "is_self": user.pk == member.user_id, "told": request.GET.get("told", ""),
    }  # fmt: skip
    return shown(request, member, "portal/accounts/somebody.html", context, status=status)


def _carry_out(wanted: str, user: Any, form: RolesForm, by: Member) -> HttpResponse | None:
    if wanted == "roles":
        actions.change_roles(user, form.cleaned_data["roles"], form.cleaned_data["team"], by=by)
        return redirect("people")
    if wanted == "leave":
        actions.leave(user, by=by)
        return redirect("people")
    if wanted == "reset":
        actions.start_reset(user, by=by)
    elif wanted == "forget":
        actions.forget_second_factor(user, by=by)
    return redirect("person", user_id=user.pk)
