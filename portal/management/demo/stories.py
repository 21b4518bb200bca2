"""Cases of nobody at the demonstration's organisations: one in every state, some late, one an emergency."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from referral.access import Member, System
from referral.actions import cases, consents, orientation, people
from referral.models import Case, Referral, Task
from referral.referring.referrals import act, create
from referral.safety.isolation import in_one_transaction
from referral.states.events import Event
from referral.words.choices import CaseRole
from referral.words.consent_choices import ConsentMethod, DataCategory, InterpreterKind, Purpose
from services.models import Service

from .every_state import STORIES
from .people import member
from .story import Story

SHARED = (DataCategory.NEED, DataCategory.REASON, DataCategory.LANGUAGE, DataCategory.AGE_BAND, DataCategory.CONTACT)
SENDERS = frozenset({Event.SEND, Event.ANSWER, Event.CONFIRM, Event.DISPUTE, Event.WITHDRAW, Event.DISCARD})


def tell_stories() -> int:
    """Make the cases of the demonstration, once; how many."""
    with in_one_transaction():
        if Case.objects.filter(partner__key="org-a").exists():
            return 0
        for story in STORIES:
            _tell(story)
        _log_orientations()
    return len(STORIES)


def _tell(story: Story) -> None:
    worker = member(story.house, CaseRole.CASEWORKER)
    person = {"alias": story.alias, "languages": list(story.languages), "age_band": story.age_band, "sex": story.sex}
    case = cases.open_case(
        by=worker, profile=story.profile, urgency=story.urgency, risk=story.risk, person=person,
        restricted=story.restricted, training=True,
    )  # fmt: skip
    people.add_note(case, by=worker, words=f"{story.alias} : premier entretien. Récit inventé pour l’essai du site.")
    referral = _refer(story, case, worker) if story.service else None
    if story.late is not None:
        _age(case, referral, story.late)
    if story.then is not None:
        story.then(Case.objects.get(pk=case.pk))


def _refer(story: Story, case: Case, worker: Member) -> Referral | None:
    service = Service.objects.filter(key=story.service).first()
    if service is None:  # an editor has taken it away
        return None
    given = {"urgency": story.urgency, "handover": "facilitated", "reason": story.asked, "categories": list(SHARED)}
    referral = create(case, by=worker, service=service, given=given)
    if not story.happened:
        return referral
    how = consents.Conversation("fr", InterpreterKind.NOT_NEEDED, ConsentMethod.VERBAL_WITNESSED, "2026.1", True)
    asked = consents.Asked(Purpose.REFERRAL, True, service=service, categories=SHARED)
    consents.record_consent(case, by=worker, how=how, asked=[asked])
    for event, values in story.happened:
        referral = act(referral.pk, event, by=_who(event, referral, worker), given=_read(values))
    return referral


def _read(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _moment(name, value) if isinstance(value, timedelta) else value for name, value in values.items()}


def _moment(name: str, away: timedelta) -> str:
    return (timezone.now() + away if name.endswith("_at") else timezone.localdate() + away).isoformat()


def _who(event: Event, referral: Referral, worker: Member) -> Member | System:
    if event == Event.EXPIRE:
        _age(referral.case, referral, timedelta(days=60))
        return System()
    if event == Event.MARK_ERROR:
        return member(referral.sender.key, CaseRole.SUPERVISOR)
    if event in SENDERS:
        return worker
    referral = Referral.objects.select_related("receiver").get(pk=referral.pk)
    if referral.receiver is None:
        raise LookupError("Nobody receives this referral.")
    return member(referral.receiver.key, CaseRole.FOCAL_POINT)


def _age(case: Case, referral: Referral | None, by: timedelta) -> None:
    """As if it had begun so much earlier: the time limits move, the trail stays as it is."""
    Case.objects.filter(pk=case.pk).update(opened_at=F("opened_at") - by)
    Task.objects.filter(case=case, done_at=None, due_at__isnull=False).update(due_at=F("due_at") - by)
    if referral is not None:
        rows = Referral.objects.filter(pk=referral.pk)
        names = ("created_at", "sent_at", "due_at", "acknowledge_by", "decide_by", "deliver_by", "verify_by")
        rows.update(**{name: F(name) - by for name in names})
        Task.objects.filter(referral=referral, case=None, done_at=None).update(due_at=F("due_at") - by)


def _log_orientations() -> None:
    intake = member("org-a", CaseRole.INTAKE)
    for language, age_band, sex, need in (
        ("fr", "25-34", "male", "documentation"), ("ar", "18-24", "female", "health"), ("en", "35-49", "male", "employment"),
    ):  # fmt: skip
        orientation.log_orientation(by=intake, training=True, need=need, language=language, age_band=age_band, sex=sex)
