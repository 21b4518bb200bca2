"""Small tools of the mapping: texts in one language, keys that are left out, ids of things that have no row."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils import translation
from django.utils.encoding import iri_to_uri
from django.utils.functional import lazy
from django.utils.translation import gettext as _

Plain = dict[str, Any]


def in_language(build: Callable[..., Any]) -> Callable[..., Any]:
    """Labels of choices come in the language that is the second argument, whatever is active around it."""

    @wraps(build)
    def built(record: Any, language: str, *rest: Any, **named: Any) -> Any:
        with translation.override(language):
            return build(record, language, *rest, **named)

    return built


def found_text(record: Model, field: str, language: str) -> tuple[str, str]:
    """(text, its language): in this language, else in the first of settings.FALLBACK_LANGUAGES that has it, else in any."""
    known = [code for code, _name in settings.LANGUAGES]
    for code in dict.fromkeys((language, *settings.FALLBACK_LANGUAGES, *known)):
        if text := getattr(record, f"{field}_{code}", None):
            return str(text), code
    return "", language


def text(record: Model | None, field: str, language: str) -> str:
    """The text alone; empty if there is no record."""
    return found_text(record, field, language)[0] if record else ""


def pair(name: Any, value: Any) -> str:
    """“Free of charge: No”, with each language's own colon."""
    return _("%(name)s: %(value)s") % {"name": name, "value": value}


lazy_pair = lazy(pair, str)


def compact(**fields: Any) -> Plain:
    """Without what is not known: HSDS refuses null, and an empty text says nothing."""
    return {name: value for name, value in fields.items() if value is not None and value not in ("", [])}


def ordered(rows: Any) -> list[Any]:
    """The parts of a record in the editors' order, always the same where two have the same place in it."""
    return sorted(rows.all(), key=lambda row: (row.sort_order or 0, row.pk))


def derived(owner: uuid.UUID, *names: object) -> str:
    """The id of a thing that has no row of its own: always the same for this record and these names."""
    return str(uuid.uuid5(owner, ":".join(str(name) for name in names)))


def moment(instant: datetime.datetime) -> str:
    """RFC 3339 in UTC, with microseconds, so that a partner can ask for what changed after it."""
    return instant.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")


def address_of_page(url: str) -> str | None:
    """An address as URI: letters beyond ASCII are escaped. None if empty."""
    return iri_to_uri(url) if url else None
