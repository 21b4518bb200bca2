"""The starter content: complete in its languages, refused with file, line and reason, loaded without harm to editors."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.models import GuidePage, Source, StarterRecord
from portal.starter import checking, loading, reading

GUIDE = Path("guides/employment/find-a-job.toml")


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A copy of the starter files that a test may spoil."""
    copy = tmp_path / "starter"
    shutil.copytree(reading.STARTER, copy)
    return copy


def spoil(folder: Path, old: str, new: str, name: Path = GUIDE) -> Path:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(loading.StarterFaults) as refused:
        loading.load(lambda line: None, folder)
    return refused.value.faults


def test_all_starter_guides_keep_every_rule_in_three_languages():
    guides, faults = checking.read_all()
    assert faults == []
    assert len(guides) == 32
    assert all(min(checking.count_words(guide).values()) > 200 for guide in guides)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('key = "find-a-job"', 'key = "find-a-jobs"', "differs from the file's name"),
        ("checked_on = 2026", 'checked_on = "tomorrow" # 2026', "checked_on must be a date"),
        ("checked_on = 2026-11-20", "checked_on = 2026-13-45", ""),
        ("check_by = 2027", "check_by = 2020", "check_by must be later"),
        ('audience = "resident"', 'audience = "nobody"', "unknown audience"),
        ("sensitive = false", 'sensitive = "no"', "true or false"),
        ("[[in_short]]", "[[in_brief]]", "not a part of a guide"),
        ("\ntext.ar = ", "\ntext.de = ", "missing in ar"),
        ('facts = ["', 'facts = ["ZZ-99", "', "unknown fact “ZZ-99”"),
        ("\nid = ", "\nnote = 1\nid = ", "has no “note”"),
        ("related = [", 'related = ["no-such-guide", ', "does not exist"),
    ],
)
def test_a_spoilt_file_is_refused_with_its_line_and_its_reason(db, folder, old, new, reason):
    path = spoil(folder, old, new)
    before = GuidePage.objects.count()
    faults = faults_of(folder)
    assert any(fault.startswith(f"{path}:") and reason in fault for fault in faults), faults
    assert all(fault.split(":")[1].isdigit() for fault in faults)
    assert GuidePage.objects.count() == before


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        ({"fr": "En 3 jours.", "ar": "في 4 أيام.", "en": "In 3 days."}, "numbers, dates or links differ"),
        ({"fr": "Le 1 mai.", "ar": "في 1 ماي.", "en": "On 1 June."}, "differ"),
        ({"fr": "Voir rsu.ma.", "ar": "انظر rsu.ma.", "en": "See rnp.ma."}, "differ"),
        ({"fr": "mot " * 21, "ar": "كلمة", "en": "word"}, "21 words in one sentence"),
        ({"fr": "ok", "ar": "٣", "en": "ok"}, "digits are written 0–9"),
        ({"fr": "ok", "ar": "a\u202eb", "en": "ok"}, "hidden character"),
        ({"fr": "un clandestin", "ar": "ok", "en": "ok"}, "a word that we do not use"),
        ({"fr": "le reçu (وصل)", "ar": "وصل", "en": "ok"}, "Arabic words stand in"),
    ],
)
def test_languages_that_say_different_things_are_caught(texts, fault):
    assert any(fault in found for found in checking._faults_of_texts(texts))


def test_the_same_number_may_be_written_as_each_language_writes_it():
    texts = {"fr": "2 000 dirhams le 1 mai 2026", "ar": "2000 درهم في 1 ماي 2026", "en": "2,000 dirhams on 1 May 2026"}
    assert not list(checking._faults_of_texts(texts))


def test_two_guides_with_one_key_are_refused(db, folder):
    other = folder / "guides" / "health" / GUIDE.name
    text = (folder / GUIDE).read_text(encoding="utf-8").replace('topic = "employment"', 'topic = "health"')
    other.write_text(text, encoding="utf-8")
    assert any("is already used by" in fault for fault in faults_of(folder))


def test_a_fact_that_must_be_verified_may_not_be_stated_plainly(folder):
    guide = reading.read_guide(folder / GUIDE)
    item = next(item for item in guide.items() if item.unsure)
    plain = reading.Item(**{**vars(item), "unsure": False, "sure": "", "facts": ("W-62",)})
    assert any("must be verified" in fault for fault in checking._faults_of_facts(plain))


def test_loading_again_writes_nothing(db):
    before = GuidePage.objects.order_by("pk").values_list("pk", "latest_revision_id")
    lines: list[str] = []
    call_command("load_starter", stdout=type("Out", (), {"write": lambda self, line: lines.append(line)})())
    assert list(GuidePage.objects.order_by("pk").values_list("pk", "latest_revision_id")) == list(before)
    assert all("nothing new" in line for line in lines)


def newer(folder: Path) -> None:
    """The starter files as a later release might ship them: one French sentence and its translations reworded."""
    path = folder / GUIDE
    lines = path.read_text(encoding="utf-8").splitlines()
    for language, words in (("fr", "Phrase nouvelle."), ("ar", "جملة جديدة."), ("en", "New sentence.")):
        index = next(number for number, line in enumerate(lines) if line.startswith(f"text.{language} = "))
        lines[index] = f'text.{language} = "{words}"'
    path.write_text("\n".join(lines), encoding="utf-8")


def test_a_newer_release_updates_a_guide_that_no_editor_has_touched(db, folder, reader):
    newer(folder)
    loading.load(lambda line: None, folder)
    for language, words in (("fr", "Phrase nouvelle."), ("ar", "جملة جديدة."), ("en", "New sentence.")):
        text = reader.get(f"/{language}/guides/employment/find-a-job/").content.decode()
        assert words in text
        assert 'class="notice notice-older"' not in text


def test_a_newer_release_never_overwrites_an_editors_change(db, folder, reader):
    page = GuidePage.objects.get(slug="find-a-job", locale__language_code="fr")
    page.title = "Le titre d’un éditeur"
    page.save_revision().publish()
    newer(folder)
    lines: list[str] = []
    loading.load(lines.append, folder)
    text = reader.get("/fr/guides/employment/find-a-job/").content.decode()
    assert "Le titre d’un éditeur" in text
    assert "Phrase nouvelle." not in text
    assert "find-a-job: left as editors have it." in lines


def test_a_guide_that_an_editor_deleted_does_not_come_back(db, folder):
    for page in GuidePage.objects.filter(slug="find-a-job"):
        page.delete()
    newer(folder)
    loading.load(lambda line: None, folder)
    assert not GuidePage.objects.filter(slug="find-a-job").exists()


def test_a_fault_in_the_middle_leaves_nothing_half_loaded(db, folder, monkeypatch):
    newer(folder)
    monkeypatch.setattr(loading, "translate", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        loading.load(lambda line: None, folder)
    page = GuidePage.objects.get(slug="find-a-job", locale__language_code="fr")
    assert "Phrase nouvelle." not in str(page.in_short.raw_data[0])
    assert StarterRecord.objects.filter(key="*").exists()


def test_the_command_refuses_in_sentences_and_without_a_traceback(db, folder, monkeypatch):
    spoil(folder, "sensitive = false", "sensitive = 3")
    monkeypatch.setattr("portal.management.commands.load_starter.load", lambda report: loading.load(report, folder))
    with pytest.raises(CommandError, match=r"Nothing was loaded. \d+ faults"):
        call_command("load_starter")


def test_every_statement_of_a_guide_that_cites_a_law_shows_it(reader):
    text = reader.get("/fr/guides/residence/permit-refused/").content.decode()
    law = Source.objects.get(key="s-0203")
    assert law.title_fr.split(" ")[0] in text
    assert "art. 20" in text
    assert 'href="#source-1"' in text
    assert 'id="source-1"' in text
