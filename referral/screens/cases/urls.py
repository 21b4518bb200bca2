"""The addresses of cases: opening one, offers of other organisations, and everything at one case but its referrals."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import charge, closing, consent, notes, opening, page, person, plans, steps, transfers, triage
from .acting import CaseForm, acting


def form(address: str, name: str, form_class: type[CaseForm], template: str = "referral/cases/act.html") -> URLPattern:
    """The address of a form at one case."""
    return path(f"<str:code>/{address}", acting(form_class, name, template), name=name)


urlpatterns = [
    path("new/", opening.open_new, name="case-new"),
    path("ask/", transfers.ask_for_case, name="case-ask"),
    path("offers/", transfers.list_offers, name="case-offers"),
    path("offers/<uuid:transfer_id>/", transfers.answer_offer, name="case-offer"),
    path("<str:code>/", page.case_page, name="case"),
    path("<str:code>/notes/", page.case_notes, name="case-notes"),
    path("<str:code>/what-happened/", page.case_timeline, name="case-timeline"),
    form("triage/", "case-triage", triage.TriageForm),
    form("screening/", "case-screening", triage.ScreeningForm),
    form("profile/", "case-profile", triage.ProfileForm),
    form("dates/", "case-dates", triage.DatesForm),
    form("steps/<slug:step>/", "case-step", steps.StepForm, "referral/cases/step.html"),
    form("person/", "case-person", person.PersonForm),
    form("representative/", "case-representative", person.RepresentativeForm),
    form("representative/<uuid:which>/verify/", "case-representative-verify", person.VerifyForm),
    form("representative/<uuid:which>/conflict/", "case-representative-conflict", person.ConflictForm),
    form("best-interest/", "case-best-interest", person.BestInterestForm),
    form("note/", "case-note", notes.NoteForm),
    form("contact/", "case-attempt", notes.AttemptForm),
    form("next-contact/", "case-next-contact", notes.NextContactForm),
    form("consent/", "case-consent", consent.ConsentForm, "referral/cases/consent.html"),
    form("consent/<uuid:which>/withdraw/", "case-withdraw", consent.WithdrawForm),
    form("consent/<uuid:which>/withdraw/<int:grant>/", "case-withdraw-grant", consent.WithdrawForm),
    form("override/", "case-override", consent.OverrideForm),
    form("need/", "case-need", plans.NeedForm),
    form("need/<uuid:which>/goal/", "case-goal", plans.GoalForm),
    form("need/<uuid:which>/met/", "case-met", plans.MetForm),
    form("hold/", "case-hold", charge.HoldForm),
    form("resume/", "case-resume", charge.ResumeForm),
    form("assign/", "case-assign", charge.AssignForm),
    form("deputy/", "case-deputy", charge.DeputyForm),
    form("restrict/", "case-restrict", charge.RestrictForm),
    form("transfer/", "case-transfer", transfers.OfferForm),
    form("close/", "case-close", closing.CloseForm),
    form("close/approve/", "case-approve-closure", closing.ApproveForm),
    form("close/return/", "case-return-closure", closing.ReturnForm),
    form("reopen/", "case-reopen", closing.ReopenForm),
    form("merge/", "case-merge", closing.MergeForm),
    form("unmerge/", "case-unmerge", closing.UnmergeForm),
    form("void/", "case-void", closing.VoidForm),
]
