"""The addresses of the procedures, below /L/casework/procedures/."""

from django.urls import path

from . import deciding, views

urlpatterns = [
    path("", views.procedures, name="procedures"),
    path("<slug:profile>/", views.procedure, name="procedure"),
    path("<slug:profile>/propose/", deciding.propose, name="procedure-propose"),
    path("<slug:profile>/compare/", views.compare, name="procedure-compare"),
    path("<slug:profile>/decide/<str:version>/", deciding.decide, name="procedure-decide"),
]
