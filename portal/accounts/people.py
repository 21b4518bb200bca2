"""People of an organisation: invited, given roles, off-boarded. Who may is its administrator; no case is seen for it.

Roles that others rely on are only proposed by one administrator: see proposals.py.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.users.models import UserProfile

from portal.models import Invitation
from referral import outbox
from referral.access import Member
from referral.actions.case_desk import make_task, supervisors_of
from referral.models import AuditKind, Case, Membership, Partner, TaskKind, Team
from referral.permissions import NotFound
from referral.safety import audit
from referral.safety.isolation import as_system, in_one_transaction
from referral.timers.cases import WORKED_ON
from referral.words.choices import CaseRole

from . import mails, open_sessions, passwords, second_factor

SALT = "portal.accounts.invitation"
VALID = timedelta(hours=72)
SECOND = frozenset({CaseRole.SUPERVISOR, CaseRole.DPO, CaseRole.ORGANISATION_ADMIN})  # roles that two give
MOST = 2**63 - 1  # a larger number is no key of a row, and a fault of ours in the database
KEPT = timedelta(days=30)  # after that an invitation names nobody any more


class LastAdministrator(Exception):
    """Somebody must be left who can invite."""


class OwnRoles(Exception):
    """Whoever gives roles gives none to themself: an administrator sees no case, and must not be able to change that alone."""


# Invitations ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Guest:
    """Whom to ask, in which language, and what they will be."""

    name: str
    email: str
    language: str
    roles: Collection[str]
    team: Team | None = None


def invite(partner: Partner, guest: Guest, *, by: Member | None) -> Invitation:
    """Keep an invitation; an older one to the same address ends. `by` none: the operator, at the command line.

    With a role of SECOND it is a proposal, unless the operator makes it. Raises OwnRoles for one's own address.
    """
    email = guest.email.strip().lower()
    if by is not None and get_user_model().objects.filter(pk=by.user_id, email__iexact=email).exists():
        raise OwnRoles
    with transaction.atomic():
        open_ones(partner).filter(email=email, member=None).update(withdrawn_at=timezone.now())
        return keep(partner, guest, by=by, is_proposal=by is not None and not SECOND.isdisjoint(guest.roles))


def keep(partner: Partner, guest: Guest, *, by: Member | None, is_proposal: bool, member: Any = None) -> Invitation:
    """The row of an invitation or a proposal, and one in the trail. Of a proposal the other administrators hear."""
    made = Invitation.objects.create(
        partner=partner, team=guest.team, roles=sorted(str(CaseRole(role)) for role in guest.roles), name=guest.name.strip(),
        email=guest.email.strip().lower(), language=guest.language, made_by_id=by.user_id if by else None,
        is_proposal=is_proposal, member=member,
    )  # fmt: skip
    who = by.by if by else audit.By(partner_id=partner.pk)
    audit.record(AuditKind.CHANGE, "account.propose" if is_proposal else "account.invite", by=who, fields=made.roles)
    if is_proposal:
        others = (
            members(partner)
            .filter(role=CaseRole.ORGANISATION_ADMIN)
            .exclude(user__in=[made.made_by_id, made.member_id])
        )
        outbox.tell(others.values_list("user_id", flat=True), f"proposal:{made.pk}")
    return made


def link_of(invitation: Invitation) -> str:
    """The address in the mail, signed: nobody else can make one."""
    with translation.override(invitation.language):
        return reverse("invitation", args=[signing.dumps(str(invitation.pk), salt=SALT)])


def send(invitation: Invitation) -> bool:
    """Whether the mail left."""
    return mails.invitation(invitation.email, link_of(invitation), invitation.language)


def waiting(partner: Partner) -> QuerySet[Invitation]:
    """Invitations that can still be accepted."""
    return open_ones(partner).filter(is_proposal=False, made_at__gt=timezone.now() - VALID)


def open_ones(partner: Partner) -> QuerySet[Invitation]:
    """Invitations and proposals that have not ended, but for their time."""
    return Invitation.objects.filter(partner=partner, accepted_at=None, withdrawn_at=None)


def invitation_of(token: str) -> Invitation | None:
    """The invitation of a link, while it works: once, for 72 hours, as long as who invited has not taken it back."""
    try:
        pk = uuid.UUID(signing.loads(token, salt=SALT, max_age=VALID))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = Invitation.objects.filter(pk=pk, accepted_at=None, withdrawn_at=None, partner__is_active=True)
    found = found.filter(is_proposal=False, member=None)
    return found.select_related("partner", "team").first()


def withdraw(partner: Partner, pk: uuid.UUID, *, by: Member) -> None:
    """Take an invitation or a proposal back."""
    if open_ones(partner).filter(pk=pk).update(withdrawn_at=timezone.now()):
        audit.record(AuditKind.CHANGE, "account.withdraw_invitation", by=by.by)


@transaction.atomic
def accept(invitation: Invitation, *, user: Any = None, password: str = "") -> Any:
    """Make the account, or take the one that signed in, or open a closed one anew; give the roles.

    None if the invitation was used meanwhile.
    """
    used = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None, is_proposal=False)
    if not used.update(accepted_at=timezone.now()):
        return None
    if user is None:
        first, _space, last = invitation.name.partition(" ")
        user = get_user_model()(username=invitation.email, email=invitation.email, first_name=first, last_name=last)
        user.set_password(password)
        user.save(force_insert=True)
        speak(user, invitation.language)
    elif not user.is_active:
        user.is_active = True
        user.set_password(password)
        user.save(update_fields=["is_active", "password"])
        second_factor.remove_all(user)
    for role in invitation.roles:
        _give(user, invitation.partner, role, invitation.team)
    audit.record(AuditKind.CHANGE, "account.accept_invitation", by=audit.By(user.pk, invitation.partner_id))
    return user


def may_come_back(user: Any) -> bool:
    """Whether an invitation may open this closed account: never one that has powers in the CMS."""
    return not (user.is_active or user.is_superuser or user.groups.exists() or user.user_permissions.exists())


def speak(user: Any, language: str) -> None:
    """Keep the language of a person where the CMS and the mails look for it."""
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})


def _give(user: Any, partner: Partner, role: str, team: Team | None) -> None:
    Membership.objects.update_or_create(
        user=user,
        partner=partner,
        role=role,
        defaults={"team": team, "valid_from": timezone.localdate(), "valid_to": None},
    )


def clear() -> int:
    """Remove names and addresses of invitations that ended a month ago. Safe to run at any time."""
    return Invitation.objects.filter(made_at__lt=timezone.now() - VALID - KEPT).delete()[0]


# Members -------------------------------------------------------------------------------------------------------------


def members(partner: Partner) -> QuerySet[Membership]:
    """Who works for a partner today, a row a role."""
    return Membership.objects.valid().filter(partner=partner).select_related("user", "team").order_by("user", "role")


def member_named(partner: Partner, user_id: int) -> Any:
    """The account of somebody who works for this partner today. NotFound for anybody else."""
    found = members(partner).filter(user=user_id).first() if user_id <= MOST else None
    if found is None:
        raise NotFound(str(user_id))
    return found.user


@transaction.atomic
def change_roles(user: Any, roles: Collection[str], team: Team | None, *, by: Member) -> Invitation | None:
    """Give exactly these roles in the partner of `by`, from now on. Without any it is off-boarding: see `leave`.

    With a role of SECOND that is new for this person nothing changes yet: the proposal is given back. A newer change ends
    an older proposal. Raises LastAdministrator, and OwnRoles for somebody who would give themself one more.
    """
    _check_administrators(by.partner, user, roles)
    if user.pk == by.user_id and _is_more(roles, team, by):
        raise OwnRoles
    open_ones(by.partner).filter(member=user).update(withdrawn_at=timezone.now())
    held = set(members(by.partner).filter(user=user).values_list("role", flat=True))
    if not SECOND.isdisjoint(set(map(str, roles)) - held):
        guest = Guest(user.get_full_name() or user.get_username(), user.email, outbox.language_of(user), roles, team)
        return keep(by.partner, guest, by=by, is_proposal=True, member=user)
    set_roles(user, roles, team, by=by)
    return None


def set_roles(user: Any, roles: Collection[str], team: Team | None, *, by: Member) -> None:
    """Exactly these roles, from now on; asks nobody: for who has checked that `by` may. Raises LastAdministrator."""
    _check_administrators(by.partner, user, roles)
    gone = [row for row in members(by.partner).filter(user=user) if row.role not in roles]
    _end_rows(gone)
    for role in roles:
        _give(user, by.partner, str(CaseRole(role)), team)
    if {CaseRole.CASEWORKER, CaseRole.SUPERVISOR, CaseRole.INTAKE}.isdisjoint(roles):
        _flag_cases(user, by.partner)
    audit.record(AuditKind.CHANGE, "account.roles", by=by.by, fields=sorted(str(role) for role in roles))


def _is_more(roles: Collection[str], team: Team | None, by: Member) -> bool:
    """Whether these roles in this team are more than somebody has."""
    teams = by.supervised if CaseRole.SUPERVISOR in roles else by.teams
    return not set(map(str, roles)) <= by.roles or (team is not None and team.pk not in teams)


def leave(user: Any, *, by: Member) -> int:
    """Off-board: roles and sessions end at once, supervisors are asked to decide on each live case. How many sessions ended.

    An account that is left with nothing is closed.
    """
    with in_one_transaction():
        _check_administrators(by.partner, user, ())
        _end_rows(members(by.partner).filter(user=user))
        open_ones(by.partner).filter(member=user).update(withdrawn_at=timezone.now())
        if not Membership.objects.valid().filter(user=user).exists() and not user.has_perm("wagtailadmin.access_admin"):
            user.is_active = False
            user.save(update_fields=["is_active"])
        ended = open_sessions.end_all(user.pk)
        _flag_cases(user, by.partner)
        audit.record(AuditKind.CHANGE, "account.leave", by=by.by, rows=ended)
    return ended


def _end_rows(rows: Any) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    for row in rows:
        row.valid_to = yesterday
        row.save(update_fields=["valid_to"])


def _check_administrators(partner: Partner, user: Any, roles: Collection[str]) -> None:
    rows = members(partner).filter(role=CaseRole.ORGANISATION_ADMIN)
    if CaseRole.ORGANISATION_ADMIN not in roles and rows.filter(user=user) and not rows.exclude(user=user).exists():
        raise LastAdministrator


def _flag_cases(user: Any, partner: Partner) -> None:
    """A case in progress whose owner is gone waits for a supervisor, with everything that was sent from it."""
    with as_system():
        for case in Case.objects.filter(partner=partner, owner=user, status__in=WORKED_ON):
            mark = f"offboard:{case.pk}:{user.pk}"
            make_task(case, TaskKind.DECIDE, mark, owner_id=None, due_at=timezone.now())
            outbox.tell([one for one in supervisors_of(case) if one != user.pk], mark)


# Help with an account ------------------------------------------------------------------------------------------------


def belongs_here_alone(user: Any, partner: Partner) -> bool:
    """Whether no other organisation, and no superuser's power, hangs on this account."""
    others = Membership.objects.valid().filter(user=user).exclude(partner=partner)
    return not user.is_superuser and not others.exists()


def start_reset(user: Any, *, by: Member) -> None:
    """Send a link for a new password: an administrator starts it, and never chooses the password."""
    passwords.send_link_to(user)
    audit.record(AuditKind.CHANGE, "account.start_reset", by=by.by)


def forget_second_factor(user: Any, *, by: Member) -> None:
    """For somebody who has lost phone and codes: sessions end, the next sign-in sets a new one up. Its owner hears of it."""
    if not belongs_here_alone(user, by.partner):
        raise NotFound(str(user.pk))
    second_factor.remove_all(user)
    open_sessions.end_all(user.pk)
    outbox.tell([user.pk], f"second_factor:{timezone.now():%Y%m%d%H%M%S}")
    audit.record(AuditKind.CHANGE, "account.forget_second_factor", by=by.by)
