"""Referrals from one service to another."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class ReferralConfig(AppConfig):
    name = "referral"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A key ring that cannot be read stops the start; none at all is for an operator without cases."""
        from referral.encryption.ring import ring
        from referral.guarding import deleting

        deleting.listen()
        if settings.CASE_KEYS:
            try:
                ring()
            except ValueError as fault:
                raise ImproperlyConfigured(str(fault)) from None
