"""Addresses of the directory and the search below a language: /L/services/… and /L/search/…."""

from django.urls import path

from .showing import views

urlpatterns = [
    path("services/", views.directory, name="services"),
    path("services/<slug:key>.vcf", views.card, name="service-card"),
    path("services/<slug:key>/", views.service, name="service"),
    path("services/<slug:key>/report/", views.report, name="service-report"),
    path("search/", views.everything, name="search"),
    path("search/missing/", views.missing, name="missing"),
]
