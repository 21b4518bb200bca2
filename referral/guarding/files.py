"""Adds, lists, opens and removes the files of a case: sealed with its key, for whoever may read an identity (tier 3)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from referral.access import Member
from referral.actions.case_desk import box_of, for_writing, needed_text, write_trail
from referral.attachments import storing
from referral.attachments.judging import CleanFile, FileRefused, cleaned
from referral.attempts import action
from referral.encryption import CannotOpen
from referral.models import Attachment, AuditKind, Case
from referral.permissions import NotFound, get_case_for, may_write
from referral.safety import audit
from referral.safety.isolation import as_partner
from referral.tiers import most_tier

TIER = 3
MOST_FILES = 40
MOST_BYTES = 100 * 1024 * 1024


@dataclass(frozen=True)
class FileShown:
    """A file of a case as a list shows it."""

    attachment: Attachment
    name: str


@dataclass(frozen=True)
class FileOpened:
    """A file with its content, to be handed out at once and kept nowhere."""

    attachment: Attachment
    name: str
    content: bytes


def add(case: Case, *, by: Member, content: bytes, name: str) -> Attachment:
    """Keep this file: judged by its content, drawn anew, sealed. FileRefused, and what `for_writing` raises.

    It is judged before the case is locked: that takes a second, and nobody shall wait for it.
    """
    try:
        with as_partner(by.partner):  # a stranger makes nobody work, and a full case neither
            get_case_for(by, case.code)
            _check_room(case, 0)
        clean = cleaned(content, name)
    except FileRefused as refused:
        with as_partner(by.partner):
            audit.record(AuditKind.REFUSED, f"file.add:{refused.why}", by=by.by, case_id=case.pk)
        raise
    return _add(case, by=by, clean=clean)


@action("file.add")
def _add(case: Case, *, by: Member, clean: CleanFile) -> Attachment:
    held = for_writing(case, by)
    _check_room(held, len(clean.content))
    box = box_of(held)
    row = Attachment(case=held, added_by_id=by.user_id, kind=clean.kind, size=len(clean.content))
    row.seal(box, name=needed_text("name", clean.name))
    storing.put(row.pk, box, clean.content)
    row.save(force_insert=True)
    held.changed_at = timezone.now()
    held.save(update_fields=["changed_at"])
    write_trail(held, "file.add", by, ("attachments",))
    return row


@action("file.remove")
def remove(case: Case, *, by: Member, attachment_id: uuid.UUID) -> None:
    """Remove a file that should not be there; its bytes go once this is certain."""
    held = for_writing(case, by)
    row = Attachment.objects.filter(case=held, pk=attachment_id).first()
    if row is None:
        raise NotFound(str(attachment_id))
    row.delete()
    transaction.on_commit(lambda: storing.forget(attachment_id))
    write_trail(held, "file.remove", by, ("attachments",))


def listed(member: Member, code: str) -> tuple[Case, list[FileShown], bool]:
    """The case, its files, and whether this member may add to them. NotFound for who may not read an identity."""
    with as_partner(member.partner):
        case = _readable(member, code)
        rows = list(Attachment.objects.filter(case=case).select_related("added_by").order_by("added_at", "pk"))
        box = box_of(case) if rows else None
        shown = [FileShown(row, str(row.opened(box)["name"] or "")) for row in rows] if box else []
        audit.record(AuditKind.READ, "file.list", by=member.by, case_id=case.pk, rows=len(rows))
    return case, shown, may_write(member, case)


def open_file(member: Member, code: str, attachment_id: uuid.UUID) -> FileOpened:
    """One file of this case, opened. NotFound alike for a case that is not theirs, a file of another case, and none at all."""
    with as_partner(member.partner):
        case = _readable(member, code)
        row = Attachment.objects.filter(case=case, pk=attachment_id).first()
        if row is None:
            raise NotFound(str(attachment_id))
        try:
            box = box_of(case)
            found = FileOpened(row, handed_out_as(row), storing.take(row.pk, box))
        except CannotOpen as error:
            raise NotFound(str(attachment_id)) from error
        audit.record(AuditKind.READ, "file.open", by=member.by, case_id=case.pk, fields=["attachments"])
    return found


def handed_out_as(row: Attachment) -> str:
    """The name under which it is saved: its own may tell a name, on a computer that others use."""
    day: datetime = timezone.localtime(row.added_at)
    return f"{day:%Y-%m-%d}-{row.pk.hex[:8]}.{row.kind}"


def _readable(member: Member, code: str) -> Case:
    case = get_case_for(member, code)
    if case.erased_at is not None or most_tier(member, case) < TIER:
        raise NotFound(code)
    return case


def _check_room(case: Case, more: int) -> None:
    rows = Attachment.objects.filter(case=case)
    if rows.count() >= MOST_FILES or (rows.aggregate(all=Sum("size"))["all"] or 0) + more > MOST_BYTES:
        raise FileRefused("no_room")
