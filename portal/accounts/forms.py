"""The forms of accounts: what is typed to sign in, to set up a second factor, to invite somebody, to keep an organisation's papers."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from referral.models import Partner, Team
from referral.screens.forms import Day, DeskForm, Ticks
from referral.words.choices import CaseRole
from services.models import Service

from .passwords import LONGEST


def password_field(label: Any, *, new: bool = False, **named: Any) -> forms.CharField:
    """A password, however long, with whatever spaces and letters were typed."""
    kept = "new-password" if new else "current-password"
    widget = forms.PasswordInput(attrs={"autocomplete": kept, "dir": "auto"})
    return forms.CharField(label=label, widget=widget, strip=False, max_length=LONGEST, **named)


class SignInForm(DeskForm):
    """The first factor."""

    login = forms.CharField(
        label=_("User name or e-mail address"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "dir": "ltr", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = password_field(_("Password"))


class CodeForm(DeskForm):
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr", "spellcheck": "false"}
        ),
    )


class AddressForm(DeskForm):
    """Where a link for a new password is sent."""

    email = forms.CharField(
        label=_("User name or e-mail address"), max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "dir": "ltr", "autocapitalize": "none"}),
    )  # fmt: skip


class NewPasswordForm(DeskForm):
    """A password of one's own, typed once; browsers show it, and a mistake is mended by a new link."""

    password = password_field(
        _("New password"), new=True, min_length=12,
        help_text=_("12 characters or more. Several words that do not belong together are easy to remember. Spaces are fine."),
    )  # fmt: skip
    again = password_field(_("Repeat the password"), new=True)

    def __init__(self, *args: Any, user: Any = None, **named: Any) -> None:
        super().__init__(*args, **named)
        self.user = user

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        password, again = given.get("password"), given.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords differ."))
        elif password:
            try:
                validate_password(password, self.user)
            except forms.ValidationError as wrong:
                self.add_error("password", wrong)
        return given


class OwnPasswordForm(NewPasswordForm):
    """The same, by somebody who is signed in."""

    now = password_field(_("Your current password"))
    field_order = ("now", "password", "again")


class ConfirmForm(DeskForm):
    """The password once more, before a second factor changes."""

    now = password_field(_("Your current password"))


NEEDS_SECOND = _(
    "Supervisors, data protection officers and administrators are proposed by one administrator and confirmed by another: until "
    "then no mail leaves and no role changes. Are you the only one? Whoever operates Dalil can invite them on the server."
)


def roles_field(**named: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Roles"), choices=CaseRole.choices, widget=Ticks, help_text=NEEDS_SECOND, **named
    )


class RolesForm(DeskForm):
    """What a member may be here."""

    roles = roles_field(required=True)
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_("No team"))

    def __init__(self, *args: Any, partner: Partner, **named: Any) -> None:
        super().__init__(*args, **named)
        cast(forms.ModelChoiceField, self.fields["team"]).queryset = partner.teams.order_by("name")


class InviteForm(RolesForm):
    """Whom to ask."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"), max_length=150, widget=forms.EmailInput(attrs={"dir": "ltr"}))
    language = forms.ChoiceField(label=_("Language of this person"), choices=settings.LANGUAGES)
    field_order = ("name", "email", "language", "roles", "team")


class PapersForm(DeskForm):
    """Authorisation and agreement."""

    authorisation = forms.CharField(label=_("CNDP authorisation number"), max_length=60, required=False)
    agreement_from = forms.DateField(label=_("Data-sharing agreement from"), required=False, widget=Day())
    agreement_until = forms.DateField(label=_("Data-sharing agreement until"), required=False, widget=Day())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        start, end = given.get("agreement_from"), given.get("agreement_until")
        if start and end and end < start:
            self.add_error("agreement_until", _("The end comes before the beginning."))
        return given


class TeamForm(DeskForm):
    """A new team."""

    name = forms.CharField(label=_("Name of the team"), max_length=100)


class ReceptionForm(DeskForm):
    """Whether this organisation answers referrals to a service of its own in its inbox."""

    service: forms.ModelChoiceField = forms.ModelChoiceField(Service.objects.none(), widget=forms.HiddenInput)
    answered = forms.BooleanField(label=_("Referrals arrive in our inbox"), required=False)
    places = forms.IntegerField(
        label=_("Places left"),
        required=False,
        min_value=0,
        max_value=9999,
        help_text=_("Leave empty if you do not count places."),
    )

    def __init__(self, *args: Any, services: Any, about: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.about = about  # the service, for the template to name
        cast(forms.ModelChoiceField, self.fields["service"]).queryset = services
