"""The reader's script: one behaviour a file, joined into one small answer. Every page works without it."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "static" / "js" / "reader"


@cache
def script() -> str:
    """Every behaviour, in the order of the files' names; comment lines left out."""
    lines = [line for path in sorted(FOLDER.glob("*.js")) for line in path.read_text(encoding="utf-8").splitlines()]
    return "\n".join(line for line in lines if line.strip() and not line.lstrip().startswith("//"))


@cache
def digest() -> str:
    return hashlib.sha256(script().encode()).hexdigest()[:12]


def address() -> str:
    """Where the script is; outside journeys, for it is the same for everyone."""
    return f"/reader-{digest()}.js"
