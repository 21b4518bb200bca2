"""Part of `make check`: every text in code and templates is in the catalogues, translated. Needs gettext's xgettext."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Extract the texts afresh and compare them with the catalogues; 1 and a sentence a missing text."""
    if not shutil.which("xgettext"):
        print("make check needs gettext (Debian: apt install gettext).")
        return 1
    missing = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(
            ROOT, copy, ignore=shutil.ignore_patterns(".venv", "var", "build", ".git", "tests", "node_modules")
        )
        languages = sorted(path.name for path in (ROOT / "locale").iterdir())
        command = [sys.executable, "manage.py", "makemessages", "--no-location", "--no-obsolete"]
        command += [part for code in languages for part in ("-l", code)]
        subprocess.run(command, cwd=copy, check=True, capture_output=True, env=os.environ | {"VAR_DIR": folder})
        for code in languages:
            fresh = polib.pofile(str(copy / "locale" / code / "LC_MESSAGES" / "django.po"))
            for entry in fresh:
                if not entry.translated() or entry.fuzzy:
                    missing += 1
                    print(f"{code}: no translation of “{entry.msgid}”")
    print(f"texts: {missing} without translation")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
