"""Loads the starter directory: places, categories, terms, organisations, locations, services, synonyms.

Idempotent. Everything is checked before anything is written, and written in one transaction. A record that an editor has
changed or deleted is left alone; one that only this loading wrote follows a corrected file, also out of it. Nothing here
confirms a record: `checked_on` stays empty, and every page says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import translation
from wagtail.models import DraftStateMixin

from services.bulk import ready
from services.models import Location, Organisation, Place, Service, StarterMark
from services.search.outbox import changed
from services.taxonomy import PlaceKind
from services.versions import publish_versions

from .reading import DATA, digest_of, read_directory
from .records import Part, Wanted, wanted_records
from .standing import key_field, standing

Report = Callable[[str], None]
Pairs = list[tuple[Wanted, Any]]
SAID_BY_SERVICES = {
    "organisation": "organisation__key",
    "category": "category__key",
    "location": "places__location__key",
    "term": "terms__code",
}
ON_LINE: dict[str, type[models.Model]] = {"service": Service, "location": Location, "organisation": Organisation}


def load_directory(say: Report, folder: Path = DATA) -> None:
    """Bring the database to hold the files of `folder`; say what was written and what was left to the editors.

    Raises DirectoryFaults, with `file:line: reason` of each fault, before anything is written.
    """
    digest = digest_of(folder, Path(__file__).with_name("records.py"))
    if StarterMark.objects.filter(key="*", file_digest=digest).exists():
        say("Directory: nothing new.")
        return
    with translation.override(settings.LANGUAGE_CODE):
        lists = wanted_records(read_directory(folder))
        with transaction.atomic():
            loader = Loader(say)
            for wanted in lists:
                loader.load(wanted)
            loader.take_off_line({wanted.mark for wanted in chain(*lists)})
            changed("service", sorted(loader.services))
            StarterMark.objects.update_or_create(key="*", defaults={"file_digest": digest})
    say("Directory: " + (", ".join(f"{count} {what}" for what, count in loader.counts.items()) or "nothing new") + ".")


class Loader:
    """One run of the loading, inside one transaction."""

    def __init__(self, say: Report) -> None:
        self.say = say
        self.marks = {mark.key: mark for mark in StarterMark.objects.exclude(key="*")}
        self.found: dict[str, dict[str, int]] = {}  # kind → key → primary key
        self.services: set[str] = set()  # that the search must look at again
        self.counts: Counter[str] = Counter()

    def load(self, records: list[Wanted]) -> None:
        """Write the records of one list, which are all of one model, unless editors have made them their own."""
        if not records:
            return
        model, kind = records[0].model, records[0].kind
        there = dict(model._default_manager.values_list(key_field(model), "pk"))
        self.found[kind] = there
        new = [one for one in records if one.mark not in self.marks and one.key not in there and self.can_stand(one)]
        old = [one for one in records if one.mark in self.marks and self.marks[one.mark].file_digest != one.digest()]
        stands = standing(model, [one.key for one in old])
        written = [one for one in old if self.may_follow(one, stands)]
        self.write(model, new, written)
        self.remember([*new, *written])
        self.tell_search(kind, [one.key for one in new], [one.key for one in written])
        if new or written:
            self.counts[str(model._meta.verbose_name_plural)] += len(new) + len(written)

    def can_stand(self, one: Wanted) -> bool:
        """Whether what a new record must name is there: editors may have deleted it."""
        for name, (kind, key) in one.links.items():
            if key not in self.found[kind] and not one.model._meta.get_field(name).null:
                self.say(f"{one.mark}: not made, for {kind} “{key}” is gone.")
                return False
        return True

    def may_follow(self, one: Wanted, stands: dict[str, str]) -> bool:
        """Whether a record of an earlier loading still stands as that wrote it."""
        if one.key not in stands:
            return False  # an editor has deleted it
        if stands[one.key] != self.marks[one.mark].record_digest:
            self.say(f"{one.mark}: left as editors have it.")
            return False
        return True

    def write(self, model: type[models.Model], new: list[Wanted], old: list[Wanted]) -> None:
        """Make new records and bring old ones to what the files say now, with all that belongs to them, in few statements."""
        if not (new or old):
            return
        made = [ready(model(**one.values, **self.linked(one))) for one in new]
        model._default_manager.bulk_create(made)
        self.found[new[0].kind if new else old[0].kind] |= {
            one.key: record.pk for one, record in zip(new, made, strict=True)
        }
        kept = model._default_manager.in_bulk([self.found[one.kind][one.key] for one in old])
        pairs = [*zip(new, made, strict=True), *((one, kept[self.found[one.kind][one.key]]) for one in old)]
        if old:
            self.bring(model, pairs[len(new) :])
        for name in pairs[0][0].parts:
            self.write_parts(model._meta.get_field(name), pairs)
        for name in pairs[0][0].several:
            self.join(model._meta.get_field(name), pairs)
        if model is Place:
            regions = Place.objects.filter(kind=PlaceKind.REGION, region=None)
            regions.update(region=models.F("pk"))  # a region is its own, so that “the region of” always has an answer
        publish_versions(model, [record.pk for _one, record in pairs])

    def bring(self, model: type[models.Model], pairs: Pairs) -> None:
        """Write the columns of records that are there."""
        columns: set[str] = set()
        for one, record in pairs:
            values = one.values | self.linked(one) | ({"live": True} if isinstance(record, DraftStateMixin) else {})
            for name, value in values.items():
                setattr(record, name, value)
            ready(record)
            columns |= values.keys()
        own = {field.name for field in model._meta.concrete_fields if field.name in columns or field.attname in columns}
        own |= {"modified_at", "made_from", "language_marks"} & {field.name for field in model._meta.concrete_fields}
        model._default_manager.bulk_update([record for _one, record in pairs], sorted(own), batch_size=50)

    def write_parts(self, relation: Any, pairs: Pairs) -> None:
        """Write the rows below these records; rows that the files no longer have go."""
        manager = relation.related_model._default_manager
        made = [part for one, record in pairs for part in self.parts(record, relation, one.parts[relation.name])]
        owners = [record.pk for _one, record in pairs]
        manager.filter(**{f"{relation.field.name}__in": owners}).exclude(uuid__in=[part.uuid for part in made]).delete()
        columns = [
            field.name for field in relation.related_model._meta.concrete_fields if field.name not in ("id", "uuid")
        ]
        manager.bulk_create(made, update_conflicts=True, unique_fields=["uuid"], update_fields=columns)

    def linked(self, one: Wanted) -> dict[str, int | None]:
        return {f"{name}_id": self.found[kind].get(key) for name, (kind, key) in one.links.items()}

    def parts(self, owner: models.Model, relation: Any, rows: list[Part]) -> list[Any]:
        """The rows below a record, in the order of the file. A place that an editor has deleted is left out."""
        made = []
        for number, part in enumerate(rows):
            values = part.values | {f"{relation.field.name}_id": owner.pk, "sort_order": number}
            if part.location:
                values["location_id"] = self.found["location"].get(part.location)
            if not part.location or values["location_id"]:
                made.append(ready(relation.related_model(**values)))
        return made

    def join(self, field: Any, pairs: Pairs) -> None:
        """Write the rows between these records and the others that they name."""
        through, own, other = field.remote_field.through, field.m2m_column_name(), field.m2m_reverse_name()
        through._default_manager.filter(**{f"{own}__in": [record.pk for _one, record in pairs]}).delete()
        through._default_manager.bulk_create(
            through(**{own: record.pk, other: self.found[kind][key]})
            for one, record in pairs
            for kind, keys in [one.several[field.name]]
            for key in keys
            if key in self.found[kind]
        )

    def tell_search(self, kind: str, new: list[str], written: list[str]) -> None:
        """Remember which services the search must look at again: these, and those that say words of a changed record."""
        if kind == "service":
            self.services |= {*new, *written}
        elif path := SAID_BY_SERVICES.get(kind):
            self.services |= set(Service.objects.filter(**{f"{path}__in": written}).values_list("key", flat=True))

    def remember(self, records: list[Wanted]) -> None:
        """Mark how these records stand now."""
        if not records:
            return
        stands = standing(records[0].model, [one.key for one in records])
        StarterMark.objects.bulk_create(
            [StarterMark(key=one.mark, file_digest=one.digest(), record_digest=stands[one.key]) for one in records],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["file_digest", "record_digest"],
        )

    def take_off_line(self, wanted: set[str]) -> None:
        """Unpublish what the files no longer name and no editor has touched: it has closed, or was a mistake."""
        gone = {key: mark for key, mark in self.marks.items() if key not in wanted and mark.file_digest}
        for kind, model in ON_LINE.items():
            keys = {mark.removeprefix(f"{kind}:"): gone[mark] for mark in gone if mark.startswith(f"{kind}:")}
            stands = standing(model, list(keys))
            for key, mark in keys.items():
                if stands.get(key) == mark.record_digest:
                    record: Any = model._default_manager.get(key=key)
                    record.live = False
                    record.save()
                    mark.file_digest, mark.record_digest = "", standing(model, [key])[key]
                    mark.save()
                    self.say(f"{mark.key}: taken off line, for the files no longer name it.")
