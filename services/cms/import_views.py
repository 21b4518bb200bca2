"""The CMS's screens on which a publisher sends a spreadsheet, reads what it would change, and confirms it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from services import importing
from services.sheets.columns import NAMES

from . import import_uploads

# An import makes, changes and publishes: who may do all that to each kind of record in the CMS may do it by a file.
NEEDED = [
    f"services.{action}_{model}"
    for model in ("service", "organisation", "location")
    for action in ("add", "change", "publish")
]
UPLOAD, CHECK = "services_import", "services_import_check"


def may_import(user: Any) -> bool:
    return bool(user.is_active and user.has_perms(NEEDED))


class UploadForm(forms.Form):
    """The file to be imported."""

    file = forms.FileField(
        label=_("Spreadsheet (CSV or XLSX)"),
        allow_empty_file=True,  # it is refused with a reason of its own
        error_messages={"required": _("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > import_uploads.MOST_BYTES:
            told = {"limit": import_uploads.MOST_BYTES // 2**20}
            reason = (
                gettext("The file is larger than %(limit)d MB. Divide it, or ask the operator to import it.") % told
            )
            raise forms.ValidationError(reason)
        return file


class ImportScreen(WagtailAdminTemplateMixin, View):
    """What both screens have in common: who may see them, and their head."""

    page_title = _("Import a spreadsheet")
    header_icon = "upload"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_import(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]


class UploadScreen(ImportScreen):
    """Takes the file."""

    template_name = "services/cms/import_upload.html"

    def get(self, _request: HttpRequest) -> HttpResponse:
        return self.show(UploadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form)
        return redirect(CHECK, import_uploads.keep(form.cleaned_data["file"], request.user))

    def show(self, form: UploadForm) -> HttpResponse:
        most = {"most_rows": import_uploads.MOST_ROWS, "most_bytes": import_uploads.MOST_BYTES // 2**20}
        return self.render_to_response(self.get_context_data(form=form, names=NAMES, **most))


class CheckScreen(ImportScreen):
    """Shows what the file would do; does it once it is confirmed."""

    template_name = "services/cms/import_check.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if (source := import_uploads.find(token, request.user)) is None:
            return self.gone(request)
        return self.show(importing.plan([source]), source)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Import what was shown. `digest` is that of the plan on the screen: another one is shown anew, not applied."""
        if (source := import_uploads.find(token, request.user)) is None:
            return self.gone(request)
        try:
            report = importing.apply([source], request.POST.get("digest", ""), request.user)
        except importing.DatabaseChanged as error:
            messages.error(request, gettext("%(reason)s Read them again below.") % {"reason": error})
            return redirect(CHECK, token)
        if report.refused:
            return self.show(report, source)
        import_uploads.forget(token)
        return self.show(report, source, done=True)

    def gone(self, request: HttpRequest) -> HttpResponse:
        messages.error(request, gettext("This file is not kept any more. Send it again."))
        return redirect(UPLOAD)

    def show(self, report: importing.Report, source: importing.Source, *, done: bool = False) -> HttpResponse:
        more = report.created + report.changed - len(report.told)
        return self.render_to_response(self.get_context_data(report=report, name=source.name, done=done, more=more))
