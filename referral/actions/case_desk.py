"""What every action on a case begins and ends with: take it under lock, check who asks, save it, write the trail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral import outbox
from referral.access import Asker, Member
from referral.encryption import Box
from referral.models import AuditKind, Case, FollowUpCode, Membership, Partner, Task, TaskKind
from referral.permissions import NotFound, cases_for, kind_at_case, kinds_at_case, may_write
from referral.referring.given import UNSEEN
from referral.refusals import GuardRefused, Stale, WrongField
from referral.safety import audit
from referral.safety.keys import case_box
from referral.states.case_states import MACHINE, CaseEvent, CaseStatus, Transition, allowed
from referral.states.events import Guard
from referral.states.machine import NotYours
from referral.words.choices import CaseRole

WRITABLE = frozenset({CaseStatus.OPEN, CaseStatus.ON_HOLD})
LONGEST_TEXT = 4000  # characters of one note, reason or answer


class DeskGuard(TextChoices):
    """What must hold before something is written in a case, beyond the guards of the machine. The label refuses it."""

    SAFE_CHANNEL = "safe_channel", _("The person must not be contacted this way.")
    SAFE_INTERPRETER = "safe_interpreter", _("A child, a relative or a companion must not interpret.")
    REPRESENTATIVE_COUNTS = "representative_counts", _("This representative is not verified, or has a conflict.")
    CHILD_HEARD = "child_heard", _("Say whether the child agrees.")
    RECIPIENT_ALLOWED = "recipient_allowed", _("The procedure of this case does not allow this recipient.")
    STEP_READY = "step_ready", _("Something that this step needs is still missing.")
    ENOUGH_ATTEMPTS = "enough_attempts", _("Contact is lost after 3 attempts in 2 ways over 30 days, not before.")
    WITHOUT_CONSENT = "without_consent", _("Only a legal basis other than consent, with a reason, replaces consent.")
    A_CHILD = "a_child", _("This is for a child only.")
    AGREED_BY_THE_PERSON = "agreed_by_the_person", _("The person must agree to the plan.")


def locked(case: Case) -> Case:
    """The case as it is now, held until the transaction ends."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("partner", "procedure")
    return rows.get(pk=case.pk)


def hold_codes(case: Case) -> None:
    """The codes of a case under lock, always before the case itself: who tries a PIN holds the code and makes a task of the case."""
    list(FollowUpCode.objects.select_for_update().filter(case=case).order_by("pk"))


def for_event(case: Case, event: CaseEvent, by: Asker, version: int | None) -> tuple[Case, Transition]:
    """The case under lock, and the row of its machine. Guards are the caller's to check.

    Raises NotFound for a case that a member may not see, NotYours, IllegalEvent, Stale: in this order. `version` None is
    for the system and for somebody outside, who has not seen the case.
    """
    held = locked(case)
    found = list(kinds_at_case(by, held))
    inside = isinstance(by, Member) and by.partner.pk == held.partner_id
    if isinstance(by, Member) and inside and not cases_for(by).filter(pk=held.pk).exists():
        raise NotFound(held.code)
    fits = next((kind for kind in found if kind in MACHINE.by_event[event].who), found[0])
    row = allowed(CaseStatus(held.status), event, fits)
    check_version(held, version)
    return held, row


def for_writing(case: Case, by: Member, version: int | None = None) -> Case:
    """The case under lock, for somebody who may change what is in it. NotFound, NotYours, GuardRefused, Stale."""
    held = locked(case)
    if not cases_for(by).filter(pk=held.pk).exists():
        raise NotFound(held.code)
    if not may_write(by, held):
        raise NotYours("write", kind_at_case(by, held))
    if held.status not in WRITABLE:
        raise GuardRefused(Guard.CASE_OPEN)
    check_version(held, version)
    return held


def check_version(case: Case, version: int | None) -> None:
    """Stale if the case was changed since it was shown."""
    if version is not None and version != case.version:
        raise Stale(version, case.version, case.status)


def save(case: Case) -> None:
    """Save a case that was changed: its version moves on, so that older forms are refused."""
    case.version += 1
    case.changed_at = timezone.now()
    case.save()


def write_trail(
    case: Case, what: str, by: Asker, fields: Iterable[str] = (), kind: AuditKind = AuditKind.CHANGE
) -> None:
    """One row of the trail for a change of this case: what was done, and names of fields. Call it last."""
    audit.record(kind, what, by=by.by, case_id=case.pk, fields=fields)


def box_of(case: Case) -> Box:
    """The box of a case for the partner that it belongs to."""
    return case_box(case, case.partner)


def keep_reason(case: Case, event: str, by: Asker, words: Any) -> None:
    """Add why something was done to the sealed list of reasons. Does not save."""
    box = box_of(case)
    found = case.opened(box, ["reasons"])["reasons"] or []
    user_id = by.user_id if isinstance(by, Member) else None
    entry = {"event": str(event), "at": timezone.now().isoformat(), "by": user_id, "words": words}
    case.seal(box, reasons=[*found, entry])


def needed_text(field: str, text: str, longest: int = LONGEST_TEXT) -> str:
    """The text without blank ends and signs that nobody sees. WrongField if nothing is left, or too much."""
    found = UNSEEN.sub("", text.replace("\r\n", "\n").replace("\t", " ")).strip()
    if not found or len(found) > longest:
        raise WrongField(field)
    return found


def one_of(field: str, value: str, choices: type[TextChoices]) -> str:
    """The value, if it is one of a closed list; WrongField otherwise."""
    if value not in choices.values:
        raise WrongField(field)
    return str(value)


def make_task(case: Case, kind: TaskKind, mark: str, **columns: Any) -> Task:
    """A task at this case, once for each mark: for its owner unless another is named."""
    usual = {"case": case, "partner": case.partner, "owner_id": case.owner_id, "kind": kind}
    return Task.objects.get_or_create(mark=mark, defaults={**usual, **columns})[0]


def tell(users: Iterable[int | None], mark: str, by: Asker) -> None:
    """Let these people know that there is something to look at; never who did it. Once a mark."""
    acting = by.user_id if isinstance(by, Member) else None
    outbox.tell(sorted({user for user in users if user is not None} - {acting}), mark)


def supervisors_of(case: Case) -> list[int]:
    """Who supervises the team of this case, today."""
    rows = Membership.objects.valid().filter(partner=case.partner_id, role=CaseRole.SUPERVISOR)
    if case.team_id is not None:
        rows = rows.filter(team=case.team_id)
    return list(rows.values_list("user_id", flat=True).distinct())


def has_role(partner: Partner, user_id: int | None, *roles: str) -> bool:
    """Whether this user holds one of these roles in this partner, today."""
    return Membership.objects.valid().filter(partner=partner, user=user_id, role__in=roles).exists()
