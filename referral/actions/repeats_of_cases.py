"""A form that opens a case and is sent twice opens one case: the repeat gets the same one, another content is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from referral.access import Member
from referral.models import Answered, Case
from referral.referring.repeats import LONGEST, digest_of
from referral.refusals import Repeated, WrongField
from referral.safety.keys import blind_index

EVENT = "case.open"


def keyed_digest(by: Member, given: Mapping[str, Any]) -> str:
    """What was asked, under the secret of the partner: who has only the database cannot try names against it."""
    return blind_index(by.partner, EVENT, digest_of(EVENT, by.who, given))


def opened_before(by: Member, key: str | None, digest: str) -> Case | None:
    """The case that the first request with this key opened; None: it is the first, or names no key. Raises Repeated."""
    if not key:
        return None
    if len(key) > LONGEST:
        raise WrongField("key")
    row = Answered.objects.filter(who=by.who, key=key).select_related("case").first()
    if row is None:
        return None
    if row.digest != digest or row.case is None:
        raise Repeated
    return row.case


def remember_opened(by: Member, key: str | None, digest: str, case: Case) -> None:
    """Keep the case for a repeat. Raises Repeated if another request has used the key in the meantime."""
    if not key:
        return
    try:
        with transaction.atomic():
            Answered.objects.create(who=by.who, key=key, digest=digest, case=case, event=EVENT)
    except IntegrityError as error:
        raise Repeated from error
