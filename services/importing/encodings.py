"""Tells in which encoding a CSV file is written, or refuses: UTF-8, UTF-16, Windows-1252 (French), Windows-1256 (Arabic).

Windows-1252 and -1256 share the small French letters. A file is taken for one of them only if every word makes sense in it
and not in the other; Arabic of other code pages (ISO 8859-6, DOS) is told apart by the article, which no Arabic text lacks.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from django.utils.translation import gettext as _

FRENCH, ARABIC, OTHER_ARABIC = "cp1252", "cp1256", "iso8859_6"
MARKS = (
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CHUNK = 2**20
MOST_BYTES_TO_GUESS = 16 * 2**20
WORD = re.compile(r"[^\W\d_]+")
FRENCH_SIGNS = frozenset("àâäæçèéêëîïôœöùûüÿÀÂÄÆÇÈÉÊËÎÏÔŒÖÙÛÜŸñÑáíóúÁÍÓÚ’‘“”«»–—…°€•·²³№×\u00a0\u202f©®")
# No French word has three accents in a row, a capital one after a small letter or before a small one, or no plain letter at all.
FRENCH_WORD = re.compile(
    r"(?=.*[A-Za-z]|.$)(?!.*[^\x00-\x7f]{3})(?!.*[a-zà-ÿœ][À-Þ])(?!.*[À-Þ]{2}[a-zà-ÿ])(?!.*[À-Þ][à-ÿ]).*", re.DOTALL
)
ARABIC_WORD = re.compile("[\u0621-\u063a\u0640-\u0652\u067e\u0686\u0698\u06a9\u06af\u200c\u200d]+")
SHARED_WORD = re.compile("[A-Za-zàâçèéêëîïôùûüœŒ]+")


class FileRefused(ValueError):
    """The whole file cannot be read for certain. The message says why, in the active language."""


def encoding_of(path: Path) -> str:
    """The name of the codec that reads every byte of this file. Raises FileRefused."""
    with path.open("rb") as file:
        start = file.read(CHUNK)
    for mark, encoding in MARKS:
        if start.startswith(mark):
            return _readable(path, encoding) if encoding else _refuse()
    if encoding := _sixteen_bits(start):
        return _readable(path, encoding)
    if _decodes(path, "utf-8"):
        return _without_nul(path, "utf-8")
    if path.stat().st_size > MOST_BYTES_TO_GUESS:
        return _refuse()
    return _without_nul(path, _of_eight_bits(path.read_bytes()))


def _of_eight_bits(data: bytes) -> str:
    french, arabic = _is_french(data), _is_arabic(data)
    if french == arabic:
        return _refuse()
    return FRENCH if french else ARABIC


def _is_french(data: bytes) -> bool:
    """Whether this is text of western Europe in Windows-1252."""
    try:
        text = data.decode(FRENCH)
    except UnicodeDecodeError:
        return False
    if any(sign not in FRENCH_SIGNS for sign in set(text) if sign > "\x7f"):
        return False
    return all(FRENCH_WORD.fullmatch(word) for word in WORD.findall(text) if not word.isascii())


def _is_arabic(data: bytes) -> bool:
    """Whether this is Arabic, with or without French beside it, in Windows-1256."""
    try:
        text = data.decode(ARABIC)
    except UnicodeDecodeError:
        return False
    words = [word for word in re.findall(r"[^\W\d_]+[\u064b-\u0652\w]*", text) if not word.isascii()]
    if any(not (ARABIC_WORD.fullmatch(word) or SHARED_WORD.fullmatch(word)) for word in words):
        return False
    long = [word for word in words if ARABIC_WORD.fullmatch(word) and len(word) > 2]
    if not long:
        return False
    other = data.decode(OTHER_ARABIC, errors="replace")
    return _articles(text) > _articles(other)


def _articles(text: str) -> int:
    """How many words begin with the Arabic article."""
    return len(re.findall("(?<!\\w)(?:و|ب|ف|ك)?ال(?=\\w{2})", text))


def _sixteen_bits(start: bytes) -> str:
    """UTF-16 without a mark: the head is ASCII, so that every second byte of it is nil."""
    head = start[:16]
    if len(head) >= 8 and not any(head[1::2]) and all(head[0::2]):
        return "utf-16-le"
    if len(head) >= 8 and not any(head[0::2]) and all(head[1::2]):
        return "utf-16-be"
    return ""


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while data := file.read(CHUNK):
                decoder.decode(data)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def _readable(path: Path, encoding: str) -> str:
    if not _decodes(path, encoding):
        raise FileRefused(_("The file is damaged or incomplete."))
    return encoding


def _without_nul(path: Path, encoding: str) -> str:
    with path.open("rb") as file:
        while data := file.read(CHUNK):
            if b"\0" in data:
                raise FileRefused(_("The file holds bytes that are no text. Save it again, as “CSV UTF-8”."))
    return encoding


def _refuse() -> str:
    raise FileRefused(_("It is not certain which letters the file holds. Save it again, as “CSV UTF-8” or .xlsx."))
