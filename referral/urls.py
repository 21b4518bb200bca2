"""Every address of casework on one screen, below /L/casework/. Each desk has its own part, in its own folder of `screens`."""

from django.urls import path

from .screens import drafts
from .screens.board import views as board
from .screens.case_list import views as case_list
from .screens.inbox import views as inbox
from .screens.orienting import views as orienting

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
]
