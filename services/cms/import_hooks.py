"""Puts the import of spreadsheets into the CMS: its addresses, its entry in the menu, its word in the history of a record."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from services.importing.writing import ACTION

from .import_views import CHECK, UPLOAD, CheckScreen, UploadScreen, may_import


@hooks.register("register_admin_urls")
def import_addresses() -> list[URLPattern]:
    return [
        path("directory/import/", UploadScreen.as_view(), name=UPLOAD),
        path("directory/import/<slug:token>/", CheckScreen.as_view(), name=CHECK),
    ]


class ImportItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_import(request.user)


@hooks.register("register_admin_menu_item")
def import_item() -> MenuItem:
    return ImportItem(_("Import"), reverse(UPLOAD), name="import", icon_name="upload", order=310)


@hooks.register("register_log_actions")
def import_action(actions: Any) -> None:
    actions.register_action(ACTION, _("Import"), _("Imported from a spreadsheet"))
