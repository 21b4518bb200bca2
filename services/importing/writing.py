"""Writes what rows of a partner's spreadsheet want, chunk by chunk, with all that a save in the CMS would set off.

A revision that editors compare with, an entry “Imported” in the history, the marks of translations, the time of change, and
the jobs of the search. A chunk takes the same number of statements for any number of rows before it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry, Revision

from services.bulk import ready
from services.models import Location, Organisation, Service, ServicePlace
from services.search.outbox import changed
from services.versions import publish_versions

from .wishes import Wish

ACTION = "services.import"
OWN = {"modified_at", "made_from", "language_marks"}
BATCH = 50
Wishes = list[Wish]


class Writer:
    """One import, inside one transaction. `user`: None for a command."""

    def __init__(self, user: Any = None) -> None:
        self.user = user
        self.uuid = uuid.uuid4()
        self.services: set[str] = set()  # that the search must look at again

    def write(self, wishes: Wishes) -> None:
        """Organisations first, then places, then the services that name both."""
        with translation.override(settings.LANGUAGE_CODE):
            for model in (Organisation, Location, Service):
                if wanted := [wish for wish in wishes if type(wish.record) is model]:
                    self.write_records(model, wanted)

    def finish(self) -> None:
        """Tell the search, once for all."""
        changed("service", sorted(self.services))

    def write_records(self, model: Any, wishes: Wishes) -> None:
        self.confirm(wishes)
        if model is not Organisation:
            _name_organisations(wishes)
        model.objects.bulk_create([ready(wish.record) for wish in wishes if wish.new], batch_size=BATCH)
        old = [ready(wish.record) for wish in wishes if not wish.new]
        columns = OWN.union(*(wish.fields for wish in wishes if not wish.new))
        model.objects.bulk_update(old, sorted(columns), batch_size=BATCH)
        if model is Service:
            _write_parts(wishes)
            _write_places(wishes)
            _write_joins(wishes)
        keys = [wish.record.pk for wish in wishes]
        publish_versions(model, keys)
        self.sign(model, keys, wishes)
        self.tell_search(model, wishes)

    def confirm(self, wishes: Wishes) -> None:
        """Whoever imports a day of confirmation gives their word for it."""
        for wish in wishes:
            if "checked_on" in wish.fields:
                wish.record.checked_by = self.user
                wish.fields.add("checked_by")

    def sign(self, model: Any, keys: list[int], wishes: Wishes) -> None:
        """An entry in the history of each record: which columns, not their words, for addresses may be hidden."""
        kind, now = ContentType.objects.get_for_model(model), timezone.now()
        versions = dict(model.objects.filter(pk__in=keys).values_list("pk", "latest_revision"))
        if self.user:
            Revision.objects.filter(pk__in=versions.values()).update(user=self.user)
        ModelLogEntry.objects.bulk_create(
            ModelLogEntry(
                content_type=kind,
                object_id=str(wish.record.pk),
                label=str(wish.record),
                action=ACTION,
                timestamp=now,
                uuid=self.uuid,
                user=self.user,
                revision_id=versions[wish.record.pk],
                content_changed=True,
                data={"row": wish.row, "columns": [one.column for one in wish.differences]},
            )
            for wish in wishes
        )

    def tell_search(self, model: Any, wishes: Wishes) -> None:
        if model is Service:
            self.services |= {wish.record.key for wish in wishes}
            return
        path = "organisation__in" if model is Organisation else "places__location__in"
        old = [wish.record.pk for wish in wishes if not wish.new]
        self.services |= set(Service.objects.filter(**{path: old}).values_list("key", flat=True))


def _name_organisations(wishes: Wishes) -> None:
    """The organisation that a record names may have been made by a row before."""
    keys = {wish.record.organisation.key for wish in wishes if wish.record.organisation is not None}
    found = {one.key: one for one in Organisation.objects.filter(key__in=keys)}
    for wish in wishes:
        if wish.record.organisation is not None:
            wish.record.organisation = found[wish.record.organisation.key]


def _write_parts(wishes: Wishes) -> None:
    for name in sorted({name for wish in wishes for name in wish.parts}):
        model = Service._meta.get_field(name).related_model
        concerned = [wish for wish in wishes if name in wish.parts]
        rows = [_placed(row, wish.record, at) for wish in concerned for at, row in enumerate(wish.parts[name])]
        _replace(model, concerned, rows)


def _write_places(wishes: Wishes) -> None:
    concerned = [wish for wish in wishes if wish.places is not None]
    if not concerned:
        return
    keys = {key for wish in concerned for key in wish.places or ()}
    locations = {one.key: one.pk for one in Location.objects.filter(key__in=keys).only("pk", "key")}
    owners = [wish.record.pk for wish in concerned]
    links = {(one.service_id, one.location_id): one for one in ServicePlace.objects.filter(service__in=owners)}
    rows = []
    for wish in concerned:
        for at, key in enumerate(wish.places or ()):
            row = links.get((wish.record.pk, locations[key])) or ServicePlace(location_id=locations[key])
            rows.append(_placed(row, wish.record, at))
    _replace(ServicePlace, concerned, rows)


def _placed(row: Any, service: Service, position: int) -> Any:
    row.service_id, row.sort_order = service.pk, position
    return ready(row)


def _replace(model: Any, wishes: Wishes, rows: list[Any]) -> None:
    """These services have these rows and no others; a row that stays keeps its identity."""
    kept = {row.pk for row in rows if row.pk}
    there = model.objects.filter(service__in=[wish.record.pk for wish in wishes]).values_list("pk", flat=True)
    model.objects.filter(pk__in=set(there) - kept).delete()
    names = [one.name for one in model._meta.concrete_fields if one.name not in ("id", "uuid")]
    model.objects.bulk_update([row for row in rows if row.pk], names, batch_size=BATCH)
    model.objects.bulk_create([row for row in rows if not row.pk])


def _write_joins(wishes: Wishes) -> None:
    for name in sorted({name for wish in wishes for name in wish.joins}):
        field: Any = Service._meta.get_field(name)
        through, own, other = field.remote_field.through, field.m2m_column_name(), field.m2m_reverse_name()
        concerned = [wish for wish in wishes if name in wish.joins]
        through._default_manager.filter(**{f"{own}__in": [wish.record.pk for wish in concerned]}).delete()
        through._default_manager.bulk_create(
            through(**{own: wish.record.pk, other: one.pk}) for wish in concerned for one in _once(wish.joins[name])
        )


def _once(records: Iterable[Any]) -> list[Any]:
    return list({one.pk: one for one in records}.values())
