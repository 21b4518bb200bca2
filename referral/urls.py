"""Every address of casework on one screen, below /L/casework/. Each desk has its own part, in its own folder of `screens`."""

from django.urls import path

from .screens import drafts
from .screens.follow_up import views as follow_up
from .screens.inbox import views as inbox

urlpatterns = [
    path("", inbox.inbox, name="casework"),
    path("find/", inbox.find_case, name="find-case"),
    path("draft/", drafts.keep, name="draft"),
    path("cases/<slug:code>/follow-up/", follow_up.follow_up, name="case-follow-up"),
    path("cases/<slug:code>/follow-up/end/", follow_up.end_code, name="end-follow-up"),
]
