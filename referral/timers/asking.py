"""Asks somebody for something: one task, however often and late a timer runs."""

from __future__ import annotations

import uuid
from datetime import datetime

from referral.models import Case, Referral, Task, TaskKind

Whose = tuple[uuid.UUID, int | None]  # a partner, and one person of it (None: whoever has the role)


def ask(  # noqa: PLR0913  (each part of the task by its name)
    kind: TaskKind,
    mark: str,
    *,
    whose: Whose,
    about: Case | Referral,
    due_at: datetime,
    escalation: int = 0,
) -> bool:
    """Make the task, or raise the level of the one that already asks for the same. Whether anything changed.

    Call it with the row that it is about locked. Once made, a mark never makes a second one, also if the first is done.
    The partner of a receiver gets no case with it.
    """
    partner_id, owner_id = whose
    referral = about if isinstance(about, Referral) else None
    case = about.case if isinstance(about, Referral) else about
    of_own = case if case.partner_id == partner_id else None
    if Task.objects.filter(mark=mark).exists():
        return _raise(Task.objects.get(mark=mark), escalation)
    same = Task.objects.filter(kind=kind, partner_id=partner_id, owner_id=owner_id, referral=referral, done_at=None)
    if (open_one := same.filter(case=of_own).first()) is not None and referral is not None:
        return _raise(open_one, escalation)
    Task.objects.create(
        kind=kind, mark=mark, partner_id=partner_id, owner_id=owner_id, referral=referral, case=of_own,
        due_at=due_at, escalation=escalation,
    )  # fmt: skip
    return True


def _raise(task: Task, escalation: int) -> bool:
    if task.done_at is not None or task.escalation >= escalation:
        return False
    task.escalation = escalation
    task.save(update_fields=["escalation"])
    return True
