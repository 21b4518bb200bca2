"""A column that holds only sealed values. Reading it gives bytes: to read the value one needs the box of the case."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import models

from .box import looks_sealed

TIERS = (2, 3, 4)  # referral.md d.3: ordinary case content, identity, what can kill


class SealedField(models.BinaryField):
    """Sealed bytes, or NULL for “not known”. Never in a form, an admin or an export. `tier` says who may read it.

    Raises TypeError rather than store something that was not sealed.
    """

    def __init__(self, *args: Any, tier: int = 2, **kwargs: Any) -> None:
        self.tier = tier
        super().__init__(*args, **{"null": True, "editable": False, **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"tier": self.tier}

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not (isinstance(value, bytes | memoryview) and looks_sealed(bytes(value))):
            raise TypeError(f"{self.model.__name__}.{self.name} holds sealed values only.")
        return super().get_db_prep_value(value, connection, prepared)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        found = list(super().check(**kwargs))
        if self.tier not in TIERS:
            found.append(Error(f"tier must be one of {TIERS}.", obj=self, id="referral.E001"))
        if self.model._meta.pk is None or self.model._meta.pk.get_internal_type() != "UUIDField":
            found.append(
                Error("A model with sealed fields needs a UUID as its primary key.", obj=self, id="referral.E002")
            )
        return found
