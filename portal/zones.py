"""Which part of the site an address belongs to: public pages, the CMS of editors, the cases of social workers (decision 0016)."""

from __future__ import annotations

import re
from enum import StrEnum

from django.conf import settings


class Zone(StrEnum):
    """Public pages know no cookie; staff have one session for the other two."""

    PUBLIC = "public"
    CMS = "cms"
    CASES = "cases"


CMS = "/cms/"
_CASES = re.compile(rf"/(?:{'|'.join(code for code, _name in settings.LANGUAGES)})/casework/")


def zone_of(path: str) -> Zone:
    """The zone of a path without script prefix."""
    if path.startswith(CMS):
        return Zone.CMS
    return Zone.CASES if _CASES.match(path) else Zone.PUBLIC


def is_served(zone: Zone) -> bool:
    """Whether this process serves that zone (setting ZONES)."""
    return zone in settings.ZONES


def is_door(path: str) -> bool:
    """Whether this is a page of the account: a process that serves the CMS alone has the same door (portal/accounts)."""
    return Zone.CMS in settings.ZONES and bool(_CASES.match(path)) and path.split("/")[3] == "account"


def staff_paths() -> list[str]:
    """The paths that the cookie of staff is for: nothing else receives it."""
    return [CMS, *(f"/{code}/casework/" for code, _name in settings.LANGUAGES)]
