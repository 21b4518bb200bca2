"""The frame of a form at one case: who may begin it, what it is filled with, how it is carried out once, where it leads back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from referral import drafts
from referral.access import Member
from referral.actions.case_desk import WRITABLE
from referral.actions.repeats_of_cases import once
from referral.attempts import kept
from referral.models import Case
from referral.permissions import get_case_for, kind_at_case, kinds_at_case, may_write, supervises
from referral.reading.casebook import Sheet, read_case
from referral.refusals import GuardRefused
from referral.safety.isolation import as_partner
from referral.screens.desk import desk, shown
from referral.screens.forms import DeskForm, Radios, opened, typed_in
from referral.screens.menu import WORKERS
from referral.states.case_states import MACHINE, CaseEvent, CaseStatus, allowed
from referral.states.events import Guard
from referral.states.machine import NotYours

LOOK = "look"  # the button that looks something up and sends nothing


class InARow(Radios):
    """Two or three short answers beside each other."""

    template_name = "referral/cases/in_a_row.html"


def offer(form: forms.Form, name: str, choices: Any) -> None:
    """What may be chosen in this field of the form."""
    field: Any = form.fields[name]
    field.choices = choices


class Seat:
    """Somebody at one case. The case is looked up with nothing of it opened; `sheet` opens what they may read."""

    def __init__(self, member: Member, code: str, which: Mapping[str, Any] | None = None) -> None:
        self.member, self.code, self.which = member, code, dict(which or {})

    @cached_property
    def case(self) -> Case:
        """NotFound for a case that this member may not see."""
        if "sheet" in self.__dict__:
            return self.sheet.case
        with as_partner(self.member.partner):
            case = get_case_for(self.member, self.code)
            case.procedure  # noqa: B018  (fetched inside the wall)
        return case

    @cached_property
    def sheet(self) -> Sheet:
        return read_case(self.member, self.code, screen="case.form")

    def refuse(self, event: CaseEvent | None) -> None:
        """NotYours, IllegalEvent or GuardRefused where this member cannot begin it; `event` None: write in the case."""
        with as_partner(self.member.partner):
            found = list(kinds_at_case(self.member, self.case))
            writes = may_write(self.member, self.case)
        if event is not None:
            fits = next((kind for kind in found if kind in MACHINE.by_event[event].who), found[0])
            allowed(CaseStatus(self.case.status), event, fits)
        elif not writes:
            raise NotYours("write", kind_at_case(self.member, self.case))
        elif self.case.status not in WRITABLE:
            raise GuardRefused(Guard.CASE_OPEN)

    def refuse_unless_supervisor(self, what: str) -> None:
        """NotYours for anybody but a supervisor of the team of this case."""
        with as_partner(self.member.partner):
            if not supervises(self.member, self.case):
                raise NotYours(what, kind_at_case(self.member, self.case))


class CaseForm(DeskForm):
    """A form at a case: it knows its words, prepares its choices, and carries out its own action.

    `event`: of the machine of cases; None: writing in the case. `part`: of the page of the case, where it leads back.
    `keeps`: whether what is typed is kept as a draft.
    """

    heading: ClassVar[Any] = ""
    button: ClassVar[Any] = _("Save")
    intro: ClassVar[Any] = ""
    part: ClassVar[str] = "now"
    event: ClassVar[CaseEvent | None] = None
    keeps: ClassVar[bool] = False

    def __init__(self, *args: Any, seat: Seat, **named: Any) -> None:
        super().__init__(*args, **named)
        self.seat = seat
        self.initial.setdefault("version", seat.case.version)
        self.prepare()

    def prepare(self) -> None:
        """Choices and values that depend on the case."""

    def begin(self) -> None:
        """Refuse to show the form to whoever could not send it. The action judges again."""
        self.seat.refuse(self.event)

    def act(self) -> None:
        """What the form is for. Called with clean values."""
        raise NotImplementedError

    @property
    def by(self) -> Member:
        return self.seat.member

    @property
    def seen(self) -> int:
        """The version of the case that was shown: none is older than any."""
        found = self.cleaned_data.get("version")
        return -1 if found is None else int(found)

    @property
    def usual(self) -> dict[str, Any]:
        """What almost every action is told: who asks, and what they saw."""
        return {"by": self.by, "version": self.seen}


def acting(
    form_class: type[CaseForm], name: str, template: str = "referral/cases/act.html"
) -> Callable[..., HttpResponse]:
    """The view of this form: shown, sent, refused with what was typed, or back to its part of the case."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @desk(*WORKERS)
    def act(request: HttpRequest, member: Member, code: str, **which: Any) -> HttpResponse:
        seat = Seat(member, code, which)
        draft = f"{name}:{seat.case.code}" if form_class.keeps else ""
        form = _form(form_class, request, seat, draft)
        if form.is_bound and form.is_valid():
            _carry_out(form, name)
            if form.refusal is None:
                if draft:
                    drafts.forget(member, draft)
                return redirect(address_of(form))
        else:
            with kept(f"screen.{name}", by=member.by, case_id=seat.case.pk):
                form.begin()
        back = f"{reverse('case', kwargs={'code': seat.case.code})}#{form.part}"
        context = {"form": form, "code": seat.case.code, "case": seat.case, "draft": draft, "back": back}
        return shown(request, member, template, context, status=form.status)

    return act


def address_of(form: CaseForm) -> str:
    """Where the form leads once it is carried out: its part of the case, if the case can still be seen."""
    return f"{reverse('case', kwargs={'code': form.seat.case.code})}#{form.part}"


def _carry_out(form: CaseForm, name: str) -> None:
    given = {**form.given, "which": form.seat.which, "version": form.cleaned_data.get("version")}
    key, about = form.cleaned_data.get("key"), form.seat.case
    form.carry_out(lambda: once(form.act, by=form.by, key=key, event=name, about=about, given=given))


def _form(form_class: type[CaseForm], request: HttpRequest, seat: Seat, draft: str) -> CaseForm:
    if LOOK in request.POST:
        return looked_up(form_class, request, seat=seat)
    return with_draft(form_class, request, seat.member, draft, seat=seat)


def with_draft(form_class: Any, request: HttpRequest, member: Member, draft: str, **named: Any) -> Any:
    """The form as posted, or as it was left: made twice then, for what may be chosen depends on what was typed."""
    form = opened(form_class, request, member, draft=draft, **named)
    if not form.from_draft:
        return form
    return opened(form_class, request, member, draft=draft, initial=form.initial, **named)


def looked_up(form_class: Any, request: HttpRequest, more: Mapping[str, Any] | None = None, **named: Any) -> Any:
    """The form with what was typed, not sent: somebody only looked something up in it."""
    fields = form_class.base_fields
    initial: dict[str, Any] = {"key": request.POST.get("key")}
    for name, found in typed_in(request.POST).items():
        many = isinstance(fields.get(name), forms.MultipleChoiceField)
        initial[name] = found if many else next(reversed(found), "")
    return form_class(initial={**initial, **(more or {})}, **named)
