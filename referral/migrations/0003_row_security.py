"""PostgreSQL itself hides a partner's rows from everybody else (trust.md S15). See referral/isolation.py; SQLite has no such thing."""

from django.db import migrations

ME = "(SELECT referral_asking_partner())"  # a subquery, so that it is asked once a statement and not once a row


def _own(column="partner_id"):
    return f"{column} = {ME}"


def _through(parent, column):
    """Visible where its parent is: the parent's own rule applies inside."""
    return f"EXISTS (SELECT 1 FROM {parent} AS parent WHERE parent.id = {column})"


OF_A_CASE = _through("referral_case", "case_id")
OF_A_REFERRAL = _through("referral_referral", "referral_id")
# Table → which of its rows the partner that asks may see and write. A new table of cases needs a new migration beside this one.
RULES = {
    "referral_case": _own(),
    "referral_casekey": _own(),
    "referral_packetkey": _own(),
    "referral_draft": _own(),
    "referral_orientation": _own(),
    "referral_task": _own(),
    "referral_stepdone": OF_A_CASE,
    "referral_screening": OF_A_CASE,
    "referral_need": OF_A_CASE,
    "referral_note": OF_A_CASE,
    "referral_contactattempt": OF_A_CASE,
    "referral_person": OF_A_CASE,
    "referral_representative": OF_A_CASE,
    "referral_consent": OF_A_CASE,
    "referral_grant": _through("referral_consent", "consent_id"),
    "referral_attachment": OF_A_CASE,
    "referral_accessgrant": OF_A_CASE,
    "referral_followupcode": OF_A_CASE,
    "referral_casetransfer": f"{_own('taker_id')} OR {OF_A_CASE}",
    "referral_referral": f"{_own('sender_id')} OR ({_own('receiver_id')} AND sent_at IS NOT NULL)",
    "referral_packet": OF_A_REFERRAL,
    "referral_referralevent": OF_A_REFERRAL,
    "referral_receiverlink": OF_A_REFERRAL,
}
FUNCTIONS = {
    "referral_asking_partner": (
        "uuid",
        "SELECT CASE WHEN length(current_setting('dalil.partner', true)) = 36 "
        "THEN current_setting('dalil.partner', true)::uuid END",
    ),
    "referral_asking_system": ("boolean", "SELECT coalesce(current_setting('dalil.partner', true), '') = 'system'"),
}


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name, (kind, body) in FUNCTIONS.items():
        schema_editor.execute(
            f"CREATE FUNCTION {name}() RETURNS {kind} LANGUAGE sql STABLE PARALLEL SAFE AS $$ {body} $$", params=None
        )
    for table, rule in RULES.items():
        schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", params=None)
        schema_editor.execute(
            f"CREATE POLICY of_the_partner_that_asks ON {table} USING ((SELECT referral_asking_system()) OR {rule})",
            params=None,
        )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in RULES:
        schema_editor.execute(f"DROP POLICY of_the_partner_that_asks ON {table}", params=None)
        schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY", params=None)
    for name in FUNCTIONS:
        schema_editor.execute(f"DROP FUNCTION {name}()", params=None)


class Migration(migrations.Migration):
    dependencies = [("referral", "0002_only_added")]
    operations = [migrations.RunPython(add, remove)]
