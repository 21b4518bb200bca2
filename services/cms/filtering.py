"""By what editors narrow the lists of the CMS: language that lacks, confirmation, confidence, region, and more."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from services import models
from services import taxonomy as words

from .listing import STATES

YES_NO = (("yes", _("Yes")), ("no", _("No")))
LIVE = (("live", _("Live")), ("waiting", _("Live, with a draft that waits")), ("draft", _("Draft")))


def choice(label: Any, choices: Any, **more: Any) -> django_filters.ChoiceFilter:
    """One of few values, all of them to be seen at once."""
    return django_filters.ChoiceFilter(
        label=label, choices=choices, empty_label=_("All"), widget=forms.RadioSelect, **more
    )


class RecordFilters(WagtailFilterSet):
    """What all records share. One filter a language: its texts up to date, outdated or missing."""

    confirmed = choice(_("Confirmed"), YES_NO, method="by_confirmation")
    confidence = choice(_("Confidence"), words.Confidence.choices)
    state = choice(_("State"), LIVE, method="by_state")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in settings.LANGUAGES:
            one = choice(label, tuple(STATES.items()), field_name=code, method="by_language")
            one.parent = self
            self.filters[f"language_{code}"] = one

    @staticmethod
    def by_language(rows: QuerySet[Any], code: str, state: str) -> QuerySet[Any]:
        return rows.filter(language_marks__contains=f"{code}:{state}")

    @staticmethod
    def by_confirmation(rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(checked_on__isnull=value == "no")

    @staticmethod
    def by_state(rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        if value == "draft":
            return rows.filter(live=False)
        return rows.filter(live=True, has_unpublished_changes=True) if value == "waiting" else rows.filter(live=True)


class ServiceFilters(RecordFilters):
    category = django_filters.ModelChoiceFilter(label=_("Category"), queryset=models.Category.objects.all())
    organisation__kind = choice(_("Kind of provider"), words.ProviderKind.choices, field_name="organisation__kind")
    region = django_filters.ModelChoiceFilter(
        label=_("Region"), queryset=models.Place.objects.filter(kind=words.PlaceKind.REGION), method="by_region"
    )
    capacity = choice(_("Capacity"), words.Capacity.choices)
    hidden = choice(_("Hidden address"), YES_NO, method="by_hiding")
    suspended = choice(_("Suspended"), YES_NO, method="by_suspension")

    class Meta:
        model = models.Service
        fields: list[str] = []

    @staticmethod
    def by_region(rows: QuerySet[Any], _name: str, region: models.Place) -> QuerySet[Any]:
        there = Q(location__city__region=region) | Q(location__province__region=region)
        services = models.ServicePlace.objects.filter(there).values("service")
        areas = models.Service.areas.through.objects.filter(Q(place=region) | Q(place__region=region)).values("service")
        return rows.filter(Q(pk__in=services) | Q(pk__in=areas))

    @staticmethod
    def by_hiding(rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        hidden = models.ServicePlace.objects.filter(location__hidden=True).values("service")
        return rows.filter(pk__in=hidden) if value == "yes" else rows.exclude(pk__in=hidden)

    @staticmethod
    def by_suspension(rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        suspended = Q(suspended_until__gte=timezone.localdate())
        return rows.filter(suspended) if value == "yes" else rows.exclude(suspended)


class OrganisationFilters(RecordFilters):
    kind = choice(_("Kind of provider"), words.ProviderKind.choices)

    class Meta:
        model = models.Organisation
        fields: list[str] = []


class LocationFilters(RecordFilters):
    hidden = choice(_("Hidden address"), YES_NO, method="by_hiding")
    region = django_filters.ModelChoiceFilter(
        label=_("Region"), queryset=models.Place.objects.filter(kind=words.PlaceKind.REGION), method="by_region"
    )

    class Meta:
        model = models.Location
        fields: list[str] = []

    @staticmethod
    def by_hiding(rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(hidden=value == "yes")

    @staticmethod
    def by_region(rows: QuerySet[Any], _name: str, region: models.Place) -> QuerySet[Any]:
        return rows.filter(Q(city__region=region) | Q(province__region=region))


class ReportFilters(WagtailFilterSet):
    state = choice(_("State"), models.Report.State.choices)
    about = choice(_("About"), models.Report.About.choices)

    class Meta:
        model = models.Report
        fields: list[str] = []


class MissedFilters(WagtailFilterSet):
    language = choice(_("Language"), settings.LANGUAGES)

    class Meta:
        model = models.MissedSearch
        fields: list[str] = []
