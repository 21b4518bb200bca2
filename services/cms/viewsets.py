"""The directory and the search in the CMS: what is listed, how it is edited, who may do what."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models as database
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname
from wagtail.admin.panels import FieldPanel, ObjectList, Panel
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView, SnippetViewSet, SnippetViewSetGroup

from services import models

from . import filtering, listing
from .choosing import RecordChooserViewSet
from .editing import ListForm, RecordForm, ServiceForm
from .panels import ToldPanel, location_panels, named_panels, organisation_panels, text_panel
from .service_panels import service_panels


def in_every_language(*names: str) -> list[str]:
    """The columns of these texts, which may be those of a relation."""
    return [build_localized_fieldname(name, code) for name in names for code, _label in settings.LANGUAGES]


class OneTransaction:
    """What an editor saves or publishes, its rows, its version and its job for the index come together or not at all."""

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            return super().form_valid(form)  # type: ignore[misc]  # (a mixin: the view beside it has it)


class RecordCreateView(OneTransaction, CreateView):
    def setup(self, request: HttpRequest, *args: Any, **named: Any) -> None:
        """Nothing is saved before the editor says so: the key of a record is made of its name, and stays."""
        super().setup(request, *args, **named)
        self.autosave_enabled = False


class RecordEditView(OneTransaction, EditView):
    pass


class RecordViewSet(SnippetViewSet):
    """A record with drafts, versions and locks."""

    add_view_class = RecordCreateView
    edit_view_class = RecordEditView
    chooser_viewset_class = RecordChooserViewSet
    copy_view_enabled = False
    list_per_page = 50
    form_class_of: type[RecordForm] = RecordForm

    def panels_of(self) -> Panel:
        raise NotImplementedError

    def get_edit_handler(self) -> Panel:
        handler = self.panels_of()
        handler.base_form_class = self.form_class_of
        return handler.bind_to_model(self.model)


class ServiceViewSet(RecordViewSet):
    model = models.Service
    icon = "help"
    index_view_class = listing.ServiceIndexView
    filterset_class = filtering.ServiceFilters
    search_fields = ["key", *in_every_language("name", "organisation__name")]
    form_class_of = ServiceForm

    def panels_of(self) -> Panel:
        return service_panels()


class OrganisationViewSet(RecordViewSet):
    model = models.Organisation
    icon = "group"
    index_view_class = listing.OrganisationIndexView
    filterset_class = filtering.OrganisationFilters
    search_fields = ["key", *in_every_language("name")]

    def panels_of(self) -> Panel:
        return organisation_panels()


class LocationViewSet(RecordViewSet):
    model = models.Location
    icon = "site"
    index_view_class = listing.LocationIndexView
    filterset_class = filtering.LocationFilters
    search_fields = ["key", *in_every_language("name", "address", "organisation__name")]

    def panels_of(self) -> Panel:
        return location_panels()


class ListViewSet(SnippetViewSet):
    """A short list without drafts: what is saved holds at once."""

    chooser_viewset_class = RecordChooserViewSet
    copy_view_enabled = False
    list_per_page = 100
    fields_before: tuple[str, ...] = ()
    fields_after: tuple[str, ...] = ()

    def get_edit_handler(self) -> Panel:
        handler = named_panels(self.model, *self.fields_after, before=self.fields_before)
        handler.base_form_class = ListForm
        return handler.bind_to_model(self.model)


class CategoryViewSet(ListViewSet):
    model = models.Category
    icon = "tag"
    list_display = ["name", "key", "guide_topic", "position"]
    search_fields = ["key", *in_every_language("name")]
    fields_before = ("key",)
    fields_after = ("guide_topic", "icon", "position")


class TermViewSet(ListViewSet):
    model = models.Term
    icon = "list-ul"
    list_display = ["__str__", "parent"]
    search_fields = ["code", *in_every_language("name")]
    fields_before = ("code", "parent")
    fields_after = ("categories",)

    def get_queryset(self, _request: HttpRequest) -> database.QuerySet[models.Term]:
        return models.Term.objects.select_related("parent")


class PlaceViewSet(ListViewSet):
    model = models.Place
    icon = "globe"
    list_display = ["name", "code", "kind", "region"]
    list_filter = ["kind"]
    search_fields = ["code", *in_every_language("name")]
    fields_before = ("code", "kind", "parent", "region")
    fields_after = ("latitude", "longitude", "source")

    def get_queryset(self, _request: HttpRequest) -> database.QuerySet[models.Place]:
        return models.Place.objects.select_related("region")


class SynonymViewSet(ListViewSet):
    model = models.SynonymGroup
    icon = "rotate"
    list_display = [
        "key",
        "topic",
        listing.WordsColumn("words", label=_("Words"), accessor=listing.lines("words")),
        listing.WordsColumn("darija", label=_("Darija"), accessor=listing.lines("darija")),
    ]
    search_fields = ["key", "topic", "darija", *in_every_language("words")]

    def get_edit_handler(self) -> Panel:
        words = [text_panel(self.model, "words", code, named=True) for code, _name in settings.LANGUAGES]
        help_text = _("A word that ends in * is searched and never shown to anybody.")
        panels = [FieldPanel("key"), FieldPanel("topic"), *words, FieldPanel("darija", help_text=help_text)]
        return ObjectList(panels, base_form_class=ListForm).bind_to_model(self.model)


class WithoutAdding(ModelPermissionPolicy):
    """Readers write these, editors do not."""

    refused = frozenset({"add"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in self.refused and super().user_has_permission(user, action)


class OnlyRead(WithoutAdding):
    """Made by the search alone."""

    refused = frozenset({"add", "change", "delete"})


class MissedIndexView(IndexView):
    list_display = [
        listing.WordsColumn("words", label=_("Words"), accessor="words"),
        Column("language", label=_("Language"), accessor=listing.language_of, sort_key="language"),
        Column("times", label=_("Times"), sort_key="times"),
        Column("week", label=_("Week of"), sort_key="week"),
    ]


class MissedViewSet(SnippetViewSet):
    """Searches without result, once they have been seen often enough to name nobody (trust P18)."""

    model = models.MissedSearch
    icon = "search"
    copy_view_enabled = False
    list_per_page = 100
    index_view_class = MissedIndexView
    filterset_class = filtering.MissedFilters

    def get_queryset(self, _request: HttpRequest) -> database.QuerySet[models.MissedSearch]:
        return models.MissedSearch.objects.exclude(words="")


class ReportIndexView(IndexView):
    list_display = [
        "__str__",
        Column("service", label=_("Service")),
        listing.WordsColumn("words", label=_("In the reader's words")),
        Column("language", label=_("Language"), accessor=listing.language_of),
        Column("state", label=_("State"), accessor="get_state_display"),
    ]


class ReportViewSet(SnippetViewSet):
    """What readers report, the newest first. Their words cannot be changed, only what became of them."""

    model = models.Report
    icon = "mail"
    copy_view_enabled = False
    list_per_page = 50
    ordering = ("-written_on", "-pk")
    index_view_class = ReportIndexView
    filterset_class = filtering.ReportFilters

    def get_queryset(self, _request: HttpRequest) -> database.QuerySet[models.Report]:
        return models.Report.objects.select_related("service").order_by("-written_on", "-pk")

    def get_edit_handler(self) -> Panel:
        told = [ToldPanel(name) for name in ("service", "about", "words", "language", "written_on")]
        return ObjectList([*told, FieldPanel("state")]).bind_to_model(self.model)


class DirectoryGroup(SnippetViewSetGroup):
    menu_label = _("Directory")
    menu_name = "directory"
    menu_icon = "group"
    menu_order = 210
    items = (ServiceViewSet, OrganisationViewSet, LocationViewSet, CategoryViewSet, TermViewSet, PlaceViewSet)


class SearchGroup(SnippetViewSetGroup):
    menu_label = _("Readers")
    menu_name = "readers"
    menu_icon = "mail"
    menu_order = 220
    items = (ReportViewSet, MissedViewSet, SynonymViewSet)
