"""Indexes that SQLite takes without statistics and without knowing the values: it proves `due_at < ?`, not `status IN (?, …)`."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("referral", "0007_inbox")]
    operations = [
        migrations.AddIndex(
            "referral",
            models.Index(fields=["receiver", "due_at"], condition=Q(due_at__isnull=False), name="referral_received_due"),
        ),
        migrations.AddIndex(
            "referral",
            models.Index(fields=["sender", "due_at"], condition=Q(due_at__isnull=False), name="referral_sent_due"),
        ),
        migrations.AddIndex("referral", models.Index(fields=["case", "service"], name="referral_case_service")),
    ]
