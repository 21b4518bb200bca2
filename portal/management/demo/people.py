"""The organisations and accounts of the demonstration. Made again as they were, whatever somebody has changed of them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page

from referral.access import Member, member_of
from referral.models import Membership, Partner, PartnerKind, Reception, Team
from referral.words.choices import CaseRole
from services.models import Service

NOWHERE = "demo.invalid"  # no mail ever leaves for it (RFC 2606)
SECRET_BYTES = 20
# Invented, each once, and said to be: in the lists of the site nobody takes them for colleagues.
FIRST_NAMES = (
    "Samira", "Youssef", "Nadia", "Karim", "Laila", "Hassan", "Imane", "Omar", "Salma", "Rachid", "Meryem", "Brahim",
    "Houda", "Anas", "Zineb", "Driss",
)  # fmt: skip
FAMILY_NAMES = (
    "Amraoui", "Belkadi", "Chraïfi", "Dahmani", "El Fenni", "Filali", "Ghazoui", "Hamri", "Idrani", "Jaouhari", "Kettabi",
    "Lamrini", "Mansoul", "Naciri", "Ouardi", "Rahmouni",
)  # fmt: skip
EACH = (CaseRole.CASEWORKER, CaseRole.SUPERVISOR, CaseRole.FOCAL_POINT)
ALL = (CaseRole.INTAKE, *EACH, CaseRole.ORGANISATION_ADMIN, CaseRole.DPO, CaseRole.STATISTICIAN)


@dataclass(frozen=True)
class House:
    """An organisation that does not exist. `receives`: services of the starter directory, in its town, that it answers for."""

    key: str
    kind: PartnerKind
    names: dict[str, str]
    days_left: int  # of its agreement
    receives: tuple[str, ...]
    roles: tuple[CaseRole, ...] = EACH


HOUSES = (
    House(
        "org-a", PartnerKind.NGO,
        {
            "fr": "Association de démonstration – Oujda",
            "ar": "جمعية للتجربة – وجدة",
            "en": "Demonstration association – Oujda",
        },
        300, ("cell-oujda", "acodec-assistance"), ALL,
    ),
    House(
        "org-b", PartnerKind.HEALTH,
        {"fr": "Clinique de démonstration – Rabat", "ar": "مصحة للتجربة – الرباط", "en": "Demonstration clinic – Rabat"},
        300, ("ms2-rabat", "foo-rabat-listening"),
    ),
    House(
        "org-c", PartnerKind.JUSTICE,
        {
            "fr": "Aide juridique de démonstration – Casablanca",
            "ar": "مساعدة قانونية للتجربة – الدار البيضاء",
            "en": "Demonstration legal aid – Casablanca",
        },
        40, ("clinic-casablanca", "omdh-casablanca"),
    ),
)  # fmt: skip
# Roles of the CMS with their group; the last named is made here: it may edit the pages of its language and nothing else.
EDITORS = {"editor": "Editors", "publisher": "Moderators", "translator_ar": "Translators (ar)"}
TRANSLATES = {"translator_ar": "ar"}


@dataclass(frozen=True)
class Account:
    """What somebody needs to sign in."""

    username: str
    password: str
    totp_secret: str
    role: str
    organisation: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def make_people() -> list[Account]:
    """Every account of the demonstration, with its organisation; the same passwords and secrets at every call."""
    accounts = []
    for house in HOUSES:
        partner = _partner(house)
        team = Team.objects.get_or_create(partner=partner, name="Équipe 1")[0]
        for role in house.roles:
            accounts.append(account := _account(f"{house.key}-{role}", str(role), house.key))
            _join(_user(account), partner, role, team)
    for name, group in EDITORS.items():
        accounts.append(account := _account(f"demo-{name}", name, ""))
        _user(account).groups.set([_group(name, group)])
    return accounts


def member(key: str, role: CaseRole) -> Member:
    """Somebody of the demonstration, to act for them."""
    partner = Partner.objects.get(key=key)
    found = member_of(get_user_model().objects.get(username=f"{key}-{role}"), partner.pk)
    if found is None:
        raise LookupError(f"{key} has no {role} today.")
    return found


def _partner(house: House) -> Partner:
    """Without the number of an authorisation: so it can never hold a real case, whatever the operator has entered."""
    today = timezone.localdate()
    ends = {"agreement_from": today - timedelta(days=60), "agreement_until": today + timedelta(days=house.days_left)}
    fixed = {"names": house.names, "kind": house.kind, "is_active": True, "authorisation": "", **ends}
    partner = Partner.objects.update_or_create(key=house.key, defaults=fixed)[0]
    for service in Service.objects.filter(key__in=house.receives, reception=None):
        Reception.objects.create(partner=partner, service=service)
    return partner


def _account(username: str, role: str, organisation: str) -> Account:
    secret = base64.b32encode(_derived("factor", username)[:SECRET_BYTES]).decode()
    password = base64.urlsafe_b64encode(_derived("password", username)).decode()[:SECRET_BYTES]
    return Account(username, password, secret, role, organisation)


def _derived(purpose: str, username: str) -> bytes:
    """From the secret of this site: nobody else can work it out, and it is the same at every call."""
    return hmac.new(settings.SECRET_KEY.encode(), f"demo {purpose} {username}".encode(), hashlib.sha256).digest()


def _usernames() -> list[str]:
    staff = [f"{house.key}-{role}" for house in HOUSES for role in house.roles]
    return [*staff, *(f"demo-{name}" for name in EDITORS)]


def _user(account: Account) -> Any:
    place = _usernames().index(account.username)
    names = {"first_name": FIRST_NAMES[place], "last_name": f"{FAMILY_NAMES[place]} (démo)"}
    fixed = {"email": f"{account.username}@{NOWHERE}", "is_active": True, "is_superuser": False, **names}
    user, made = get_user_model().objects.update_or_create(username=account.username, defaults=fixed)
    if made or not user.check_password(account.password):
        user.set_password(account.password)
        user.save(update_fields=["password"])
    _enrol(user, account.totp_secret)
    return user


def _enrol(user: Any, secret: str) -> None:
    """Give the authenticator app of this account its secret, where the site asks for a second factor."""
    if not apps.is_installed("allauth.mfa"):
        return
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP
    from allauth.mfa.utils import decrypt

    held = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
    if not any(decrypt(one.data["secret"]) == secret for one in held):
        held.delete()
        TOTP.activate(user, secret)


def _join(user: Any, partner: Partner, role: CaseRole, team: Team) -> None:
    given = {"team": team, "valid_to": None}
    Membership.objects.update_or_create(user=user, partner=partner, role=role, defaults=given)


def _group(role: str, name: str) -> Group:
    group, _made = Group.objects.get_or_create(name=name)
    if role in TRANSLATES:
        group.permissions.add(Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin"))
        for home in Page.objects.filter(depth=2, locale__language_code=TRANSLATES[role]):
            change = Permission.objects.get(codename="change_page", content_type__app_label="wagtailcore")
            GroupPagePermission.objects.get_or_create(group=group, page=home, permission=change)
    return group
