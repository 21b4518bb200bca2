"""The procedures on screen, from both doors: reading, comparing, proposing, deciding (referral.md b.6, scenario 66)."""

from __future__ import annotations

import importlib
import io
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from referral.actions import cases, packs, triage
from referral.models import AuditEntry, Case, PackVersion
from referral.procedures import pack_text
from referral.procedures.vocabulary import PROFILES
from referral.reading.versions import freeze
from referral.rules import _procedures
from referral.words.choices import CaseRole
from tests.people import at_desk, sign_in
from tests.referral import making

pytestmark = pytest.mark.django_db
AT = "/en/casework/procedures/"
NEW = pack_text("gen").replace('version = "2026.1"', 'version = "2026.2"').replace("amount = 14", "amount = 10")
OFFICIAL_SOURCE = """
[[sources]]
id = "referentiel"
title = "Référentiel des procédures standard"
date = "2027-01-15"
seen = "text"
verify = false

[fields.stated_need]"""


def official(text: str, *, named: bool = True) -> str:
    """The text, called official; `named`: with the document that it was taken from."""
    text = text.replace('"derived_international"', '"official"').replace(
        'validated_by = ""', 'validated_by = "Ministry"'
    )
    if not named:
        return text
    text = text.replace("sensitive = false", 'sensitive = false\nofficial_source = "referentiel"', 1)
    return text.replace("\n[fields.stated_need]", OFFICIAL_SOURCE, 1)


@pytest.fixture(autouse=True)
def _in_earnest(settings):
    """The site has its authorisation: in training nobody approves a procedure."""
    settings.CNDP_AUTHORISATION = "D-1"


@pytest.fixture
def cms_editor(db):
    """Somebody who edits the texts of the site and is a member of nothing."""
    user = making.user("texts")
    user.groups.add(Group.objects.get(name="Editors"))
    assert user.has_perm("wagtailadmin.access_admin")
    return user


@pytest.fixture
def texts(cms_editor) -> Client:
    return sign_in(cms_editor)


@pytest.fixture
def boss() -> Client:
    return at_desk(making.member(making.partner(), CaseRole.SUPERVISOR))


@pytest.fixture
def dpo() -> Client:
    return at_desk(making.member(making.partner(), CaseRole.DPO))


def proposed(texts: Client, text: str = NEW, profile: str = "gen"):
    return texts.post(f"{AT}{profile}/propose/", {"text": text, "key": "a"})


def decide(client: Client, number: str = "2026.2", decision: str = "approve", profile: str = "gen", **more: str):
    more.setdefault("version", str(packs.times_approved(profile)))  # as the page that was shown
    return client.post(f"{AT}{profile}/decide/{number}/", {"decision": decision, **more})


def test_every_procedure_is_listed_and_says_that_it_is_not_the_official_text(boss):
    page = boss.get(AT).content.decode()
    for profile in PROFILES:
        assert f"{AT}{profile}/" in page
    assert page.count("not the Moroccan référentiel") == len(PROFILES) + 1


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("profile", ["gbv", "common"])
def test_a_procedure_is_read_in_every_language_with_its_trust(boss, language, profile):
    answer = boss.get(f"/{language}/casework/procedures/{profile}/")
    assert answer.status_code == 200
    assert 'class="notice pack-trust"' in answer.content.decode()


def test_a_step_shows_who_when_must_and_must_not(boss):
    page = boss.get(f"{AT}gen/").content.decode()
    for words in (
        "First-line worker",
        "Within 14 days, counted from:",
        "By urgency: 24 hours",
        "Must not",
        "The software checks this.",
    ):
        assert words in page, words


def test_an_editor_reads_and_compares_but_has_no_other_door_to_casework(texts):
    assert texts.get(AT).status_code == 200
    assert texts.get(f"{AT}vot/").status_code == 200
    assert texts.get(f"{AT}vot/compare/").status_code == 200
    assert texts.get("/en/casework/").status_code == 404
    assert texts.get(f"{AT}gen/decide/2026.2/").status_code == 404


def test_who_is_neither_member_nor_editor_finds_nothing_and_a_visitor_is_asked_to_sign_in(reader):
    assert sign_in(making.user()).get(AT).status_code == 404
    for path in (AT, f"{AT}gen/", f"{AT}gen/propose/", f"{AT}nowhere/"):
        assert reader.get(path).status_code == 302


def test_a_member_who_is_no_editor_does_not_propose(boss):
    assert boss.get(f"{AT}gen/propose/").status_code == 404
    assert proposed(boss).status_code == 404
    assert not PackVersion.objects.exists()


@pytest.mark.parametrize(
    "path", ["nowhere/", "nowhere/propose/", "nowhere/compare/", "gen/?version=1999.9", "gen/compare/?new=%00"]
)
def test_what_is_no_procedure_or_no_version_is_not_found(texts, path):
    assert texts.get(f"{AT}{path}").status_code == 404


def test_scenario_66_an_editor_proposes_a_supervisor_approves_and_new_cases_begin_with_it(texts, boss):
    worker = making.member(making.partner())
    before = cases.open_case(by=worker, profile="gen", urgency="normal", risk="low")
    assert proposed(texts).status_code == 302
    assert cases.open_case(by=worker, profile="gen", urgency="normal", risk="low").procedure_version == "2026.1"
    page = boss.get(f"{AT}gen/decide/2026.2/").content.decode()
    assert "limit.amount" in page
    assert decide(boss).status_code == 302
    assert cases.open_case(by=worker, profile="gen", urgency="normal", risk="low").procedure_version == "2026.2"
    before.refresh_from_db()
    assert before.procedure_version == "2026.1"
    assert "In force" in boss.get(f"{AT}gen/?version=2026.2").content.decode()
    assert set(AuditEntry.objects.values_list("what", flat=True)) >= {"procedure.propose", "procedure.approve"}


def test_scenario_66_a_bad_text_is_told_sentence_by_sentence_and_what_was_typed_stays(texts):
    bad = NEW.replace('next = ["information_consent"]', 'next = ["nowhere"]').replace("\n[ar]\n", "\n[fa]\n")
    answer = proposed(texts, bad)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "gen.toml, ar: “title” is missing" in page
    assert "next = [&quot;nowhere&quot;]" in page
    assert not PackVersion.objects.exists()
    assert AuditEntry.objects.get().what == "procedure.propose:sound"


def test_a_number_that_is_there_is_refused_and_the_same_text_twice_is_one_proposal(texts):
    assert proposed(texts, pack_text("gen")).status_code == 409
    assert [proposed(texts).status_code for _ in range(2)] == [302, 302]
    assert proposed(texts, NEW.replace("amount = 10", "amount = 9")).status_code == 409
    assert PackVersion.objects.count() == 1


def test_the_text_of_another_procedure_is_refused(texts):
    assert proposed(texts, NEW, "vot").status_code == 409


def test_a_file_takes_the_place_of_the_field(texts):
    sent = SimpleUploadedFile("gen.toml", NEW.encode())
    assert texts.post(f"{AT}gen/propose/", {"text": "nothing", "file": sent}).status_code == 302
    assert PackVersion.objects.get().text == NEW


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * 200_001], ids=["not UTF-8", "too large"])
def test_a_file_that_is_no_text_is_refused_and_what_was_typed_stays(texts, content):
    answer = texts.post(f"{AT}gen/propose/", {"text": "typed before", "file": SimpleUploadedFile("a.toml", content)})
    assert answer.status_code == 400
    assert "typed before" in answer.content.decode()


def test_nobody_approves_their_own_proposal(cms_editor):
    member = making.member(making.partner(), CaseRole.SUPERVISOR, who=cms_editor)
    both = at_desk(member)
    assert proposed(both).status_code == 302
    answer = decide(both)
    assert answer.status_code == 409
    assert "nobody approves their own proposal" in answer.content.decode()
    assert PackVersion.objects.get().approved_at is None


@pytest.mark.parametrize("role", [CaseRole.SUPERVISOR, CaseRole.DPO])
@pytest.mark.parametrize("why", ["the site", "no agreement", "ended", "not yet"])
def test_in_training_and_after_an_agreement_has_ended_nobody_approves_for_all_organisations(texts, settings, role, why):
    today = timezone.localdate()
    papers = {"no agreement": {"agreed": False}, "ended": {"agreement_until": today - timedelta(days=1)},
              "not yet": {"agreement_from": today + timedelta(days=1)}}  # fmt: skip
    if why == "the site":
        settings.CNDP_AUTHORISATION = ""
    client = at_desk(making.member(making.partner("learning", **papers.get(why, {})), role))
    proposed(texts)
    assert "nobody approves it in training" in client.get(f"{AT}gen/decide/2026.2/").content.decode()
    answer = decide(client)
    assert answer.status_code == 409
    assert "It holds for every organisation" in answer.content.decode()
    assert PackVersion.objects.get().approved_at is None
    assert decide(client, decision="refuse", reason="Ten days are too few").status_code == 302


def test_a_refusal_needs_a_reason_which_the_editor_reads(texts, boss):
    proposed(texts)
    assert decide(boss, decision="refuse").status_code == 400
    assert decide(boss, decision="refuse", reason="Ten days are too few").status_code == 302
    assert "Ten days are too few" in texts.get(f"{AT}gen/?version=2026.2").content.decode()
    assert decide(boss).status_code == 409


def test_a_caseworker_does_not_decide(texts):
    proposed(texts)
    assert decide(at_desk(making.member(making.partner()))).status_code == 404


def test_an_official_text_names_its_document_or_is_refused(texts):
    answer = proposed(texts, official(NEW, named=False))
    assert answer.status_code == 409
    assert "names its official document" in answer.content.decode()
    assert (
        proposed(texts, NEW.replace("sensitive = false", 'sensitive = false\nofficial_source = "iaf"')).status_code
        == 409
    )


def test_an_official_text_is_approved_by_a_data_protection_officer_and_nobody_else(texts, boss, dpo):
    assert proposed(texts, official(NEW)).status_code == 302
    assert decide(boss).status_code == 409
    assert decide(dpo).status_code == 302
    page = dpo.get(f"{AT}gen/").content.decode()
    assert "Référentiel des procédures standard" in page
    assert "not the Moroccan référentiel" not in page


def test_what_was_approved_by_somebody_else_meanwhile_is_shown_before_one_decides(texts, boss):
    proposed(texts)
    proposed(texts, NEW.replace("2026.2", "2026.3"))
    assert decide(boss, "2026.3", version="0").status_code == 302
    late = decide(boss, version="0")
    assert late.status_code == 409
    assert "Somebody has changed this" in late.content.decode()
    assert decide(boss, version="1").status_code == 302


def test_shared_rules_that_would_break_another_procedure_are_not_approved(texts, boss):
    shared = pack_text("common").replace('version = "2026.1"', 'version = "2026.2"')
    lost = shared.replace('id = "vst"', 'id = "vst-lost"').replace('"vst"', '"vst-lost"')
    assert proposed(texts, lost, "common").status_code == 302
    answer = decide(boss, profile="common")
    assert answer.status_code == 409
    assert "vst" in answer.content.decode()
    good = shared.replace("2026.2", "2026.3")
    assert proposed(texts, good, "common").status_code == 302
    assert decide(boss, "2026.3", profile="common").status_code == 302
    assert cases.open_case(by=making.member(making.partner()), profile="gen", urgency="normal", risk="low")


def test_the_command_proposes_a_file_and_says_what_is_wrong_with_it(cms_editor, boss, tmp_path):
    file = tmp_path / "official.toml"
    file.write_text(official(NEW), encoding="utf-8")
    out = io.StringIO()
    call_command("load_procedure", str(file), proposed_by="texts", stdout=out)
    assert "gen 2026.2: proposed" in out.getvalue()
    file.write_text("profile = 3", encoding="utf-8")
    with pytest.raises(CommandError, match="missing"):
        call_command("load_procedure", str(file), proposed_by="texts")
    with pytest.raises(CommandError, match="no editor"):
        call_command("load_procedure", str(file), proposed_by="nobody")


def test_the_cms_leads_its_editors_to_the_procedures(texts):
    assert "/casework/procedures/" in texts.get("/cms/").content.decode()


def versions_of(case) -> list[str]:
    return [f"{one.profile} {one.version}" for one in _procedures(Case.objects.get(pk=case.pk))]


def test_what_protects_another_profile_stays_in_the_version_that_the_case_began_with(texts, boss):
    case = making.case(making.member(making.partner()), "vot", other_profiles=["gen"])
    proposed(texts)
    decide(boss)
    assert versions_of(case) == ["vot 2026.1", "gen 2026.1"]


def test_a_profile_that_is_added_later_begins_in_force_and_one_that_comes_back_goes_on_in_its_own_version(texts, boss):
    worker = making.member(making.partner())
    case = cases.open_case(by=worker, profile="gen", urgency="normal", risk="low")
    proposed(texts)
    decide(boss)
    case = triage.change_profile(case, by=worker, version=0, profile="vot", reason="signs of trafficking")
    assert versions_of(case) == ["vot 2026.1", "gen 2026.1"]
    proposed(texts, pack_text("vot").replace('version = "2026.1"', 'version = "2026.2"'), "vot")
    decide(boss, profile="vot")
    case = triage.change_profile(case, by=worker, version=1, profile="gen", reason="no trafficking")
    assert versions_of(case) == ["gen 2026.1", "vot 2026.1"]
    assert case.procedure_version == "2026.1"
    later = making.case(worker)
    later = triage.change_profile(later, by=worker, version=0, profile="vot", reason="signs of trafficking")
    assert versions_of(later) == ["vot 2026.2", "gen 2026.2"]


def test_the_update_gives_cases_of_before_the_versions_that_are_in_force_today(texts, boss):
    case = making.case(making.member(making.partner()), "vot", other_profiles=["gen", "asy"], other_procedures={})
    proposed(texts)
    decide(boss)
    update = importlib.import_module("referral.migrations.0009_versions_of_all_profiles")
    update.keep(apps, None)
    kept = Case.objects.get(pk=case.pk).other_procedures
    assert kept == {"gen": freeze("gen").pk, "asy": freeze("asy").pk}
    proposed(texts, NEW.replace("2026.2", "2026.3"))
    decide(boss, "2026.3")
    update.keep(apps, None)
    assert versions_of(case) == ["vot 2026.1", "gen 2026.2", "asy 2026.1"]
