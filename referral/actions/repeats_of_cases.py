"""A form about a case that is sent twice is carried out once: the repeat gets the same answer, another content is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from referral.access import Member
from referral.models import Answered, Case
from referral.referring.repeats import LONGEST, digest_of
from referral.refusals import Refused, Repeated, WrongField
from referral.safety.isolation import in_one_transaction
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


def was_sent(by: Member, key: str | None) -> bool:
    """Whether a form with this key was carried out before, whatever was in it."""
    return bool(key) and Answered.objects.filter(who=by.who, key=key).exists()


def remember_opened(by: Member, key: str | None, digest: str, case: Case) -> None:
    """Keep the case for a repeat. Raises Repeated if another request has used the key in the meantime."""
    if not key:
        return
    _keep_first(Answered(who=by.who, key=key, digest=digest, case=case, event=EVENT))


def once(  # noqa: PLR0913  (who asks, with which form, about what)
    do: Callable[[], Any], *, by: Member, key: str | None, event: str, about: Case | None, given: Mapping[str, Any]
) -> None:
    """Do it, unless a form with this key and this content has done it before. Raises Repeated for another content.

    A refusal leaves its row in the trail and may be tried again with the same key.
    """
    if not key:
        do()
        return
    if len(key) > LONGEST:
        raise WrongField("key")
    digest = blind_index(by.partner, event, digest_of(event, about, given))
    refusal: Refused | None = None
    with in_one_transaction():
        row = Answered.objects.filter(who=by.who, key=key).first()
        if row is not None and row.digest != digest:
            raise Repeated
        if row is not None:
            return
        try:
            do()
        except Refused as refused:
            refusal = refused
        else:
            fresh = Answered(who=by.who, key=key, digest=digest, case=about, event=event[:30])
            _keep_first(fresh)
    if refusal is not None:
        raise refusal


def _keep_first(row: Answered) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Repeated from error
