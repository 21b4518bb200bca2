"""Logs that somebody was told where to go, for those who want no record: nothing of it tells who (referral.md d.1)."""

from __future__ import annotations

from referral.access import Member
from referral.attempts import action
from referral.models import AuditKind, Orientation
from referral.refusals import WrongField
from referral.safety import audit
from referral.states.machine import NotYours
from referral.words.choices import CaseRole, ServiceType
from referral.words.person_choices import AgeBand, Sex
from services.models import Service
from services.taxonomy import SPOKEN

from .case_desk import (
    one_of,
)
from .cases import is_training

DESK = (CaseRole.INTAKE, CaseRole.CASEWORKER, CaseRole.SUPERVISOR)


@action("orientation.log")
def log_orientation(  # noqa: PLR0913  (the few things that are counted)
    *,
    by: Member,
    need: str,
    language: str = "",
    age_band: str = "",
    sex: str = "",
    service: Service | None = None,
    given: bool = True,
    training: bool = False,
) -> Orientation:
    """Keep the day, the desk, language, age band, sex, need and service: no name, no case, no hour.

    Raises NotYours for who has no desk, WrongField for a value that is in no list, GuardRefused without an agreement.
    """
    if not by.has(*DESK):
        raise NotYours("orientation", "outsider")
    if language and language not in dict(SPOKEN):
        raise WrongField("language")
    row = Orientation.objects.create(
        partner=by.partner,
        language=language,
        age_band=age_band and one_of("age_band", age_band, AgeBand),
        sex=sex and one_of("sex", sex, Sex),
        need=one_of("need", need, ServiceType),
        service=service,
        given=given,
        is_training=is_training(by.partner, asked=training),
    )
    audit.record(AuditKind.CHANGE, "orientation.log", by=by.by)
    return row
