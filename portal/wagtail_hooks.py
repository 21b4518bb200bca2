"""What the CMS does for us: guards translations, shows what is older than its source, writes Arabic from the right."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from .models import PageStamps
from .presenting import HEADINGS
from .publishing import active_translation
from .translation_status import sections_behind

MOST_ON_THE_FIRST_PAGE = 30


@hooks.register("before_edit_page", order=-10)  # before wagtail-localize's own hook
def guard_translation(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to publish a translation with missing sentences: they would be filled with the source's words in silence.

    Says, when the page is opened, which sections are older than the source.
    """
    translation = active_translation(page)
    if translation is None:
        return None
    if request.method == "GET":
        _say_what_is_older(request, page)
        return None
    total, done = translation.get_progress()
    if request.POST.get("action") in ("publish", "submit") and done < total:
        sentence = _(
            "Not published: %(missing)s of %(total)s sentences have no translation yet. What you typed is kept."
        )
        messages.error(request, sentence % {"missing": total - done, "total": total})
        return HttpResponseRedirect(request.path)
    return None


def _say_what_is_older(request: HttpRequest, page: Page) -> None:
    behind = older_sections(page)
    if behind:
        names = ", ".join(str(HEADINGS.get(name, _("title"))) for name in behind)
        messages.warning(request, _("Older than its source: %(sections)s. Readers are told so.") % {"sections": names})


def older_sections(page: Page) -> list[str]:
    """The sections of a live translation whose source has changed since; two queries."""
    own = PageStamps.objects.filter(page_id=page.pk).first()
    if own is None or not own.source_language:
        return []
    source = PageStamps.objects.filter(
        page__translation_key=page.translation_key, page__locale__language_code=own.source_language
    ).first()
    return sorted(sections_behind(own.made_from, source.sections if source else {}))


class OlderTranslations(Component):
    """On the CMS's first page: translations that are older than their source, so that somebody mends them."""

    order = 50
    template_name = "portal/cms/older_translations.html"

    def get_context_data(self, _parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        older = PageStamps.objects.filter(older=True).select_related("page__locale").order_by("page__path")
        return {"older": older[:MOST_ON_THE_FIRST_PAGE], "count": older.count()}


@hooks.register("construct_homepage_panels")
def show_older_translations(request: HttpRequest, panels: list[Any]) -> None:  # noqa: ARG001  (Wagtail calls it so)
    panels.append(OlderTranslations())


@hooks.register("insert_global_admin_css")
def admin_styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/cms/direction.css"))


@hooks.register("construct_main_menu")
def leave_out_unused(request: HttpRequest, items: list[Any]) -> None:  # noqa: ARG001  (Wagtail calls it so)
    """Guides hold no pictures and no files; those menus would only lead nowhere."""
    items[:] = [item for item in items if item.name not in ("images", "documents")]
