"""Opening a case: its code, key, procedure, tasks; who may; what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from referral.access import Member
from referral.actions import cases, people
from referral.encryption import CannotOpen
from referral.identifiers import parse_case_code
from referral.models import Answered, AuditEntry, Case, CaseKey, Person, Task, TaskKind
from referral.permissions import NotFound
from referral.reading.casebook import read_case
from referral.refusals import GuardRefused, Repeated, WrongField
from referral.safety import audit
from referral.safety.keys import case_box
from referral.states.machine import NotYours
from referral.words.choices import CaseRole, Profile
from tests.referral import making

pytestmark = pytest.mark.django_db
GENERAL = {"profile": "gen", "urgency": "normal", "risk": "low"}


@pytest.fixture
def worker() -> Member:
    return making.member(making.partner())


def test_a_case_is_opened_with_code_key_procedure_and_a_first_task(worker: Member) -> None:
    case = cases.open_case(by=worker, **GENERAL)
    assert parse_case_code(case.code) == case.code
    assert CaseKey.objects.filter(case=case).count() == 1
    assert (case.procedure.profile, case.procedure_version) == ("gen", case.procedure.version)
    assert "identification" in Task.objects.filter(case=case, kind=TaskKind.STEP).values_list("step", flat=True)


def test_a_case_needs_no_name(worker: Member) -> None:
    case = cases.open_case(by=worker, **GENERAL)
    person = Person.objects.get(case=case)
    assert (person.given_name, person.name_index, person.phone_index) == (None, "", "")


def test_what_is_written_about_the_person_is_sealed_and_opens_again(worker: Member) -> None:
    case = cases.open_case(by=worker, **GENERAL, person={"given_name": "Awa", "languages": ["bm"], "age_band": "25-34"})
    person = Person.objects.get(case=case)
    assert b"Awa" not in bytes(person.given_name)
    assert making.opened(case, person)["given_name"] == "Awa"
    stranger = making.member(making.partner("rabat"))
    with pytest.raises(CannotOpen):
        case_box(case, stranger.partner)


@pytest.mark.parametrize("role", [CaseRole.INTAKE, CaseRole.CASEWORKER, CaseRole.SUPERVISOR])
def test_intake_caseworkers_and_supervisors_open_cases(role: CaseRole) -> None:
    assert cases.open_case(by=making.member(making.partner(), role), **GENERAL)


@pytest.mark.parametrize(
    "role", [CaseRole.FOCAL_POINT, CaseRole.DPO, CaseRole.ORGANISATION_ADMIN, CaseRole.STATISTICIAN]
)
def test_nobody_else_opens_cases_and_the_refusal_is_in_the_trail(role: CaseRole) -> None:
    with pytest.raises(NotYours):
        cases.open_case(by=making.member(making.partner(), role), **GENERAL)
    assert not Case.objects.exists()
    assert AuditEntry.objects.last().kind == "denied"


@pytest.mark.parametrize("wrong", [{"profile": "xyz"}, {"urgency": ""}, {"risk": "huge"}])
def test_without_profile_urgency_and_risk_no_case_is_opened(worker: Member, wrong: dict[str, str]) -> None:
    with pytest.raises(GuardRefused) as refused:
        cases.open_case(by=worker, **{**GENERAL, **wrong})
    assert refused.value.guard.value == "triaged"


def test_every_case_is_training_until_the_site_has_its_authorisation(worker: Member, settings) -> None:
    assert cases.open_case(by=worker, **GENERAL).is_training
    settings.CNDP_AUTHORISATION = "A-1"
    assert not cases.open_case(by=worker, **GENERAL).is_training
    assert cases.open_case(by=worker, training=True, **GENERAL).is_training


def test_a_real_case_needs_an_agreement_that_holds_today(settings) -> None:
    settings.CNDP_AUTHORISATION = "A-1"
    ended = making.partner("fes", agreement_until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(GuardRefused) as refused:
        cases.open_case(by=making.member(ended), **GENERAL)
    assert refused.value.guard.value == "agreements_valid"
    assert not Case.objects.exists()


def test_a_code_that_is_taken_is_not_given_twice(worker: Member, monkeypatch) -> None:
    taken = cases.open_case(by=worker, **GENERAL).code
    codes = iter([taken, taken, "AAAA-AAAA-H"])
    monkeypatch.setattr(cases, "new_case_code", lambda: next(codes))
    assert cases.open_case(by=worker, **GENERAL).code == "AAAA-AAAA-H"


def test_the_same_form_sent_twice_opens_one_case(worker: Member) -> None:
    given = {"by": worker, "key": "form-1", "person": {"phone": "0612345678"}, **GENERAL}
    assert cases.open_case(**given) == cases.open_case(**given)
    with pytest.raises(Repeated):
        cases.open_case(**{**given, "urgency": "urgent"})
    assert Case.objects.count() == 1
    assert Answered.objects.get().digest != ""


def test_intake_hands_a_new_case_over_to_a_caseworker_and_no_longer_sees_it(worker: Member) -> None:
    desk = making.member(worker.partner, CaseRole.INTAKE)
    case = cases.open_case(by=desk, owner=worker.user_id, **GENERAL)
    assert read_case(worker, case.code).case.owner_id == worker.user_id
    with pytest.raises(NotFound):
        read_case(desk, case.code)


def test_a_case_is_not_handed_over_to_somebody_of_another_partner(worker: Member) -> None:
    stranger = making.member(making.partner("rabat"))
    with pytest.raises(GuardRefused):
        cases.open_case(by=worker, owner=stranger.user_id, **GENERAL)
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("age_band", "23"), ("sex", "?"), ("languages", ["xx"]), ("languages", "fr"), ("birth_date", "2190-01-01"),
        ("birth_date", "yesterday"), ("safe_contact", {"channels": ["fax"]}), ("safe_contact", {"mail": "x"}),
        ("given_name", "x" * 101), ("phone_index", "x"), ("case", "x"), ("given_name", 7),
    ],
)  # fmt: skip
def test_what_does_not_fit_a_column_of_the_person_is_refused_by_name(worker: Member, field: str, value: object) -> None:
    with pytest.raises(WrongField) as refused:
        cases.open_case(by=worker, **GENERAL, person={field: value})
    assert refused.value.field == field
    assert not Case.objects.exists()


def test_somebody_under_18_is_a_child_by_age_band_or_birth_date_and_every_case_of_uasc_is_one(worker: Member) -> None:
    def opened(profile: str = "gen", **person: str) -> Case:
        return cases.open_case(by=worker, **{**GENERAL, "profile": profile}, person=person)

    today = timezone.localdate()
    born_18_years_ago = date(today.year - 18, today.month, min(today.day, 28))
    assert opened(age_band="15-17").is_minor
    assert not opened(age_band="18-24").is_minor
    assert not opened(age_band="15-17", birth_date=born_18_years_ago.isoformat()).is_minor
    assert opened(birth_date=(today - timedelta(days=365 * 17)).isoformat()).is_minor
    assert opened(Profile.UASC).is_minor


def test_the_same_person_is_found_again_by_name_or_number_within_the_partner_only(worker: Member) -> None:
    who = {"given_name": "Fatimata", "family_name": "Bâ", "phone": "+212 612-345678"}
    case = cases.open_case(by=worker, **GENERAL, person=who)
    assert people.same_person(by=worker, phone="0612345678") == [case]
    assert people.same_person(by=worker, given_name="ba", family_name="FATIMATA") == [case]
    assert people.same_person(by=worker, given_name="Fatimata") == []
    assert people.same_person(by=worker) == []
    assert people.same_person(by=making.member(making.partner("rabat")), phone="0612345678") == []
    colleague = making.member(worker.partner)
    assert people.same_person(by=colleague, phone="0612345678") == []


def test_a_double_that_the_worker_may_not_see_is_put_to_the_supervisors(worker: Member) -> None:
    colleague = making.member(worker.partner)
    boss = making.member(worker.partner, CaseRole.SUPERVISOR)
    first = cases.open_case(by=colleague, **GENERAL, person={"phone": "0612345678"})
    second = cases.open_case(by=worker, **GENERAL, person={"phone": "+212612345678"})
    assert Task.objects.get(kind=TaskKind.DECIDE).case == second
    assert set(people.same_person(by=boss, phone="0612345678")) == {first, second}
    assert people.same_person(by=worker, phone="0612345678") == [second]


def test_a_restricted_double_and_one_of_another_partner_are_not_hinted_at(worker: Member) -> None:
    colleague, stranger = making.member(worker.partner), making.member(making.partner("rabat"))
    cases.open_case(by=colleague, restricted=True, **GENERAL, person={"phone": "0612345678"})
    cases.open_case(by=stranger, **GENERAL, person={"phone": "0612345678"})
    cases.open_case(by=worker, **GENERAL, person={"phone": "0612345678"})
    assert not Task.objects.filter(kind=TaskKind.DECIDE).exists()


def test_opening_and_searching_leave_names_of_fields_in_the_trail_and_no_value(worker: Member) -> None:
    who = {"given_name": "Fatimata", "family_name": "Diallo", "phone": "0612345678", "address": "7 rue des Essais"}
    cases.open_case(by=worker, **GENERAL, person=who)
    people.same_person(by=worker, phone="0612345678")
    text = " ".join(f"{entry.what} {entry.fields}" for entry in AuditEntry.objects.all())
    assert "given_name" in text
    assert not [value for value in who.values() if value in text]
    assert audit.verify()[1] is None
