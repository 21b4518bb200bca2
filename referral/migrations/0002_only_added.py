"""The database itself refuses to change or delete what must only be added: the trail, the events, what a packet holds."""

from django.db import migrations

ONLY_ADDED = ("referral_auditentry", "referral_referralevent")
FROZEN = ("id", "fields", "digest", "number", "referral_id", "grant_id", "categories", "made_at")  # of a packet
# SQLite's INSERT OR REPLACE deletes rows without asking a trigger: a row that is there is not inserted again.
SAME = {
    "referral_auditentry": "id = NEW.id",
    "referral_referralevent": "id = NEW.id OR (referral_id = NEW.referral_id AND number = NEW.number)",
    "referral_packet": "id = NEW.id OR (referral_id = NEW.referral_id AND number = NEW.number)",
}


def add(apps, schema_editor):
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements.values():
        schema_editor.execute(statement, params=None)


SQLITE = {
    **{
        f"{table}_no_{event.lower()}": (
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'rows of this table are only added'); END"
        )
        for table in ONLY_ADDED
        for event in ("UPDATE", "DELETE")
    },
    **{
        f"{table}_no_replace": (
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
            "BEGIN SELECT RAISE(ABORT, 'this row is there already'); END"
        )
        for table, same in SAME.items()
    },
    "referral_packet_frozen": (
        f"CREATE TRIGGER referral_packet_frozen BEFORE UPDATE OF {', '.join(FROZEN)} ON referral_packet "
        "BEGIN SELECT RAISE(ABORT, 'a packet is frozen'); END"
    ),
}
POSTGRESQL = {
    "referral_only_added": (
        "CREATE FUNCTION referral_only_added() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME; END $$"
    ),
    **{
        table: (
            f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION referral_only_added()"
        )
        for table in ONLY_ADDED
    },
    "referral_packet_frozen": (
        f"CREATE TRIGGER referral_packet_frozen BEFORE UPDATE OF {', '.join(FROZEN)} ON referral_packet "
        "FOR EACH ROW EXECUTE FUNCTION referral_only_added()"
    ),
}


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION referral_only_added() CASCADE", params=None)
        return
    for name in SQLITE:
        schema_editor.execute(f"DROP TRIGGER {name}", params=None)


class Migration(migrations.Migration):
    dependencies = [("referral", "0001_cases")]
    operations = [migrations.RunPython(add, remove)]
