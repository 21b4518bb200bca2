"""What we ask of django-allauth: nobody signs up, it mails and says nothing by itself, its secrets are sealed."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import force_bytes


class Adapter(DefaultAccountAdapter):
    """Accounts come from invitations only."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def add_message(self, *_words: Any, **_more: Any) -> None:
        """Our own pages say what was done."""

    def send_mail(self, *_words: Any, **_more: Any) -> None:
        """Mails leave through the outbox and portal.accounts.mails alone."""

    def send_notification_mail(self, *_words: Any, **_more: Any) -> None:
        """The same."""


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: what is kept of them is sealed with a key that is not in the database."""

    def get_totp_issuer(self) -> str:
        return "Dalil"

    def _get_site_name(self) -> str:
        return "Dalil"

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    """After SECRET_KEY was changed, the older one in SECRET_KEY_FALLBACKS still opens what it sealed."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(b"second factors " + force_bytes(key)).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
