"""The columns of the directory's spreadsheets, one row a service, in the order in which they are written.

They are a contract between `export_services` and `import_services`: a file that was exported and comes back unchanged
changes nothing. What follows holds for both.

- A column that is absent, or an empty cell, leaves what it names as it is; `-` clears it.
- Cells went through `spreadsheet.safe_cell`. Several values stand in one cell as `spreadsheet.join_list` writes them.
- “parallel” columns hold one value for each value of another column, in the same order; missing ones at the end are empty.
- A phone is `+212537545400 (voice)`, its kind one of PhoneKind. Its source is kept by its number.
- Hours are `MO 09:00-12:00`; before it `ramadan ` or `outside_ramadan ` where they hold only then; after it ` 2026-01-01/2026-03-31`
  where they hold only from or to a day (either may be empty). Dated hours are `2026-12-24 09:00-12:00` or
  `2026-12-25/2026-12-31 closed`.
- `places` names locations by key. The columns `place_…` describe the location where `places` names exactly one, and say
  nothing otherwise: an import then leaves locations as they are. Without `--for-editors` hidden places are named nowhere
  (`place_hidden` is `yes` where there is no other): an import therefore never takes a service away from a hidden place.
- `organisation_…` columns describe the organisation, by its key.
- Not here, and left as they are by an import: contacts (functions and names of people), drafts. Who confirmed a record is
  whoever imports a new `checked_on`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto

from django.conf import settings

from services import taxonomy as words


class Holds(StrEnum):
    """What the cells of a column hold. YES is `yes` or `no`; DAY is ISO 8601; LIST_… are `join_list` cells."""

    KEY = auto()
    TEXT = auto()
    CHOICE = auto()
    YES = auto()
    WHOLE_NUMBER = auto()
    NUMBER = auto()
    DAY = auto()
    LIST_OF_KEYS = auto()
    LIST_OF_CHOICES = auto()
    LIST_OF_TEXTS = auto()
    PHONES = auto()
    HOURS = auto()
    DATED_HOURS = auto()


@dataclass(frozen=True)
class Column:
    """`choices`: the values of a CHOICE or a LIST_OF_CHOICES. `language`: of a text. `field`: its name without the language."""

    name: str
    holds: Holds = Holds.TEXT
    choices: tuple[str, ...] = ()
    language: str = ""

    @property
    def field(self) -> str:
        return self.name.removesuffix(f"_{self.language}") if self.language else self.name


def _texts(name: str, holds: Holds = Holds.TEXT) -> list[Column]:
    """One column a language."""
    return [Column(f"{name}_{code}", holds, language=code) for code, _label in settings.LANGUAGES]


def _choice(name: str, choices: type[words.TextChoices]) -> Column:
    return Column(name, Holds.CHOICE, tuple(choices.values))


def _organisation() -> list[Column]:
    return [
        Column("organisation", Holds.KEY),
        *_texts("organisation_name"),
        _choice("organisation_kind", words.ProviderKind),
    ]


def _service() -> list[Column]:
    texts = [column for name in ("name", "description", "eligibility", "fees") for column in _texts(name)]
    more = [column for name in ("hours_text", "how_to", "alert") for column in _texts(name)]
    return [
        Column("key", Holds.KEY),
        *_organisation(),
        Column("category", Holds.KEY),
        Column("terms", Holds.LIST_OF_KEYS),
        *texts,
        _choice("free", words.Answer),
        *more,
        _choice("reach", words.Reach),
        Column("areas", Holds.LIST_OF_KEYS),
        _choice("welcome", words.Welcome),
        Column("welcomes", Holds.LIST_OF_CHOICES, tuple(words.Situation.values)),
        Column("women_only", Holds.YES),
        Column("minimum_age", Holds.WHOLE_NUMBER),
        Column("maximum_age", Holds.WHOLE_NUMBER),
        Column("languages", Holds.LIST_OF_CHOICES, tuple(code for code, _label in words.SPOKEN)),
        _choice("access", words.Access),
        _choice("capacity", words.Capacity),
        Column("capacity_since", Holds.DAY),
        _choice("accepts_referrals", words.Answer),
        Column("suspended_until", Holds.DAY),
        _choice("closed_on_holidays", words.Answer),
        Column("friday_prayer", Holds.YES),
        Column("around_the_clock", Holds.YES),
        Column("email"),
        Column("website"),
    ]


def _parts() -> list[Column]:
    """What hangs on a service. Parallel: phone_notes to phones, dated_messages to dated_hours, and so on."""
    return [
        Column("phones", Holds.PHONES),
        *_texts("phone_notes", Holds.LIST_OF_TEXTS),
        Column("hours", Holds.HOURS),
        Column("dated_hours", Holds.DATED_HOURS),
        *_texts("dated_messages", Holds.LIST_OF_TEXTS),
        *_texts("documents", Holds.LIST_OF_TEXTS),
        Column("documents_if_you_have_it", Holds.LIST_OF_CHOICES, ("yes", "no")),
        *_texts("costs", Holds.LIST_OF_TEXTS),
        Column("costs_amount", Holds.LIST_OF_TEXTS),
    ]


def _place() -> list[Column]:
    texts = [column for name in ("name", "address", "directions") for column in _texts(f"place_{name}")]
    return [
        Column("places", Holds.LIST_OF_KEYS),
        *texts,
        Column("place_city", Holds.KEY),
        Column("place_province", Holds.KEY),
        Column("place_postal_code"),
        Column("place_latitude", Holds.NUMBER),
        Column("place_longitude", Holds.NUMBER),
        _choice("place_precision", words.Precision),
        _choice("place_accessible", words.Answer),
        Column("place_hidden", Holds.YES),
    ]


def _provenance() -> list[Column]:
    return [
        Column("source"),
        Column("source_date"),
        _choice("confidence", words.Confidence),
        Column("checked_on", Holds.DAY),
    ]


COLUMNS: tuple[Column, ...] = (*_service(), *_parts(), *_place(), *_provenance())
NAMES: tuple[str, ...] = tuple(column.name for column in COLUMNS)
