"""Brings partners' spreadsheets into the directory: `manage.py import_services FILE… [--dry-run]`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from services import importing

LONGEST = 100  # characters of a value in the difference


class Command(BaseCommand):
    """All files are imported, or nothing of any. Exit code 1 if anything was refused."""

    help = "Import CSV and XLSX files: the columns are those of export_services (see docs/editors.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="show the difference, change nothing")
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
            help=f"of what is said (default: {settings.LANGUAGE_CODE})",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        for path in options["files"]:
            if not path.is_file():
                raise CommandError(f"{path}: there is no such file.")
        sources = [importing.Source(path, path.name) for path in options["files"]]
        with translation.override(options["language"]):
            report = importing.plan(sources)
            self.show(report)
            if report.can_be_applied and not options["dry_run"]:
                try:
                    report = importing.apply(sources, report.digest)
                except importing.DatabaseChanged as error:
                    raise CommandError(str(error)) from error
                self.show_refused(report)
            self.conclude(report, dry_run=options["dry_run"])

    def show(self, report: importing.Report) -> None:
        """What would change, a record and its columns."""
        for told in report.told:
            self.stdout.write(f"{'+' if told.new else '~'} {told.kind} {told.key}  ({told.file}: {told.row})")
            for one in told.differences:
                self.stdout.write(f"    {one.column}: {_short(one.old)} → {_short(one.new)}")
        more = report.created + report.changed - len(report.told)
        if more > 0:
            self.stdout.write(_("… and %(count)d more") % {"count": more})
        self.show_refused(report)

    def show_refused(self, report: importing.Report) -> None:
        for one in report.refused:
            place = ":".join(part for part in (one.file, str(one.row or ""), one.column) if part)
            self.stderr.write(f"! {place}: {one.reason}")

    def conclude(self, report: importing.Report, *, dry_run: bool) -> None:
        counts = _(
            "%(created)d created, %(changed)d changed, %(unchanged)d rows unchanged, %(refused)d rows refused."
        ) % {
            "created": report.created,
            "changed": report.changed,
            "unchanged": report.unchanged,
            "refused": report.refused_rows,
        }
        self.stdout.write(counts)
        if report.refused:
            raise CommandError(_("Nothing was imported."), returncode=1)
        if dry_run:
            self.stdout.write(_("This was a rehearsal: nothing was changed."))


def _short(text: str) -> str:
    """On one line, in quotation marks; a dash for nothing."""
    line = " ".join(text.split())
    return f"“{line[:LONGEST]}{'…' if len(line) > LONGEST else ''}”" if line else "–"
