"""The directory of services, and the search over it."""

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "services"

    def ready(self) -> None:
        from . import changes, checks, freshness  # noqa: F401  (connect their receivers and checks)
