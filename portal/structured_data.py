"""Structured data (JSON-LD, schema.org) that helps search engines show a guide in the right language."""

from __future__ import annotations

import json

from django.utils.safestring import SafeString, mark_safe

from .guides import Content


def guide_data(page: Content, address: str, language: str) -> SafeString:
    """An Article with its language and dates. “<” is escaped, so that no text can end the script element."""
    data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": page.title,
        "description": page.summary,
        "inLanguage": language,
        "url": address,
        "dateModified": page.checked_on.isoformat(),
        "isAccessibleForFree": True,
    }
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026")
    return mark_safe(text)  # noqa: S308  (escaped above)
