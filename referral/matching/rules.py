"""Why a service fits a person or does not: one function a question, each a few findings in the language of the caseworker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from referral.matching.person import Seeker, needs_words
from referral.models import Partner, Reception, Referral
from referral.words.choices import Profile
from referral.words.person_choices import Sex
from services import taxonomy as words
from services.hours.opening import Status, state
from services.hours.telling import hours_of
from services.models import Place, Service

FRESH = timedelta(days=14)  # so long what a service says of its capacity is believed (scenario 15)
INTERPRETATION = "100.4"  # the term of the directory for interpretation and mediation
ASYLUM = frozenset({Profile.ASY})


class Weight(StrEnum):
    """What a finding means for the proposal."""

    REASON = "reason"
    WARNING = "warning"
    REFUSAL = "refusal"


@dataclass(frozen=True)
class Finding:
    """A sentence, and what it means. `rank` (smaller is better) orders services within its question."""

    weight: Weight
    text: str
    rank: int = 0


@dataclass(frozen=True)
class Facts:
    """Everything that rules read, fetched before: no rule asks the database."""

    seeker: Seeker
    now: datetime
    is_training: bool
    languages: dict[str, str] = field(default_factory=lambda: {code: str(name) for code, name in words.SPOKEN})
    situations: dict[str, str] = field(default_factory=lambda: {one.value: str(one.label) for one in words.Situation})
    live: dict[int, Referral] = field(default_factory=dict)  # by service
    declined: dict[int, Referral] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)


Findings = Iterator[Finding]
Rule = Callable[[Service, Facts], Findings]


def language(service: Service, facts: Facts) -> Findings:
    """Scenario 17: those with a language of the person, or interpretation, come first."""
    if not needs_words(facts.seeker):
        return
    spoken = [facts.languages.get(code, code) for code in service.languages if code in facts.seeker.languages]
    if spoken:
        yield Finding(Weight.REASON, _("Speaks %(languages)s") % {"languages": _listed(spoken)})
    elif any(term.code == INTERPRETATION for term in service.terms.all()):
        yield Finding(Weight.REASON, _("Offers interpretation"))
    elif not service.languages:
        yield Finding(Weight.WARNING, _("Languages not known: ask, or arrange an interpreter"), 1)
    else:
        yield Finding(Weight.WARNING, _("No common language: arrange an interpreter"), 2)


def age(service: Service, facts: Facts) -> Findings:
    """Scenario 16: outside the ages of the directory it is not suggested."""
    lowest, highest = service.minimum_age, service.maximum_age
    if lowest is None and highest is None:
        return
    first, last = facts.seeker.ages or ((0, 17) if facts.seeker.is_minor else (None, None))
    if first is None or last is None:
        yield Finding(Weight.WARNING, _("Age not known: this service has age limits"))
    elif (lowest is not None and last < lowest) or (highest is not None and first > highest):
        yield Finding(Weight.REFUSAL, _("Age limits: %(ages)s") % {"ages": _ages(lowest, highest)})
    elif (lowest is not None and first < lowest) or (highest is not None and last > highest):
        yield Finding(Weight.WARNING, _("Check the age: %(ages)s") % {"ages": _ages(lowest, highest)})


def women(service: Service, facts: Facts) -> Findings:
    if not service.women_only:
        return
    if facts.seeker.sex == Sex.FEMALE:
        yield Finding(Weight.REASON, _("For women only"))
    elif facts.seeker.sex == Sex.MALE:
        yield Finding(Weight.REFUSAL, _("For women only"))
    else:
        yield Finding(Weight.WARNING, _("For women only: ask the service"))


def welcome(service: Service, facts: Facts) -> Findings:
    """What nobody has asked the person refuses nobody: it is a question to ask."""
    named, seeker = set(service.welcomes), facts.seeker
    if not named or service.welcome in (words.Welcome.EVERYONE, words.Welcome.UNKNOWN):
        return
    whom = _listed([facts.situations.get(one, one) for one in service.welcomes])
    if named & seeker.situations:
        yield Finding(Weight.REASON, _("Meant for: %(whom)s") % {"whom": whom})
    elif service.welcome == words.Welcome.PREFERRED:
        yield Finding(Weight.WARNING, _("Meant first for: %(whom)s") % {"whom": whom})
    elif named & seeker.maybe:
        yield Finding(Weight.WARNING, _("Only for: %(whom)s. Check that this is so") % {"whom": whom}, 1)
    else:
        yield Finding(Weight.REFUSAL, _("Only for: %(whom)s") % {"whom": whom})


def no_harm(service: Service, facts: Facts) -> Findings:
    """Common rule 4: no consulate while asylum is sought or possible; no way to return for who seeks asylum."""
    if not service.warns_asylum_seekers:
        return
    if facts.seeker.profiles & ASYLUM:
        yield Finding(Weight.REFUSAL, _("Not for somebody seeking asylum: it may inform the person's own state"))
    elif service.organisation.kind == words.ProviderKind.CONSULATE:
        yield Finding(Weight.WARNING, _("A consulate: not while asylum is sought or possible"), 1)


def capacity(service: Service, facts: Facts) -> Findings:
    """Scenarios 13 and 15. Full or closed refuses until the directory says otherwise, however old the word is."""
    places = _places(service)
    if service.capacity == words.Capacity.CLOSED:
        yield Finding(Weight.REFUSAL, _("Accepts nobody at the moment"))
    elif service.capacity == words.Capacity.FULL or (places == 0 and service.capacity != words.Capacity.WAITING_LIST):
        yield Finding(Weight.REFUSAL, _("Full, and no waiting list is known"))
    elif service.capacity == words.Capacity.UNKNOWN or not _is_fresh(service, facts):
        yield Finding(Weight.WARNING, _("Capacity unknown: call first, and note the answer"), 2)
    elif service.capacity == words.Capacity.WAITING_LIST:
        yield Finding(Weight.WARNING, _("There is a waiting list"), 3)
    elif service.capacity == words.Capacity.LIMITED:
        yield Finding(Weight.WARNING, _("Few places are left"), 1)
    else:
        yield Finding(Weight.REASON, _("Accepts new people"))


def referrals(service: Service, facts: Facts) -> Findings:
    """Whether it takes referrals, from this partner, of this person."""
    if service.accepts_referrals == words.Answer.NO:
        yield Finding(Weight.REFUSAL, _("Accepts no referrals"))
    elif service.accepts_referrals == words.Answer.UNKNOWN:
        yield Finding(Weight.WARNING, _("Not known whether it accepts referrals: ask"), 1)
    receiver = receiver_of(service)
    if receiver is None:
        yield Finding(Weight.WARNING, _("No account here: it gets a link, and the code by telephone"))
    elif not receiver.may_share(facts.today) and not facts.is_training:
        yield Finding(Weight.REFUSAL, _("Its data-sharing agreement is missing or has ended"))
    if service.pk in facts.live:
        yield Finding(Weight.REFUSAL, _("Already referred there, and not yet finished"))
    elif service.pk in facts.declined:
        reason = facts.declined[service.pk].get_decline_reason_display()
        yield Finding(Weight.WARNING, _("It declined this person before: %(reason)s") % {"reason": reason}, 1)


def place(service: Service, facts: Facts) -> Findings:
    """How near it is. Of a hidden location only the region is read."""
    wanted = facts.seeker.place
    if service.reach == words.Reach.NATIONAL or service.access == words.Access.BY_PHONE:
        yield Finding(Weight.REASON, _("Open to people from everywhere: nationwide or by telephone"), 2)
        return
    if wanted is None:
        return
    areas = list(service.areas.all())
    if areas and not any(_covers(area, wanted) for area in areas):
        served = _listed([str(area.name) for area in areas])
        yield Finding(Weight.REFUSAL, _("Serves other places only: %(places)s") % {"places": served})
        return
    spots = [spot for link in service.places.all() if (spot := shown_place(link.location)) is not None]
    yield _nearest(spots, wanted, is_served=bool(areas))


def hours(service: Service, facts: Facts) -> Findings:
    now = state(hours_of(service), facts.now)
    if now.status == Status.OPEN:
        yield Finding(Weight.REASON, _("Open now"))
    elif now.status == Status.UNKNOWN:
        yield Finding(Weight.WARNING, _("Hours not known: call the service first"), 2)
    else:
        yield Finding(Weight.WARNING, _("Closed now"), 1)


# In the order in which to tell them.
RULES: tuple[Rule, ...] = (no_harm, age, women, welcome, referrals, capacity, language, place, hours)


def shown_place(location: Any) -> Place | None:
    """What may be told of a location: its city or province; of a hidden one its region."""
    return location.region if location.hidden else (location.city or location.province)


def receiver_of(service: Service) -> Partner | None:
    """The partner that answers for this service here; None: it gets a signed link. No query where it was fetched before."""
    return service.reception.partner if hasattr(service, "reception") else None


def _places(service: Service) -> int | None:
    reception: Reception | None = getattr(service, "reception", None)
    return reception.places if reception else None


def _is_fresh(service: Service, facts: Facts) -> bool:
    return service.capacity_since is not None and facts.today - service.capacity_since <= FRESH


def _nearest(spots: list[Place], wanted: Place, *, is_served: bool) -> Finding:
    """The nearest of these places, as near as its kind tells."""
    ranked = sorted((_apart(spot, wanted), str(spot.name)) for spot in spots)
    rank, name = ranked[0] if ranked else (4, "")
    if rank == 0:
        return Finding(Weight.REASON, _("In the same place: %(place)s") % {"place": name}, 0)
    if rank == 1:
        return Finding(Weight.REASON, _("In the same province: %(place)s") % {"place": name}, 1)
    if is_served:
        return Finding(Weight.REASON, _("Serves the place where the person is"), 1)
    if rank == 2:
        return Finding(Weight.REASON, _("In the same region: %(place)s") % {"place": name}, 3)
    if rank == 3:
        return Finding(Weight.WARNING, _("Far: %(place)s") % {"place": name}, 5)
    return Finding(Weight.WARNING, _("Location not known"), 4)


def _apart(spot: Place, wanted: Place) -> int:
    """0 the same place, 1 the same province, 2 the same region, 3 elsewhere."""
    if spot.pk == wanted.pk:
        return 0
    if _province(spot) is not None and _province(spot) == _province(wanted):
        return 1
    return 2 if _region(spot) == _region(wanted) else 3


def _province(place: Place) -> int | None:
    """The province or prefecture that a place is, or lies in; of a region none."""
    if place.kind == words.PlaceKind.REGION:
        return None
    return place.parent_id if place.kind == words.PlaceKind.CITY else place.pk


def _region(place: Place) -> int:
    return place.pk if place.kind == words.PlaceKind.REGION else (place.region_id or place.pk)


def _covers(area: Place, wanted: Place) -> bool:
    """An area covers what lies in it; of somebody of whom only the province or region is known, it may be near."""
    return area.pk in (wanted.pk, _province(wanted), _region(wanted)) or wanted.pk in (_province(area), _region(area))


def _ages(lowest: int | None, highest: int | None) -> str:
    if highest is None:
        return _("%(age)s and over") % {"age": lowest}
    if not lowest:
        return _("up to %(age)s") % {"age": highest}
    return _("from %(first)s to %(last)s") % {"first": lowest, "last": highest}


def _listed(names: list[str]) -> str:
    """Several names in one text, in the comma of the language."""
    return pgettext("between the items of a list", ", ").join(names)
