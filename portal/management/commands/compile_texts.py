"""Compiles the texts of the interface (locale/*.po) without gettext, which a bare machine lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation.reloader import translation_file_changed


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, **_options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            for path in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                compiled = path.with_suffix(".mo")
                if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
                    polib.pofile(str(path)).save_as_mofile(str(compiled))
                    translation_file_changed(None, compiled)  # what this process read before is forgotten
