"""Passwords: what is refused, how one is changed, how one is set anew by a link in a mail. The second factor stays."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from referral.models import AuditKind
from referral.outbox import language_of
from referral.safety import audit

from . import mails, open_sessions, signing_in

LONGEST = 200  # characters; longer ones would only cost time
OUR_WORDS = {
    "dalil", "casework", "password", "motdepasse", "maroc", "morocco", "rabat", "migrant", "migrants", "migration",
    "referral", "orientation", "bienvenue", "welcome", "azerty", "qwerty", "admin",
    "دليل", "مهاجر", "مهاجرين", "المغرب", "الرباط", "كلمةالسر", "مرحبا", "السلام",
}  # fmt: skip


class OurWords:
    """Refuses a password of words that anybody would try here, with digits and signs around them, or repeated."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002  (Django calls it so)
        plain = unicodedata.normalize("NFKC", password).casefold()
        rest = re.sub(r"[\W\d_]+", "", plain)
        for word in sorted(OUR_WORDS, key=len, reverse=True):
            rest = rest.replace(word, "")
        few = len(set(plain)) < 5
        if len(rest) < 4 or few or self._is_common(re.sub(r"[\W\d_]+", "", plain)):
            raise ValidationError(
                _("This password is easy to guess. Several words that do not belong together are better.")
            )

    @staticmethod
    def _is_common(plain: str) -> bool:
        return plain in CommonPasswordValidator().passwords

    def get_help_text(self) -> str:
        return _("Do not use only words that anybody would try here.")


def change(request: Any, user: Any, password: str) -> None:
    """Set one's own password; every other session of this person ends."""
    user.set_password(password)
    user.save(update_fields=["password"])
    open_sessions.end_all(user.pk, but=request.session.session_key)
    open_sessions.keep_after_new_password(request, user)
    audit.record(AuditKind.CHANGE, "password", by=audit.By(user.pk))


def send_link(email: str) -> None:
    """Send a link to whoever has an open account with this address; nobody learns whether somebody has."""
    user = signing_in.find(email)
    if user is None or not user.is_active or not user.email:
        return
    send_link_to(user)


def send_link_to(user: Any) -> None:
    language = language_of(user)
    with translation.override(language):
        uid = urlsafe_base64_encode(str(user.pk).encode())
        link = reverse("new-password", args=[uid, default_token_generator.make_token(user)])
    mails.new_password(user.email, link, language)


def user_of_link(uid: str, token: str) -> Any:
    """Whose link this is, while it works: an hour, until a password is set or somebody signs in; else None."""
    try:
        user = get_user_model().objects.filter(pk=int(urlsafe_base64_decode(uid)), is_active=True).first()
    except (ValueError, OverflowError):
        return None
    return user if user is not None and default_token_generator.check_token(user, token) else None


def set_anew(user: Any, password: str) -> None:
    """Set a password by a link: every session ends, and the second factor is asked for as ever."""
    user.set_password(password)
    user.save(update_fields=["password"])
    open_sessions.end_all(user.pk)
    audit.record(AuditKind.CHANGE, "password:link", by=audit.By(user.pk))
