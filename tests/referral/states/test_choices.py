"""The closed lists: the values of referral.md b.2, each with a label, and what may never be in a packet."""

from __future__ import annotations

import inspect

import pytest
from django.db.models import TextChoices
from django.utils import translation

from referral.states import case_states, events, limits
from referral.words import choices, consent_choices
from referral.words.choices import (
    ClosureReason,
    DeclineReason,
    NotDeliveredReason,
    Profile,
    ServiceType,
    StepActor,
    Urgency,
)
from referral.words.consent_choices import NEVER_IN_PACKET, ONLY_IF_NEEDED, SHAREABLE, DataCategory

LISTS = [
    found
    for module in (choices, consent_choices, case_states, events, limits)
    for _name, found in inspect.getmembers(module, inspect.isclass)
    if issubclass(found, TextChoices) and found is not TextChoices and found.__module__ == module.__name__
]


@pytest.mark.parametrize("choice", LISTS, ids=lambda found: found.__name__)
def test_every_value_has_a_label_of_its_own(choice):
    with translation.override("en"):
        labels = [str(label) for label in choice.labels]
    assert all(label and label == label.strip() for label in labels)
    assert len(set(labels)) == len(labels)
    assert all(value == value.lower() and " " not in value for value in choice.values)


def test_the_lists_are_as_long_as_the_specification_says():
    lists = (DeclineReason, NotDeliveredReason, ClosureReason, ServiceType, Profile, StepActor)
    assert [len(found) for found in lists] == [11, 12, 13, 19, 13, 10]


def test_the_words_of_procedures_are_among_the_values():
    """The format of packs: profiles, urgencies, actors, categories that a rule may exclude."""
    profiles = "gen uasc vot gbv asy med dis preg avr irr lab rac det"
    assert set(Profile.values) == set(profiles.split())
    actors = "first_line caseworker supervisor health child_protection prosecutor legal iom unhcr focal_point"
    assert set(StepActor.values) == set(actors.split())
    assert Urgency.values == ["emergency", "urgent", "normal"]
    excluded = (
        "narrative perpetrator diagnosis hiv status_declared route documents other_referrals notes contact name address"
    )
    assert set(excluded.split()) <= set(DataCategory.values)
    assert {"child", "relative", "companion"} == set(consent_choices.REFUSED_INTERPRETERS)
    assert {"voicemail", "sms", "email"} <= set(choices.ContactChannel.values)


def test_what_may_never_be_in_a_packet_cannot_be_consented_into_it():
    never = "narrative perpetrator diagnosis hiv status_declared route documents other_referrals notes"
    assert set(NEVER_IN_PACKET) == set(never.split())
    assert not set(SHAREABLE) & NEVER_IN_PACKET
    assert set(SHAREABLE) | NEVER_IN_PACKET == set(DataCategory)
    assert set(ONLY_IF_NEEDED) <= set(SHAREABLE)
