"""What an editor sees of a record: a tab for each language of the site, then for whom, where, and where it is known from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Model, TextField
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname
from wagtail.admin.compare import FieldComparison
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
)
from wagtail.admin.widgets import AdminAutoHeightTextInput

from services import models
from services.models.records import translated_fields
from services.presenting import listed

IN_A_BOX = forms.CheckboxSelectMultiple(attrs={"class": "in-a-box"})  # a long list, scrolled


def attributes(language: str) -> dict[str, str]:
    """The direction and the language of what is typed, for readers of screens and for Arabic."""
    return {"dir": "rtl" if get_language_info(language)["bidi"] else "ltr", "lang": language}


def text_panel(model: type[Model], field: str, language: str, *, named: bool = False) -> FieldPanel:
    """One text in one language; `named`: with the language in its label, where there is no tab to say it."""
    plain: Any = model._meta.get_field(field)
    widget = AdminAutoHeightTextInput if isinstance(plain, TextField) else forms.TextInput
    label = plain.verbose_name
    if named:
        label = NamedLabel(label, dict(settings.LANGUAGES)[language])
    name = build_localized_fieldname(field, language)
    return FieldPanel(name, widget=widget(attrs=attributes(language)), heading=label)


class NamedLabel:
    """A label and a language in brackets, in the language of whoever reads it."""

    def __init__(self, label: Any, language: str) -> None:
        self.label, self.language = label, language

    def __str__(self) -> str:
        return f"{capfirst(str(self.label))} ({self.language})"


def texts(model: type[Model], *fields: str) -> list[FieldPanel]:
    """These texts of an inline row, in every language beside each other."""
    return [text_panel(model, field, code, named=True) for field in fields for code, _name in settings.LANGUAGES]


class LanguageStatePanel(Panel):
    """At the head of a language's tab: which of its texts are missing, and which are older than the source."""

    def __init__(self, language: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.language = language

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "language": self.language}

    def get_form_options(self) -> dict[str, Any]:
        return {"fields": ["accepted"]}

    class BoundPanel(Panel.BoundPanel):
        template_name = "services/cms/language_state.html"

        def is_shown(self) -> bool:
            return self.instance.pk is not None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            language = self.panel.language
            missing, outdated = self.instance.behind(language)
            return {
                **super().get_context_data(parent_context),
                "missing": self._labels(missing),
                "outdated": self._labels(outdated),
                "source": dict(settings.LANGUAGES)[settings.LANGUAGE_CODE],
                "language": language,
                "accepted": self.form.is_bound and language in self.form["accepted"].value(),
            }

        def _labels(self, fields: list[str]) -> str:
            return listed(capfirst(str(self.instance._meta.get_field(field).verbose_name)) for field in fields)


class ToldPanel(FieldPanel):
    """What editors read and do not write; a dash where there is nothing."""

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        super().__init__(field_name, **{**kwargs, "read_only": True})

    def format_value_for_display(self, value: Any) -> Any:
        return super().format_value_for_display(value) if value else "–"


class SeveralPanel(FieldPanel):
    """A list of values: the comparison of two versions shows their names."""

    def get_comparison_class(self) -> type[FieldComparison]:
        return SeveralComparison


class SeveralComparison(FieldComparison):
    def __init__(self, field: Any, obj_a: Any, obj_b: Any) -> None:
        super().__init__(field, obj_a, obj_b)
        names = {key: str(label) for key, label in field.values}
        self.val_a, self.val_b = (
            listed(names.get(key, key) for key in field.value_from_object(one) or []) for one in (obj_a, obj_b)
        )


def language_tabs(model: type[Model], extra: dict[str, list[Panel]] | None = None) -> list[ObjectList]:
    """A tab for each language, the source first; `extra` panels go into the tab of their language."""
    source = settings.LANGUAGE_CODE
    ordered = sorted(settings.LANGUAGES, key=lambda pair: pair[0] != source)
    return [
        ObjectList(
            [
                LanguageStatePanel(code),
                *(text_panel(model, field, code) for field in translated_fields(model)),
                *(extra or {}).get(code, []),
            ],
            heading=name,
        )
        for code, name in ordered
    ]


def source_tab(*more: Panel) -> ObjectList:
    return ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("confirm_today"),
                    FieldPanel("checked_on"),
                    ToldPanel("checked_by"),
                    FieldPanel("confidence"),
                ],
                _("Confirmed"),
            ),
            MultiFieldPanel([FieldPanel("source"), FieldPanel("source_date")], _("Where it is known from")),
            *more,
        ],
        heading=_("Source"),
    )


def phones(model: type[Model]) -> InlinePanel:
    return InlinePanel(
        "phones",
        [
            FieldRowPanel([FieldPanel("number", widget=forms.TextInput(attrs={"dir": "ltr"})), FieldPanel("kind")]),
            FieldRowPanel(texts(model, "note")),
            FieldRowPanel([FieldPanel("source"), FieldPanel("source_date")]),
        ],
        heading=_("Phones"),
        label=_("Phone"),
    )


def organisation_panels() -> TabbedInterface:
    model = models.Organisation
    contact = [FieldPanel("key"), FieldPanel("kind"), FieldPanel("website"), FieldPanel("email")]
    reach = ObjectList([*contact, phones(models.OrganisationPhone)], heading=_("Kind and contact"))
    return TabbedInterface([*language_tabs(model), reach, source_tab()])


def location_panels() -> TabbedInterface:
    where = ObjectList(
        [
            FieldPanel("hidden"),
            FieldPanel("organisation"),
            FieldRowPanel([FieldPanel("city"), FieldPanel("province"), FieldPanel("postal_code")]),
            FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude"), FieldPanel("precision")]),
            FieldPanel("accessible"),
            FieldPanel("key"),
        ],
        heading=_("Where"),
    )
    return TabbedInterface([*language_tabs(models.Location), where, source_tab()])


def named_panels(model: type[Model], *plain: str, before: tuple[str, ...] = ()) -> ObjectList:
    """A short form: some fields, the name in every language, more fields."""
    names = [panel for field in translated_fields(model) for panel in texts(model, field)]
    return ObjectList(
        [*(FieldPanel(name) for name in before), MultiFieldPanel(names, _("In each language"))]
        + [FieldPanel(name) for name in plain]
    )
