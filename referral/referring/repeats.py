"""A form that is sent twice is carried out once: the repeat gets the first answer, and another content is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, models, transaction

from referral.access import Asker
from referral.models import Answered, Partner, Referral
from referral.refusals import Repeated, WrongField
from referral.safety.keys import blind_index

LONGEST = 64


def digest_of(event: str, about: Any, given: Mapping[str, Any]) -> str:
    """SHA-256 of what was asked: the event, what it is about, every posted field. Nothing of it can be read again."""
    plain = {"event": str(event), "about": _plain(about), "given": _plain(given)}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()


def keyed_digest(partner: Partner, event: str, about: Any, given: Mapping[str, Any]) -> str:
    """The digest under the secret of a partner: who has only the database cannot try words against it."""
    return blind_index(partner, "request", digest_of(event, about, given))


def answered(by: Asker, key: str | None, digest: str) -> Referral | None:
    """The referral that the first request with this key made or changed; None: it is the first. Raises Repeated.

    Ask under the locks of the event, so that two requests at once find each other.
    """
    if not key:
        return None
    if len(key) > LONGEST:
        raise WrongField("key")
    row = Answered.objects.filter(who=by.who, key=key).first()
    if row is None:
        return None
    if row.digest != digest or row.referral_id is None:
        raise Repeated
    return Referral.objects.get(pk=row.referral_id)


def remember(by: Asker, key: str | None, digest: str, event: str, referral: Referral) -> None:
    """Keep the answer for a repeat, in the transaction of the event. Raises Repeated if the key was used elsewhere by now."""
    if not key:
        return
    row = Answered(who=by.who, key=key, digest=digest, referral=referral, case_id=referral.case_id, event=str(event))
    try:
        with transaction.atomic(savepoint=False):  # the refusal undoes the whole event
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Repeated from error


def _plain(value: Any) -> Any:
    """The value as JSON can hold it, the same for the same content."""
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(str(part) for part in value)
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, models.Model):
        return str(value.pk)
    return value if isinstance(value, bool | int | float) or value is None else str(value)
