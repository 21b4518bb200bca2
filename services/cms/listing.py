"""What the lists of the CMS show of each record, and the same as a spreadsheet; queries do not grow with the rows."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import BaseColumn, BooleanColumn, Column, DateColumn
from wagtail.snippets.views.snippets import IndexView

from services.presenting import listed
from services.sheets.spreadsheet import safe_cell
from services.taxonomy import Reach

STATES = {
    "current": pgettext_lazy("state of a language", "up to date"),
    "outdated": pgettext_lazy("state of a language", "outdated"),
    "missing": pgettext_lazy("state of a language", "missing"),
}
CHUNK = 500
Cell = Callable[[Any], Any]


class LanguagesColumn(BaseColumn):
    """The state of each language in words, with colour."""

    cell_template_name = "services/cms/languages.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        names = dict(settings.LANGUAGES)
        states = [(names[code], state, STATES[state]) for code, state in instance.language_states().items()]
        return {**super().get_cell_context_data(instance, parent_context), "states": states}


class WordsColumn(Column):
    """Words that somebody wrote, in the direction of their own letters, whatever the language of the CMS."""

    cell_template_name = "services/cms/words.html"


class StateColumn(Column):
    """Live or not, without a query a row (Wagtail's own asks for the schedule of each)."""

    cell_template_name = "services/cms/state.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        return {**super().get_cell_context_data(instance, parent_context), "live": instance.live}


def title(record: Any) -> str:
    """The name in the editor's language; of a record that was never published, the name in its draft."""
    return str(record) if record.live or not record.latest_revision else record.latest_revision.object_str


def language_of(record: Any) -> str:
    """The name of the language in which it was written."""
    return dict(settings.LANGUAGES).get(record.language, record.language)


def lines(field: str) -> Cell:
    """The lines of a text, on one."""
    return lambda record: " · ".join((getattr(record, field) or "").split("\n"))


def regions(service: Any) -> str:
    """Where a service is, by region, also of hidden places; or that it is for the whole country."""
    found = [link.location.region for link in service.places.all()]
    found += [area.region or area for area in service.areas.all()]
    names = dict.fromkeys(str(region.name) for region in found if region)
    if not names and service.reach == Reach.NATIONAL:
        return str(Reach.NATIONAL.label)
    return listed(names)


def state_of(record: Any) -> str:
    """Live, live with a draft that waits, or a draft."""
    if not record.live:
        return str(_("Draft"))
    return str(_("Live, with a draft that waits")) if record.has_unpublished_changes else str(_("Live"))


def with_service_rows(services: QuerySet[Any]) -> QuerySet[Any]:
    return services.select_related("organisation", "category").prefetch_related(
        "areas__region", "places__location__city__region", "places__location__province__region"
    )


class RecordIndexView(IndexView):
    """A list with a name that leads to the record, and spreadsheets that no program runs as formulas.

    `export`: name → (heading, what the cell holds). Cells are texts.
    """

    export: dict[str, tuple[Any, Cell]] = {}

    def _get_title_column(self, field_name: str, *args: Any, **kwargs: Any) -> BaseColumn:
        column = super()._get_title_column(field_name, *args, **{**kwargs, "accessor": title})
        column.label, column.sort_key, column.width = _("Name"), "name", "25%"
        return column

    def get_base_queryset(self) -> QuerySet[Any]:
        return super().get_base_queryset().select_related("latest_revision").defer("latest_revision__content")

    @cached_property
    def list_export(self) -> list[str]:
        return list(self.export)

    @cached_property
    def export_headings(self) -> dict[str, Any]:
        return {name: heading for name, (heading, _cell) in self.export.items()}

    def to_row_dict(self, item: Any) -> dict[str, str]:
        values = {name: cell(item) for name, (_heading, cell) in self.export.items()}
        return {name: safe_cell("" if value is None else str(value)) for name, value in values.items()}

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> Any:
        """Row by row, so that memory does not grow with them."""
        rows: Iterable[Any] = queryset.iterator(chunk_size=CHUNK) if hasattr(queryset, "iterator") else queryset
        return super().as_spreadsheet(rows, spreadsheet_format)

    def stream_csv(self, queryset: Any) -> Iterator[bytes]:
        """With a mark at its head, so that spreadsheets read Arabic."""
        yield codecs.BOM_UTF8
        yield from super().stream_csv(queryset)


def _names() -> dict[str, tuple[Any, Cell]]:
    def cell(code: str) -> Cell:
        return lambda record: record.text("name", code)

    return {
        f"name_{code}": (format_lazy("{} ({})", _("Name"), label), cell(code)) for code, label in settings.LANGUAGES
    }


def _standing() -> dict[str, tuple[Any, Cell]]:
    def cell(code: str) -> Cell:
        return lambda record: STATES[record.language_states()[code]]

    states = {
        f"state_{code}": (format_lazy("{} ({})", _("Texts"), label), cell(code)) for code, label in settings.LANGUAGES
    }
    return {
        **states,
        "checked_on": (_("Last confirmed on"), lambda record: record.checked_on),
        "confidence": (_("Confidence"), lambda record: record.confidence),
        "source": (_("Source"), lambda record: record.source),
        "live": (_("State"), state_of),
    }


LANGUAGES = LanguagesColumn("languages", label=_("Languages"))
CONFIRMED = DateColumn("checked_on", label=_("Confirmed"), sort_key="checked_on")
CONFIDENCE = Column("confidence", label=_("Confidence"), sort_key="confidence")
STATUS = StateColumn("live", label=_("State"), accessor=state_of, sort_key="live")


class ServiceIndexView(RecordIndexView):
    list_display = [
        "__str__",
        Column("organisation", label=_("Organisation"), sort_key="organisation__name"),
        Column("category", label=_("Category"), sort_key="category__name"),
        Column("region", label=_("Region"), accessor=regions),
        LANGUAGES,
        CONFIRMED,
        CONFIDENCE,
        Column("capacity", label=_("Capacity"), accessor="get_capacity_display", sort_key="capacity"),
        STATUS,
    ]
    export = {
        "key": (_("Key"), lambda service: service.key),
        **_names(),
        "organisation": (_("Organisation"), lambda service: service.organisation),
        "category": (_("Category"), lambda service: service.category),
        "region": (_("Region"), regions),
        "capacity": (_("Capacity"), lambda service: service.get_capacity_display()),
        "suspended": (_("Suspended until"), lambda service: service.suspended_until),
        **_standing(),
    }

    def get_base_queryset(self) -> QuerySet[Any]:
        return with_service_rows(super().get_base_queryset())


class OrganisationIndexView(RecordIndexView):
    list_display = [
        "__str__",
        Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
        LANGUAGES,
        CONFIRMED,
        CONFIDENCE,
        STATUS,
    ]
    export = {
        "key": (_("Key"), lambda one: one.key),
        **_names(),
        "kind": (_("Kind of provider"), lambda one: one.get_kind_display()),
        "website": (_("Website"), lambda one: one.website),
        "email": (_("E-mail of the organisation"), lambda one: one.email),
        **_standing(),
    }


class LocationIndexView(RecordIndexView):
    list_display = [
        "__str__",
        Column("organisation", label=_("Organisation"), sort_key="organisation__name"),
        Column("city", label=_("City"), sort_key="city__name"),
        BooleanColumn("hidden", label=_("Hidden address"), sort_key="hidden"),
        LANGUAGES,
        CONFIRMED,
        CONFIDENCE,
        STATUS,
    ]
    export = {
        "key": (_("Key"), lambda one: one.key),
        **_names(),
        "organisation": (_("Organisation"), lambda one: one.organisation),
        "city": (_("City"), lambda one: one.city),
        "hidden": (_("Hidden address"), lambda one: "yes" if one.hidden else "no"),
        **_standing(),
    }

    def get_base_queryset(self) -> QuerySet[Any]:
        return super().get_base_queryset().select_related("organisation", "city")
