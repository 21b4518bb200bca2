"""What a PDF says and is, as other programs see it."""

from __future__ import annotations

import re
import subprocess

UNSEEN = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"))


def text_of(pdf: bytes) -> str:
    """The words, in the order in which they are read, on one line."""
    told = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return " ".join(told.translate(UNSEEN).split())


def fonts_of(pdf: bytes) -> list[list[str]]:
    """The rows of pdffonts."""
    told = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return [row.split() for row in told.splitlines()[2:]]


def widths_of(pdf: bytes) -> list[float]:
    """The width of each word, in points."""
    told = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return [float(end) - float(start) for start, end in re.findall(r'<word xMin="([\d.]+)".*?xMax="([\d.]+)"', told)]
