"""The mails with a link: an invitation, a new password. They name neither organisation nor role, nor what is done here."""

from __future__ import annotations

import logging
import threading

from django.conf import settings
from django.core import mail
from django.utils import translation
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)
SECONDS = 10


def invitation(email: str, link: str, language: str) -> bool:
    """Whether it left."""
    with translation.override(language):
        text = _("You have been invited to Dalil. Open this address within 72 hours and choose a password:")
        return _send(_message(_("You have been invited to Dalil"), email, text, link))


def new_password(email: str, link: str, language: str) -> None:
    """Leaves in the background: how long it takes tells nobody whether there is such an account."""
    with translation.override(language):
        text = _("Somebody asked for a new password for this address. If it was you, open this address within an hour:")
        end = _("If it was not you, do nothing.")
        message = _message(_("A new password for Dalil"), email, text, link, end)
    if settings.MAIL_IN_BACKGROUND:
        threading.Thread(target=_send, args=[message]).start()
    else:
        _send(message)


def _message(subject: str, email: str, text: str, link: str, *more: str) -> mail.EmailMessage:
    parts = [
        text,
        f"{settings.BASE_URL}{link}",
        *more,
        _("This message was sent automatically. Please do not reply."),
    ]
    return mail.EmailMessage(
        subject, "\n\n".join(parts) + "\n", to=[email], headers={"Auto-Submitted": "auto-generated"},
        connection=mail.get_connection(timeout=SECONDS),
    )  # fmt: skip


def _send(message: mail.EmailMessage) -> bool:
    try:
        return bool(message.send())
    except Exception as error:  # whatever a mail server does: the page says that it did not leave
        log.warning("a mail with a link did not leave (%s)", type(error).__name__)
        return False
