"""What happens to cases of the demonstration after their referral."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from referral.actions import cases, closing, consents, plans, transfers
from referral.models import Case, Partner
from referral.words.choices import CaseRole
from referral.words.consent_choices import ConsentMethod, InterpreterKind, Purpose

from .people import member


def ask_to_close(case: Case) -> None:
    """A supervisor has to approve it."""
    worker = member(case.partner.key, CaseRole.CASEWORKER)
    closing.request_closure(
        case, by=worker, version=case.version, closure_reason="goals_met", feedback_asked=True, note="Terminé."
    )


def close(case: Case) -> None:
    """Asked, and approved by somebody else."""
    ask_to_close(case)
    case.refresh_from_db()
    closing.approve_closure(case, by=member(case.partner.key, CaseRole.SUPERVISOR), version=case.version)


def rest(case: Case) -> None:
    """It waits for a day."""
    worker, until = member(case.partner.key, CaseRole.CASEWORKER), timezone.localdate() + timedelta(days=20)
    cases.hold(case, by=worker, version=case.version, reason="En voyage.", review_on=until)


def offer(case: Case) -> None:
    """To the legal aid of Casablanca, with the person's consent."""
    worker, taker = member(case.partner.key, CaseRole.CASEWORKER), Partner.objects.get(key="org-c")
    how = consents.Conversation("fr", InterpreterKind.NOT_NEEDED, ConsentMethod.SIGNED, "2026.1", True)
    consents.record_consent(case, by=worker, how=how, asked=[consents.Asked(Purpose.TRANSFER, True, partner=taker)])
    case.refresh_from_db()
    note = "Installé à Casablanca ; procédure en cours."
    transfers.offer_transfer(case, by=worker, version=case.version, taker=taker, handover_note=note)


def plan(case: Case) -> None:
    """A need, and a day on which to speak again."""
    worker = member(case.partner.key, CaseRole.CASEWORKER)
    plans.add_need(case, by=worker, version=case.version, service_type="legal", words="Renouveler la carte.")
    case.refresh_from_db()
    plans.plan_contact(case, by=worker, version=case.version, on=timezone.localdate() + timedelta(days=1))
