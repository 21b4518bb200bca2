"""The standard procedures as data: those that are shipped, and the reading of a proposed version of one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .faults import FaultyPack
from .reading import read_pack, read_tables
from .shapes import Field, Limit, Procedure, Rhythm, Rule, Source, Step, Words
from .vocabulary import PROFILES, SHARED

__all__ = [
    "FaultyPack",
    "Field",
    "Limit",
    "Procedure",
    "Rhythm",
    "Rule",
    "Source",
    "Step",
    "Words",
    "faults",
    "pack_text",
    "procedures",
    "read",
    "read_shared",
    "shipped_version",
]

PACKS = Path(__file__).with_name("packs")


def pack_text(profile: str) -> str:
    """The shipped pack of a profile, or the shared one ("common"), as its file has it: what a proposal starts from."""
    if profile not in (*PROFILES, SHARED):
        raise KeyError(profile)
    return (PACKS / f"{profile}.toml").read_text(encoding="utf-8")


@cache
def procedures() -> Mapping[str, Procedure]:
    """The shipped procedure of every profile. Raises FaultyPack if a file is wrong, which `make check` finds first."""
    return MappingProxyType({profile: read(pack_text(profile), f"{profile}.toml") for profile in PROFILES})


def read(text: str, file: str = "TOML", shared: str | None = None) -> Procedure:
    """The procedure in this text, together with the shared rules, fields and sources (`shared`: that pack's text, if not
    the shipped one: a case keeps both). Raises FaultyPack, with the sentences to show to the editor."""
    return read_pack(text, file, _shared() if shared is None else read_tables(shared, f"{SHARED}.toml"))


def read_shared(text: str) -> Procedure:
    """The shared pack in this text: rules, fields and sources, no steps. Raises FaultyPack."""
    return read_pack(text, f"{SHARED}.toml", None)


@cache
def shipped_version(profile: str) -> str:
    """The number of the shipped version."""
    return str(read_tables(pack_text(profile), f"{profile}.toml")["version"])


def faults(profile: str) -> list[str]:
    """What is wrong with a shipped pack, as sentences. An empty list: nothing."""
    file = f"{profile}.toml"
    try:
        if profile == SHARED:
            read_shared(pack_text(profile))
        elif (found := read(pack_text(profile), file).profile) != profile:
            return [f"{file}, profile: “{found}” ≠ “{profile}”"]
    except FaultyPack as faulty:
        return faulty.faults
    except (OSError, UnicodeDecodeError) as error:
        return [f"{file}: {error}"]
    return []


@cache
def _shared() -> dict[str, Any]:
    return read_tables(pack_text(SHARED), f"{SHARED}.toml")
