"""Changes that editors make to many records at once: each is a version of its own, published where the record is."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.actions.unpublish import UnpublishAction

Change = Callable[[Any], None]


def change(record: Any, user: Any, make: Change) -> None:
    """Make a change to what readers see, if anything of it is live, and to the draft that waits, if there is one.

    A draft stays a draft: what else it holds is not published by the way.
    """
    draft = record.get_latest_revision_as_object()
    with transaction.atomic():
        if record.live:
            make(record)
            record.save_revision(user=user, clean=False).publish(user=user)
            if not draft.has_unpublished_changes:
                return
        make(draft)
        draft.save_revision(user=user, clean=False)


def publish(record: Any, user: Any) -> bool:
    """Publish the newest version; False, and nothing is changed, if it breaks a rule or lacks what readers need."""
    draft = record.get_latest_revision_as_object()
    try:
        draft.full_clean()
    except ValidationError:
        return False
    with transaction.atomic():
        draft.save_revision(user=user).publish(user=user)
    return True


def unpublish(record: Any, user: Any) -> bool:
    """Take the record from readers; its versions stay. False if it was not live."""
    if not record.live:
        return False
    with transaction.atomic():
        UnpublishAction(record, user=user).execute(skip_permission_checks=True)
    return True


def confirm(user: Any, day: datetime.date) -> Change:
    """Somebody has asked the provider on this day."""

    def make(record: Any) -> None:
        record.checked_on, record.checked_by = day, user

    return make


def set_fields(**values: Any) -> Change:
    def make(record: Any) -> None:
        for name, value in values.items():
            setattr(record, name, value)

    return make
