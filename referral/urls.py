"""Every address of casework on one screen, below /L/casework/. Each desk has its own part, in its own folder of `screens`."""

from django.urls import path

from .screens import drafts
from .screens.inbox import views as inbox
from .screens.procedures import deciding
from .screens.procedures import views as procedures

urlpatterns = [
    path("", inbox.inbox, name="casework"),
    path("find/", inbox.find_case, name="find-case"),
    path("draft/", drafts.keep, name="draft"),
    path("procedures/", procedures.procedures, name="procedures"),
    path("procedures/<slug:profile>/", procedures.procedure, name="procedure"),
    path("procedures/<slug:profile>/propose/", deciding.propose, name="procedure-propose"),
    path("procedures/<slug:profile>/compare/", procedures.compare, name="procedure-compare"),
    path("procedures/<slug:profile>/decide/<str:version>/", deciding.decide, name="procedure-decide"),
]
