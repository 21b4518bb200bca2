"""Requests about data, complaints, the ground of an access; their rows are behind the wall of 0003 too."""

import django.db.models.deletion
import django.utils.timezone
import referral.encryption.fields
import uuid
from django.conf import settings
from django.db import migrations, models

ME = "(SELECT referral_asking_partner())"  # as in 0003
RULES = {
    "referral_datarequest": f"partner_id = {ME}",
    "referral_complaint": f"partner_id = {ME}",
}


def add_wall(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, rule in RULES.items():
        schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", params=None)
        schema_editor.execute(
            f"CREATE POLICY of_the_partner_that_asks ON {table} USING ((SELECT referral_asking_system()) OR {rule})",
            params=None,
        )


def remove_wall(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in RULES:
        schema_editor.execute(f"DROP POLICY of_the_partner_that_asks ON {table}", params=None)
        schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY", params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('referral', '0003_row_security'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='accessgrant',
            name='ground',
            field=models.CharField(blank=True, choices=[('supervision', 'Supervision of a restricted case'), ('complaint', 'A complaint'), ('breach', 'A breach of data'), ('data_request', 'A request of the person about their data'), ('emergency', 'An emergency')], max_length=15),
        ),
        migrations.AddField(
            model_name='accessgrant',
            name='refused_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('received_on', models.DateField(default=django.utils.timezone.localdate)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('upheld', 'Founded'), ('partly', 'Partly founded'), ('not_upheld', 'Not founded')], max_length=15)),
                ('is_training', models.BooleanField(default=True)),
                ('words', referral.encryption.fields.SealedField(null=True, tier=4)),
                ('answer', referral.encryption.fields.SealedField(null=True, tier=4)),
                ('about', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='complaints', to='referral.case')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='referral.partner')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('received_on', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('answered_by__isnull', True), ('about__isnull', True), models.Q(('answered_by', models.F('about')), _negated=True), _connector='OR'), name='nobody_answers_a_complaint_about_oneself')],
            },
        ),
        migrations.CreateModel(
            name='DataRequest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('access', 'A copy of their data'), ('rectification', 'A correction'), ('opposition', 'To stop using or sharing their data'), ('erasure', 'To erase their data')], max_length=15)),
                ('asked_by', models.CharField(choices=[('person', 'The person'), ('representative', 'The representative of a child'), ('lawyer', 'A lawyer with a written mandate')], default='person', max_length=20)),
                ('received_on', models.DateField(default=django.utils.timezone.localdate)),
                ('due_on', models.DateField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('copy_given', 'A copy was given'), ('corrected', 'Corrected'), ('stopped', 'Use or sharing stopped'), ('erased', 'Erased'), ('not_found', 'Nothing is kept about this person'), ('refused', 'Refused, with the reason')], max_length=15)),
                ('is_training', models.BooleanField(default=True)),
                ('words', referral.encryption.fields.SealedField(null=True, tier=3)),
                ('answer', referral.encryption.fields.SealedField(null=True, tier=3)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='data_requests', to='referral.case')),
                ('erasure_asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('handled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='data_requests', to='referral.partner')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('due_on', 'pk'),
                'indexes': [models.Index(condition=models.Q(('answered_at__isnull', True)), fields=['partner', 'due_on'], name='data_request_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('answered_at__isnull', True), models.Q(('outcome', ''), _negated=True), _connector='OR'), name='an_answered_data_request_has_an_outcome')],
            },
        ),
        migrations.AlterField(
            model_name='task',
            name='kind',
            field=models.CharField(choices=[('step', 'A step of the procedure'), ('answer', 'Answer a referral'), ('refer_again', 'Refer again'), ('call', 'Call the service'), ('confirm', 'Ask the person whether help arrived'), ('inform', 'Inform the person and record their wishes'), ('review', 'Review the case'), ('decide', 'Decide as supervisor'), ('access', 'Decide who may read a case'), ('let_in', 'See who was given access to a case'), ('data_request', 'Answer a request about data'), ('correct', 'Do what the person asks about their data'), ('corrected', 'What you received was corrected: ask the sender'), ('complaint', 'Answer a complaint'), ('other', 'Other')], max_length=20),
        ),
        migrations.RunPython(add_wall, remove_wall),
    ]
