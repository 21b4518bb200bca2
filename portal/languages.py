"""Languages of the site: which there are, which one a reader asked for, what to show when a text is missing in it."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation.trans_real import parse_accept_lang_header


def codes() -> list[str]:
    """The codes of the site's languages, in the order of the language switch."""
    return [code for code, _name in settings.LANGUAGES]


def from_header(accept_language: str) -> str:
    """The site's language that a browser prefers; LANGUAGE_CODE where it names none of ours.

    Only languages of ours count: “es, ar;q=0.5” is Arabic, “es” alone is French. Unreadable headers count as empty.
    """
    known = codes()
    for wanted, quality in parse_accept_lang_header(accept_language.lower()[:500]):
        if quality > 0 and wanted.split("-")[0] in known:
            return wanted.split("-")[0]
    return settings.LANGUAGE_CODE


def from_path(path: str) -> str | None:
    """The language that an address names, if it is one of ours."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in codes() else None


def best(wanted: str, available: Iterable[str]) -> str | None:
    """The language to show: the wanted one, else the first fallback that exists, else any; None where there is none."""
    existing = list(available)
    for code in (wanted, *settings.FALLBACK_LANGUAGES):
        if code in existing:
            return code
    return min(existing, default=None)
