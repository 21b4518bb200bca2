"""What the choices of a case mean, in plain words, for whoever must choose one in a hurry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from referral.words.choices import Profile, Risk, Urgency
from referral.words.consent_choices import Purpose
from referral.words.person_choices import Screen

PROFILES: Mapping[str, Any] = {
    Profile.GEN: _("Is looking for papers, a doctor, a school, work or advice. No sign of danger."),
    Profile.UASC: _("Says they are, or may be, under 18, without parents or guardian. If in doubt: a child."),
    Profile.VOT: _("Is or was held, controlled, sold or made to work or beg by others; cannot simply leave."),
    Profile.GBV: _("Was hurt, threatened or forced because of being a woman, a girl, or who they are."),
    Profile.ASY: _("Is afraid to go back to the country they left, or has a document from UNHCR."),
    Profile.MED: _("Needs a doctor today: wound, fever, pain, bleeding, loss of consciousness."),
    Profile.DIS: _("Lives with a disability, or is older and needs help in daily life."),
    Profile.PREG: _("Is pregnant, or gave birth in the last months."),
    Profile.AVR: _("Asks, by their own choice, for help to return to their country."),
    Profile.IRR: _("Was just rescued or arrived, and needs water, clothes, a roof, a call."),
    Profile.LAB: _("Is not paid, is threatened or hurt at work, or had papers taken away."),
    Profile.RAC: _("Was insulted, attacked or turned away because of their origin or colour."),
    Profile.DET: _("Is held by police, in a waiting zone, in retention or in prison."),
}
URGENCIES: Mapping[str, Any] = {
    Urgency.EMERGENCY: _(
        "Life, safety or health is at stake today. The service must react within 24 hours, nights and holidays included."
    ),
    Urgency.URGENT: _(
        "Without help, harm is likely within days. The service must react within 72 hours, nights and holidays included."
    ),
    Urgency.NORMAL: _("Can wait for an appointment. Within 2 weeks."),
}
RISKS: Mapping[str, Any] = {
    Risk.HIGH: _("Somebody may hurt the person, or the person may hurt themselves."),
    Risk.MEDIUM: _("There was danger, or there are signs of it, and something protects the person now."),
    Risk.LOW: _("No danger is known."),
}
PURPOSES: Mapping[str, Any] = {
    Purpose.RECORD: _("May we keep a file on what you tell us, so that you need not tell it again?"),
    Purpose.REFERRAL: _("May we give this service the information that you choose?"),
    Purpose.TRANSFER: _("May we hand your whole file to this organisation, which will then help you instead of us?"),
    Purpose.CONTACT: _("May we contact you, in the way and at the hours that you say?"),
    Purpose.ONLINE_FOLLOW_UP: _("Do you want a secret code, to see on a phone where your request stands?"),
    Purpose.FAMILY_TRACING: _("May we look for members of your family?"),
    Purpose.STATISTICS: _("May we count you in figures, without your name?"),
}
SCREENS: Mapping[str, Any] = {
    Screen.TRAFFICKING: _("Does or did somebody else control the person's papers, money, movements, work or debts?"),
    Screen.CHILD: _("Could the person be under 18?"),
    Screen.ASYLUM: _("Is the person afraid to go back to their country?"),
    Screen.GBV: _("Are there signs of violence by a partner, a relative or others? Do not ask for the story."),
    Screen.HEALTH: _("Is there a wound, an illness, a pregnancy, a missing medicine?"),
}


def explained(
    choices: type[TextChoices], meanings: Mapping[str, Any], only: Iterable[str] = ()
) -> list[tuple[str, Any]]:
    """The choices, each with its word and its explanation."""
    wanted = [one for one in choices if not only or one.value in only]
    return [
        (one.value, format_html('<strong>{}</strong> <span class="quiet">{}</span>', one.label, meanings[one.value]))
        for one in wanted
    ]
