"""Writes the directory as a spreadsheet or as HSDS: `manage.py export_services FORMAT [--output FILE]`."""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from services.hsds import files
from services.sheets import exporting

SHEETS = {"csv": exporting.write_csv, "xlsx": exporting.write_xlsx}
HSDS: dict[str, Callable[[BinaryIO, str], None]] = {"hsds-json": files.write_json, "hsds-tabular": files.write_package}


class Command(BaseCommand):
    """Without `--output` the file goes to the standard output. A file that is there is replaced whole, or not at all."""

    help = "Export the directory: csv, xlsx, hsds-json, or hsds-tabular (a zip)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("format", choices=[*SHEETS, *HSDS])
        parser.add_argument("--output", type=Path, help="the file to write")
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            help="csv, xlsx: texts of this language only (default: all). HSDS: the language of the file "
            f"(default: {settings.LANGUAGE_CODE})",
        )
        parser.add_argument(
            "--for-editors",
            action="store_true",
            help="csv, xlsx: every record, also drafts, confidence C and hidden addresses. Keep the file safe",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["for_editors"] and options["format"] in HSDS:
            raise CommandError("HSDS files are for partners: --for-editors is for csv and xlsx.")
        if (output := options["output"]) is None:
            held = io.BytesIO()
            self._write(held, options)
            getattr(self.stdout, "buffer", sys.stdout.buffer).write(held.getvalue())
            return
        try:
            self._replace(output, options)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}") from error

    def _replace(self, output: Path, options: dict[str, Any]) -> None:
        with tempfile.NamedTemporaryFile(dir=output.parent, prefix=f".{output.name}.", delete=False) as file:
            made = Path(file.name)
            try:
                self._write(file, options)
            except BaseException:
                made.unlink()
                raise
        made.chmod(0o600 if options["for_editors"] else 0o644)
        made.replace(output)

    @staticmethod
    def _write(to: Any, options: dict[str, Any]) -> None:
        if write := HSDS.get(options["format"]):
            write(to, options["language"] or settings.LANGUAGE_CODE)
            return
        columns = exporting.columns(options["language"] or "")
        try:
            SHEETS[options["format"]](to, exporting.rows(columns, for_editors=options["for_editors"]))
        except exporting.CellTooLong as error:
            raise CommandError(str(error)) from error
