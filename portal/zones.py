"""Which part of the site an address belongs to: public pages, the CMS of editors, the cases of social workers (decision 0016)."""

from __future__ import annotations

import logging
import re
import traceback
from enum import StrEnum

from django.conf import settings


class Zone(StrEnum):
    """Public pages know no cookie; staff have one session for the other two."""

    PUBLIC = "public"
    CMS = "cms"
    CASES = "cases"


CMS = "/cms/"
_CASES = re.compile(rf"/(?:{'|'.join(code for code, _name in settings.LANGUAGES)})/casework/")
_TELLING = re.compile(rf"{_CASES.pattern}|/[a-z-]+/follow-up/")


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


class NoAddresses(logging.Filter):
    """Of a request that failed a log has the status, the zone and where in our code it stands, but no address.

    An address may hold a code, the token of a link or of a journey. In casework and at the follow-up page the words of an
    exception are left out too, for they may hold a value.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        path = getattr(getattr(record, "request", None), "path_info", None)
        if path is None:
            return True
        record.msg, record.args = f"{getattr(record, 'status_code', 0)} in {zone_of(path)}", ()
        if _TELLING.match(path) and record.exc_info and record.exc_info[1]:
            error = record.exc_info[1]
            frames = traceback.extract_tb(error.__traceback__)
            where = (f"  {one.filename}:{one.lineno} {one.name}" for one in frames)
            record.msg = "\n".join((record.msg, type(error).__name__, *where))
            record.exc_info = record.exc_text = None
        return True
