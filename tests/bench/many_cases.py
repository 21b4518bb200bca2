"""Fills a site with many referrals for the benchmarks of cases, as real as those of the actions: `python -m tests.bench.many_cases N [K]`.

Rows are written directly, each value sealed under the key of its case, each key wrapped for its partner; only the trail is not written.
"""

from __future__ import annotations

import itertools
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from django.contrib.auth import get_user_model
from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone

from referral.encryption import Box, keyed_digest, new_key
from referral.identifiers import CASE_LENGTH, CASE_SYMBOLS, check_symbol
from referral.models import (
    Case,
    CaseKey,
    Consent,
    Grant,
    Membership,
    Packet,
    PacketKey,
    Partner,
    Person,
    Reception,
    Referral,
    ReferralEvent,
    Task,
    TaskKind,
    Team,
)  # fmt: skip
from referral.models.referrals import OPEN_STATES
from referral.reading.versions import freeze
from referral.referring.pauses import next_due
from referral.safety import keys
from referral.safety.isolation import as_system
from referral.spelling import plain_name, plain_number
from referral.states.limits import Clock, due
from referral.states.workflow import TERMINAL, Status
from referral.words.choices import CaseRole, Urgency
from services.models import Category, Organisation, Service

PARTNERS, WORKERS, OF_A_CASE = 50, 20, 3
SHARED = ["need", "reason", "language", "age_band"]
# How many of a hundred referrals are in which state: a quarter under way, most of them over.
STATES = {
    "sent": 6, "acknowledged": 5, "info_requested": 2, "accepted": 4, "waitlisted": 2, "in_progress": 4, "delivered": 2,
    "draft": 1, "closed": 55, "declined": 8, "withdrawn": 4, "not_delivered": 4, "expired": 3,
}  # fmt: skip
NOW = timezone.now()
TAKEN: set[str] = set()  # codes of cases
URGENCIES = {"normal": 80, "urgent": 16, "emergency": 4}


@dataclass
class House:
    """A partner with what its rows need again and again."""

    partner: Partner
    team: Team
    workers: list[int]
    service: Service
    box: Box = field(init=False)
    by: Any = field(init=False)
    index: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.by = keys.newest_key(self.partner)
        self.box = keys.box_under(self.by)
        self.index = keys._index_secret(self.partner)

    def wrapped(self, row: CaseKey | PacketKey, key: bytes) -> Any:
        row.by = self.by
        row.wrapped = self.box.seal_bytes(key, keys.place_of_key(row))
        return row


class Pile:
    """Rows by table, written in the order in which tables need each other."""

    ORDER = (Case, CaseKey, Person, Consent, Grant, Referral, Packet, PacketKey, ReferralEvent, Task)

    def __init__(self) -> None:
        self.rows: dict[type, list[Any]] = {model: [] for model in self.ORDER}
        last = Grant.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.grants = itertools.count(last + 1)  # referrals name their grant before it is written

    def add(self, row: Any) -> Any:
        self.rows[type(row)].append(row)
        return row

    def write(self) -> None:
        for model, rows in self.rows.items():
            if rows:
                _insert(model, rows)


def _insert(model: Any, rows: list[Any]) -> None:
    fields = [one for one in model._meta.concrete_fields if one.attname != "id" or rows[0].pk is not None]
    columns = ", ".join(f'"{one.column}"' for one in fields)
    marks = ", ".join(["%s"] * len(fields))
    sentence = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks})'  # noqa: S608  (our names)
    values = [tuple(one.get_db_prep_save(getattr(row, one.attname), connection) for one in fields) for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(sentence, values)


def fill(referrals: int, partners: int = PARTNERS) -> dict[str, int]:
    """Bring the site to so many referrals in so many partners; what is there counts. How many rows there are then."""
    with as_system():
        TAKEN.update(Case.objects.values_list("code", flat=True))
        dice = random.Random(len(TAKEN))  # noqa: S311  (no secret: the same rows at every run)
        houses = [_house(number) for number in range(partners)]
        missing = max(0, referrals - Referral.objects.count())
        procedure = freeze("gen")
        for number, house in enumerate(houses):
            share = missing // partners + (number < missing % partners)
            with transaction.atomic():
                pile = Pile()
                for _case in range(0, share, OF_A_CASE):
                    _add_case(pile, house, houses, procedure, min(OF_A_CASE, share - _case), dice)
                pile.write()
        _move_numbers_on()
        return {"referrals": Referral.objects.count(), "cases": Case.objects.count(), "tasks": Task.objects.count()}


def _move_numbers_on() -> None:
    """PostgreSQL counts on from where it was, whatever was written."""
    with connection.cursor() as cursor:
        for sentence in connection.ops.sequence_reset_sql(no_style(), [Grant]):
            cursor.execute(sentence)


def _house(number: int) -> House:
    key = f"bench-{number}"
    today = timezone.localdate()
    given = {
        "names": {"fr": f"Association {number}"}, "kind": "ngo", "authorisation": "BENCH",
        "agreement_from": today - timedelta(days=30), "agreement_until": today + timedelta(days=300),
    }  # fmt: skip
    partner, _made = Partner.objects.get_or_create(key=key, defaults=given)
    team, _made = Team.objects.get_or_create(partner=partner, name="Bench")
    roles = [CaseRole.CASEWORKER] * WORKERS + [CaseRole.SUPERVISOR, CaseRole.FOCAL_POINT]
    users = [_user(f"{key}-{place}", partner, role, team) for place, role in enumerate(roles)]
    organisation, _made = Organisation.objects.get_or_create(key=key, defaults={"name_fr": f"Organisation {number}"})
    service, _made = Service.objects.get_or_create(
        key=key,
        defaults={
            "organisation": organisation, "category": Category.objects.get(key="health"), "name_fr": f"Service {number}",
            "accepts_referrals": "yes",
        },
    )  # fmt: skip
    Reception.objects.get_or_create(service=service, defaults={"partner": partner})
    return House(partner, team, users[:WORKERS], service)


def _user(name: str, partner: Partner, role: CaseRole, team: Team) -> int:
    user, _made = get_user_model().objects.get_or_create(username=name, defaults={"password": "!"})
    Membership.objects.get_or_create(user=user, partner=partner, role=role, defaults={"team": team})
    return user.pk


def _add_case(pile: Pile, house: House, houses: list[House], procedure: Any, number: int, dice: random.Random) -> None:
    owner = dice.choice(house.workers)
    states = _picked(STATES, number, dice)
    is_open = dice.random() < 0.3 or any(state not in TERMINAL for state in states)
    opened = NOW - timedelta(days=dice.randrange(5, 400))
    case = pile.add(Case(
        code=_code(dice), partner=house.partner, team=house.team, owner_id=owner, opened_by_id=owner,
        status="open" if is_open else "closed", closure_reason="" if is_open else "goals_met", profile="gen",
        procedure=procedure, procedure_version=procedure.version, urgency=_picked(URGENCIES, 1, dice)[0],
        risk=dice.choice(("low", "medium", "high")), opened_at=opened, changed_at=opened,
        closed_at=None if is_open else opened,
    ))  # fmt: skip
    key = new_key()
    box = Box(key, f"case {case.pk}")
    pile.add(house.wrapped(CaseKey(case=case, partner=house.partner), key))
    pile.add(_person(case, house, box, dice))
    consent = pile.add(Consent(
        case=case, language="fr", interpreter="not_needed", method="verbal_witnessed", script_version="2026.1",
        read_back=True, asked_by_id=owner, given_at=opened,
    ))  # fmt: skip
    for state, other in zip(states, dice.sample(houses, len(states)), strict=True):
        _add_referral(pile, case, box, consent, (house, other), state, dice)
    if is_open:
        at = NOW + timedelta(hours=dice.randrange(-200, 2000))
        pile.add(Task(
            case=case, partner=house.partner, owner_id=owner, kind=TaskKind.STEP, step="assessment", due_at=at,
            mark=f"step:{case.pk}:gen:assessment:0",
        ))  # fmt: skip


def _person(case: Case, house: House, box: Box, dice: random.Random) -> Person:
    phone = f"+2126{dice.randrange(10**8):08d}"
    given, family = f"Nom{dice.randrange(5000)}", f"Famille{dice.randrange(5000)}"
    person = Person(case=case)
    person.seal(
        box, alias=given, given_name=given, family_name=family, phone=phone, age_band="25-34", sex="female",
        languages=["fr"],
    )  # fmt: skip
    person.phone_index = _index(house, f"phone:{plain_number(phone)}")
    person.name_index = _index(house, f"name:{plain_name(f'{given} {family}')}")
    return person


def _index(house: House, text: str) -> str:
    return keyed_digest(house.index, text.encode())[: keys.INDEX_LENGTH]


def _add_referral(
    pile: Pile, case: Case, box: Box, consent: Consent, sides: tuple[House, House], state: str, dice: random.Random
) -> None:
    ours, theirs = sides
    urgency = _picked(URGENCIES, 1, dice)[0]
    ago = timedelta(hours=dice.randrange(1, 24 * 15)) if state in OPEN_STATES else timedelta(days=dice.randrange(300))
    sent_at = NOW - ago
    grant = pile.add(
        Grant(
            pk=next(pile.grants),
            consent=consent,
            purpose="referral",
            service=theirs.service,
            categories=SHARED,
            given=True,
        )
    )
    referral = Referral(
        case=case, service=theirs.service, sender=ours.partner, created_by_id=case.owner_id, status=state, urgency=urgency,
        service_type="health", handover="facilitated", categories=SHARED, created_at=sent_at, version=2,
        receiver=theirs.partner, decline_reason="no_capacity" if state == "declined" else "",
        not_delivered_reason="no_show" if state == "not_delivered" else "",
    )  # fmt: skip
    referral.seal(box, reason="Une consultation, pour un essai.")
    pile.add(referral)
    if state == Status.DRAFT:
        return
    referral.grant, referral.sent_at = grant, sent_at
    _set_limits(referral, Urgency(urgency), sent_at)
    pile.add(ReferralEvent(
        referral=referral, number=1, event="send", before="draft", after="sent", kind_of_actor="referrer",
        user_id=case.owner_id, partner=ours.partner, at=sent_at,
    ))  # fmt: skip
    if state in OPEN_STATES:
        _add_packet(pile, referral, grant, sides, revoked=None)
        _add_tasks(pile, referral, case, state)


_due = lru_cache(maxsize=None)(due)  # of hours that come back thousands of times


def _set_limits(referral: Referral, urgency: Urgency, sent_at: datetime) -> None:
    referral.acknowledge_by = _due(urgency, Clock.ACK, sent_at)
    referral.decide_by = _due(urgency, Clock.DECISION, sent_at)
    referral.deliver_by = _due(urgency, Clock.SERVICE, sent_at)
    if referral.status == Status.DELIVERED:
        referral.verify_by = _due(urgency, Clock.VERIFY, sent_at)
    referral.due_at = next_due(referral)


def _add_packet(
    pile: Pile, referral: Referral, grant: Grant, sides: tuple[House, House], revoked: datetime | None
) -> None:
    key, content = new_key(), {"need": "health", "reason": "Une consultation", "language": ["fr"], "age_band": "25-34"}
    packet = Packet(
        referral=referral, number=1, grant=grant, categories=SHARED, digest=keys.packet_digest(key, content),
        revoked_at=revoked,
    )  # fmt: skip
    packet.seal(keys.packet_box(packet, key), fields=content)
    pile.add(packet)
    for house in {side.partner.pk: side for side in sides}.values():
        pile.add(house.wrapped(PacketKey(packet=packet, partner=house.partner), key))


def _add_tasks(pile: Pile, referral: Referral, case: Case, state: str) -> None:
    own = {"referral": referral, "case": case, "partner": case.partner, "owner_id": case.owner_id}
    wanted = {Status.INFO_REQUESTED: TaskKind.ANSWER, Status.DELIVERED: TaskKind.CONFIRM}.get(Status(state))
    if wanted:
        pile.add(Task(**own, kind=wanted, due_at=referral.due_at, mark=f"{wanted}:{referral.pk}:2"))
    if state in (Status.SENT, Status.ACKNOWLEDGED):
        theirs = {"referral": referral, "partner": referral.receiver, "due_at": referral.decide_by}
        pile.add(Task(**theirs, kind=TaskKind.ANSWER, mark=f"answer:{referral.pk}:2"))


def _picked(weights: dict[str, int], number: int, dice: random.Random) -> list[str]:
    return dice.choices(list(weights), weights=list(weights.values()), k=number)


def _code(dice: random.Random) -> str:
    while True:
        symbols = "".join(dice.choices(CASE_SYMBOLS, k=CASE_LENGTH))
        code = f"{symbols[:4]}-{symbols[4:]}-{check_symbol(symbols)}"
        if code not in TAKEN:
            TAKEN.add(code)
            return code


def _wanted() -> Iterator[int]:
    yield from (int(text) for text in sys.argv[1:3])


if __name__ == "__main__":
    print(json.dumps(fill(*_wanted())))
