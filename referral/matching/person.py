"""What matching knows of a person: ages, languages, situations, place. What nobody has said stays open, and is never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from modeltranslation.utils import build_localized_fieldname

from referral.models import Case
from referral.words.choices import Profile
from referral.words.person_choices import ADULT, AgeBand, InterpreterNeed, Sex, age_on
from services.models import Place
from services.taxonomy import PlaceKind, Situation

OLDEST = 125
_S = Situation
# What a profile says of its person, and nothing more.
BY_PROFILE: dict[str, frozenset[Situation]] = {
    Profile.ASY: frozenset({_S.ASYLUM_SEEKER, _S.REFUGEE}),
    Profile.UASC: frozenset({_S.MINOR, _S.UNACCOMPANIED_MINOR}),
    Profile.VOT: frozenset({_S.SURVIVOR}),
    Profile.GBV: frozenset({_S.SURVIVOR}),
    Profile.PREG: frozenset({_S.PARENT, _S.WOMAN}),
    Profile.AVR: frozenset({_S.RETURNEE}),
}
# What a person is or is not without anybody having said it; the rest is known from age, sex and profile.
MAY_BE = frozenset({
    _S.REGULAR, _S.UNDOCUMENTED, _S.ASYLUM_SEEKER, _S.REFUGEE, _S.SURVIVOR, _S.PARENT, _S.NATIONAL,
})  # fmt: skip


@dataclass(frozen=True)
class Seeker:
    """Whom a service is looked for. `ages`: from, to; None: not known. `maybe`: situations that nobody has asked about."""

    profiles: frozenset[str]
    languages: frozenset[str]
    interpreter: str
    ages: tuple[int, int] | None
    is_minor: bool
    sex: str
    situations: frozenset[str]
    maybe: frozenset[str]
    place: Place | None


def seeker_of(case: Case, opened: Mapping[str, Any]) -> Seeker:
    """From the row of the case and the values that the asker may read of the person (`Person.opened`); any may be missing."""
    profiles = frozenset({case.profile, *case.other_profiles})
    ages = _ages(opened)
    is_minor = case.is_minor or (ages is not None and ages[1] < ADULT)
    situations = {one for profile in profiles for one in BY_PROFILE.get(profile, frozenset())}
    situations |= {_S.MINOR} if is_minor else set()
    situations |= {_S.WOMAN} if opened.get("sex") == Sex.FEMALE else set()
    maybe = set(MAY_BE)
    maybe |= {_S.UNACCOMPANIED_MINOR} if is_minor else set()
    maybe |= {_S.MINOR, _S.UNACCOMPANIED_MINOR} if ages is None else set()
    maybe |= {_S.WOMAN} if opened.get("sex") in (None, Sex.NOT_SAID, Sex.OTHER) else set()
    return Seeker(
        profiles=profiles,
        languages=frozenset(opened.get("languages") or ()),
        interpreter=opened.get("interpreter") or "",
        ages=ages,
        is_minor=is_minor,
        sex=opened.get("sex") or "",
        situations=frozenset(str(one) for one in situations),
        maybe=frozenset(str(one) for one in maybe - situations),
        place=_place(opened.get("commune")),
    )


def needs_words(seeker: Seeker) -> bool:
    """Whether a language must be found: not where the person has said that no interpreter is needed."""
    return bool(seeker.languages) and seeker.interpreter != InterpreterNeed.NONE


def _ages(opened: Mapping[str, Any]) -> tuple[int, int] | None:
    """By birth date if it may be read, else by band."""
    if opened.get("birth_date"):
        age = age_on(date.fromisoformat(opened["birth_date"]), timezone.localdate())
        return age, age
    band = str(opened.get("age_band") or "")
    if band not in AgeBand.values:
        return None
    first, _dash, last = band.partition("-")
    return (int(first.removesuffix("+")), int(last) if last else OLDEST)


def _place(commune: Any) -> Place | None:
    """The place of this name or code, a city before a province; None for a name that is not in the list of places."""
    if not isinstance(commune, str) or not commune.strip():
        return None
    wanted = Q(code=commune.strip())
    for code, _name in settings.LANGUAGES:
        wanted |= Q(**{f"{build_localized_fieldname('name', code)}__iexact": commune.strip()})
    found = Place.objects.filter(wanted).select_related("region", "parent")
    order = {PlaceKind.CITY: 0, PlaceKind.REGION: 2}
    return min(found, key=lambda place: (order.get(PlaceKind(place.kind), 1), place.code), default=None)
