"""The scripts of readers and of staff: one behaviour a file, joined into one small answer each. Every page works without them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "static" / "js"
PARTS = ("reader", "casework")


@cache
def script(part: str = "reader") -> str:
    """Every behaviour of this part, in the order of the files' names; comment lines left out."""
    files = sorted(Path(f"{FOLDER}/{part}").glob("*.js"))
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    return "\n".join(line for line in lines if line.strip() and not line.lstrip().startswith("//"))


@cache
def digest(part: str = "reader") -> str:
    return hashlib.sha256(script(part).encode()).hexdigest()[:12]


def address(part: str = "reader") -> str:
    """Where the script is; outside journeys, for it is the same for everyone."""
    return f"/{part}-{digest(part)}.js"
