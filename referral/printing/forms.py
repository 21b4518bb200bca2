"""The referral form of a packet, or empty: as the page that a browser prints, and as PDF."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from referral.models import Referral
from referral.printing import blank, filling
from referral.printing.drawing import draw
from referral.printing.words import Section, code
from referral.referring.packets import Opened

SHEET = Path(__file__).resolve().parent / "form.css"


def referral_form(opened: Opened, referral: Referral, language: str) -> bytes:
    """The PDF of a referral: A4, two pages at most, tagged. Raises NoPdfHere."""
    return draw(referral_page(opened, referral, language))


@cache
def blank_form(language: str) -> bytes:
    """The PDF of the form to fill by hand: drawn once, for nothing in it changes. Raises NoPdfHere."""
    return draw(blank_page(language))


def referral_page(opened: Opened, referral: Referral, language: str) -> str:
    """The page of a referral, for a browser to print."""
    with translation.override(language):
        parts = [*filling.sections(opened, referral), blank.answer()]
        return _page(language, parts, code(opened.content.get("referral")), is_training=referral.is_training)


def blank_page(language: str) -> str:
    """The empty form, for a browser to print."""
    with translation.override(language):
        return _page(language, [*blank.sections(), blank.answer()])


def policy() -> str:
    """The Content-Security-Policy of these pages: their own style sheet and nothing else."""
    digest = base64.b64encode(hashlib.sha256(sheet().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@cache
def sheet() -> SafeString:
    """The style sheet of the form, without comments."""
    text = re.sub(r"/\*.*?\*/", "", SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)
    return mark_safe(" ".join(text.split()))  # noqa: S308  (our own file)


def _page(language: str, parts: Iterable[Section], reference: object = None, *, is_training: bool = False) -> str:
    context = {
        "language": language,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "sections": list(parts),
        "reference": reference,
        "is_training": is_training,
        "sheet": sheet(),
    }
    return render_to_string("referral/printing/form.html", context)
