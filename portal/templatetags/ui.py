"""Tags of our templates: signs, dressed words, the style sheet."""

from __future__ import annotations

import datetime
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from portal import dates, presenting, scripts, styles, wording

register = template.Library()
SYMBOL = re.compile(r'<symbol id="(?P<id>[\w-]+)"(?P<mirror> data-mirror)?[^>]*>(?P<drawing>.*?)</symbol>', re.DOTALL)


@cache
def _signs() -> dict[str, tuple[bool, str]]:
    text = (Path(settings.BASE_DIR) / "static" / "icons.svg").read_text(encoding="utf-8")
    return {found["id"]: (bool(found["mirror"]), found["drawing"].strip()) for found in SYMBOL.finditer(text)}


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A sign of static/icons.svg. Its word stands beside it, so screen readers skip it. An unknown name is an error."""
    mirror, drawing = _signs()[name]
    kind = "icon mirror" if mirror else "icon"
    return mark_safe(f'<svg class="{kind}" viewBox="0 0 24 24" aria-hidden="true">{drawing}</svg>')  # noqa: S308  (our file)


@register.simple_tag
def sign_of(name: str) -> SafeString:
    """The sign of a topic; the star where an editor named one that does not exist."""
    return icon(name if name in _signs() else "star")


@register.simple_tag
def style_sheet(part: str = "") -> SafeString:
    return styles.sheet(part)


@register.simple_tag
def dressed(text: Any, language: str) -> SafeString:
    """A plain text with its numbers, links and foreign terms marked."""
    return wording.dress(str(text), language)


@register.simple_tag
def told(text: Any, *, plain: bool = False) -> SafeString:
    """A text with its language (`.words`, `.language`), dressed; marked where that is not the reader's. `plain`: no links."""
    if not text or not text.words:
        return SafeString("")
    words = wording.dress(str(text.words), text.language)
    words = wording.without_links(words) if plain else words
    if text.language == get_language():
        return words
    return format_html('<bdi lang="{}" dir="{}">{}</bdi>', text.language, wording.direction(text.language), words)


@register.simple_tag
def in_place(address: str) -> str:
    """An address of the site, kept inside the journey that the reader is in."""
    return f"{get_script_prefix().rstrip('/')}{address}"


@register.simple_tag
def address(link: Any, journey: str = "") -> str:
    """Where a guide or topic of a list is."""
    return link.address(journey)


@register.filter
def articles(numbers: str) -> str:
    return presenting.articles(numbers)


@register.filter
def day(date: datetime.date) -> str:
    return dates.day(date)


@register.simple_tag
def same_everywhere(name: str, state: str = "") -> SafeString:
    """A component that is the same on every page of a language: built once, and once a journey while it is in use."""
    return _component(name, state, get_language() or "", get_script_prefix())


@lru_cache(maxsize=64)
def _component(name: str, state: str, _language: str, _prefix: str) -> SafeString:
    return render_to_string(f"components/{name}.html", {state: True})


@register.simple_tag
def script_address(part: str = "reader") -> str:
    """The address of the script of a part of the site, which changes when the script does."""
    return scripts.address(part)
