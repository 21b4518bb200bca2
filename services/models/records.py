"""What every record of the directory has: a stable identity, where it is known from, and how old each translation is."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.translator import translator
from modeltranslation.utils import build_localized_fieldname

from services.taxonomy import Confidence

# UUIDs of records made from a key are the same everywhere, so that partners can exchange them.
NAMESPACE = uuid.UUID("6f1f6ac6-9d2b-5a41-8a5c-0b4cf0c8f5d1")
KEY = RegexValidator(r"^[a-z0-9]+(?:-[a-z0-9]+)*$", _("Use small letters, digits and hyphens, such as clinic-rabat."))


# What Wagtail keeps of a record that is no word of it. Saving a draft writes only these; it changes nothing for readers.
BOOKKEEPING = frozenset(
    {"latest_revision", "live_revision", "has_unpublished_changes", "locked", "locked_at", "locked_by"}
)


def is_bookkeeping(update_fields: Iterable[str] | None) -> bool:
    """Whether a save with these `update_fields` writes no word of the record. The record in hand may be a draft."""
    return update_fields is not None and set(update_fields) <= BOOKKEEPING


def fingerprint(text: str) -> str:
    """Twelve characters that change when the text does. Not a secret."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class Identified(models.Model):
    """A UUID that never changes (HSDS `id`), and when the row was last saved."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    modified_at = models.DateTimeField(_("Modified"), default=timezone.now, editable=False, db_index=True)

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        if is_bookkeeping(kwargs.get("update_fields")):
            super().save(**kwargs)
            return
        self.modified_at = timezone.now()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "modified_at"}
        super().save(**kwargs)


class Keyed(Identified):
    """A record with a key of its own, which stands in addresses and files; its UUID follows from the key."""

    key = models.CharField(_("Key"), max_length=80, unique=True, validators=[KEY])

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        if self._state.adding and self.key:
            self.uuid = uuid.uuid5(NAMESPACE, f"{self._meta.model_name}:{self.key}")
        super().save(**kwargs)


class Sourced(models.Model):
    """Where a record is known from, how sure that is, and when somebody last asked (trust: provenance).

    `checked_on` empty: nobody has confirmed it yet, and every page says so.
    """

    source = models.CharField(_("Source"), max_length=500, blank=True)
    source_date = models.CharField(_("Date of the source"), max_length=10, blank=True)
    confidence = models.CharField(_("Confidence"), max_length=1, choices=Confidence, default=Confidence.B)
    checked_on = models.DateField(_("Last confirmed on"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Confirmed by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        abstract = True


class Translated(models.Model):
    """Texts in each language, and of which source text each translation was made.

    `made_from` holds, per translated field and language, the fingerprints of the text and of the source text beside
    which it was last changed: {"name": {"ar": ["own", "source"]}}. From it `language_states` tells missing, current
    and outdated. A text that an editor confirms by saving it again unchanged stays as it was.
    """

    made_from = models.JSONField(default=dict, editable=False)
    language_marks = models.CharField(
        max_length=400, default="", editable=False
    )  # “ar:missing fr:current”, for filters

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        """Save the record and the rows below it, and tell the index, in one transaction."""
        if not is_bookkeeping(fields := kwargs.get("update_fields")):
            self.mark()
            if fields is not None:
                kwargs["update_fields"] = {*fields, "made_from", "language_marks"}
        with transaction.atomic():
            super().save(**kwargs)

    def mark(self) -> None:
        """Remember beside which source text each translation stands. `save` does it; bulk writes call it themselves."""
        self.made_from = self._marks()
        self.language_marks = " ".join(f"{language}:{state}" for language, state in self.language_states().items())

    def accept(self, language: str) -> None:
        """Somebody has read the texts of this language again: they fit the source as it is now."""
        for field, marks in self._marks().items():
            if language in marks:
                source = fingerprint(self.text(field, settings.LANGUAGE_CODE))
                self.made_from = {**self.made_from, field: {**marks, language: [marks[language][0], source]}}

    def _marks(self) -> dict[str, dict[str, list[str]]]:
        marks: dict[str, dict[str, list[str]]] = {}
        for field in translated_fields(type(self)):
            source = fingerprint(self.text(field, settings.LANGUAGE_CODE))
            known = (self.made_from or {}).get(field, {})
            for language, _name in settings.LANGUAGES:
                own = fingerprint(text) if (text := self.text(field, language)) else ""
                if not own:
                    continue
                old = known.get(language)
                marks.setdefault(field, {})[language] = old if old and old[0] == own else [own, source]
        return marks

    def text(self, field: str, language: str) -> str:
        """The text of this field in exactly this language; empty if there is none."""
        return getattr(self, build_localized_fieldname(field, language)) or ""

    def best_text(self, field: str, wanted: str) -> tuple[str, str]:
        """(text, its language): the wanted one, else the first of settings.FALLBACK_LANGUAGES that has it."""
        for language in dict.fromkeys(
            (wanted, *settings.FALLBACK_LANGUAGES, *(code for code, _n in settings.LANGUAGES))
        ):
            if text := self.text(field, language):
                return text, language
        return "", wanted

    def language_states(self) -> dict[str, str]:
        """Of each language: “missing” (a text that another language has is not there), “outdated” or “current”."""
        return {language: self._language_state(language) for language, _name in settings.LANGUAGES}

    def _language_state(self, language: str) -> str:
        missing, outdated = self.behind(language)
        return "missing" if missing else "outdated" if outdated else "current"

    def behind(self, language: str) -> tuple[list[str], list[str]]:
        """The fields that this language lacks and another has, and those that are older than their source."""
        missing, outdated = [], []
        for field in translated_fields(type(self)):
            source = self.text(field, settings.LANGUAGE_CODE)
            if not self.text(field, language):
                if self.best_text(field, language)[0]:
                    missing.append(field)
            elif source:
                now = fingerprint(source)
                if self.made_from.get(field, {}).get(language, ["", now])[1] != now:
                    outdated.append(field)
        return missing, outdated


@cache
def translated_fields(model: type[models.Model]) -> tuple[str, ...]:
    """The fields of this model that exist once a language, in its order."""
    names = set(translator.get_options_for_model(model).all_fields)
    return tuple(field.name for field in model._meta.concrete_fields if field.name in names)
