"""Every address of casework on one screen, below /L/casework/. Each desk has its own part, in its own folder of `screens`."""

from django.urls import include, path

from .screens import drafts
from .screens.inbox import views as inbox
from .screens.printing import views as printing

urlpatterns = [
    path("", inbox.inbox, name="casework"),
    path("find/", inbox.find_case, name="find-case"),
    path("draft/", drafts.keep, name="draft"),
    path("referrals/<uuid:referral_id>/form.pdf", printing.form_pdf, name="referral-form-pdf"),
    path("referrals/<uuid:referral_id>/form/", printing.form_page, name="referral-form"),
    path("blank-form.pdf", printing.blank_pdf, name="blank-form-pdf"),
    path("blank-form/", printing.blank_page, name="blank-form"),
    path("", include("referral.screens.referrals.urls")),
]
