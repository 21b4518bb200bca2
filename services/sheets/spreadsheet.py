"""Cells of CSV and XLSX files, both ways: texts that no spreadsheet runs as a formula, and lists inside one cell.

Each pair is exact: what the second function reads is what the first was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# What spreadsheets may take for the beginning of a formula (OWASP, “CSV injection”), full-width forms included.
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
SEPARATOR = ";"
ESCAPE = "\\"


def safe_cell(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet could run it."""
    return f"'{text}" if FORMULA.match(text) else text


def plain_cell(text: str) -> str:
    """The text as it was before `safe_cell`; other apostrophes stay, as do texts that nobody has made safe."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def join_list(values: Iterable[str]) -> str:
    """The values in one cell, between semicolons; semicolons and backslashes inside a value are escaped.

    Values are stripped. Values that are all empty make an empty cell.
    """
    parts = [_escaped(value.strip()) for value in values]
    return f"{SEPARATOR} ".join(parts).rstrip() if any(parts) else ""


def split_list(text: str) -> list[str]:
    """The values of a cell, stripped; an empty cell has none. An empty value between two semicolons is kept."""
    if not text.strip():
        return []
    parts = [""]
    letters = iter(text)
    for letter in letters:
        if letter == ESCAPE:
            parts[-1] += next(letters, ESCAPE)
        elif letter == SEPARATOR:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def _escaped(value: str) -> str:
    return value.replace(ESCAPE, ESCAPE * 2).replace(SEPARATOR, ESCAPE + SEPARATOR)
