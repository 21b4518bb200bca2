"""A procedure as a page shows it: keys looked up, words in the reader's language, sources numbered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from referral.procedures import Procedure, Rule, Source, Step
from referral.procedures.comparing import Change, compare
from referral.procedures.vocabulary import SHARED
from referral.words.choices import CaseRole, Profile, ServiceType, Stage, StepActor
from referral.words.procedure_words import ChangeKind, Part, Seen, SourceStatus, Text, due, label, rhythm


@dataclass(frozen=True)
class ShownRule:
    words: str
    checked: bool  # by the software; otherwise somebody reads and ticks it
    services: tuple[Text, ...] = ()


@dataclass(frozen=True)
class ShownSource:
    number: int
    title: str
    date: str
    seen: Text
    verify: bool


@dataclass(frozen=True)
class ShownField:
    words: str
    typed: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownStep:
    key: str
    title: str
    stage: Text
    what: str
    due: tuple[str, ...]  # the limit, when else, how often
    escalate: Text
    actors: tuple[Text, ...]
    must: tuple[ShownRule, ...]
    must_not: tuple[ShownRule, ...]
    fields: tuple[ShownField, ...]
    services: tuple[Text, ...]
    then: tuple[str, ...]
    sources: tuple[int, ...]


@dataclass(frozen=True)
class ShownProcedure:
    """`text`: what needs no looking up. `trust`: how far it may be relied on. `official`: the document, if it is official."""

    text: Procedure
    trust: Text
    official: ShownSource | None
    always: tuple[ShownRule, ...]
    steps: tuple[ShownStep, ...]
    sources: tuple[ShownSource, ...]


@dataclass(frozen=True)
class ShownPart:
    """What changed in one step, rule, field or source."""

    part: Text
    name: str
    changes: tuple[Change, ...]  # their kind as a word


def shown_procedure(found: Procedure) -> ShownProcedure:
    """The whole procedure. The shared pack has no steps; its rules stand under “always”."""
    numbers = {key: number for number, key in enumerate(_used(found), 1)}
    sources = {key: _source(number, found.sources[key]) for key, number in numbers.items()}
    return ShownProcedure(
        text=found,
        trust=label(SourceStatus, found.source_status),
        official=sources.get(found.official_source),
        always=_rules(found, found.general),
        steps=tuple(_step(step, found, numbers) for step in found.steps),
        sources=tuple(sources.values()),
    )


def name_of(profile: str, found: Procedure) -> str:
    """What a procedure is called in lists: the profile, or the title of the shared rules."""
    return str(found.title) if profile == SHARED else str(Profile(profile).label)


def shown_changes(old: Procedure, new: Procedure) -> list[ShownPart]:
    """Every difference of two versions, part by part."""
    grouped = groupby(sorted(compare(old, new), key=_order), key=lambda change: (change.part, change.key))
    return [
        ShownPart(label(Part, part), _name(key, old, new), tuple(_change(one) for one in changes))
        for (part, key), changes in grouped
    ]


def _order(change: Change) -> tuple[int, str]:
    return list(Part.values).index(change.part), change.key


def _change(change: Change) -> Change:
    return replace(change, kind=str(label(ChangeKind, change.kind)))


def _name(key: str, old: Procedure, new: Procedure) -> str:
    """The title of a step where it has one; else the key, as the file names it."""
    for version in (new, old):
        for step in version.steps:
            if step.key == key:
                return str(step.title)
    return key


def _used(found: Procedure) -> Iterable[str]:
    """The sources that something in this procedure names, in the order in which they appear."""
    rules = (found.rules[key] for key in found.general)
    named = [found.official_source] if found.official_source else []
    named += [source for step in found.steps for source in step.sources]
    named += [source for rule in rules for source in rule.sources]
    return dict.fromkeys(named)


def _source(number: int, source: Source) -> ShownSource:
    return ShownSource(number, source.title, source.date, label(Seen, source.seen), source.verify)


def _rules(found: Procedure, keys: Iterable[str]) -> tuple[ShownRule, ...]:
    return tuple(_rule(found.rules[key]) for key in keys)


def _rule(rule: Rule) -> ShownRule:
    return ShownRule(str(rule.wording), not rule.manual, tuple(label(ServiceType, one) for one in rule.services))


def _step(step: Step, found: Procedure, numbers: dict[str, int]) -> ShownStep:
    times = [due(step.limit, found)] if step.limit else []
    times += [str(step.when)] if str(step.when) else []
    times += [rhythm(step.every)] if step.every else []
    fields = (found.fields[key] for key in step.fields)
    return ShownStep(
        key=step.key,
        title=str(step.title),
        stage=label(Stage, step.stage),
        what=str(step.what),
        due=tuple(times),
        escalate=label(CaseRole, step.escalate_to) if step.escalate_to else "",
        actors=tuple(label(StepActor, one) for one in step.actors),
        must=_rules(found, step.must),
        must_not=_rules(found, step.must_not),
        fields=tuple(ShownField(str(one.label), one.typed, tuple(str(words) for _k, words in one.choices)) for one in fields),
        services=tuple(label(ServiceType, one) for one in step.services),
        then=tuple(str(found.step(key).title) for key in step.next),
        sources=tuple(numbers[key] for key in step.sources),
    )  # fmt: skip
