"""A case keeps the version of each of its profiles: those of before follow the one in force today, for nothing else was kept."""

import hashlib

from django.db import migrations, models

from referral.procedures import pack_text, read
from referral.procedures.vocabulary import PROFILES, SHARED


def keep(apps, _schema_editor):
    """Safe to run again: a profile that has its version keeps it."""
    kept = {}
    for case in apps.get_model("referral", "Case").objects.exclude(other_profiles=[]).iterator():
        missing = [one for one in case.other_profiles if one in PROFILES and one not in case.other_procedures]
        for profile in missing:
            if profile not in kept:
                kept[profile] = _freeze(apps, profile)
            case.other_procedures[profile] = kept[profile]
        if missing:
            case.save(update_fields=["other_procedures"])


def _freeze(apps, profile):
    """The digest of the row that keeps this profile as it is in force, as in referral.reading.versions."""
    text, shared = _in_force(apps, profile), _in_force(apps, SHARED)
    digest = hashlib.sha256(f"{len(text)}\n{text}{shared}".encode("utf-8", "replace")).hexdigest()
    fresh = {"profile": profile, "version": read(text, f"{profile}.toml", shared).version, "text": text, "shared": shared}
    return apps.get_model("referral", "FrozenProcedure").objects.get_or_create(digest=digest, defaults=fresh)[0].digest


def _in_force(apps, profile):
    approved = apps.get_model("referral", "PackVersion").objects.filter(profile=profile, approved_at__isnull=False, refused_at=None)
    newest = approved.order_by("-approved_at", "-pk").first()
    return newest.text if newest else pack_text(profile)


class Migration(migrations.Migration):
    dependencies = [("referral", "0008_found_at_once")]
    operations = [
        migrations.AddField("case", "other_procedures", models.JSONField(default=dict)),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
