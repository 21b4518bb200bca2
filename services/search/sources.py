"""Where entries come from: the searchable.py of each app that settings.SEARCH_SOURCES names, so that we import no floor above."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

from django.conf import settings

from .entries import Entry


def sources() -> dict[str, Any]:
    """The modules that give entries, by the kind that they give."""
    modules = [import_module(name) for name in settings.SEARCH_SOURCES]
    return {module.KIND: module for module in modules}


def entries() -> Iterator[Entry]:
    """Every entry of every source, a few in memory at a time."""
    for module in sources().values():
        yield from module.entries()


def entries_of(kind: str, identifiers: Iterable[str]) -> list[Entry]:
    """The entries of these identifiers that readers may find now; an unknown kind has none."""
    module = sources().get(kind)
    return list(module.entries(list(identifiers))) if module else []
