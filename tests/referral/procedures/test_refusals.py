"""Each thing that the validator refuses: a good pack, broken in one place, gives a sentence that names that place."""

from __future__ import annotations

import re

import pytest
from django.test import override_settings
from django.utils.translation import override

from referral.procedures import FaultyPack, Procedure, pack_text, read

GOOD = pack_text("gen")


def refused(text: str, shared: str | None = None) -> list[str]:
    with pytest.raises(FaultyPack) as raised:
        read(text, "gen.toml", shared)
    assert all(sentence.startswith("gen.toml") and sentence.rstrip().endswith(".") for sentence in raised.value.faults)
    return raised.value.faults


def changed(old: str, new: str, count: int = 1) -> str:
    assert old in GOOD, old
    return GOOD.replace(old, new, count)


def in_step(step: str, old: str, new: str) -> str:
    before, start, rest = GOOD.partition(f'[[steps]]\nkey = "{step}"')
    own, following, after = rest.partition("\n[")
    assert start
    assert old in own, old
    return before + start + own.replace(old, new, 1) + following + after


def without_text(line_start: str, language: str = "ar") -> str:
    """The pack without the first line that starts so after the heading of this language."""
    head, heading, rest = GOOD.partition(f"\n[{language}]\n")
    found = re.sub(rf"^{re.escape(line_start)}.*\n", "", rest, count=1, flags=re.MULTILINE)
    assert found != rest
    return head + heading + found


EXTRA_STEP = """[[steps]]
key = "extra"
stage = "care_plan"
next = ["closure"]
actors = ["caseworker"]
fields = []
must = []
must_not = []
services = []
sources = ["our-design"]

[fields.stated_need]"""

BROKEN = {
    "a missing key": (changed('version = "2026.1"\n', ""), "gen.toml: “version” is missing"),
    "a missing key of a step": (in_step("closure", "services = []\n", ""), "steps.closure: “services” is missing"),
    "an unknown key": (changed("sensitive = false", "sensitive = false\ncolour = 1"), "“colour” is not known here"),
    "an unknown key of a step": (
        in_step("closure", "next = []", "next = []\nhue = 1"),
        "steps.closure: “hue” is not known",
    ),
    "an unknown key of a limit": (changed("amount = 14,", "amount = 14, big = 1,"), "steps.assessment.limit: “big”"),
    "an unknown key of a field": (changed('kind = "text"', 'kind = "text"\nsize = 3'), "fields.stated_need: “size”"),
    "an unknown key of a rule": (
        changed('check = "manual"', 'check = "manual"\nsize = 3'),
        "rules.private_place: “size”",
    ),
    "an unknown key of a language": (changed("[ar.rules]", "[ar.colours]\n[ar.rules]"), "ar: “colours” is not known"),
    "a value of another kind": (changed("sensitive = false", 'sensitive = "no"'), "sensitive: Write true or false."),
    "a version that is no text": (changed('"2026.1"', "2026.1"), "gen.toml, version: Write a text"),
    "an ill-formed version": (changed('"2026.1"', '"next"'), "gen.toml, version: Write the version as the year"),
    "invisible signs": (
        changed('title = "Identification"', 'title = "\\u202eIdentification"'),
        "fr.steps.identification.title",
    ),
    "an unreachable step": (changed("[fields.stated_need]", EXTRA_STEP), "steps.extra: No path leads from the start"),
    "no start": (changed('start = "identification"', 'start = "arrival"'), "start: No step is called “arrival”"),
    "a start that is missing": (changed('start = "identification"\n', ""), "“start” is missing"),
    "several starts": (
        changed('start = "identification"', 'start = "information_consent"'),
        "steps.identification: No path leads",
    ),
    "no end": (in_step("closure", "next = []", 'next = ["follow_up"]'), "steps: The procedure has no end"),
    "a dead end": (in_step("care_plan", 'next = ["follow_up"]', "next = []"), "steps.care_plan.next: Dead end"),
    "a cycle without end": (
        in_step("care_plan", 'next = ["follow_up"]', 'next = ["orientation"]').replace(
            'next = ["care_plan", "follow_up"]', 'next = ["care_plan"]'
        ),
        "steps.care_plan.next: From here a case goes round",
    ),
    "a step that follows itself": (
        in_step("care_plan", 'next = ["follow_up"]', 'next = ["follow_up", "care_plan"]'),
        "steps.care_plan.next: “care_plan” is not known",
    ),
    "an unknown next step": (
        in_step("care_plan", '"follow_up"', '"rest"'),
        "steps.care_plan.next: “rest” is not known",
    ),
    "stages that go backwards": (
        in_step("assessment", 'stage = "assessment"', 'stage = "identification"'),
        "steps.assessment.stage: The stage goes back",
    ),
    "an unknown stage": (in_step("closure", 'stage = "closure"', 'stage = "end"'), "steps.closure.stage: “end”"),
    "an unknown actor": (in_step("closure", '"supervisor"', '"minister"'), "steps.closure.actors: “minister”"),
    "no actor": (in_step("care_plan", '["caseworker"]', "[]"), "steps.care_plan.actors: This row names none"),
    "an unknown service type": (
        in_step("immediate_safety", '"shelter"', '"taxi"'),
        "immediate_safety.services: “taxi”",
    ),
    "an unknown unit": (
        changed('unit = "days", from = "identification"', 'unit = "moons", from = "identification"'),
        "steps.assessment.limit.unit: “moons”",
    ),
    "an unknown rhythm": (
        changed('amount = 30, unit = "days"', 'amount = 30, unit = "by_urgency"'),
        "steps.follow_up.every.unit",
    ),
    "a limit of nothing": (
        changed("amount = 14,", "amount = 0,"),
        "steps.assessment.limit.amount: A limit is a whole number",
    ),
    "a limit without amount": (
        changed("amount = 14, ", ""),
        "steps.assessment.limit.amount: A limit is a whole number",
    ),
    "a limit below nothing": (changed("amount = 14,", "amount = -3,"), "steps.assessment.limit.amount"),
    "a limit beyond all dates": (changed("amount = 14,", "amount = 99999999999,"), "steps.assessment.limit.amount"),
    "a rhythm of nothing": (changed("amount = 30", "amount = 0"), "steps.follow_up.every.amount"),
    "an amount that is a flag": (
        changed("amount = 14,", "amount = true,"),
        "steps.assessment.limit.amount: Write a whole number",
    ),
    "two ends of day": (changed("amount = 1,", "amount = 2,"), "steps.identification.limit.amount"),
    "an amount by urgency": (
        changed('{ unit = "by_urgency"', '{ amount = 1, unit = "by_urgency"'),
        "immediate_safety.limit.amount: A limit by urgency",
    ),
    "a clock that starts later": (
        in_step("assessment", 'from = "identification"', 'from = "closure"'),
        "assessment.limit.from: “closure” does not come before",
    ),
    "a clock that starts from itself": (
        in_step("assessment", 'from = "identification"', 'from = "assessment"'),
        "assessment.limit.from",
    ),
    "a clock that starts from nothing": (
        in_step("assessment", 'from = "identification"', 'from = "birth"'),
        "assessment.limit.from: “birth”",
    ),
    "a clock from a text": (
        in_step("assessment", 'from = "identification"', 'from = "stated_need"'),
        "assessment.limit.from: “stated_need”",
    ),
    "a clock from a date nobody asks for": (
        in_step("assessment", 'from = "identification"', 'from = "service_date"'),
        "assessment.limit.from: No step up to this one",
    ),
    "an unknown escalation": (changed('escalate_to = "supervisor"', 'escalate_to = "king"'), "escalate_to: “king”"),
    "a row without source": (
        in_step("care_plan", 'sources = ["cp"]', "sources = []"),
        "steps.care_plan.sources: This row names none",
    ),
    "a source that is not listed": (in_step("care_plan", '"cp"', '"hearsay"'), "steps.care_plan.sources: “hearsay”"),
    "an unknown rule": (
        in_step("care_plan", "must_not = []", 'must_not = ["be_kind"]'),
        "steps.care_plan.must_not: “be_kind”",
    ),
    "a rule as must and must not": (
        in_step("care_plan", "must_not = []", 'must_not = ["copy_in_own_language"]'),
        "cannot be both",
    ),
    "an unknown machine rule": (
        changed('check = "screens_answered"', 'check = "guess"'),
        "rules.red_flag_questions.check: “guess”",
    ),
    "wrong args": (changed('args = ["child",', 'args = ["age",'), "rules.red_flag_questions.args: “age”"),
    "args where there are none": (
        changed('check = "manual"', 'check = "manual"\nargs = ["x"]'),
        "rules.private_place.args",
    ),
    "no args where some are needed": (changed('check = "manual"', 'check = "channel_not"'), "rules.private_place.args"),
    "args that name no step": (
        changed('check = "manual"', 'check = "step_done"\nargs = ["x"]'),
        "rules.private_place.args: “x”",
    ),
    "a rule for unknown services": (
        changed('check = "manual"', 'check = "manual"\nservices = ["x"]'),
        "private_place.services: “x”",
    ),
    "a rule without any source": (
        changed('check = "manual"', 'check = "manual"\nsources = []'),
        "private_place.sources: Say where",
    ),
    "a rule that no step names": (
        in_step("care_plan", '"copy_in_own_language"', ""),
        "rules.copy_in_own_language: No step names this",
    ),
    "a field that no step names": (
        in_step("assessment", ', "domains_reviewed"', ""),
        "fields.domains_reviewed: No step names this",
    ),
    "an unknown field": (
        in_step("assessment", '"domains_reviewed"', '"domains_reviewed", "x"'),
        "steps.assessment.fields: “x”",
    ),
    "an unknown kind": (changed('kind = "text"', 'kind = "poem"'), "fields.stated_need.kind: “poem”"),
    "an unknown case check": (
        changed('kind = "text"\ntier = 2', 'kind = "case"\ncheck = "soul"'),
        "fields.stated_need.check: “soul”",
    ),
    "a check of a typed field": (
        changed('kind = "text"', 'kind = "text"\ncheck = "risk_set"'),
        "fields.stated_need.check: Only a field",
    ),
    "an unknown tier": (changed('kind = "text"\ntier = 2', 'kind = "text"\ntier = 1'), "fields.stated_need.tier"),
    "a choice without choices": (changed('kind = "text"', 'kind = "choice"'), "fields.stated_need.choices"),
    "choices without a choice": (changed('kind = "choices"', 'kind = "number"'), "fields.domains_reviewed.choices"),
    "a step twice": (
        changed("[fields.stated_need]", EXTRA_STEP.replace("extra", "care_plan")),
        "steps: “care_plan” appears twice",
    ),
    "a key twice in a list": (
        in_step("care_plan", '["cp"]', '["cp", "cp"]'),
        "steps.care_plan.sources: “cp” appears twice",
    ),
    "a key twice in TOML": (changed("sensitive = false", "sensitive = false\nsensitive = true"), "This is not TOML"),
    "a shared rule again": (
        changed("[rules.private_place]", '[rules.four_eyes]\ncheck = "manual"\n\n[rules.private_place]'),
        "rules: “four_eyes” appears twice, or is already in the shared pack",
    ),
    "a shared source again": (
        changed(
            "[[steps]]", '[[sources]]\nid = "cp"\ntitle = "x"\ndate = ""\nseen = "text"\nverify = false\n\n[[steps]]'
        ),
        "sources: “cp” appears twice",
    ),
    "general knowledge taken for sure": (
        changed(
            "[[steps]]",
            '[[sources]]\nid = "x"\ntitle = "x"\ndate = ""\nseen = "general_knowledge"\nverify = false\n\n[[steps]]',
        ),
        "sources.x.verify",
    ),
    "an unreadable date": (
        changed(
            "[[steps]]", '[[sources]]\nid = "x"\ntitle = "x"\ndate = "soon"\nseen = "text"\nverify = false\n\n[[steps]]'
        ),
        "sources.x.date",
    ),
    "a source of unknown depth": (
        changed(
            "[[steps]]", '[[sources]]\nid = "x"\ntitle = ""\ndate = ""\nseen = "dream"\nverify = false\n\n[[steps]]'
        ),
        "sources.x.seen: “dream”",
    ),
    "an ill-formed key": (
        changed("[rules.private_place]", '[rules."Private place"]\ncheck = "manual"\n\n[rules.private_place]'),
        "rules: “Private place” is not a key",
    ),
    "an unknown profile": (changed('profile = "gen"', 'profile = "king"'), "profile: “king”"),
    "official without a name": (
        changed("derived_international", "official"),
        "validated_by: An official procedure names",
    ),
    "an unknown status": (changed("derived_international", "holy"), "source_status: “holy”"),
    "a missing title": (without_text("title"), "ar: “title” is missing"),
    "an empty summary": (changed('legal = "', 'legal = "" # "'), "ar.legal: This text is missing or empty"),
    "a missing text of a step": (without_text("what"), "ar.steps.identification: “what” is missing"),
    "no time where a step has no limit": (
        changed('when = "Before any record with a name."', 'when = ""'),
        "en.steps.information_consent.when",
    ),
    "a missing text of a rule": (without_text("way_back_told", "en"), "en.rules.way_back_told: This text is missing"),
    "a missing text of a field": (without_text("stated_need", "fr"), "fr.fields.stated_need: This text is missing"),
    "a missing text of a choice": (
        without_text('"domains_reviewed.community"'),
        "ar.choices.domains_reviewed.community",
    ),
    "a text for no rule": (changed("[ar.rules]", '[ar.rules]\nx = "x"'), "ar.rules.x: This text belongs to nothing"),
    "a text for no step": (
        changed("[ar.rules]", '[ar.steps.x]\ntitle = "x"\nwhat = "x"\n[ar.rules]'),
        "ar.steps.x.title: This text belongs",
    ),
    "other numbers in a translation": (
        changed("72 hours if urgent", "71 hours if urgent"),
        "steps.immediate_safety.what: The numbers differ",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_pack_is_refused_with_a_sentence_that_names_the_place(name):
    text, expected = BROKEN[name]
    assert any(expected in sentence for sentence in refused(text)), refused(text)


def test_a_pack_with_all_its_parts_is_read():
    assert isinstance(read(GOOD), Procedure)


@pytest.mark.parametrize("part", ["ar", "fr", "en"])
def test_a_pack_without_a_language_is_refused(part):
    text = re.sub(rf"^\[{part}\]\n(.|\n)*?(?=^\[(?!{part}\.)|\Z)", "", GOOD, flags=re.MULTILINE)
    assert refused(text)


@override_settings(LANGUAGES=[("ar", "العربية"), ("fr", "Français"), ("en", "English"), ("es", "Español")])
def test_a_new_language_of_the_portal_must_be_in_every_pack():
    with override("en"):  # changed settings forget the language
        assert refused(GOOD) == ["gen.toml: “es” is missing. Add it."]


@override_settings(LANGUAGES=[("fr", "Français")])
def test_a_language_that_the_portal_left_is_no_fault():
    assert read(GOOD).title.written_in("ar")


def test_the_shared_pack_is_no_procedure():
    assert "The shared pack cannot stand for a profile" in refused(pack_text("common"))[0]


def test_a_manual_rule_may_be_a_prohibition():
    assert read(GOOD).rules["papers_not_first"].manual
