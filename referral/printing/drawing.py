"""From a page to a PDF, by WeasyPrint, with the fonts of this folder: whatever else is asked for, over a net or from a disk, is refused."""

from __future__ import annotations

import importlib
import threading
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = Path(__file__).resolve().parent / "fonts"
SCHEME = "dalil-font:"
FACES = {  # family: how its files begin, and for which signs; of brackets Amiri's subset has only one half
    "Form Latin": ("noto-sans-latin", "U+0-2FF,U+2000-20FF"),
    "Form Latin Extended": ("noto-sans-latin-ext", "U+100-2FF,U+1E00-1EFF,U+2C60-2C7F,U+A720-A7FF"),
    # Noto's Arabic draws dots apart from letters: what is copied out of such a PDF is garbled.
    "Form Arabic": ("amiri-arabic", "U+600-6FF,U+750-77F,U+870-8FF,U+200C-200D,U+FB50-FDFF,U+FE70-FEFC"),
}
WEIGHTS = (400, 700)
VARIANT = "pdf/ua-1"  # tagged: a screen reader follows the form
_of_thread = threading.local()


class NoPdfHere(Exception):
    """The libraries that draw a PDF are not on this machine (docs/operators.md): offer the page to print."""


class AsksForMore(Exception):
    """The page wants something that is not a font of ours: a fault of the template."""


def draw(page: str) -> bytes:
    """The PDF of a page that holds its own style sheet. Raises NoPdfHere; AsksForMore if it names a file or an address."""
    library = _weasyprint()
    if library is None:
        raise NoPdfHere
    fetcher = _fetcher()
    fonts, faces = _fonts(library, fetcher)
    document = library.HTML(string=page, url_fetcher=fetcher)
    try:
        drawn: bytes = document.write_pdf(stylesheets=[faces], font_config=fonts, pdf_variant=VARIANT)
    except _urls().FatalURLFetchingError as refused:  # no Exception: it would end the process
        raise AsksForMore from refused
    return drawn


@cache
def _weasyprint() -> ModuleType | None:
    try:
        return importlib.import_module("weasyprint")
    except (ImportError, OSError):  # OSError: Pango is missing
        return None


def _fonts(library: ModuleType, fetcher: Any) -> tuple[Any, Any]:
    """Our fonts, unpacked once a thread: Pango shares none between threads."""
    if not hasattr(_of_thread, "fonts"):
        fonts = importlib.import_module("weasyprint.text.fonts").FontConfiguration()
        _of_thread.fonts = fonts, library.CSS(string=_faces(), font_config=fonts, url_fetcher=fetcher)
    found: tuple[Any, Any] = _of_thread.fonts
    return found


def _faces() -> str:
    return "".join(
        f'@font-face{{font-family:"{family}";font-weight:{weight};unicode-range:{signs};'
        f'src:url("{SCHEME}{file}-{weight}.woff2")}}'
        for family, (file, signs) in FACES.items()
        for weight in WEIGHTS
    )


@cache
def _files() -> dict[str, bytes]:
    return {f"{SCHEME}{path.name}": path.read_bytes() for path in sorted(FOLDER.glob("*.woff2"))}


def _urls() -> Any:
    return importlib.import_module("weasyprint.urls")


@cache
def _fetcher() -> Any:
    """Knows the names of our fonts and nothing else."""
    return type("OurFonts", (_urls().URLFetcher,), {"fetch": _fetch})()


def _fetch(_fetcher: Any, url: str, _headers: Any = None) -> Any:
    if url not in _files():
        raise _urls().FatalURLFetchingError("A form asks for nothing but its own fonts.")
    return _urls().URLFetcherResponse(url, body=_files()[url], headers={"Content-Type": "font/woff2"})
