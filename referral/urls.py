"""Every address of casework on one screen, below /L/casework/. Each desk has its own part, in its own folder of `screens`."""

from django.urls import include, path

from .screens import drafts
from .screens.board import views as board
from .screens.case_list import views as case_list
from .screens.follow_up import views as follow_up
from .screens.inbox import views as inbox
from .screens.orienting import views as orienting
from .screens.printing import views as printing

urlpatterns = [
    path("", inbox.inbox, name="casework"),
    path("find/", inbox.find_case, name="find-case"),
    path("inbox/<slug:which>/", inbox.one_list, name="inbox-list"),
    path("cases/", case_list.cases, name="cases"),
    path("same-person/", case_list.find_person, name="find-person"),
    path("board/", board.board, name="board"),
    path("orientation/", orienting.orientation, name="orientation"),
    path("directory/", orienting.directory, name="desk-directory"),
    path("draft/", drafts.keep, name="draft"),
    path("procedures/", include("referral.screens.procedures.urls")),
    path("cases/", include("referral.screens.cases.urls")),
    path("referrals/<uuid:referral_id>/form.pdf", printing.form_pdf, name="referral-form-pdf"),
    path("referrals/<uuid:referral_id>/form/", printing.form_page, name="referral-form"),
    path("blank-form.pdf", printing.blank_pdf, name="blank-form-pdf"),
    path("blank-form/", printing.blank_page, name="blank-form"),
    path("cases/<slug:code>/follow-up/", follow_up.follow_up, name="case-follow-up"),
    path("cases/<slug:code>/follow-up/end/", follow_up.end_code, name="end-follow-up"),
    path("", include("referral.screens.guarding.urls")),
    path("", include("referral.screens.referrals.urls")),
]
