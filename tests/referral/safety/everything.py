"""One row of every model of the middle floor, each sealed column with a word of its own: found by walking the models, so that a new one is never forgotten."""

from __future__ import annotations

import itertools
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from referral.encryption import Box, SealedField
from referral.models import AuditEntry, AuditHead, Case, FrozenProcedure, Packet, Person, Referral, ReferralEvent
from referral.models import AuditKind as Kind
from referral.models.partners import Partner
from referral.safety import audit
from referral.safety.keys import case_box
from services.models import Service
from tests.referral import making
from tests.referral.safety import rows

LATIN, ARABIC = "qxcanaryxq", "ظقكنارظق"  # in no guide, no script and no library
MODELS: list[type[models.Model]] = list(apps.get_app_config("referral").get_models(include_auto_created=True))


def sealed_columns(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if isinstance(field, SealedField)]


class Everything:
    """The rows, by model, and the words that stand in them. `sender` has the case, `receiver` was sent a referral."""

    def __init__(self, sender: Partner, receiver: Partner) -> None:
        self.numbers = itertools.count(1)
        self.words: dict[str, str] = {}
        member = making.member(sender)
        self.case = making.case(member)
        referral = rows.referral(self.case, receiver)
        packet = rows.packet(referral, words=self._word("packet.fields"))
        user = making.user_of(member)
        audit.record(Kind.READ, "case", by=member.by, case_id=self.case.pk)
        self.rows: dict[type[models.Model], Any] = {
            type(user): user,
            Service: referral.service,
            Partner: sender,
            Case: self.case,
            Person: self.case.person,
            Referral: referral,
            Packet: packet,
            FrozenProcedure: self.case.procedure,
            AuditEntry: AuditEntry.objects.get(case_id=self.case.pk),
            AuditHead: AuditHead.objects.get(),
        }
        self.box: Box = case_box(self.case, sender)
        for model in MODELS:
            self._fill(self.row(model))

    def row(self, model: type[models.Model]) -> Any:
        """The row of this model, made with the rows that it needs."""
        if model not in self.rows:
            found = model.objects.filter(partner=self.rows[Partner]).first() if _has(model, "partner") else None
            self.rows[model] = found or self._made(model)
        return self.rows[model]

    def _made(self, model: type[models.Model]) -> Any:
        given = {field.name: self._value(field) for field in model._meta.concrete_fields if _is_needed(field)}
        made = model(**given)
        for name in sealed_columns(model):
            setattr(made, name, self._sealed(made, name))
        made.save(force_insert=True)
        return made

    def _fill(self, row: Any) -> None:
        """A word into every sealed column that has none yet. Events and packets are only ever added."""
        names = [name for name in sealed_columns(type(row)) if f"{row._meta.model_name}.{name}" not in self.words]
        if names and not isinstance(row, ReferralEvent | Packet):
            for name in names:
                setattr(row, name, self._sealed(row, name))
            row.save(update_fields=names)

    def _sealed(self, row: Any, name: str) -> bytes:
        words = {"words": [self._word(f"{row._meta.model_name}.{name}")]}
        return self.box.seal(words, f"{row._meta.db_table}.{name}.{row.pk}")

    def _word(self, about: str) -> str:
        number = next(self.numbers)
        self.words[about] = f"{LATIN}{number} {ARABIC}{number}"
        return self.words[about]

    def _value(self, field: models.Field) -> Any:
        number = next(self.numbers)
        if field.is_relation:
            return self.row(field.related_model)
        if field.choices:
            return field.choices[0][0]
        values = {
            models.DateTimeField: timezone.now,
            models.DateField: timezone.localdate,
            models.BooleanField: lambda: False,
            models.IntegerField: lambda: number,
            models.BinaryField: lambda: b"bytes",
            models.JSONField: list,
            models.CharField: lambda: f"text-{number}"[: field.max_length],
            models.TextField: lambda: f"text-{number}",
        }
        return next(make for kind, make in values.items() if isinstance(field, kind))()


def _has(model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.concrete_fields)


def _is_needed(field: models.Field) -> bool:
    optional = field.null or field.has_default() or (field.primary_key and isinstance(field, models.AutoField))
    is_text = isinstance(field, models.CharField | models.TextField) and field.blank
    return not (optional or is_text or isinstance(field, SealedField))
