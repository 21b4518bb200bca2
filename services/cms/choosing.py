"""How an editor finds the organisation or the place of a service among hundreds: by a word of its name, in any language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet


class NameFilterForm(BaseFilterForm):
    """One box; it looks where the list of the same records looks."""

    q = forms.CharField(label=_("Search"), required=False)

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        objects = super().filter(objects)
        if words := self.cleaned_data.get("q"):
            self.is_searching, self.search_query = True, words
            wanted = Q()
            for field in objects.model.snippet_viewset.search_fields:
                wanted |= Q(**{f"{field}__icontains": words})
            objects = objects.filter(wanted)
        return objects


class RecordChooseView(ChooseView):
    filter_form_class = NameFilterForm


class RecordChooseResultsView(ChooseResultsView):
    filter_form_class = NameFilterForm


class RecordChooserViewSet(SnippetChooserViewSet):
    choose_view_class = RecordChooseView
    choose_results_view_class = RecordChooseResultsView
