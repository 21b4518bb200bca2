"""The people of the demonstration, all invented, so that every state of a case and of a referral is there to be seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from referral.states.events import Event

from .afterwards import ask_to_close, close, offer, plan, rest
from .story import ASYLUM, HEALTH, LEGAL, LISTENING, WELCOME, Story

Done = tuple[Event, Mapping[str, Any]]
SEND: Done = (Event.SEND, {})
SEEN: Done = (Event.ACKNOWLEDGE, {})
YES = (Event.ACCEPT, {"first_contact_on": timedelta(days=2)})
STARTED = (Event.START, {"contacted_at": -timedelta(minutes=5)})
DONE = (Event.DELIVER, {"outcome": "Consultation faite.", "service_date": timedelta()})

STORIES = (
    Story("Awa", ("fr", "bm"), "25-34", "female", "Fièvre depuis trois jours.", HEALTH),
    Story("Moussa", ("fr",), "18-24", "male", "Consultation pour le dos.", HEALTH, happened=(SEND,)),
    Story(
        "Fatou", ("fr", "wo"), "35-49", "female", "Ordonnance à renouveler.", HEALTH, "urgent", "high",
        happened=(SEND,), late=timedelta(days=2),
    ),
    Story(
        "Ibrahim", ("ar",), "25-34", "male", "Blessure ouverte à la main.", HEALTH, "emergency", "high",
        happened=(SEND,), late=timedelta(hours=2),
    ),
    Story("Grace", ("en",), "25-34", "female", "Conseil sur un loyer impayé.", LEGAL, happened=(SEND, SEEN), then=plan),
    Story(
        "Amadou", ("fr", "ff"), "18-24", "male", "Recours contre un refus.", ASYLUM, "urgent",
        happened=(SEND, (Event.ASK_INFO, {"question": "Quelle est la date de la notification ?"})),
    ),
    Story("Blessing", ("en",), "18-24", "female", "Suivi de santé.", HEALTH, happened=(SEND, SEEN, YES)),
    Story("Jean", ("fr",), "50-59", "male", "Groupe de parole.", LISTENING, happened=(SEND, SEEN, YES, STARTED)),
    Story(
        "Mariama", ("fr", "ff"), "35-49", "female", "Soutien psychologique.", LISTENING,
        happened=(SEND, SEEN, (Event.WAITLIST, {"expected_on": timedelta(days=12)})),
    ),
    Story("Souleymane", ("fr",), "25-34", "male", "Bilan de santé.", HEALTH, happened=(SEND, SEEN, YES, DONE)),
    Story(
        "Aminata", ("fr", "bm"), "25-34", "female", "Vaccins de l’enfant.", HEALTH,
        happened=(SEND, SEEN, YES, DONE, (Event.CONFIRM, {"client_confirmed": "yes", "satisfaction": 5})), then=ask_to_close,
    ),
    Story(
        "Kofi", ("en",), "35-49", "male", "Conseil sur un contrat.", LEGAL,
        happened=(SEND, (Event.DECLINE, {"decline_reason": "no_capacity"})),
    ),
    Story(
        "Yasmine", ("ar",), "25-34", "female", "Accompagnement social.", LEGAL,
        happened=(SEND, SEEN, YES, (Event.FAIL, {"not_delivered_reason": "no_show"})),
    ),
    Story(
        "Ousmane", ("fr",), "60+", "male", "Consultation.", HEALTH,
        happened=(SEND, (Event.WITHDRAW, {"reason": "La personne a changé d’avis."})), then=close,
    ),
    Story("Salif", ("fr", "bm"), "25-34", "male", "Conseil juridique.", LEGAL, happened=(SEND, (Event.EXPIRE, {}))),
    Story(
        "Esther", ("en",), "18-24", "female", "Test de grossesse.", HEALTH,
        happened=(SEND, SEEN, YES, DONE, (Event.DISPUTE, {"note": "Elle dit n’avoir rien reçu."})),
    ),
    Story("Omar", ("ar",), "35-49", "male", "Doublon.", HEALTH, happened=(SEND, (Event.MARK_ERROR, {}))),
    Story("Chantal", ("fr",), "35-49", "female", then=rest),
    Story("Diallo", ("fr", "ff"), "25-34", "male", profile="asy", then=offer),
    Story("Un adolescent", ("fr",), "15-17", "male", urgency="urgent", risk="high", profile="uasc", late=timedelta(days=1)),
    Story("M.", ("fr",), "25-34", "female", urgency="urgent", risk="high", profile="gbv", restricted=True),
    Story("Pauline", ("fr",), "25-34", "female", "Aide pour un bail.", LEGAL, house="org-b", happened=(SEND,)),
    Story(
        "Hamid", ("ar",), "50-59", "male", "Accueil à Oujda.", WELCOME, "urgent", house="org-b",
        happened=(SEND,), late=timedelta(days=3),
    ),
    Story("Rose", ("en",), "18-24", "female", "Accueil et orientation.", WELCOME, house="org-c", happened=(SEND, SEEN)),
    Story("Idriss", ("fr", "ha"), "25-34", "male", "Soins des dents.", HEALTH, house="org-c", happened=(SEND,)),
)  # fmt: skip
