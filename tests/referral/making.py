"""Partners, members, cases, consents for tests of the middle floor, with honest defaults. Plain functions, nothing hidden."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from referral.access import Member, member_of
from referral.identifiers import new_case_code
from referral.models import Case, Consent, Grant, Membership, Partner, PartnerKind, Person, Reception, Referral, Team
from referral.reading.versions import freeze
from referral.referring.referrals import act, create
from referral.safety.keys import blind_index, case_box, new_case_box
from referral.states.events import Event
from referral.words.choices import CaseRole, Profile, Risk, Urgency
from referral.words.consent_choices import ConsentMethod, DataCategory, InterpreterKind, Purpose
from services.models import Service
from services.taxonomy import Answer
from tests.services.directory import add_phone, add_place, make_service

NUMBERS = itertools.count(1)
PERSON = {"alias": "Mariam", "age_band": "25-34", "sex": "female", "languages": ["bm", "fr"]}
AGREED = (DataCategory.NEED, DataCategory.REASON, DataCategory.LANGUAGE, DataCategory.AGE_BAND)


def partner(key: str = "oujda", *, agreed: bool = True, **fields: Any) -> Partner:
    """A partner that works with cases; `agreed`: with an authorisation and an agreement that holds today."""
    today = timezone.localdate()
    papers: dict[str, Any] = {}
    if agreed:
        papers = {
            "authorisation": "TEST-1",
            "agreement_from": today - timedelta(days=30),
            "agreement_until": today + timedelta(days=300),
        }
    names = {"fr": f"Association {key}", "ar": f"جمعية {key}", "en": f"Association {key}"}
    given = {"names": names, "kind": PartnerKind.NGO, **papers, **fields}
    return Partner.objects.get_or_create(key=key, defaults=given)[0]


def team(of: Partner, name: str = "Team") -> Team:
    return Team.objects.get_or_create(partner=of, name=name)[0]


def user(name: str = "") -> Any:
    """Somebody with an account and no role."""
    name = name or f"worker-{next(NUMBERS)}"
    return get_user_model().objects.create_user(name, f"{name}@example.org", "a long password 2026")


def member(of: Partner, *roles: CaseRole, who: Any = None, in_team: Team | None = None) -> Member:
    """Somebody who acts for this partner: a caseworker unless told. `who`: a user who exists already."""
    who = who or user()
    for role in roles or (CaseRole.CASEWORKER,):
        Membership.objects.create(user=who, partner=of, role=role, team=in_team)
    found = member_of(who, of.pk)
    assert found is not None
    return found


def user_of(somebody: Member) -> Any:
    """The account of a member, to log in with."""
    return get_user_model().objects.get(pk=somebody.user_id)


def service(
    key: str = "clinic", *, receiver: Partner | None = None, places: int | None = None, **fields: Any
) -> Service:
    """A live service of the directory in Rabat with a phone, that takes referrals. `receiver`: who answers them here."""
    made = make_service(key, **{"accepts_referrals": Answer.YES, **fields})
    add_place(made)
    add_phone(made)
    if receiver is not None:
        Reception.objects.create(partner=receiver, service=made, places=places)
    return made


def case(of: Member, profile: str = Profile.GEN, **given: Any) -> Case:
    """An open case of this member. What is no column of Case is of the person: `given_name="Awa"`, `phone="+212…"`."""
    columns = {field.name for field in Case._meta.fields}
    fields = {name: given.pop(name) for name in list(given) if name in columns}
    procedure = freeze(profile)
    usual: dict[str, Any] = {
        "code": new_case_code(),
        "partner": of.partner,
        "owner_id": of.user_id,
        "opened_by_id": of.user_id,
        "profile": profile,
        "procedure": procedure,
        "procedure_version": procedure.version,
        "other_procedures": {one: freeze(one).pk for one in fields.get("other_profiles", [])},
        "urgency": Urgency.NORMAL,
        "risk": Risk.MEDIUM,
    }
    made = Case.objects.create(**{**usual, **fields})
    box = new_case_box(made)
    person = Person(case=made)
    person.seal(box, **{**PERSON, **given})
    person.phone_index = blind_index(of.partner, "phone", str(given.get("phone", "")))
    names = f"{given.get('given_name', '')} {given.get('family_name', '')}"
    person.name_index = blind_index(of.partner, "name", names)
    person.save()
    return made


def consent(
    case: Case,
    service: Service | None = None,
    categories: Any = AGREED,
    *,
    purpose: Purpose = Purpose.REFERRAL,
    given: bool = True,
    to: Partner | None = None,
    **fields: Any,
) -> Grant:
    """What the person said to one question: yes, unless told, to sharing these categories with this service.

    `to`: the partner that may take the case over, with `purpose=Purpose.TRANSFER`.
    """
    usual: dict[str, Any] = {
        "language": "fr",
        "interpreter": InterpreterKind.NOT_NEEDED,
        "method": ConsentMethod.VERBAL_WITNESSED,
        "script_version": "2026.1",
        "read_back": True,
        "asked_by_id": case.owner_id,
    }
    row = Consent.objects.create(case=case, **{**usual, **fields})
    return Grant.objects.create(
        consent=row,
        purpose=purpose,
        service=service,
        partner=to,
        categories=[str(one) for one in categories],
        given=given,
    )


def referral(
    case: Case, by: Member, to: Service, *, sent: bool = True, categories: Any = AGREED, **given: Any
) -> Referral:
    """A referral of this case: sent, unless told, with a consent that covers it if there is none yet."""
    usual = {"urgency": "normal", "handover": "facilitated", "reason": "A consultation", "categories": list(categories)}
    made = create(case, by=by, service=to, given={**usual, **given})
    if not sent:
        return made
    if not Grant.objects.filter(consent__case=case, service=to).exists():
        consent(case, to, categories)
    return act(made.pk, Event.SEND, by=by)


def opened(case: Case, row: Any) -> dict[str, Any]:
    """Every sealed value of a row of this case, opened for its own partner."""
    return row.opened(case_box(case, case.partner))
