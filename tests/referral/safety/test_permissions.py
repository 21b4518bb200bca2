"""Who may read and write what (referral.md b.6): every role, place and relation against a table that a person typed and checked."""

from __future__ import annotations

import itertools
import uuid
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.utils import timezone

from referral.access import Linked, Member, System, member_of
from referral.models import AccessGrant, Case, CaseTransfer, Membership, Referral, ReferralEvent
from referral.permissions import (
    NotFound,
    cases_for,
    get_case_for,
    get_referral_for,
    kind_at_case,
    kind_at_referral,
    may_write,
    received_by,
    sent_by,
    supervises,
)
from referral.referring.referrals import act
from referral.refusals import GuardRefused
from referral.states.case_states import CaseActor
from referral.states.events import Actor, Event, Guard, Status
from referral.tiers import most_tier
from referral.words.choices import CaseRole
from tests.referral import making
from tests.referral.safety import rows

pytestmark = pytest.mark.django_db

PLACES = ("same team", "other team", "other partner")
RELATIONS = ("stranger", "owner", "deputy", "opened it, is owner", "opened it, handed over")

# Who may do anything at all. What is not in this table: nothing. “owner rw4”: the kind of actor; reads, writes; up to which tier.
READERS = """
role       | place      | relation               | open           | restricted
caseworker | same team  | owner                  | owner rw4      | owner rw4
caseworker | same team  | deputy                 | owner rw4      | owner rw4
caseworker | same team  | opened it, is owner    | owner rw4      | owner rw4
caseworker | other team | owner                  | owner rw4      | owner rw4
caseworker | other team | deputy                 | owner rw4      | owner rw4
caseworker | other team | opened it, is owner    | owner rw4      | owner rw4
supervisor | same team  | stranger               | supervisor rw3 | outsider
supervisor | same team  | owner                  | owner rw4      | owner rw4
supervisor | same team  | deputy                 | owner rw4      | owner rw4
supervisor | same team  | opened it, is owner    | owner rw4      | owner rw4
supervisor | same team  | opened it, handed over | supervisor rw3 | outsider
supervisor | other team | owner                  | owner rw4      | owner rw4
supervisor | other team | deputy                 | owner rw4      | owner rw4
supervisor | other team | opened it, is owner    | owner rw4      | owner rw4
intake     | same team  | opened it, is owner    | intake rw3     | intake rw3
intake     | other team | opened it, is owner    | intake rw3     | intake rw3
"""
# A caseworker at a case of somebody else in the same organisation: known as a colleague, and no more than that.
COLLEAGUE = {("caseworker", place, relation) for place in PLACES[:2] for relation in RELATIONS}

# A stranger at a restricted case with a leave that somebody else approved. What is not here: as without it.
LET_IN = """
role       | place      | recorded request | emergency access
supervisor | same team  | supervisor rw4   | outsider r4
supervisor | other team | outsider r4      | outsider r4
dpo        | same team  | outsider r4      | outsider r4
dpo        | other team | outsider r4      | outsider r4
"""


def table(text: str) -> dict[tuple[str, ...], str]:
    """The rows of a typed table: every column but the last ones, whose headings come after the bar, as the key."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    keys = [at for at, name in enumerate(lines[0]) if name in ("role", "place", "relation")]
    found = {}
    for line in lines[1:]:
        for at in set(range(len(line))) - set(keys):
            found[(*(line[key] for key in keys), lines[0][at])] = line[at]
    return found


@pytest.fixture
def house() -> SimpleNamespace:
    """Two partners, two teams in the first, and a colleague of no relation to anything."""
    home, away = making.partner(), making.partner("rabat")
    first, second = making.team(home), making.team(home, "Second")
    return SimpleNamespace(home=home, away=away, first=first, second=second, me=making.user(), other=making.user())


def seen_by(house, role: str, place: str) -> Member:
    partner = house.away if place == "other partner" else house.home
    team = {"same team": house.first, "other team": house.second}.get(place, making.team(house.away, "Third"))
    teams = frozenset({team.pk})
    return Member(house.me.pk, partner, frozenset({role}), teams, teams if role == CaseRole.SUPERVISOR else frozenset())


def a_case(house, relation: str = "stranger", **fields) -> Case:
    people = {
        "stranger": {},
        "owner": {"owner": house.me},
        "deputy": {"deputy": house.me},
        "opened it, is owner": {"owner": house.me, "opened_by": house.me},
        "opened it, handed over": {"opened_by": house.me},
    }[relation]
    keeper = Member(house.other.pk, house.home, frozenset({"caseworker"}))
    made = making.case(keeper, **{"team": house.first, **fields})
    Case.objects.filter(pk=made.pk).update(**people or {"owner": house.other})
    return Case.objects.get(pk=made.pk)


def what_may(member: Member, case: Case) -> str:
    reads, writes = cases_for(member).filter(pk=case.pk).exists(), may_write(member, case)
    tier = most_tier(member, case)
    rights = f"{'r' * reads}{'w' * writes}{tier or ''}"
    return f"{kind_at_case(member, case)} {rights}".strip()


def test_every_role_in_every_place_and_relation_may_exactly_what_the_table_says(house):
    typed = table(READERS)
    cases = {
        (relation, restricted): a_case(house, relation, is_restricted=restricted == "restricted")
        for relation, restricted in itertools.product(RELATIONS, ("open", "restricted"))
    }
    differing = {}
    for role, place, (relation, restricted) in itertools.product(CaseRole.values, PLACES, cases):
        wanted = typed.get((role, place, relation, restricted), "outsider")
        if wanted == "outsider" and (role, place, relation) in COLLEAGUE:
            wanted = "caseworker"
        found = what_may(seen_by(house, role, place), cases[relation, restricted])
        if found != wanted:
            differing[role, place, relation, restricted] = (found, wanted)
    assert differing == {}


def test_the_table_has_no_row_for_another_partner_nor_for_those_who_never_see_a_case():
    roles = {role for role, *_rest in table(READERS)}
    assert roles == {"caseworker", "supervisor", "intake"}
    assert not any("other partner" in row for row in [*table(READERS), *table(LET_IN)])


def test_a_leave_to_read_opens_what_the_table_says_and_emergency_access_never_writes(house):
    typed = table(LET_IN)
    differing = {}
    kinds = {"recorded request": AccessGrant.Kind.REQUEST, "emergency access": AccessGrant.Kind.BREAK_GLASS}
    for name, kind in kinds.items():
        case = a_case(house, is_restricted=True)
        leave(house, case, kind=kind)
        for role, place in itertools.product(CaseRole.values, PLACES):
            nothing = "caseworker" if role == "caseworker" and place != "other partner" else "outsider"
            found, wanted = what_may(seen_by(house, role, place), case), typed.get((role, place, name), nothing)
            if found != wanted:
                differing[role, place, name] = (found, wanted)
    assert differing == {}


def leave(house, case: Case, **fields) -> AccessGrant:
    now = timezone.now()
    usual = {
        "kind": AccessGrant.Kind.REQUEST,
        "user": house.me,
        "approved_by": house.other,
        "approved_at": now,
        "until": now + timedelta(hours=2),
    }
    return AccessGrant.objects.create(case=case, **{**usual, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"approved_at": None},
        {"approved_by": None},
        {"until": None},
        {"until": timezone.now() - timedelta(seconds=1)},
        {"approved_at": timezone.now() + timedelta(hours=1)},
    ],
    ids=["not approved", "approved by nobody", "without an end", "over", "not begun"],
)
@pytest.mark.parametrize("role", [CaseRole.SUPERVISOR, CaseRole.DPO])
def test_a_leave_that_is_not_approved_or_not_of_this_hour_opens_nothing(house, role, fields):
    case = a_case(house, is_restricted=True)
    leave(house, case, **fields)
    assert what_may(seen_by(house, role, "same team"), case) == "outsider"


def test_the_leave_of_somebody_else_or_for_another_case_opens_nothing(house):
    case, second = a_case(house, is_restricted=True), a_case(house, is_restricted=True)
    leave(house, case, user=house.other, approved_by=house.me)
    leave(house, second)
    assert what_may(seen_by(house, CaseRole.SUPERVISOR, "same team"), case) == "outsider"


def test_a_case_without_a_team_belongs_to_every_supervisor_of_its_partner_and_of_no_other(house):
    case = a_case(house, team=None)
    found = [what_may(seen_by(house, CaseRole.SUPERVISOR, place), case) for place in PLACES]
    assert found == ["supervisor rw3", "supervisor rw3", "outsider"]


def test_an_offered_case_may_be_answered_by_the_taker_and_not_read(house):
    case = a_case(house)
    CaseTransfer.objects.create(case=case, source=house.home, taker=house.away, asked_by=house.other)
    found = {role: what_may(seen_by(house, role, "other partner"), case) for role in CaseRole.values}
    assert found == dict.fromkeys(CaseRole.values, "outsider") | {"caseworker": "receiving", "supervisor": "receiving"}
    CaseTransfer.objects.update(state=CaseTransfer.State.DECLINED)
    assert what_may(seen_by(house, CaseRole.CASEWORKER, "other partner"), case) == "outsider"


def test_the_system_is_the_system_and_a_link_is_nobody_at_a_case(house):
    case = a_case(house)
    assert kind_at_case(System(), case) == CaseActor.SYSTEM
    assert kind_at_case(Linked(1, uuid.uuid4(), b""), case) == CaseActor.OUTSIDER


def test_a_case_of_others_and_a_case_that_never_was_give_the_same_answer(house):
    case, member = a_case(house), seen_by(house, CaseRole.CASEWORKER, "other partner")
    for code in (case.code, "7K3F-H9XR-M", "", "' OR 1=1 --", "\x00"):
        with pytest.raises(NotFound):
            get_case_for(member, code)
    assert get_case_for(Member(house.other.pk, house.home, frozenset({"caseworker"})), case.code) == case


# Who somebody is ---------------------------------------------------------------------------------------------------


def test_a_superuser_and_an_editor_of_the_cms_are_nobody(house, django_user_model):
    a_case(house)
    root = django_user_model.objects.create_superuser("root", "root@example.org", "a long password 2026")
    editor = making.user("an-editor")
    editor.groups.set(Group.objects.all())
    assert Group.objects.count() >= 2
    for user in (root, editor, AnonymousUser(), None):
        assert member_of(user) is None
        assert member_of(user, house.home.pk) is None


def test_who_was_disabled_or_left_or_whose_partner_stopped_is_nobody_at_the_next_call(house):
    today = timezone.localdate()
    member = making.member(house.home, CaseRole.CASEWORKER, who=house.me)
    assert cases_for(member).count() == 0

    def now() -> Member | None:
        return member_of(type(house.me).objects.get(pk=house.me.pk))

    for model, valid, ended in (
        (type(house.me), {"is_active": True}, {"is_active": False}),
        (Membership, {"valid_to": None}, {"valid_to": today - timedelta(days=1)}),
        (Membership, {"valid_from": today}, {"valid_from": today + timedelta(days=1)}),
        (type(house.home), {"is_active": True}, {"is_active": False}),
    ):
        model.objects.update(**ended)
        assert now() is None
        model.objects.update(**valid)
        assert now() == member
    Membership.objects.update(valid_to=today)
    assert now() == member  # the last day counts


def test_a_role_that_was_taken_away_is_gone_at_the_next_call(house):
    case = making.case(making.member(house.home, CaseRole.CASEWORKER, CaseRole.FOCAL_POINT, who=house.me))
    assert cases_for(member_of(house.me)).get() == case
    Membership.objects.filter(role=CaseRole.CASEWORKER).delete()
    assert member_of(house.me).roles == {"focal_point"}
    assert not cases_for(member_of(house.me)).exists()


def test_somebody_of_two_partners_is_two_members_and_sees_one_at_a_time(house):
    at_home = making.member(house.home, who=house.me)
    away = making.member(house.away, CaseRole.CASEWORKER, CaseRole.SUPERVISOR, who=house.me)
    mine, theirs = making.case(at_home), making.case(away)
    assert member_of(house.me) is None  # which one must be said
    assert member_of(house.me, str(house.home.pk)) == at_home  # a session keeps it as text
    assert member_of(house.me, uuid.uuid4()) is None
    assert at_home.roles == {"caseworker"}
    assert list(cases_for(at_home)) == [mine]
    assert list(cases_for(away)) == [theirs]
    assert kind_at_case(at_home, theirs) == kind_at_case(away, mine) == CaseActor.OUTSIDER


def test_a_supervisor_of_one_team_who_works_in_another_does_not_supervise_that_one(house):
    making.member(house.home, CaseRole.CASEWORKER, who=house.me, in_team=house.first)
    member = making.member(house.home, CaseRole.SUPERVISOR, who=house.me, in_team=house.second)
    assert member.roles == {"caseworker", "supervisor"}
    assert (member.teams, member.supervised) == ({house.first.pk, house.second.pk}, {house.second.pk})
    assert not supervises(member, a_case(house))
    assert supervises(member, a_case(house, team=house.second))


# Referrals ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def sent(house) -> Referral:
    return rows.referral(a_case(house, "owner"), house.away)


def test_the_kind_of_actor_at_a_referral_of_every_role_on_both_sides(house, sent):
    case, me = sent.case, house.me.pk
    found = {
        (role, place, "owner"): kind_at_referral(seen_by(house, role, place), sent)
        for role, place in itertools.product(CaseRole.values, PLACES)
    }
    Case.objects.update(owner=house.other)
    sent = Referral.objects.get()
    found |= {
        (role, place, "stranger"): kind_at_referral(seen_by(house, role, place), sent)
        for role, place in itertools.product(CaseRole.values, PLACES)
    }
    wanted = dict.fromkeys(found, Actor.OUTSIDER)
    for role, place in itertools.product(("caseworker", "supervisor"), PLACES[:2]):
        wanted[role, place, "owner"] = Actor.REFERRER
    wanted["supervisor", "same team", "stranger"] = Actor.SUPERVISOR
    for relation in ("owner", "stranger"):
        wanted["focal_point", "other partner", relation] = Actor.RECEIVER
    assert found == wanted
    third = Member(me, making.partner("tanger"), frozenset(CaseRole.values))
    assert kind_at_referral(third, sent) == Actor.OUTSIDER
    assert kind_at_referral(System(), sent) == Actor.SYSTEM
    assert kind_at_referral(Linked(1, sent.pk, b""), sent) == Actor.LINK_RECEIVER
    assert kind_at_referral(Linked(1, uuid.uuid4(), b""), sent) == Actor.OUTSIDER
    assert case.pk == sent.case_id


def test_a_supervisor_is_nobody_at_a_referral_of_a_restricted_case_without_a_recorded_request(house, sent):
    supervisor = seen_by(house, CaseRole.SUPERVISOR, "same team")
    Case.objects.update(owner=house.other, is_restricted=True)
    leave(house, sent.case, kind=AccessGrant.Kind.BREAK_GLASS)
    assert kind_at_referral(supervisor, Referral.objects.get()) == Actor.OUTSIDER
    leave(house, sent.case)
    assert kind_at_referral(supervisor, Referral.objects.get()) == Actor.SUPERVISOR


def test_the_receiver_sees_what_was_sent_to_it_and_nothing_of_the_case(house, sent):
    receiver = seen_by(house, CaseRole.FOCAL_POINT, "other partner")
    rows.referral(sent.case, house.away, Status.DRAFT)
    rows.referral(sent.case, making.partner("tanger"))
    assert list(received_by(receiver)) == [sent]
    found = get_referral_for(receiver, sent.pk)
    assert "case" not in found._state.fields_cache
    assert not cases_for(receiver).exists()
    assert not sent_by(receiver).exists()
    for role in set(CaseRole.values) - {"focal_point"}:
        assert not received_by(seen_by(house, role, "other partner")).exists()


def test_the_sender_sees_the_referrals_of_the_cases_that_it_may_read(house, sent):
    mine = seen_by(house, CaseRole.CASEWORKER, "same team")
    other = rows.referral(a_case(house), house.away)
    assert list(sent_by(mine)) == [sent]
    assert get_referral_for(mine, sent.pk) == sent
    with pytest.raises(NotFound):
        get_referral_for(mine, other.pk)
    with pytest.raises(NotFound):
        get_referral_for(mine, uuid.uuid4())


def test_in_a_partner_that_refers_to_itself_the_owner_never_answers(house):
    referral = rows.referral(a_case(house, "owner"), house.home)
    roles = frozenset({"caseworker", "focal_point"})
    assert kind_at_referral(Member(house.me.pk, house.home, roles), referral) == Actor.REFERRER
    assert kind_at_referral(Member(house.other.pk, house.home, roles), referral) == Actor.RECEIVER


@pytest.mark.parametrize("bond", ["created it", "owns the case", "acted for the sender"])
def test_somebody_of_both_organisations_cannot_answer_what_they_sent(house, bond):
    case = a_case(house, "owner" if bond == "owns the case" else "stranger")
    referral = rows.referral(case, house.away, created_by=house.me if bond == "created it" else house.other)
    if bond == "acted for the sender":
        rows.event(referral, user=house.me, partner=house.home, kind_of_actor=Actor.REFERRER)
    receiver = making.member(house.away, CaseRole.FOCAL_POINT, who=house.me)
    with pytest.raises(GuardRefused) as caught:
        act(referral.pk, Event.ACKNOWLEDGE, by=receiver, version=0)
    assert caught.value.guard == Guard.ONE_SIDE_ONLY
    assert Referral.objects.get().status == Status.SENT


def test_somebody_of_both_organisations_cannot_confirm_what_they_delivered(house):
    referral = rows.referral(a_case(house, "owner"), house.away, Status.DELIVERED, created_by=house.other)
    rows.event(referral, Event.DELIVER, user=house.me, partner=house.away, kind_of_actor=Actor.RECEIVER)
    sender = making.member(house.home, who=house.me)
    for event, given in ((Event.CONFIRM, {"client_confirmed": "yes"}), (Event.DISPUTE, {})):
        with pytest.raises(GuardRefused) as caught:
            act(referral.pk, event, by=sender, version=0, given=given)
        assert caught.value.guard == Guard.ONE_SIDE_ONLY
    assert ReferralEvent.objects.count() == 1


# Queries -----------------------------------------------------------------------------------------------------------


def test_questions_cost_a_fixed_number_of_queries(house, sent, django_assert_num_queries):
    everything = Member(house.me.pk, house.home, frozenset(CaseRole.values), supervised=frozenset({house.first.pk}))
    for _ in range(5):
        a_case(house, "owner")
    with django_assert_num_queries(1):
        assert len(cases_for(everything)) == 6
    with django_assert_num_queries(1):
        assert len(sent_by(everything)) == 1
    with django_assert_num_queries(1):
        list(received_by(everything))
    with django_assert_num_queries(1):
        get_case_for(everything, sent.case.code)
    with django_assert_num_queries(1):
        get_referral_for(everything, sent.pk)
    with django_assert_num_queries(0):
        assert may_write(everything, sent.case)
    making.member(house.home, who=house.me)
    with django_assert_num_queries(1):
        member_of(house.me)
