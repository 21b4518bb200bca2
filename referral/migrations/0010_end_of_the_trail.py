"""The database itself moves the end of the trail with each row that is added: one step less while everybody else waits for it."""

from django.db import migrations

SET_THE_END = "UPDATE referral_audithead SET number = NEW.id, digest = NEW.digest WHERE id = 1;"
SQLITE = (
    f"CREATE TRIGGER referral_auditentry_moves_end AFTER INSERT ON referral_auditentry BEGIN {SET_THE_END} END",
)  # fmt: skip
POSTGRESQL = (
    "CREATE FUNCTION referral_move_end_of_trail() RETURNS trigger LANGUAGE plpgsql AS $$ "
    f"BEGIN {SET_THE_END} RETURN NULL; END $$",
    "CREATE TRIGGER referral_auditentry_moves_end AFTER INSERT ON referral_auditentry "
    "FOR EACH ROW EXECUTE FUNCTION referral_move_end_of_trail()",
)


def add(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION referral_move_end_of_trail() CASCADE", params=None)
    else:
        schema_editor.execute("DROP TRIGGER referral_auditentry_moves_end", params=None)


class Migration(migrations.Migration):
    dependencies = [("referral", "0009_versions_of_all_profiles")]
    operations = [migrations.RunPython(add, remove)]
