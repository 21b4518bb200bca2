"""The style sheet: one component a file, joined, shortened, and put inside each page (one round trip on a slow line)."""

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


def files() -> list[Path]:
    """Every style file, in the order in which they apply."""
    components = sorted(path for path in FOLDER.glob("*.css") if path.name not in FIRST)
    return [*(FOLDER / name for name in FIRST), *components]


@cache
def sheet() -> SafeString:
    """The whole style sheet, without comments and needless space."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in files())
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([{};,>])\s*", r"\1", text)
    text = re.sub(r":\s+", ":", text).replace(";}", "}")
    return mark_safe(text.strip())  # noqa: S308  (our own files)


@cache
def digests() -> str:
    """What a Content-Security-Policy calls this sheet, and the one for browsers without JavaScript."""
    return f"'{_digest(sheet())}' '{_digest(WITHOUT_SCRIPT)}'"


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
