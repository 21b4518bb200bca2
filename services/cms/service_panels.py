"""What an editor sees of a service: its texts a language, whom it is for, when and how, where, and where it is known from."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface

from services import models

from .panels import IN_A_BOX, SeveralPanel, language_tabs, phones, source_tab, texts


def service_panels() -> TabbedInterface:
    return TabbedInterface([*language_tabs(models.Service), _whom(), _when(), _where(), source_tab(_suspended())])


def _whom() -> ObjectList:
    return ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel("organisation"), FieldPanel("category"), FieldPanel("terms", widget=IN_A_BOX)],
                _("What it is"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("welcome", widget=forms.RadioSelect),
                    SeveralPanel("welcomes"),
                    FieldPanel("women_only"),
                    FieldRowPanel([FieldPanel("minimum_age"), FieldPanel("maximum_age")]),
                ],
                _("Whom they welcome"),
            ),
            SeveralPanel("languages"),
        ],
        heading=_("For whom"),
    )


def _when() -> ObjectList:
    weekly = InlinePanel(
        "hours",
        [
            FieldRowPanel([FieldPanel("weekday"), FieldPanel("opens"), FieldPanel("closes")]),
            FieldRowPanel([FieldPanel("season"), FieldPanel("valid_from"), FieldPanel("valid_to")]),
        ],
        heading=_("Hours of the week"),
        label=_("Interval"),
    )
    dated = InlinePanel(
        "dated_hours",
        [
            FieldRowPanel([FieldPanel("first"), FieldPanel("last"), FieldPanel("opens"), FieldPanel("closes")]),
            FieldRowPanel(texts(models.DatedHours, "message")),
        ],
        heading=_("Days that differ"),
        label=_("Period"),
        help_text=_("Without times the service is closed on these days."),
    )
    return ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("access"),
                    FieldRowPanel([FieldPanel("capacity"), FieldPanel("capacity_since")]),
                    FieldPanel("accepts_referrals"),
                ],
                _("How to get in"),
            ),
            weekly,
            dated,
            MultiFieldPanel(
                [FieldPanel("closed_on_holidays"), FieldPanel("friday_prayer"), FieldPanel("around_the_clock")],
                _("Holidays, prayer, night"),
            ),
        ],
        heading=_("When and how"),
    )


def _where() -> ObjectList:
    contacts = InlinePanel(
        "contacts",
        [
            FieldRowPanel(texts(models.ServiceContact, "title")),
            FieldRowPanel([FieldPanel("name"), FieldPanel("email")]),
            FieldPanel("agreed"),
        ],
        heading=_("Functions to ask for"),
        label=_("Function"),
        help_text=_("Write the function, not a person: “social worker”. A name only if the person agrees."),
    )
    documents = InlinePanel(
        "documents",
        [FieldRowPanel(texts(models.RequiredDocument, "name")), FieldPanel("if_you_have_it")],
        heading=_("What to bring"),
        label=_("Document"),
    )
    costs = InlinePanel(
        "costs",
        [FieldRowPanel(texts(models.ServiceCost, "label")), FieldPanel("amount")],
        heading=_("Costs"),
        label=_("Cost"),
    )
    return ObjectList(
        [
            MultiFieldPanel([FieldPanel("reach"), FieldPanel("areas", widget=IN_A_BOX)], _("Reach")),
            InlinePanel("places", [FieldPanel("location")], heading=_("Places"), label=_("Place")),
            phones(models.ServicePhone),
            FieldRowPanel([FieldPanel("email"), FieldPanel("website")]),
            contacts,
            documents,
            MultiFieldPanel([FieldPanel("free")], _("Money")),
            costs,
            FieldPanel("key"),
        ],
        heading=_("Where and contact"),
    )


def _suspended() -> FieldPanel:
    return FieldPanel("suspended_until")
