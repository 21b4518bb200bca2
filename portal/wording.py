"""Shows a plain text as a page should: numbers, telephone numbers, links and foreign terms in their own direction.

In Arabic a number such as 02-03 or an address would be read backwards if it were not isolated (Unicode bidi, UAX 9),
so each becomes a <bdi dir="ltr">; telephone numbers and addresses become links. The text itself is never HTML.
"""

from __future__ import annotations

import re
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info

ARABIC = "\u0600-\u06ff\u0750-\u077f"
LATIN = "A-Za-zÀ-ÖØ-öø-ÿœŒ"

TERM = r"\{(?P<lang>\w\w|tel):(?P<term>[^{}]+)\}"
ADDRESS = r"(?P<address>(?:https?://)?(?:[a-z0-9-]+\.)+(?:ma|org|com|net|fr|int|info|gov|eu)\b(?:/[\w./?=&%-]*\w/?)?)"
# National and international numbers as dialled, and the short codes that mean nothing else.
PHONE = r"(?P<phone>(?<![\w-])(?:\+212|0)[ \d]{8,14}\d(?![\w])|(?<![\w.,-])(?:2511|8350)(?![\w-]|[.,]\d))"
NUMBER = r"(?P<number>(?<!\w)\d+(?:(?:[.,:/–-]|[\u00a0\u202f ](?=\d{3}(?!\d)))\d+)+(?: ?%)?(?!\w)|(?<!\w)\d+ ?%)"
LATIN_WORD = rf"[{LATIN}][{LATIN}0-9]*(?:[.'’&-][{LATIN}0-9]+)*"
LATIN_RUN = rf"(?P<latin>{LATIN_WORD}(?: {LATIN_WORD})*)"

PIECES = re.compile("|".join((TERM, ADDRESS, PHONE, NUMBER)), re.IGNORECASE)
PIECES_IN_RTL = re.compile("|".join((TERM, ADDRESS, PHONE, NUMBER, LATIN_RUN)), re.IGNORECASE)


@lru_cache(maxsize=64)
def direction(language: str) -> str:
    """“rtl” or “ltr”."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "ltr"


@lru_cache(maxsize=4096)
def dress(text: str, language: str) -> SafeString:
    """The text as HTML of this language: escaped, with its numbers, links and foreign terms marked."""
    pieces = PIECES_IN_RTL if direction(language) == "rtl" else PIECES
    parts, end = [], 0
    for match in pieces.finditer(text):
        parts.append(_plain(text[end : match.start()], language))
        parts.append(_marked(match, language))
        end = match.end()
    parts.append(_plain(text[end:], language))
    return mark_safe("".join(parts))  # noqa: S308  (every part was escaped)


def plain(text: str) -> str:
    """The words alone, without the marks that dress a text: for the search, which reads what people read."""
    return re.sub(TERM, lambda match: match["term"], text)


def without_links(dressed: SafeString) -> SafeString:
    """The same without its links, for a text that is itself a link."""
    return mark_safe(re.sub(r"</?a\b[^>]*>", "", dressed))  # noqa: S308  (dressed before)


def phone_link(number: str, *, shown: str = "") -> SafeString:
    """A link that calls. `number` as dialled; what is shown keeps its order in every language."""
    digits = re.sub(r"[^\d+]", "", number)
    return mark_safe(f'<a href="tel:{digits}" class="tel"><bdi dir="ltr">{escape(shown or number)}</bdi></a>')  # noqa: S308  (escaped)


def _plain(text: str, language: str) -> str:
    shown = str(escape(text))
    if language == "fr":  # the space before : ; ? ! » and after « never breaks
        shown = re.sub(r" (?=[:;?!»])|(?<=«) ", "\u00a0", shown)
    return shown


def _marked(match: re.Match[str], language: str) -> str:
    if term := match["term"]:
        if match["lang"] == "tel":
            return phone_link(term)
        inner = dress(term, match["lang"])
        return f'<bdi lang="{match["lang"]}" dir="{direction(match["lang"])}">{inner}</bdi>'
    if address := match["address"]:
        href = address if address.lower().startswith("http") else f"https://{address}"
        return f'<a href="{escape(href)}" dir="ltr">{escape(address)}</a>'
    if phone := match["phone"]:
        return phone_link(phone.strip())
    if number := match["number"]:
        shown = re.sub(r"(?<=\d) (?=\d)", "\u202f", escape(number))
        return f'<bdi dir="ltr">{shown}</bdi>' if direction(language) == "rtl" else str(shown)
    return f'<bdi lang="fr" dir="ltr">{escape(match["latin"])}</bdi>'
