"""Every shipped procedure is whole: what a case reads from it, and how two versions of it compare."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.utils.translation import override

from referral.procedures import FaultyPack, faults, pack_text, procedures, read
from referral.procedures.comparing import Change, compare
from referral.procedures.vocabulary import PROFILES, SHARED

GOOD = pack_text("gen")


@pytest.mark.parametrize("profile", [SHARED, *PROFILES])
def test_a_shipped_pack_has_no_fault(profile):
    assert faults(profile) == []


@pytest.mark.parametrize("profile", PROFILES)
def test_a_shipped_procedure_claims_nothing_official(profile):
    found = procedures()[profile]
    assert (found.profile, found.validated_by) == (profile, "")
    assert found.source_status in ("derived_international", "draft")


@pytest.mark.parametrize("profile", PROFILES)
def test_a_shipped_procedure_leads_from_its_start_to_its_closure(profile):
    path = procedures()[profile].first_path
    assert [path[0].stage, path[-1].stage, path[-1].is_end] == ["identification", "closure", True]


@pytest.mark.parametrize("profile", PROFILES)
def test_everything_that_a_step_names_can_be_looked_up_and_is_worded(profile):
    found = procedures()[profile]
    for step in found.steps:
        assert all(str(found.fields[key].label) for key in step.fields)
        assert all(str(found.rules[key].wording) for key in (*step.must, *step.must_not))
        assert all(found.sources[key].title for key in step.sources)


def test_the_rules_of_all_profiles_are_in_each_with_their_machine_checks():
    found = procedures()["gen"]
    assert len(found.general) >= 9
    assert found.rules["screens_before_return"].services == ("avrr",)
    assert found.rules["safe_interpreter"].args == ("child", "relative", "companion")
    assert all(found.rules[key].sources for key in found.general)


def test_a_text_is_given_in_the_language_of_the_reader_or_else_in_another():
    title = procedures()["gen"].step("assessment").title
    for language, text in (("ar", "تقييم الاحتياجات"), ("en", "Assessment"), ("de", "Évaluation des besoins")):
        with override(language):
            assert str(title) == text


def test_a_step_of_another_procedure_is_refused():
    with pytest.raises(KeyError):
        procedures()["gen"].step("nowhere")


def test_no_file_outside_the_packs_is_read():
    with pytest.raises(KeyError):
        pack_text("../../../etc/passwd")


def test_a_case_can_be_read_again_with_the_shared_pack_of_its_time():
    old = pack_text(SHARED).replace('title = "Inter-agency referral form"', 'title = "The form of 2019"')
    assert read(GOOD, shared=old).sources["iaf"].title == "The form of 2019"
    with pytest.raises(FaultyPack, match="This is not TOML"):
        read(GOOD, shared="[")


def test_sentences_are_in_the_language_of_the_reader(monkeypatch):
    monkeypatch.setattr("referral.procedures.reading._", lambda text: f"fr {text}")
    with pytest.raises(FaultyPack, match="fr This is not TOML"):
        read("[")


def test_the_command_says_that_all_is_well():
    done = subprocess.run(
        [sys.executable, "-m", "referral.procedures"], capture_output=True, text=True, env=os.environ, check=False
    )
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, f"procedures: {len(PROFILES)} profiles, 0 faults")


def test_the_command_fails_on_a_faulty_or_missing_pack(tmp_path, monkeypatch, capsys):
    from referral.procedures.__main__ import main

    for profile in (SHARED, *PROFILES):
        (tmp_path / f"{profile}.toml").write_text(pack_text(profile), encoding="utf-8")
    (tmp_path / "gen.toml").write_text(GOOD.replace("amount = 14,", "amount = 0,", 1), encoding="utf-8")
    (tmp_path / "asy.toml").write_bytes(b"\xff")
    (tmp_path / "det.toml").unlink()
    (tmp_path / "lab.toml").write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr("referral.procedures.PACKS", tmp_path)
    assert main() == 1
    said = capsys.readouterr().out
    assert [line.split(":")[0].split(",")[0] for line in said.splitlines()] == [
        "gen.toml",
        "asy.toml",
        "lab.toml",
        "det.toml",
        "procedures",
    ]


def test_equal_versions_do_not_differ():
    assert compare(read(GOOD), read(GOOD)) == []


def test_a_changed_limit_and_text_are_told_with_before_and_after():
    new = GOOD.replace("amount = 14,", "amount = 10,", 1).replace('title = "Assessment"', 'title = "Needs"')
    assert compare(read(GOOD), read(new)) == [
        Change("changed", "step", "assessment", "limit.amount", "", "14", "10"),
        Change("changed", "step", "assessment", "title", "en", "Assessment", "Needs"),
    ]


def test_an_added_and_a_removed_rule_are_told_in_every_language():
    new = GOOD.replace("way_back_told", "return_told")
    found = compare(read(GOOD), read(new))
    assert {(change.kind, change.key) for change in found if change.part == "rule"} == {
        ("added", "return_told"),
        ("removed", "way_back_told"),
    }
    assert {change.language for change in found if change.kind == "removed"} == {"", "ar", "fr", "en"}
    assert [(change.aspect, change.before, change.after) for change in found if change.part == "step"] == [
        ("must", "way_back_told", "return_told")
    ]


def test_a_removed_limit_is_a_change_of_its_step():
    new = GOOD.replace('limit = { amount = 14, unit = "days", from = "identification" }\n', "")
    new = new.replace('when = ""', 'when = "…"')
    found = [change for change in compare(read(GOOD), read(new)) if change.aspect.startswith("limit")]
    assert {(change.kind, change.key, change.after) for change in found} == {("changed", "assessment", "")}
    assert len(found) == 3
