"""What every form of casework has: a key against doubles, the version that was shown, a draft, and sentences for refusals."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from referral import drafts
from referral.access import Member
from referral.refusals import GuardRefused, Refused, Stale, WrongField

from .desk import status_of

T = TypeVar("T")
F = TypeVar("F", bound="DeskForm")
HIDDEN = ("key", "version")
KEEP = "keep"  # the button that only saves what is typed, for browsers without JavaScript


class Radios(forms.RadioSelect):
    """One of a few, each a large target."""

    template_name = "referral/parts/choices.html"


class Ticks(forms.CheckboxSelectMultiple):
    """Some of a few, each a large target."""

    template_name = "referral/parts/choices.html"


class Day(forms.DateInput):
    """A day, chosen with what the browser offers."""

    input_type = "date"

    def __init__(self, **named: Any) -> None:
        super().__init__(format="%Y-%m-%d", **named)


class Moment(forms.DateTimeInput):
    """A day and an hour in Morocco's time, chosen with what the browser offers."""

    input_type = "datetime-local"

    def __init__(self, **named: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **named)


class DeskForm(forms.Form):
    """A form of casework. `{{ form }}` draws it: what is wrong on top, then each field with its own sentence.

    `key`: the same form sent twice is carried out once. `version`: what was shown, so that nobody overwrites what has
    changed since. After `carry_out`, `refusal` is why it was refused, and `status` the answer's HTTP status.
    """

    default_renderer = TemplatesSetting()
    template_name = "referral/parts/fields.html"
    required_css_class = "needed"
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, **named: Any) -> None:
        named.setdefault("label_suffix", "")
        super().__init__(*args, **named)
        self.refusal: Refused | None = None
        self.from_draft = False
        self.initial.setdefault("key", uuid.uuid4().hex)

    @property
    def given(self) -> dict[str, Any]:
        """What was typed, read, without what the form keeps for itself."""
        return {name: value for name, value in self.cleaned_data.items() if name not in HIDDEN}

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows this form."""
        if self.refusal is not None:
            return status_of(self.refusal)
        return 400 if self.is_bound and not self.is_valid() else 200

    def carry_out(self, do: Callable[[], T]) -> T | None:
        """Do it. A refusal becomes a sentence of the form, and None: what was typed stays.

        After a Stale refusal the hidden version moves on: who sends the form again has seen what has changed.
        """
        try:
            return do()
        except WrongField as wrong:
            known = wrong.field if wrong.field in self.fields and wrong.field not in HIDDEN else None
            self.add_error(known, _("This is missing or does not fit.") if known else str(wrong))
            self.refusal = wrong
        except Refused as refused:
            self.add_error(None, str(refused))
            for because in refused.because if isinstance(refused, GuardRefused) else ():
                self.add_error(None, because)
            self.refusal = refused
            if isinstance(refused, Stale):
                moved = QueryDict(mutable=True)
                moved.update(self.data)
                moved[self.add_prefix("version")] = str(refused.current)
                self.data = moved
        return None


def opened(
    form: type[F], request: HttpRequest, member: Member, *, draft: str = "", initial: dict[str, Any] | None = None,
    **named: Any,
) -> F:  # fmt: skip
    """The form as posted; else with the draft that this member left under this name; else empty, or with `initial`.

    The button “Keep as draft” saves what is typed and shows the form again: then it is not bound, and `from_draft`.
    """
    if request.method == "POST" and KEEP not in request.POST:
        return form(request.POST, initial=initial, **named)
    if request.method == "POST" and draft:
        drafts.save(member, draft, typed_in(request.POST))
    kept = drafts.load(member, draft) if draft else None
    if kept is None:
        return form(initial=initial, **named)
    made = form(initial=initial, **named)
    for name, field in made.fields.items():
        if name in kept and name not in HIDDEN:
            many = isinstance(field, forms.MultipleChoiceField)
            made.initial[name] = kept[name] if many else next(iter(kept[name]), "")
    made.from_draft = True
    return made


def typed_in(posted: QueryDict) -> dict[str, list[str]]:
    """What was typed, without tokens and buttons."""
    left_out = {*HIDDEN, KEEP, "csrfmiddlewaretoken", "draft"}
    return {name: posted.getlist(name) for name in posted if name not in left_out}
