"""Notes what the person needs, and what was agreed with them about it: goals, dates, who does it, the next contact."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from referral.access import Member
from referral.attempts import action
from referral.models import Case, Need, Task, TaskKind
from referral.reading.progress import moment
from referral.refusals import GuardRefused, WrongField
from referral.states.clock import end_of_day
from referral.words.choices import CaseRole, ServiceType

from .case_desk import (
    DeskGuard,
    box_of,
    for_writing,
    has_role,
    make_task,
    needed_text,
    one_of,
    save,
    write_trail,
)


@action("need.add")
def add_need(case: Case, *, by: Member, version: int, service_type: str, words: str = "") -> Need:
    """Note a need: the type of help, and what exactly in the person's words."""
    held = for_writing(case, by, version)
    need = Need(case=held, service_type=one_of("service_type", service_type, ServiceType))
    need.seal(box_of(held), words=needed_text("words", words) if words.strip() else None)
    need.save(force_insert=True)
    save(held)
    write_trail(held, "need.add", by, ("service_type",))
    return need


@action("plan.agree")
def agree_goal(  # noqa: PLR0913  (what a line of a care plan is made of)
    need: Need,
    *,
    by: Member,
    version: int,
    goal: str,
    due_on: date,
    review_on: date | None = None,
    responsible: int | None = None,
    agreed: bool,
) -> Need:
    """Make a need a line of the care plan: a goal by a day. Only what the person agrees to; GuardRefused otherwise."""
    held = for_writing(need.case, by, version)
    row = Need.objects.select_for_update().get(pk=need.pk, case=held)
    if not agreed:
        raise GuardRefused(DeskGuard.AGREED_BY_THE_PERSON)
    for field, day in (("due_on", due_on), ("review_on", review_on)):
        if day is not None and day < timezone.localdate():
            raise WrongField(field)
    in_charge = (CaseRole.CASEWORKER, CaseRole.SUPERVISOR, CaseRole.INTAKE)
    if responsible is not None and not has_role(held.partner, responsible, *in_charge):
        raise WrongField("responsible")
    row.due_on, row.review_on, row.agreed_at = due_on, review_on, timezone.now()
    row.responsible_id = responsible or held.owner_id
    row.seal(box_of(held), goal=needed_text("goal", goal))
    row.save()
    save(held)
    write_trail(held, "plan.agree", by, ("goal", "due_on", "review_on", "responsible"))
    return row


@action("need.met")
def meet_need(need: Need, *, by: Member, version: int, met: bool = True) -> Need:
    """Say that a need is met; or that it is not, after all."""
    held = for_writing(need.case, by, version)
    row = Need.objects.select_for_update().get(pk=need.pk, case=held)
    row.met_at = timezone.now() if met else None
    row.save()
    save(held)
    write_trail(held, "need.met", by, ("met_at",))
    return row


@action("case.plan_contact")
def plan_contact(case: Case, *, by: Member, version: int, on: date) -> Task:
    """Agree on the day of the next contact: a task for whoever is in charge. WrongField for a day that is over."""
    held = for_writing(case, by, version)
    if on < timezone.localdate():
        raise WrongField("on")
    save(held)
    mark = f"contact:{held.pk}:{on.isoformat()}"
    task = make_task(held, TaskKind.REVIEW, mark, due_at=end_of_day(moment(on.isoformat())))
    write_trail(held, "case.plan_contact", by, ("follow_up",))
    return task
