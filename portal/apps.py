"""The portal: guides and everything that is shown to readers."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        from portal import publishing  # noqa: F401  (connects the signals of publication)
        from portal.accounts import delays, open_sessions, people
        from referral import timers

        timers.from_above("sessions ended", open_sessions.clear)
        timers.from_above("wrong tries forgotten", delays.clear)
        timers.from_above("invitations cleared", people.clear)
