"""The trail: one chain that nobody can change unseen, that the database keeps, and that a rollback of the request does not undo."""

from __future__ import annotations

import io
import threading
import uuid
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, close_old_connections, connection, transaction

from referral import attempts
from referral.access import Member
from referral.encryption import keyed_digest, new_key, ring
from referral.models import AuditEntry, AuditHead, AuditKind, Case, Packet, Partner, ReferralEvent
from referral.safety import audit
from referral.safety.audit import By, record, verify
from referral.states.machine import NotYours, Refused
from tests.referral import making
from tests.referral.safety import own_site, rows
from tests.referral.safety.test_keys import ring_with

pytestmark = pytest.mark.django_db
BY = By(7, uuid.UUID(int=5))
ON_SQLITE = connection.vendor == "sqlite"


def trail(length: int = 5) -> list[AuditEntry]:
    case = uuid.uuid4()
    return [
        record(AuditKind.READ, f"screen.{at}", by=BY, case_id=case, fields=["person.phone"]) for at in range(length)
    ]


def as_an_administrator_of_the_database(*statements: str) -> None:
    """What somebody does who may do everything with the tables, and does not have the key ring."""
    with connection.cursor() as cursor:
        if ON_SQLITE:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'referral_%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("ALTER TABLE referral_auditentry DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)


def where_it_breaks() -> int | None:
    found = verify()[1]
    return found.number if found else None


# The chain ---------------------------------------------------------------------------------------------------------


def test_an_empty_trail_is_whole_and_so_is_one_of_many_kinds():
    assert verify() == (0, None)
    record(AuditKind.SIGN_IN, "sign_in", by=By())
    record(AuditKind.SEARCH, "search", by=BY, rows=3)
    record(AuditKind.EXPORT, "cases.csv", by=BY, rows=0, fields=("status", "code"))
    record(AuditKind.CHANGE, "open", by=BY, case_id=uuid.uuid4(), referral_id=uuid.uuid4())
    assert verify() == (4, None)
    assert AuditEntry.objects.get(pk=3).fields == ["code", "status"]


def test_each_row_holds_the_digest_of_the_row_before():
    entries = trail(3)
    assert [entry.pk for entry in entries] == [1, 2, 3]
    assert [entry.before for entry in entries] == [audit.START, entries[0].digest, entries[1].digest]
    assert audit.last_digest() == (3, entries[2].digest)


CHANGES = {
    "at": "at = '2020-01-01 00:00:00'" if ON_SQLITE else "at = at - interval '1 microsecond'",
    "kind": "kind = 'sign_in'",
    "user": "user_id = 8",
    "nobody": "user_id = NULL",
    "partner": f"partner_id = '{uuid.UUID(int=6).hex}'",
    "case": f"case_id = '{uuid.UUID(int=6).hex}'",
    "referral": f"referral_id = '{uuid.UUID(int=6).hex}'",
    "what": "what = 'screen.9'",
    "fields": "fields = '[]'",
    "rows": "rows = 0",
    "before": f"before = '{'1' * 64}'",
    "digest": f"digest = '{'1' * 64}'",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("row", [1, 3, 5])
def test_a_change_of_any_column_of_any_row_is_found_where_it_is(row, change):
    trail()
    as_an_administrator_of_the_database(f"UPDATE referral_auditentry SET {change} WHERE id = {row}")  # noqa: S608  (the test's own words)
    assert where_it_breaks() == row


@pytest.mark.parametrize(
    ("statements", "place"),
    [
        (["DELETE FROM referral_auditentry WHERE id = 1"], 1),
        (["DELETE FROM referral_auditentry WHERE id <= 2"], 1),
        (["DELETE FROM referral_auditentry WHERE id = 3"], 3),
        (["DELETE FROM referral_auditentry WHERE id = 5"], 5),
        (["DELETE FROM referral_auditentry WHERE id >= 3"], 3),
        (["DELETE FROM referral_auditentry"], 1),
        (["DELETE FROM referral_auditentry", "DELETE FROM referral_audithead"], None),
        (["DELETE FROM referral_audithead"], 1),
        (["UPDATE referral_audithead SET number = 4"], 5),
        (["UPDATE referral_audithead SET number = 6"], 6),
        (["UPDATE referral_audithead SET digest = 'another'"], 5),
        (["UPDATE referral_auditentry SET id = -2 WHERE id = 2"], 0),
        (["UPDATE referral_auditentry SET id = 9 WHERE id = 5"], 5),
        (
            [
                "UPDATE referral_auditentry SET id = 9 WHERE id = 2",
                "UPDATE referral_auditentry SET id = 2 WHERE id = 3",
                "UPDATE referral_auditentry SET id = 3 WHERE id = 9",
            ],
            2,
        ),
        (
            [
                "DELETE FROM referral_auditentry WHERE id = 3",
                "UPDATE referral_auditentry SET id = 3 WHERE id = 4",
                "UPDATE referral_auditentry SET id = 4 WHERE id = 5",
                "UPDATE referral_audithead SET number = 4",
            ],
            3,
        ),
    ],
)
def test_rows_removed_or_reordered_at_the_beginning_in_the_middle_or_at_the_end_are_found(statements, place):
    trail()
    as_an_administrator_of_the_database(*statements)
    assert where_it_breaks() == place


def test_a_row_slipped_in_at_the_end_is_found():
    trail()
    last = AuditEntry.objects.get(pk=5)
    last.pk, last.before = 6, last.digest
    last.digest = audit.digest_of(last, new_key())
    last.save(force_insert=True)
    assert where_it_breaks() == 6


def test_who_has_the_database_but_not_the_key_ring_cannot_make_another_chain():
    entries = trail()
    as_an_administrator_of_the_database()
    own = new_key()
    before = entries[1].digest
    for entry in entries[2:]:
        entry.what, entry.before = "nothing.happened", before
        before = entry.digest = audit.digest_of(entry, own)
        entry.save()
    AuditHead.objects.update(digest=before)
    assert where_it_breaks() == 3
    AuditHead.objects.update(secret=b"test:" + b"\x01" + own)
    assert where_it_breaks() == 1


def test_the_digest_is_no_plain_hash_that_anybody_could_compute(monkeypatch):
    used = []
    monkeypatch.setattr(audit, "keyed_digest", lambda key, text: used.append(key) or keyed_digest(key, text))
    record(AuditKind.READ, "case", by=BY)
    assert used == [ring().unwrap(bytes(AuditHead.objects.get().secret), audit.TRAIL)]


def test_an_old_copy_of_the_whole_trail_is_found_by_a_digest_that_was_kept_elsewhere():
    trail(3)
    old = AuditHead.objects.get()
    kept = (trail(2)[-1].pk, audit.last_digest()[1])
    as_an_administrator_of_the_database("DELETE FROM referral_auditentry WHERE id > 3")
    old.save()
    assert verify() == (3, None)
    assert verify(kept)[1].number == 4
    assert verify((2, "0" * 64))[1].number == 2
    assert verify((3, old.digest)) == (3, None)


def test_rows_that_are_added_while_it_is_checked_are_no_break(monkeypatch):
    trail(3)
    refresh, more = AuditHead.refresh_from_db, [2, 1]

    def refresh_late(head, *args, **kwargs):
        trail(more.pop() if more else 0)
        refresh(head, *args, **kwargs)

    monkeypatch.setattr(AuditHead, "refresh_from_db", refresh_late)
    assert verify() == (6, None)


def test_the_chain_goes_on_over_a_rotation_of_the_ring(settings):
    from referral.safety.rotation import rotate_ring

    trail(2)
    settings.CASE_KEYS = both = ring_with("next")
    trail(1)
    rotate_ring()
    settings.CASE_KEYS = both.partition(",")[0]
    trail(2)
    assert verify() == (5, None)


# What the database refuses -----------------------------------------------------------------------------------------


def refused(statement: str) -> bool:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return any(words in str(caught.value) for words in ("only added", "frozen", "there already"))


def columns_of(model) -> list[str]:
    return [field.column for field in model._meta.concrete_fields]


@pytest.mark.parametrize("model", [AuditEntry, ReferralEvent])
def test_the_database_refuses_to_change_or_delete_a_row_of_the_trail_and_of_the_events(model):
    trail(1)
    rows.event(rows.referral(making.case(making.member(making.partner())), making.partner("rabat")))
    table = model._meta.db_table
    for column in columns_of(model):
        assert refused(f"UPDATE {table} SET {column} = {column}"), column  # noqa: S608  (our own names)
    assert refused(f"DELETE FROM {table}")  # noqa: S608  (our own names)
    assert model.objects.count() == 1


def test_the_models_are_refused_too():
    entry = trail(1)[0]
    event = rows.event(rows.referral(making.case(making.member(making.partner())), making.partner("rabat")))
    for attempt in (entry.save, entry.delete, event.save, event.delete):
        with pytest.raises(DatabaseError, match="only added"), transaction.atomic():
            attempt()
    for model, values in ((AuditEntry, {"what": "nothing"}), (ReferralEvent, {"number": 9})):
        with pytest.raises(DatabaseError, match="only added"), transaction.atomic():
            model.objects.update(**values)
        with pytest.raises(DatabaseError, match="only added"), transaction.atomic():
            model.objects.all().delete()


@pytest.mark.skipif(not ON_SQLITE, reason="INSERT OR REPLACE is SQLite's")
@pytest.mark.parametrize("model", [AuditEntry, ReferralEvent, Packet])
def test_a_row_cannot_be_replaced_by_one_with_the_same_number(model):
    trail(1)
    packet = rows.packet(rows.referral(making.case(making.member(making.partner())), making.partner("rabat")))
    rows.event(packet.referral)
    table, names = model._meta.db_table, ", ".join(columns_of(model))
    assert refused(f"INSERT OR REPLACE INTO {table} ({names}) SELECT {names} FROM {table}")  # noqa: S608  (our own names)
    if model is not AuditEntry:
        others = names.replace("id,", "'00000000000000000000000000000001',", 1)
        assert refused(f"INSERT OR REPLACE INTO {table} ({names}) SELECT {others} FROM {table}")  # noqa: S608  (our own names)


def test_what_a_packet_holds_cannot_be_changed_and_its_revocation_can():
    rows.packet(rows.referral(making.case(making.member(making.partner())), making.partner("rabat")))
    for column in set(columns_of(Packet)) - {"revoked_at"}:
        assert refused(f"UPDATE referral_packet SET {column} = {column}"), column  # noqa: S608  (our own names)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE referral_packet SET revoked_at = made_at")


# A denial survives -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (NotYours("accept", "outsider"), AuditKind.DENIED),
        (Refused("too late"), AuditKind.REFUSED),
    ],
)
def test_what_was_refused_stays_on_record_although_the_request_is_rolled_back(refusal, kind):
    case = uuid.uuid4()

    @attempts.action("case")
    def attempt(case: Case, *, by: Member) -> None:
        record(AuditKind.READ, "case", by=BY, case_id=case.pk)
        making.partner("undone")
        raise refusal

    with pytest.raises(type(refusal)):
        attempt(Case(pk=case), by=SimpleNamespace(by=BY))
    assert not Partner.objects.filter(key="undone").exists()
    entry = AuditEntry.objects.get()
    assert (entry.kind, entry.what.split(":")[0], entry.user_id, entry.partner_id) == (
        kind,
        "case",
        BY.user_id,
        BY.partner_id,
    )
    assert entry.case_id == case
    assert verify() == (1, None)


def test_what_simply_failed_is_no_denial():
    @attempts.action("case")
    def attempt(*, by: Member) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        attempt(by=SimpleNamespace(by=BY))
    assert not AuditEntry.objects.exists()


# No values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", ["Awa Diallo", "+212612345678", "0612345678", "أحمد", "Awa", "a" * 61, "", "she is afraid", "a\nb"]
)
def test_a_value_of_a_case_is_not_taken_for_the_name_of_an_event_or_a_field(value):
    for given in ({"what": value}, {"what": "read", "fields": [value]}):
        with pytest.raises(ValueError, match="names of events and fields only") as caught:
            record(AuditKind.READ, by=BY, **given)
        assert not value or value not in str(caught.value)
    assert not AuditEntry.objects.exists()


def test_the_trail_has_no_column_for_a_value_and_no_key_to_what_it_speaks_of():
    assert {field.name for field in AuditEntry._meta.get_fields()} == {
        "id", "at", "kind", "user_id", "partner_id", "case_id", "referral_id", "what", "fields", "rows", "before", "digest",
    }  # fmt: skip
    assert not any(field.is_relation for field in AuditEntry._meta.get_fields())


# Many writers ------------------------------------------------------------------------------------------------------

WRITE = """
from referral.safety.audit import By, record
from referral.models import AuditKind
for at in range(40):
    record(AuditKind.READ, "case", by=By(NUMBER))
"""
CHECK = """
from collections import Counter
from referral.safety.audit import verify
from referral.models import AuditEntry
print(verify(), dict(Counter(AuditEntry.objects.values_list("user_id", flat=True))))
"""


def test_two_processes_that_write_at_once_keep_one_chain(tmp_path):
    folder = own_site.make(tmp_path / "site")
    writers = [own_site.start(folder, WRITE.replace("NUMBER", str(number)), as_the_site=True) for number in (1, 2)]
    for writer in writers:
        _out, err = writer.communicate(timeout=120)
        assert writer.returncode == 0, err
    out, _log = own_site.run(folder, CHECK)
    assert out.startswith("(80, None)")
    assert "1: 40" in out
    assert "2: 40" in out


@pytest.mark.skipif(ON_SQLITE, reason="on SQLite: the test above")
def test_eight_threads_that_write_at_once_keep_one_chain():
    failed: list[BaseException] = []

    def in_a_thread(work) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except BaseException as error:
                failed.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def write() -> None:
        for at in range(25):
            with transaction.atomic():
                record(AuditKind.READ, "case", by=By(at))

    def clean() -> None:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE referral_auditentry, referral_audithead")

    try:
        for thread in [in_a_thread(write) for _ in range(8)]:
            thread.join()
        assert failed == []
        assert verify() == (200, None)
    finally:
        close_old_connections()
        in_a_thread(clean).join()
    assert failed == []


# The command -------------------------------------------------------------------------------------------------------


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("verify_audit", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_how_many_rows_are_whole_and_the_last_digest():
    entries = trail(3)
    assert run() == f"3 rows checked; every one is as it was written.\n3:{entries[-1].digest}\n"
    trail(2)
    assert run("--kept", f"3:{entries[-1].digest}").startswith("5 rows checked")


def test_scenario_62_the_command_stops_with_the_place_of_the_break():
    trail()
    as_an_administrator_of_the_database("UPDATE referral_auditentry SET user_id = 8 WHERE id = 3")
    with pytest.raises(CommandError, match=r"breaks at row 3: the row was changed\. 2 rows before") as caught:
        run()
    assert caught.value.returncode == 1


def test_the_command_refuses_a_digest_that_is_none_and_finds_one_that_is_gone():
    entries = trail(2)
    with pytest.raises(CommandError, match="number:digest"):
        run("--kept", "yesterday")
    with pytest.raises(CommandError, match="breaks at row 3"):
        run("--kept", f"9:{entries[-1].digest}")
    with pytest.raises(CommandError, match="breaks at row 1: this is not the row"):
        run("--kept", f"1:{entries[-1].digest}")


def test_the_command_says_so_when_the_ring_lost_the_key(settings):
    trail(1)
    settings.CASE_KEYS = ring_with("next", after="")
    with pytest.raises(CommandError, match="CASE_KEYS lacks the key"):
        run()
