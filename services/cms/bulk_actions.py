"""What editors do to many rows of a list: confirm, set capacity, suspend, publish, take off line, answer reports."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from services.models import Location, Organisation, Report, Service
from services.taxonomy import Capacity

from . import publishing

RECORDS: list[Any] = [Service, Organisation, Location]


class RecordAction(SnippetBulkAction):
    """Something done to the chosen records by whoever may publish them. A locked record is left alone."""

    models: list[Any] = RECORDS
    template_name = "services/cms/bulk.html"
    permission = "publish"

    def check_perm(self, record: Any) -> bool:
        allowed = self.permission_policy.user_has_permission_for_instance(self.request.user, self.permission, record)
        return allowed and not getattr(record, "locked", False)

    def get_all_objects_in_listing_query(self, _parent: Any) -> Any:
        """All rows of the list as it was narrowed, not all there are."""
        asked = QueryDict(urlsplit(self.next_url).query)
        view = self.model.snippet_viewset.index_view_class(model=self.model)
        rows = self.model.objects.all()
        filters = self.model.snippet_viewset.filterset_class
        if filters is not None:
            rows = filters(asked, queryset=rows, request=self.request).qs
        if words := parse_qs(urlsplit(self.next_url).query).get("q", [""])[0].strip():
            view.is_searching, view.search_query = True, words
            view.search_fields, view.search_backend_name = self.model.snippet_viewset.search_fields, None
            rows = view.search_queryset(rows)
        return rows.values_list("pk", flat=True)

    def get_execution_context(self) -> dict[str, Any]:
        return {**super().get_execution_context(), "user": self.request.user, "form": self.cleaned_form}

    def get_success_message(self, number: int, _refused: int) -> str:
        return _("Records changed: %(count)s.") % {"count": number}

    @classmethod
    def execute_action(cls, objects: list[Any], **kwargs: Any) -> tuple[int, int]:
        done = sum(
            cls.carry_out(record, kwargs["user"], kwargs["form"].cleaned_data) is not False for record in objects
        )
        return done, len(objects) - done

    @classmethod
    def carry_out(cls, record: Any, user: Any, given: dict[str, Any]) -> bool | None:
        raise NotImplementedError


class Confirm(RecordAction):
    display_name = _("Confirmed today")
    action_type = "confirm"
    aria_label = _("Say that these records were confirmed today")
    explanation = _("You have asked each of these providers today, and the record is right.")
    action_priority = 10

    @classmethod
    def carry_out(cls, record: Any, user: Any, _given: dict[str, Any]) -> None:
        publishing.change(record, user, publishing.confirm(user, timezone.localdate()))


class CapacityForm(forms.Form):
    capacity = forms.ChoiceField(label=_("Capacity"), choices=Capacity.choices, widget=forms.RadioSelect)


class SetCapacity(RecordAction):
    models = [Service]
    display_name = _("Set capacity")
    action_type = "capacity"
    aria_label = _("Set the capacity of these services")
    explanation = _("Readers see it at once, with today as the day since when.")
    form_class = CapacityForm
    action_priority = 12

    @classmethod
    def carry_out(cls, record: Any, user: Any, given: dict[str, Any]) -> None:
        values = {"capacity": given["capacity"], "capacity_since": timezone.localdate()}
        publishing.change(record, user, publishing.set_fields(**values))


class SuspendForm(forms.Form):
    until = forms.DateField(label=_("Suspended until"), required=False, widget=AdminDateInput)


class Suspend(RecordAction):
    models = [Service]
    display_name = _("Suspend")
    action_type = "suspend"
    aria_label = _("Hide these services from readers until a day")
    explanation = _("Up to and including this day, readers do not see them. Without a day they are seen again.")
    form_class = SuspendForm
    action_priority = 14

    @classmethod
    def carry_out(cls, record: Any, user: Any, given: dict[str, Any]) -> None:
        publishing.change(record, user, publishing.set_fields(suspended_until=given["until"]))


class Publish(RecordAction):
    display_name = _("Publish")
    action_type = "publish"
    aria_label = _("Publish the newest version of these records")
    explanation = _("Readers see the newest version of each. What is not complete stays as it is.")
    action_priority = 16

    @classmethod
    def carry_out(cls, record: Any, user: Any, _given: dict[str, Any]) -> bool:
        return publishing.publish(record, user)

    def get_success_message(self, number: int, refused: int) -> str:
        said = super().get_success_message(number, refused)
        if not refused:
            return said
        more = _("Not published, because something is missing or wrong: %(count)s. Open them to see what.")
        return f"{said} {more % {'count': refused}}"


class Unpublish(RecordAction):
    display_name = _("Unpublish")
    action_type = "unpublish"
    aria_label = _("Take these records from readers")
    explanation = _("Readers no longer see them. Their history stays, and they can be published again.")
    action_priority = 18

    @classmethod
    def carry_out(cls, record: Any, user: Any, _given: dict[str, Any]) -> bool:
        return publishing.unpublish(record, user)


class AnswerReports(RecordAction):
    """A report is handled or nonsense; either way it leaves the head of the list."""

    models = [Report]
    permission = "change"
    state = Report.State.HANDLED
    display_name = _("Handled")
    action_type = "handled"
    aria_label = _("These reports are handled")
    explanation = _("You have looked into these reports.")
    action_priority = 10

    @classmethod
    def execute_action(cls, objects: list[Any], **_kwargs: Any) -> tuple[int, int]:
        return Report.objects.filter(pk__in=[one.pk for one in objects]).update(state=cls.state), 0


class Nonsense(AnswerReports):
    state = Report.State.NONSENSE
    display_name = _("Nonsense")
    action_type = "nonsense"
    aria_label = _("These reports are nonsense")
    explanation = _("There is nothing to do about these reports.")
    action_priority = 12


ALL = (Confirm, SetCapacity, Suspend, Publish, Unpublish, AnswerReports, Nonsense)
