"""How the forms of the CMS read what an editor types into a record, before it is saved as a draft or published."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname
from wagtail.admin.forms.models import WagtailAdminModelForm

from services.models import Place
from services.models.records import translated_fields

LONGEST_KEY = 60


class RecordForm(WagtailAdminModelForm):
    """A record with translations and a source.

    A record that is published has a name in the language of the source. A key, once given, stays: it stands in
    addresses. Who changes the day of confirmation is written down with it.
    """

    confirm_today = forms.BooleanField(
        label=_("I have confirmed this record today"),
        help_text=_("By asking the provider itself. Sets the day and your name when you save."),
        required=False,
    )
    accepted = forms.MultipleChoiceField(
        choices=settings.LANGUAGES, required=False
    )  # languages read again, and found right

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = build_localized_fieldname("name", settings.LANGUAGE_CODE)
        if name in self.fields and not self._meta.model._meta.get_field("name").blank:
            self.fields[name].required = True
        if "key" in self.fields:
            self.fields["key"].required = False
            self.fields["key"].disabled = bool(self.instance.pk)
            self.fields["key"].help_text = _(
                "Stands in addresses and never changes. Left empty, it is made of the name."
            )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        today = timezone.localdate()
        if found.get("confirm_today"):
            found["checked_on"] = today
        if found.get("checked_on") and found["checked_on"] > today:
            self.add_error("checked_on", _("This day has not come yet."))
        elif found.get("checked_on") != self.initial.get("checked_on") or found.get("confirm_today"):
            self.instance.checked_by = self.for_user if found.get("checked_on") else None
        if "key" in self.fields and not found.get("key") and "key" not in self.errors:
            found["key"] = self.instance.key or free_key(self._meta.model, self._words_of_key(found))
        return found

    def _words_of_key(self, found: dict[str, Any]) -> str:
        """The name in the first language of which letters a–z are left."""
        names = (found.get(build_localized_fieldname("name", code)) or "" for code in settings.FALLBACK_LANGUAGES)
        return next((slug for name in names if (slug := slugify(name))), str(self._meta.model._meta.model_name))

    def _post_clean(self) -> None:
        """Also for drafts: beside which source each translation was typed."""
        super()._post_clean()
        for language in self.cleaned_data.get("accepted") or ():
            self.instance.accept(language)
        self.instance.mark()


class ServiceForm(RecordForm):
    """Also: the same place is named once. Areas are listed from the largest to the smallest."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "areas" in self.fields:
            self.fields["areas"].queryset = Place.objects.order_by("-kind", "name")

    def is_valid(self) -> bool:
        valid = super().is_valid()
        seen: set[Any] = set()
        for row in self.formsets["places"].forms if "places" in self.formsets else ():
            cleaned = getattr(row, "cleaned_data", None) or {}
            location = cleaned.get("location")
            if location is None or cleaned.get("DELETE"):
                continue
            if location.pk in seen:
                row.add_error("location", _("This place is named twice."))
                valid = False
            seen.add(location.pk)
        return valid


class ListForm(WagtailAdminModelForm):
    """A category, term or place: what names it in code and files stays as it was first written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("key", "code"):
            if name in self.fields and self.instance.pk:
                self.fields[name].disabled = True
        for field in _translated(self._meta.model):
            name = build_localized_fieldname(field, settings.LANGUAGE_CODE)
            if name in self.fields and not self._meta.model._meta.get_field(field).blank:
                self.fields[name].required = True


def _translated(model: type[Model]) -> tuple[str, ...]:
    try:
        return translated_fields(model)
    except FieldDoesNotExist:
        return ()


def free_key(model: type[Any], words: str) -> str:
    """The words, with a number behind them if another record has them."""
    words = words[:LONGEST_KEY].strip("-")
    taken = set(model.objects.filter(key__startswith=words).values_list("key", flat=True))
    return next(
        key for number in range(1, len(taken) + 2) if (key := f"{words}-{number}" if number > 1 else words) not in taken
    )
