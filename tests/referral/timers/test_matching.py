"""Proposals of services: whom they fit, in which order, with which reasons; what is refused, and that nothing hidden is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from referral.matching.person import seeker_of
from referral.matching.proposing import Proposal, judge, propose
from referral.models import Partner, Reception, Referral
from referral.permissions import NotFound
from referral.states.workflow import Status
from referral.words.choices import ServiceType
from services.models import Category, OpeningHours, Place, Service, ServicePlace, Term
from services.taxonomy import Access, Capacity, Reach, Welcome
from tests.referral import making
from tests.referral.referring.referring import scene
from tests.referral.timers.waiting import Clock, agreed_long_ago
from tests.services.directory import add_place, make_organisation, make_service

pytestmark = pytest.mark.django_db
WOMAN = {"age_band": "25-34", "sex": "female", "languages": ["bm", "fr"], "commune": "Rabat"}
TUESDAY = datetime(2027, 4, 6, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _only_our_services(db) -> None:
    """The starter directory is not published, so that each test sees just its own services."""
    Service.objects.update(live=False)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def member():
    return making.member(making.partner("oujda"))


def offer(key: str = "desk", *, hidden: bool = False, city: str = "Rabat", **fields: Any) -> Service:
    """A service of legal aid at a place, with an account here, room since yesterday, that takes referrals, in French."""
    usual = {
        "accepts_referrals": "yes", "capacity": Capacity.OPEN, "capacity_since": timezone.localdate() - timedelta(days=1),
        "languages": ["fr"], "name_en": f"Service {key}",
    }  # fmt: skip
    made = make_service(key, **(usual | fields))
    add_place(made, hidden=hidden, city=Place.objects.get(kind="city", name_fr=city))
    Reception.objects.create(partner=making.partner("rabat"), service=made)
    return made


def one(member, profile: str = "gen", opened: dict[str, Any] | None = None, **case: Any) -> Proposal:
    """What is found about the only service there is."""
    found = propose(making.case(member, profile, **case), member, ServiceType.LEGAL, opened=WOMAN | (opened or {}))
    (proposal,) = (*found.fitting, *found.refused)
    return proposal


def keys(member, profile: str = "gen", opened: dict[str, Any] | None = None) -> list[str]:
    """The services that are proposed, in their order."""
    found = propose(making.case(member, profile), member, ServiceType.LEGAL, opened=WOMAN | (opened or {}))
    return [proposal.service.key for proposal in found.fitting]


def test_a_service_that_fits_is_proposed_with_its_reasons_and_the_order_is_explained(member):
    offer()
    found = propose(making.case(member), member, ServiceType.LEGAL, opened=WOMAN)
    (proposal,) = found.fitting
    assert proposal.fits
    assert {"Speaks French", "Accepts new people", "In the same place: Rabat"} <= set(proposal.reasons)
    assert proposal.where == "Rabat"
    assert "You decide" in found.order


def test_nothing_is_stored_by_proposing(member):
    offer()
    case = making.case(member)
    with CaptureQueriesContext(connection) as queries:
        propose(case, member, ServiceType.LEGAL, opened=WOMAN)
    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []


def test_only_services_of_the_type_of_help_are_looked_at_by_category_or_by_term(member):
    offer("lawyer")
    offer("doctor", category="health")
    both = offer("doctor-who-interprets", category="health")
    both.terms.add(Term.objects.get(code="100.4"))
    both.save()
    case = making.case(member)

    def found(kind: str) -> list[str]:
        proposals = propose(case, member, kind, opened=WOMAN)
        return sorted(proposal.service.key for proposal in proposals.fitting)

    assert found(ServiceType.LEGAL) == ["lawyer"]
    assert found(ServiceType.HEALTH) == ["doctor", "doctor-who-interprets"]
    assert found(ServiceType.INTERPRETATION) == ["doctor-who-interprets"]


@pytest.mark.parametrize("kind", ServiceType.values)
def test_every_type_of_help_that_any_category_gives_can_be_looked_for(member, kind):
    assert propose(making.case(member), member, kind, opened=WOMAN).fitting == ()


@pytest.mark.parametrize("gone", [{"live": False}, {"suspended_until": date(2099, 1, 1)}, {"confidence": "C"}])
def test_unpublished_suspended_and_doubtful_services_are_not_looked_at(member, gone):
    offer(**gone)
    assert keys(member) == []


def test_scenario_13_a_full_service_is_refused_and_others_are_offered(member):
    offer("full", capacity=Capacity.FULL)
    offer("closed", capacity=Capacity.CLOSED)
    offer("room")
    found = propose(making.case(member), member, ServiceType.LEGAL, opened=WOMAN)
    assert [proposal.service.key for proposal in found.fitting] == ["room"]
    assert {proposal.service.key: proposal.refusals for proposal in found.refused} == {
        "closed": ("Accepts nobody at the moment",), "full": ("Full, and no waiting list is known",),
    }  # fmt: skip


def test_scenario_13_a_waiting_list_is_allowed_with_a_warning_also_without_a_place_left(member):
    service = offer(capacity=Capacity.WAITING_LIST)
    assert "There is a waiting list" in one(member).warnings
    Reception.objects.filter(service=service).update(places=0)
    assert one(member).fits
    Service.objects.update(capacity=Capacity.OPEN)
    assert one(member).refusals == ("Full, and no waiting list is known",)


@pytest.mark.parametrize(("days", "unknown"), [(14, False), (15, True), (None, True)])
def test_scenario_15_capacity_is_believed_for_14_days(member, days, unknown):
    since = None if days is None else timezone.localdate() - timedelta(days=days)
    offer(capacity_since=since)
    assert ("Capacity unknown: call first, and note the answer" in one(member).warnings) is unknown


@pytest.mark.parametrize(
    ("limits", "age", "fits"),
    [((18, None), {"age_band": "15-17"}, False), ((18, None), {"birth_date": "2010-04-07"}, False),
     ((18, None), {"birth_date": "2009-04-06"}, True), ((None, 17), {"age_band": "25-34"}, False),
     ((18, None), {"age_band": "25-34"}, True), ((60, None), {"age_band": "60+"}, True)],
)  # fmt: skip
def test_scenario_16_outside_the_ages_of_a_service_it_is_not_suggested(member, monkeypatch, limits, age, fits):
    monkeypatch.setattr("django.utils.timezone.now", Clock(TUESDAY))
    offer(minimum_age=limits[0], maximum_age=limits[1])
    found = one(member, opened={"age_band": None, **age})
    assert found.fits is fits
    assert fits or found.refusals[0].startswith("Age limits: ")


def test_scenario_16_somebody_may_choose_by_hand_what_was_refused_and_sees_why(member):
    service = offer(minimum_age=18)
    (found,) = judge([service], making.case(member), member, opened={"age_band": "15-17"})
    assert found.refusals == ("Age limits: 18 and over",)


def test_scenario_16_an_age_that_is_not_known_or_may_be_either_is_a_question_not_a_refusal(member):
    offer(minimum_age=20)
    assert "Check the age: 20 and over" in one(member, opened={"age_band": "18-24"}).warnings
    assert "Age not known: this service has age limits" in one(member, opened={"age_band": None}).warnings


def test_scenario_17_for_somebody_who_speaks_only_bambara_that_language_or_interpretation_comes_first(member):
    offer("french", city="Rabat")
    offer("bambara", city="Tanger", languages=["bm"])
    interprets = offer("interprets", city="Tanger", languages=["ar"])
    interprets.terms.add(Term.objects.get(code="100.4"))
    interprets.save()
    offer("silent", city="Rabat", languages=[])
    order = keys(member, opened={"languages": ["bm"]})
    assert set(order[:2]) == {"bambara", "interprets"}
    assert order[2:] == ["silent", "french"]


def test_scenario_17_who_needs_no_interpreter_is_not_asked_for_a_language(member):
    offer(languages=["ar"])
    assert not any("language" in text for text in one(member, opened={"interpreter": "none"}).warnings)


def test_scenario_18_of_a_hidden_shelter_only_the_region_is_told(member):
    shelter = offer("refuge", hidden=True, city="Rabat", women_only=True, category="shelter")
    location = ServicePlace.objects.get(service=shelter).location
    location.name_fr = location.name_en = "Maison Secrète"
    location.save()
    found = propose(making.case(member), member, ServiceType.SHELTER, opened=WOMAN).fitting[0]
    region = Place.objects.get(kind="city", name_fr="Rabat").region
    texts = " ".join([found.where, *found.reasons, *found.warnings, *found.refusals, repr(found.rank)])
    assert found.where == str(region.name)
    for secret in ("Maison", "rue des Essais", "34.0"):
        assert secret not in texts
    assert "In the same region" in texts
    assert "In the same place" not in texts


def test_women_only_refuses_men_and_asks_where_nothing_is_said(member):
    offer(women_only=True)
    assert one(member).fits
    assert one(member, opened={"sex": "male"}).refusals == ("For women only",)
    assert "For women only: ask the service" in one(member, opened={"sex": None}).warnings


def test_whom_a_service_is_only_for_is_a_question_where_nobody_has_asked_and_a_refusal_where_it_is_known(member):
    offer(welcome=Welcome.ONLY, welcomes=["asylum_seeker", "refugee"])
    assert any(text.startswith("Only for: Asylum seekers, Refugees. Check") for text in one(member).warnings)
    assert any(text.startswith("Meant for: ") for text in one(member, "asy").reasons)
    Service.objects.update(welcomes=["minor"])
    assert one(member).refusals == ("Only for: Children and teenagers",)
    assert one(member, opened={"age_band": "12-14"}).fits
    Service.objects.update(welcome=Welcome.PREFERRED)
    assert one(member).fits


@pytest.mark.parametrize("kind", ["consulate", "return"])
def test_consulates_and_ways_to_return_are_refused_for_somebody_who_seeks_asylum(member, kind):
    if kind == "consulate":
        organisation = make_organisation("consulate", kind="consulate")
        offer(organisation=organisation)
        wanted = ServiceType.LEGAL
    else:
        offer(category="voluntary_return")
        wanted = ServiceType.AVRR
    for case, fits in (
        (making.case(member, "asy"), False),
        (making.case(member, "gen", other_profiles=["asy"]), False),
        (making.case(member, "gen"), True),
    ):
        found = propose(case, member, wanted, opened=WOMAN)
        assert bool(found.fitting) is fits


def test_scenario_43_a_partner_without_agreement_is_refused_for_real_cases_and_not_for_exercises(member):
    offer()
    Partner.objects.filter(key="rabat").update(agreement_until=date(2020, 1, 1))
    assert one(member, is_training=False).refusals == ("Its data-sharing agreement is missing or has ended",)
    assert one(member, is_training=True).fits


def test_who_takes_no_referrals_is_refused_and_who_has_not_said_is_asked(member):
    offer(accepts_referrals="no")
    assert one(member).refusals == ("Accepts no referrals",)
    Service.objects.update(accepts_referrals="unknown")
    assert "Not known whether it accepts referrals: ask" in one(member).warnings


def test_without_an_account_a_service_gets_a_link_and_this_is_said(member):
    offer()
    Reception.objects.all().delete()
    assert "No account here: it gets a link, and the code by telephone" in one(member).warnings


def test_scenario_24_a_service_that_this_person_waits_for_already_is_refused_with_that_referral():
    found = scene()
    agreed_long_ago()
    referral = found.at(Status.SENT)
    (proposal,) = judge([found.service], found.case, found.worker, opened=WOMAN)
    assert proposal.already == referral
    assert "Already referred there, and not yet finished" in proposal.refusals


def test_scenario_24_after_it_declined_it_may_be_asked_again_and_its_reason_is_told():
    found = scene()
    agreed_long_ago()
    found.at(Status.DECLINED)
    (proposal,) = judge([found.service], found.case, found.worker, opened=WOMAN)
    assert not any("Already" in text for text in proposal.refusals)
    assert "It declined this person before: No capacity" in proposal.warnings
    assert Referral.objects.count() == 1


def test_the_nearest_come_first_and_areas_that_are_not_served_are_refused(member):
    offer("far", city="Tanger")
    offer("near", city="Rabat")
    offer("region", city="Kénitra")
    offer("everywhere", reach=Reach.NATIONAL, city="Tanger")
    offer("phone", access=Access.BY_PHONE, city="Tanger")
    elsewhere = offer("only-tangier", city="Tanger")
    elsewhere.areas.add(Place.objects.get(kind="city", name_fr="Tanger"))
    elsewhere.save()
    serves = offer("serves-the-region", city="Tanger")
    serves.areas.add(Place.objects.get(kind="city", name_fr="Rabat").region)
    serves.save()
    order = keys(member)
    assert order == ["near", "serves-the-region", "everywhere", "phone", "region", "far"]
    assert keys(member, opened={"commune": None})
    found = propose(making.case(member), member, ServiceType.LEGAL, opened=WOMAN)
    assert found.refused[0].refusals == ("Serves other places only: Tangier",)


def test_a_place_that_is_in_no_list_leaves_every_service_as_near(member):
    offer()
    found = one(member, opened={"commune": "Douar Aït Quelque Part"})
    assert found.fits
    assert not any("place" in text for text in (*found.reasons, *found.warnings))


@pytest.mark.parametrize(("hour", "words"), [(9, "Open now"), (20, "Closed now")])
def test_open_now_is_told(member, monkeypatch, hour, words):
    monkeypatch.setattr("django.utils.timezone.now", Clock(TUESDAY.replace(hour=hour)))
    service = offer()
    OpeningHours.objects.create(service=service, weekday="TU", opens="09:00", closes="17:00")
    found = one(member)
    assert words in (*found.reasons, *found.warnings)


def test_hours_that_nobody_knows_are_said_to_be_unknown(member):
    offer()
    assert "Hours not known: call the service first" in one(member).warnings


def test_what_nobody_has_said_of_the_person_is_not_guessed(member):
    seeker = seeker_of(making.case(member), {})
    assert (seeker.ages, seeker.place, seeker.sex, seeker.languages) == (None, None, "", frozenset())
    assert seeker.situations == frozenset()
    assert "undocumented" in seeker.maybe


def test_texts_are_in_the_language_of_who_asks(member):
    offer()
    with translation.override("ar"):
        found = propose(making.case(member), member, ServiceType.LEGAL, opened=WOMAN)
        assert found.fitting[0].where == Place.objects.get(kind="city", name_fr="Rabat").name_ar


def test_nobody_matches_for_another_partners_case(member):
    offer()
    stranger = making.member(making.partner("fes"))
    with pytest.raises(NotFound):
        propose(making.case(member), stranger, ServiceType.LEGAL, opened=WOMAN)


def test_a_thousand_services_take_as_many_queries_as_ten(member):
    organisation, category = make_organisation(), Category.objects.get(key="legal_aid")
    city = Place.objects.get(kind="city", name_fr="Rabat")
    location = add_place(offer("first"), key="shared-place", city=city)
    case = making.case(member)

    def more(first: int, last: int) -> None:
        made = Service.objects.bulk_create(
            Service(key=f"s-{number}", organisation=organisation, category=category, name_fr=f"S {number}",
                    made_from={}, live=True) for number in range(first, last)
        )  # fmt: skip
        ServicePlace.objects.bulk_create(ServicePlace(service=service, location=location) for service in made)
        OpeningHours.objects.bulk_create(
            OpeningHours(service=service, weekday="MO", opens="09:00", closes="17:00") for service in made
        )

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            found = propose(case, member, ServiceType.LEGAL, opened=WOMAN)
        assert len(found.fitting) == Service.objects.filter(live=True).count()
        return len(captured)

    more(1, 10)
    few = queries()
    more(10, 1000)
    assert queries() == few <= 20
