"""What every row with sealed columns can do: seal values into its columns and open them again, with the box of its case."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models

from referral.encryption import Box, SealedField


class SealedRow(models.Model):
    """A row whose sealed values are bound to its table, its column and its key: moved elsewhere, they do not open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    def __repr__(self) -> str:
        """For logs: Django prints it where something protected is to be deleted. No code of a case, nothing of a person."""
        return f"<{type(self).__name__} {self.pk}>"

    @classmethod
    def sealed_names(cls, most: int = 4) -> list[str]:
        """The sealed columns of at most this tier."""
        return [field.name for field in cls._meta.get_fields() if isinstance(field, SealedField) and field.tier <= most]

    def place_of(self, name: str) -> str:
        """Where a value stands: what it is bound to (AAD)."""
        return f"{self._meta.db_table}.{name}.{self.pk}"

    def seal(self, box: Box, **values: Any) -> None:
        """Put these values, sealed, into their columns; None and empty text empty them. Does not save.

        Raises TypeError for a name that is no sealed column.
        """
        known = self.sealed_names()
        for name, value in values.items():
            if name not in known:
                raise TypeError(f"{type(self).__name__} has no sealed column {name}")
            setattr(self, name, None if value is None or value == "" else box.seal(value, self.place_of(name)))

    def opened(self, box: Box, names: Iterable[str] | None = None) -> dict[str, Any]:
        """The values of these sealed columns (all of them if none are named). CannotOpen if one has been tampered with."""
        wanted = self.sealed_names() if names is None else names
        return {
            name: box.open(sealed, self.place_of(name)) if (sealed := getattr(self, name)) else None for name in wanted
        }
