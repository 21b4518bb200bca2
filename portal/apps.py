"""The portal: guides and everything that is shown to readers."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        from portal import publishing  # noqa: F401  (connects the signals of publication)
