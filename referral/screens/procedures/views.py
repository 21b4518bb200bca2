"""Reading the procedures: the list, one of them in one of its versions, and two versions side by side."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from referral.access import Member, editor_of
from referral.actions.packs import DECIDERS
from referral.procedures import Procedure
from referral.procedures.vocabulary import PROFILES, SHARED
from referral.reading.proposals import Version, history, open_proposals, version_of
from referral.reading.versions import in_force
from referral.screens.desk import shown
from referral.words.procedure_words import SourceStatus, label

from .door import for_members_and_editors
from .showing import name_of, shown_changes, shown_procedure

LONGEST_NUMBER = 20


@require_safe
@for_members_and_editors
def procedures(request: HttpRequest, member: Member | None) -> HttpResponse:
    """Every procedure with its version in force and how far it may be trusted, then the rules that all share."""
    waiting = open_proposals()
    rows = [_row(profile, in_force(profile), waiting) for profile in (*PROFILES, SHARED)]
    context = {"rows": rows[:-1], "shared": rows[-1], "waiting": sum(waiting.values())}
    return shown(request, member, "referral/procedures/list.html", context)


@require_safe
@for_members_and_editors
def procedure(request: HttpRequest, member: Member | None, profile: str) -> HttpResponse:
    """One procedure, step by step, to read and to print: the version in force, or the one that is asked for."""
    number = request.GET.get("version", "")
    found = found_version(profile, number)
    versions = history(profile)
    this = next((one for one in versions if one.number == found.version), None)
    context = {
        "procedure": shown_procedure(found),
        "name": name_of(profile, found),
        "versions": versions,
        "this": this,
        "in_force": next(one.number for one in versions if one.state == "in_force"),
        **rights(request, member),
    }
    return shown(request, member, "referral/procedures/procedure.html", context)


@require_safe
@for_members_and_editors
def compare(request: HttpRequest, member: Member | None, profile: str) -> HttpResponse:
    """What differs between two versions: of the one in force and the newest, unless two are chosen."""
    versions = _history(profile)
    old = found_version(profile, request.GET.get("old", ""))
    new = found_version(profile, request.GET.get("new", "") or versions[0].number)
    context = {
        "name": name_of(profile, new),
        "profile": profile,
        "versions": versions,
        "new_version": next((one for one in versions if one.number == new.version), None),
        **rights(request, member),
        **compared(old, new),
    }
    return shown(request, member, "referral/procedures/compare.html", context)


def compared(old: Procedure, new: Procedure) -> dict[str, Any]:
    """What a page of two versions shows of them."""
    return {
        "old": old.version,
        "new": new.version,
        "trust": label(SourceStatus, new.source_status),
        "parts": shown_changes(old, new),
    }


def rights(request: HttpRequest, member: Member | None) -> dict[str, bool]:
    """What this reader may do besides reading."""
    return {
        "may_propose": editor_of(request.user) is not None,
        "may_decide": member is not None and member.has(*DECIDERS),
    }


def found_version(profile: str, number: str) -> Procedure:
    """The procedure of this profile and number; no such page otherwise."""
    known(profile)
    found = version_of(profile, number) if len(number) <= LONGEST_NUMBER and number.isprintable() else None
    if found is None:
        raise Http404
    return found


def known(profile: str) -> str:
    """The profile, if it is one; no such page otherwise."""
    if profile not in (*PROFILES, SHARED):
        raise Http404
    return profile


def _history(profile: str) -> list[Version]:
    return history(known(profile))


def _row(profile: str, found: Procedure, waiting: dict[str, int]) -> dict[str, Any]:
    return {
        "profile": profile,
        "name": name_of(profile, found),
        "version": found.version,
        "trust": label(SourceStatus, found.source_status),
        "waiting": waiting.get(profile, 0),
    }
