"""The form to fill by hand when there is no power, and the part that the receiving service always fills by hand."""

from __future__ import annotations

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import pgettext

from referral.printing.words import Field, Section, section
from referral.words.choices import ContactChannel, DeclineReason, Handover, ServiceType, Urgency
from referral.words.consent_choices import SHAREABLE, ConsentGiver, ConsentMethod, RepresentativeKind
from referral.words.person_choices import AgeBand, InterpreterNeed, Sex


def answer() -> Section:
    """The answer of the receiving service."""
    return section(
        pgettext("form", "Answer of the receiving service"),
        [
            _tick(pgettext("form", "Decision"), [pgettext("form", "Accepted"), pgettext("form", "Declined")]),
            _line(pgettext("form", "Appointment: date, time, place"), lines=2),
            _tick(pgettext("form", "If declined, why"), _labels(DeclineReason), wide=True),
            _line(pgettext("form", "Remarks"), lines=3, wide=True),
            _line(pgettext("form", "Name and function"), lines=2),
            _line(pgettext("form", "Date and signature"), lines=2),
        ],
    )


def sections() -> list[Section]:
    """The whole form, empty."""
    organisation = pgettext("form", "Organisation")
    return [
        section(
            pgettext("form", "Referral"),
            [
                _line(pgettext("form", "Reference")),
                _line(pgettext("form", "Date")),
                _tick(pgettext("form", "Urgency"), _labels(Urgency)),
                _tick(pgettext("form", "Handover"), _labels(Handover)),
            ],
        ),
        section(
            pgettext("form", "Who refers"),
            [
                _line(organisation),
                _line(pgettext("form", "Contact person")),
                _line(pgettext("form", "Contact"), wide=True),
            ],
        ),
        section(
            pgettext("form", "Receiving service"),
            [
                _line(pgettext("form", "Service")),
                _line(organisation),
                _line(pgettext("form", "Address")),
                _line(pgettext("form", "Phone")),
            ],
        ),
        *_about_the_person(),
        _about_consent(),
    ]


def _about_the_person() -> list[Section]:
    return [
        section(
            pgettext("form", "The person"),
            [
                _line(pgettext("form", "Name, only if agreed")),
                _line(pgettext("form", "Case code")),
                _tick(pgettext("form", "Age"), _labels(AgeBand)),
                _tick(pgettext("form", "Sex"), _labels(Sex)),
                _line(pgettext("form", "Languages")),
                _tick(pgettext("form", "Interpreter"), _labels(InterpreterNeed)),
            ],
        ),
        section(
            pgettext("form", "How to reach the person safely"),
            [
                _tick(pgettext("form", "Only by"), _labels(ContactChannel), wide=True),
                _line(pgettext("form", "Number")),
                _line(pgettext("form", "Hours")),
            ],
        ),
        section(
            pgettext("form", "Representative of the child"),
            [
                _tick(pgettext("form", "Representative"), _labels(RepresentativeKind), wide=True),
                _line(pgettext("form", "Name")),
                _line(pgettext("form", "Contact")),
            ],
        ),
        section(
            pgettext("form", "What is asked"),
            [
                _tick(pgettext("form", "Service asked for"), _labels(ServiceType), wide=True),
                _line(pgettext("form", "Reason"), lines=3, wide=True),
                _line(pgettext("form", "Accessibility needs"), wide=True),
            ],
        ),
    ]


def _about_consent() -> Section:
    return section(
        pgettext("form", "Consent"),
        [
            _tick(pgettext("form", "Agreed to share"), [str(one.label) for one in SHAREABLE], wide=True),
            _tick(pgettext("form", "Given by"), _labels(ConsentGiver)),
            _tick(pgettext("form", "How"), _labels(ConsentMethod)),
            _line(pgettext("form", "Language of the conversation")),
            _line(pgettext("form", "Version of the text read out")),
            _line(pgettext("form", "Date, and signature or thumbprint"), wide=True),
        ],
        pgettext("form", "What is not ticked is not shared. A refusal changes nothing in the help."),
    )


def _labels(choices: type[TextChoices]) -> list[str]:
    return [str(one.label) for one in choices]


def _tick(label: Any, boxes: list[str], *, wide: bool = False) -> Field:
    return Field(str(label), boxes=tuple(boxes), wide=wide)


def _line(label: Any, *, lines: int = 1, wide: bool = False) -> Field:
    return Field(str(label), lines=range(lines), wide=wide)
