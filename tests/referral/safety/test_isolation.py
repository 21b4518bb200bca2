"""The second wall: PostgreSQL answers a partner with its own rows only, whatever was asked. And every table of cases is behind it."""

from __future__ import annotations

import importlib

import pytest
from django.db import DatabaseError, connection, models, transaction

from referral.encryption import CannotOpen, SealedField
from referral.models import Case, Note, Packet, Referral, ReferralEvent, Task
from referral.permissions import cases_for, get_referral_for
from referral.referring import packets
from referral.safety.isolation import as_partner, as_system, is_enforced
from referral.safety.keys import case_box, packet_box, packet_key
from referral.safety.rotation import rotate_partner
from referral.states.workflow import Status
from referral.words.choices import CaseRole
from tests.referral import making
from tests.referral.safety import rows
from tests.referral.safety.everything import MODELS, Everything

pytestmark = pytest.mark.django_db
RULES = {
    table: rule
    for name in ("0003_row_security", "0004_requests")
    for table, rule in importlib.import_module(f"referral.migrations.{name}").RULES.items()
}
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="row security is PostgreSQL's")

# Tables that lead to a case and are not behind the wall, each for a reason.
OPEN = {
    "referral_answered": "digests of requests and numbers of rows: asked under locks, before it is known whose they are",
}
SHARED_WITH_THE_RECEIVER = {
    "referral_referral",
    "referral_packet",
    "referral_packetkey",
    "referral_referralevent",
    "referral_receiverlink",
}


def leads_to_a_case(model: type[models.Model], seen: frozenset = frozenset()) -> bool:
    """Whether a row belongs to a case or a referral, over any number of foreign keys."""
    if model in (Case, Referral):
        return True
    targets = {field.related_model for field in model._meta.concrete_fields if field.many_to_one or field.one_to_one}
    ours = {target for target in targets if target._meta.app_label == "referral"} - seen
    return any(leads_to_a_case(target, seen | {model}) for target in ours)


def test_every_table_that_belongs_to_a_case_or_holds_something_sealed_is_behind_the_wall():
    sealed = {model for model in MODELS if any(isinstance(field, SealedField) for field in model._meta.fields)}
    wanted = {model._meta.db_table for model in sealed | set(filter(leads_to_a_case, MODELS))}
    assert wanted - set(OPEN) - set(RULES) == set()
    assert set(RULES) <= {model._meta.db_table for model in MODELS}


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="about SQLite, which has no row security; .ci/run runs it in make test"
)
def test_on_sqlite_the_wall_does_nothing_and_costs_nothing(django_assert_num_queries):
    with django_assert_num_queries(0), as_partner(making.Partner()), as_system():
        pass
    assert not is_enforced()


# On PostgreSQL -----------------------------------------------------------------------------------------------------


@pytest.fixture
def walled():
    """Rows of every table, of two partners with a referral between them; from here on everything is done as the site's role."""
    home, away, third = making.partner(), making.partner("rabat"), making.partner("tanger")
    found = Everything(home, away)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE dalil_site")
    found.home, found.away, found.third = home, away, third
    return found


def counted() -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        for table in RULES:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  (our own names of tables)
            found[table] = cursor.fetchone()[0]
    return found


def seen() -> set[str]:
    return {table for table, rows_of_it in counted().items() if rows_of_it}


@on_postgresql
def test_a_raw_select_finds_the_rows_of_the_partner_that_asks_and_of_no_other(walled):
    with as_system():
        everything = counted()
    assert all(everything.values())
    with as_partner(walled.home):
        own = counted()
    assert {table for table in own if own[table] < everything[table]} == {"referral_packetkey"}
    with as_partner(walled.away):
        assert seen() == SHARED_WITH_THE_RECEIVER
    with as_partner(walled.third):
        assert seen() == set()


@on_postgresql
def test_without_a_partner_or_with_nonsense_nothing_is_found(walled):
    assert seen() == set()
    for nonsense in ("", "SYSTEM", "system ", "nobody", "x" * 35, "*", "' OR true --"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('dalil.partner', %s, true)", [nonsense])
            assert seen() == set()
    assert is_enforced()


@on_postgresql
def test_what_is_asked_for_ends_with_the_block_also_when_it_fails_and_blocks_may_be_nested(walled):
    with as_partner(walled.home):
        with as_system():
            assert set(RULES) == seen()
        assert "referral_packetkey" in seen()
        assert Case.objects.count() == 1
        with pytest.raises(ZeroDivisionError), as_partner(walled.third):
            1 / Case.objects.count()
        assert Case.objects.count() == 1
        with pytest.raises(DatabaseError), as_system(), connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")
        assert Case.objects.count() == 1
    assert seen() == set()


@on_postgresql
def test_another_partner_changes_deletes_and_adds_nothing(walled):
    with as_partner(walled.third):
        for model in (Case, Note, Referral, Task):
            assert model.objects.update(**{model._meta.concrete_fields[1].attname: None}) == 0
            assert model.objects.all().delete()[0] == 0
        for row in (
            Note(case_id=walled.case.pk, written_by_id=walled.case.owner_id),
            Task(partner=walled.home, kind="other", mark="foreign"),
        ):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                row.save()
    with as_partner(walled.home), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Case.objects.update(partner=walled.third)
    with as_system():
        assert Case.objects.get().partner == walled.home


@on_postgresql
def test_the_receiver_sees_no_draft_and_no_case_behind_the_referral(walled):
    with as_system():
        draft = rows.referral(walled.case, walled.away, Status.DRAFT)
    receiver = making.Member(0, walled.away, frozenset({CaseRole.FOCAL_POINT}))
    with as_partner(walled.away):
        sent = Referral.objects.get()
        assert sent.pk != draft.pk
        assert get_referral_for(receiver, sent.pk) == sent
        with pytest.raises(Case.DoesNotExist):
            _case = sent.case
        packet = Packet.objects.get()
        packet.referral = sent
        assert packet.opened(packet_box(packet, packet_key(packet, walled.away)))["fields"]["need"] == "health"
        with pytest.raises(CannotOpen):
            case_box(walled.case, walled.away)


@on_postgresql
def test_an_action_that_checked_who_asks_crosses_the_wall_and_leaves_it_standing(walled):
    user = making.user()
    receiver = making.member(walled.away, CaseRole.FOCAL_POINT, who=user)
    referral = walled.rows[Referral]
    with as_partner(walled.away):
        assert packets.read(referral.pk, by=receiver).content["need"] == "health"
        assert not Case.objects.exists()


@on_postgresql
def test_a_partner_reads_its_case_as_before(walled):
    member = making.Member(walled.case.owner_id, walled.home, frozenset({CaseRole.CASEWORKER}))
    with as_partner(walled.home):
        case = cases_for(member).get()
        assert case.person.opened(case_box(case, walled.home), ["alias"])["alias"]["words"]
    assert not cases_for(member).exists()


@on_postgresql
def test_the_sites_role_can_only_add_to_the_trail_and_to_the_events_and_touches_no_migration(walled):
    with as_system():
        for statement in (
            "UPDATE referral_auditentry SET user_id = 1",
            "DELETE FROM referral_auditentry",
            "TRUNCATE referral_auditentry",
            "UPDATE referral_referralevent SET number = 9",
            "DELETE FROM referral_referralevent",
            "ALTER TABLE referral_auditentry DISABLE TRIGGER USER",
            "ALTER TABLE referral_case DISABLE ROW LEVEL SECURITY",
            "DROP POLICY of_the_partner_that_asks ON referral_case",
            "DELETE FROM django_migrations",
            "SET ROLE postgres",
        ):
            with (
                pytest.raises(DatabaseError, match=r"permission denied|must be owner|does not exist"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
        assert rows.event(walled.rows[Referral]).number == 2
        assert ReferralEvent.objects.count() == 2


@on_postgresql
def test_a_rotation_finds_every_key_although_nobody_set_a_partner(walled):
    assert rotate_partner(walled.home) == (2, 0)
    assert rotate_partner(walled.away) == (1, 0)


@on_postgresql
def test_for_the_owner_of_the_tables_there_is_no_wall_which_is_said():
    assert not is_enforced()
