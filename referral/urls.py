"""Every address of casework on one screen, below /L/casework/. Each desk has its own part, in its own folder of `screens`."""

from django.urls import include, path

from .screens import drafts
from .screens.inbox import views as inbox

urlpatterns = [
    path("", inbox.inbox, name="casework"),
    path("find/", inbox.find_case, name="find-case"),
    path("draft/", drafts.keep, name="draft"),
    path("", include("referral.screens.referrals.urls")),
]
