"""The rules that every starter guide keeps in all its languages: same structure, numbers, dates, links, sources.

Returns sentences, one a fault; nothing here knows of Django or the database.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .reading import LANGUAGES, STARTER, Item, StarterError, StarterGuide, parse, read_guide

MOST_WORDS_A_SENTENCE = 20
MOST_WORDS_A_GUIDE = 850

MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
    "ar": "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر",
}
FOREIGN_RUN = re.compile(r"\{(\w\w|tel):([^{}]+)\}")
ADDRESS = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[\w./?=&%-]*\w)?", re.IGNORECASE)
THOUSANDS = re.compile(r"(?<=\d)[,.\u00a0\u202f ](?=\d{3}(?!\d))")
NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
SENTENCE_END = re.compile(r"[.!?؟…]+(?:\s|$)|\n")
ARABIC_DIGITS = re.compile("[\u0660-\u0669\u06f0-\u06f9]")
HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\u0640\ufeff]")
NEVER = {  # wording that the style guide forbids: see docs/guide-style.md
    "fr": ("clandestin", "illégal", "sans-papiers", "RAMED"),
    "en": ("illegal", "clandestine", "RAMED"),
    "ar": ("حراك", "حراقة", "غير شرعي", "راميد"),
}


@dataclass(frozen=True)
class Fact:
    """A fact that statements rest on: how sure it is, and what it is cited from."""

    id: str
    level: str
    verify: bool
    sources: tuple[dict[str, str], ...]


@cache
def read_facts() -> dict[str, Fact]:
    """Every known fact by its id. Sources point into sources.toml; an unknown one is refused."""
    source, rows = parse(STARTER / "facts.toml")
    known = read_sources()
    facts = {}
    for name, row in rows.items():
        line = source.line_of(rf"\[{re.escape(name)}\]")
        for citation in row.get("sources", []):
            if citation.get("source") not in known:
                raise source.error(line, f"{name} cites “{citation.get('source')}”, which is not in sources.toml")
        if row.get("level") not in ("A", "B", "C", "editorial"):
            raise source.error(line, f"{name} needs a level: A, B, C or editorial")
        facts[name] = Fact(name, row["level"], row.get("verify", False), tuple(row.get("sources", [])))
    return facts


@cache
def read_sources() -> dict[str, dict[str, Any]]:
    """Every source by its id: title a language, date, address."""
    source, rows = parse(STARTER / "sources.toml")
    for name, row in rows.items():
        line = source.line_of(rf"\[{re.escape(name)}\]")
        for language in LANGUAGES:
            if not row.get("title", {}).get(language):
                raise source.error(line, f"{name} has no title in {language}")
    return rows


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text. A full stop inside an address or a number does not end one."""
    plain = ADDRESS.sub("address", FOREIGN_RUN.sub(r"\2", text))
    yield from (part.strip() for part in SENTENCE_END.split(plain) if part.strip())


def words(text: str) -> int:
    """How many words a reader reads."""
    return len(re.findall(r"[^\s()«»“”\"/–—-]*\w[^\s()«»“”\"/–—]*", text))


def signature(text: str, language: str) -> Counter[str]:
    """Numbers, months, phone numbers and addresses of a text, whatever its language."""
    found: Counter[str] = Counter()
    rest = text
    for match in ADDRESS.finditer(text):
        found[f"address {match[0].lower().rstrip('/')}"] += 1
    rest = THOUSANDS.sub("", ADDRESS.sub(" ", rest))
    for number, month in enumerate(MONTHS[language].split(), start=1):
        count = len(re.findall(rf"(?<!\w)(?:[وبفلك]|من )?{month}(?!\w)", rest))
        if count and not (language == "en" and month == "May" and "You May" in rest):
            found[f"month {number}"] += count
    for match in NUMBER.finditer(rest.replace("%", " %")):
        found[f"number {match[0].replace(',', '.')}"] += 1
    return found


def check_guide(guide: StarterGuide) -> Iterator[str]:
    """Every fault of a guide that could be read, as `file:line: reason`."""
    yield from (f"{guide.path}:1: title: {fault}" for fault in _faults_of_texts(guide.title))
    for name in ("in_short", "who_for"):
        if not guide.sections[name]:
            yield f"{guide.path}:1: “{name}” is empty"
    for item in guide.items():
        for fault in (*_faults_of_facts(item), *_faults_of_item(item)):
            yield f"{guide.path}:{item.line}: {item.section} “{item.id}”: {fault}"
    for language, count in count_words(guide).items():
        if count > MOST_WORDS_A_GUIDE:
            yield f"{guide.path}:1: {count} words in {language}; at most {MOST_WORDS_A_GUIDE}"


def _faults_of_facts(item: Item) -> Iterator[str]:
    facts = read_facts()
    for name in item.facts:
        if name not in facts:
            yield f"unknown fact “{name}”"
        elif (facts[name].verify or facts[name].level == "C") and not (item.unsure or item.sure):
            yield f"{name} must be verified: leave it out, set unsure = true, or say in `sure` why this part is safe"


def _faults_of_item(item: Item) -> Iterator[str]:
    for name, texts in item.texts.items():
        yield from (f"{name}: {fault}" for fault in _faults_of_texts(texts))


def _faults_of_texts(texts: dict[str, str]) -> Iterator[str]:
    signatures = {language: signature(text, language) for language, text in texts.items()}
    for language, text in texts.items():
        if signatures[language] != signatures["fr"]:
            ours, theirs = signatures[language] - signatures["fr"], signatures["fr"] - signatures[language]
            yield f"numbers, dates or links differ: {language} has {list(ours)}, fr has {list(theirs)}"
        for sentence in sentences(text):
            if words(sentence) > MOST_WORDS_A_SENTENCE:
                yield f"{language}: {words(sentence)} words in one sentence: “{sentence[:60]}…”"
        yield from (f"{language}: {fault}" for fault in _faults_of_script(text, language))


def _faults_of_script(text: str, language: str) -> Iterator[str]:
    if ARABIC_DIGITS.search(text):
        yield "digits are written 0–9"
    if hidden := HIDDEN.search(text):
        yield f"a hidden character U+{ord(hidden[0]):04X}"
    for word in NEVER[language]:
        if re.search(rf"(?<!\w){word}", text, re.IGNORECASE):
            yield f"“{word}” is a word that we do not use"
    plain = FOREIGN_RUN.sub("", text)
    if language != "ar" and re.search("[\u0600-\u06ff]", plain):
        yield "Arabic words stand in {ar:…}"
    if "{" in plain or "}" in plain:
        yield "a foreign term is written {fr:terme} or {ar:مصطلح}"


def count_words(guide: StarterGuide) -> dict[str, int]:
    """Words a reader reads, by language: titles and every text."""
    every = [guide.title, *(texts for item in guide.items() for texts in item.texts.values())]
    return {language: sum(words(texts[language]) for texts in every) for language in LANGUAGES}


def read_all(folder: Path = STARTER / "guides") -> tuple[list[StarterGuide], list[str]]:
    """Every guide that can be read, and the faults of all of them, those across guides included."""
    guides, faults = [], []
    for path in sorted(folder.glob("*/*.toml")):
        try:
            guides.append(read_guide(path))
        except StarterError as error:
            faults.append(str(error))
    for guide in guides:
        faults += check_guide(guide)
    return guides, faults + list(_faults_across(guides))


def _faults_across(guides: Iterable[StarterGuide]) -> Iterator[str]:
    seen: dict[str, Path] = {}
    for guide in guides:
        if guide.key in seen:
            yield f"{guide.path}:1: key “{guide.key}” is already used by {seen[guide.key]}"
        seen[guide.key] = guide.path
    for guide in guides:
        for key in guide.related:
            if key not in seen or key == guide.key:
                yield f"{guide.path}:1: related guide “{key}” does not exist"
