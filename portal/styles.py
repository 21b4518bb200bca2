"""The style sheets: one component a file, joined, shortened, and put inside each page (one round trip on a slow line).

One sheet for every page, and one more each for the pages of the directory and of casework, so that a guide does not carry them.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

FOLDER = Path(settings.BASE_DIR) / "static" / "css"
WITHOUT_SCRIPT = ".needs-script{display:none}"
FIRST = ("tokens.css", "base.css")  # the others follow in the order of their names
MORE = ("directory", "casework", "ticket")  # folders of style files that only some pages carry


def files(part: str = "") -> list[Path]:
    """Every style file of every page, or of a part of the site, in the order in which they apply."""
    if part:
        return sorted(FOLDER.glob(f"{part}/*.css"))
    components = sorted(path for path in FOLDER.glob("*.css") if path.name not in FIRST)
    return [*(FOLDER / name for name in FIRST), *components]


@cache
def sheet(part: str = "") -> SafeString:
    """The whole style sheet (of a part of the site), without comments and needless space."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in files(part))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([{};,>])\s*", r"\1", text)
    text = re.sub(r":\s+", ":", text).replace(";}", "}")
    return mark_safe(text.strip())  # noqa: S308  (our own files)


@cache
def digests() -> str:
    """What a Content-Security-Policy calls our sheets, and the one for browsers without JavaScript."""
    return " ".join(f"'{_digest(text)}'" for text in (sheet(), *map(sheet, MORE), WITHOUT_SCRIPT))


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
