"""What the CMS does for the directory: its lists and forms, what is done to many records at once, how it looks."""

from __future__ import annotations

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from . import models
from .cms import bulk_actions, viewsets

register_permission_policy(models.MissedSearch, viewsets.OnlyRead(models.MissedSearch))
register_permission_policy(models.Report, viewsets.WithoutAdding(models.Report))
register_snippet(viewsets.DirectoryGroup)
register_snippet(viewsets.SearchGroup)

for _action in bulk_actions.ALL:
    hooks.register("register_bulk_action", _action)


@hooks.register("insert_global_admin_css")
def directory_styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/cms/directory.css"))


from .cms import import_hooks  # noqa: E402, F401 (registers the import of spreadsheets)
