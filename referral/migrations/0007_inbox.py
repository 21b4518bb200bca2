"""Indexes for what every desk asks many times a day: nobody's tasks of a partner, the next task of a case, drafts, open cases."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("referral", "0006_refused_procedures")]
    operations = [
        migrations.AddIndex(
            "task",
            models.Index(
                fields=["partner", "due_at"], condition=Q(done_at__isnull=True, owner__isnull=True), name="task_nobodys"
            ),
        ),
        migrations.AddIndex(
            "task", models.Index(fields=["case", "due_at"], condition=Q(done_at__isnull=True), name="task_of_case")
        ),
        migrations.AddIndex(
            "referral",
            models.Index(fields=["created_by", "created_at"], condition=Q(status="draft"), name="referral_drafts"),
        ),
    ]
