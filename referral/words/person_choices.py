"""The closed lists of what is noted about a person: age band, sex, help of an interpreter, screening questions."""

from __future__ import annotations

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

ADULT = 18  # years


class AgeBand(TextChoices):
    """An age without a birth date: enough for orientation and statistics (referral.md d.1). The bands are our design."""

    UNDER_6 = "0-5", pgettext_lazy("age band", "Under 6")
    FROM_6 = "6-11", pgettext_lazy("age band", "6 to 11")
    FROM_12 = "12-14", pgettext_lazy("age band", "12 to 14")
    FROM_15 = "15-17", pgettext_lazy("age band", "15 to 17")
    FROM_18 = "18-24", pgettext_lazy("age band", "18 to 24")
    FROM_25 = "25-34", pgettext_lazy("age band", "25 to 34")
    FROM_35 = "35-49", pgettext_lazy("age band", "35 to 49")
    FROM_50 = "50-59", pgettext_lazy("age band", "50 to 59")
    FROM_60 = "60+", pgettext_lazy("age band", "60 and over")


CHILDREN = frozenset({AgeBand.UNDER_6, AgeBand.FROM_6, AgeBand.FROM_12, AgeBand.FROM_15})


class Sex(TextChoices):
    """As the person says it."""

    FEMALE = "female", pgettext_lazy("sex", "Woman or girl")
    MALE = "male", pgettext_lazy("sex", "Man or boy")
    OTHER = "other", pgettext_lazy("sex", "Other")
    NOT_SAID = "not_said", pgettext_lazy("sex", "Not said")


class InterpreterNeed(TextChoices):
    """Whether the person needs an interpreter, and which way."""

    NONE = "none", pgettext_lazy("interpreter need", "None")
    IN_PERSON = "in_person", pgettext_lazy("interpreter need", "In person")
    BY_PHONE = "by_phone", pgettext_lazy("interpreter need", "By phone")
    SIGN_LANGUAGE = "sign_language", pgettext_lazy("interpreter need", "Sign language")


class Screen(TextChoices):
    """The five things to ask about before any orientation to return (common rule 8)."""

    TRAFFICKING = "trafficking", pgettext_lazy("screening", "Trafficking")
    CHILD = "child", pgettext_lazy("screening", "Childhood")
    ASYLUM = "asylum", pgettext_lazy("screening", "Asylum")
    GBV = "gbv", pgettext_lazy("screening", "Gender-based violence")
    HEALTH = "health", pgettext_lazy("screening", "Health")


class ScreenAnswer(TextChoices):
    """What a screening question found."""

    YES = "yes", pgettext_lazy("screening answer", "There are signs")
    NO = "no", pgettext_lazy("screening answer", "No sign")
    UNSURE = "unsure", pgettext_lazy("screening answer", "Not sure")


def age_on(born: date, today: date) -> int:
    """Whole years. Somebody born on 29 February is a year older on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def is_child(age_band: str, born: date | None, today: date) -> bool:
    """Whether somebody counts as a child: by birth date if it is known, else by age band; not known: not a child."""
    return age_on(born, today) < ADULT if born else age_band in CHILDREN
