"""A field that holds several values of a list, such as the languages spoken at a place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _


class SeveralField(models.JSONField):
    """A list of distinct values out of `choices`, in their order; the empty list says that nothing is known."""

    def __init__(self, *args: Any, values: Any = (), **kwargs: Any) -> None:
        self.values = values
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        known = [key for key, _label in self.values]
        wrong = [str(key) for key in value if key not in known] if isinstance(value, list) else [str(value)]
        if wrong:
            raise ValidationError(_("Not a value of this list: %(values)s.") % {"values": ", ".join(wrong)})

    def get_prep_value(self, value: Any) -> Any:
        order = [key for key, _label in self.values]
        if isinstance(value, list | tuple | set):
            value = sorted(
                {str(key) for key in value}, key=lambda key: order.index(key) if key in order else len(order)
            )
        return super().get_prep_value(value)

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.MultipleChoiceField(
            choices=self.values,
            required=False,
            label=kwargs.get("label", self.verbose_name),
            help_text=self.help_text,
            widget=forms.CheckboxSelectMultiple,
        )

    def deconstruct(self) -> Any:
        """Without the values: a new language of the list is no migration."""
        return super().deconstruct()
