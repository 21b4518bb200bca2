"""What follows when an editor publishes: marks for translations, and every kept page forgotten, in every worker."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move
from wagtail_localize.models import Translation, TranslationSource

from services import search
from services.models import Category, Location, Organisation, Place, Service

from .models import GuidePage, PageStamps, Source
from .models.pages import PortalPage
from .page_cache import forget_all
from .translation_status import digests, sections_behind


@receiver(page_published)
def stamp(instance: Page, **_signal: Any) -> None:
    """Note the published wording; for a translation also the wording of the source that it was made from.

    A source that changed asks its translations for the new words: they stay live as they were, and count as older.
    """
    if isinstance(instance, PortalPage):
        try:
            _mark(instance)
        finally:  # whatever fails here, readers see what was published
            _tell(instance)


def _mark(instance: PortalPage) -> None:
    made_by = active_translation(instance)
    marks: dict[str, Any] = {"sections": digests(instance.wording())}
    if made_by:
        marks["made_from"] = digests(made_by.source.as_instance().wording())
        marks["source_language"] = made_by.source.locale.language_code
    PageStamps.objects.update_or_create(page_id=instance.pk, defaults=marks)
    _mark_older(instance)
    if made_by is None:
        _ask_for_translations(instance)


def active_translation(page: Page) -> Translation | None:
    """The translation that this page is kept in step by; None for a source and for a page that left its source."""
    return (
        Translation.objects.filter(
            source__object_id=page.translation_key, target_locale_id=page.locale_id, enabled=True
        )
        .select_related("source__locale", "source__specific_content_type")
        .first()
    )


def _mark_older(page: PortalPage) -> None:
    """Say of each translation of this page whether it is older than its source, as it stands now."""
    marks = PageStamps.objects.filter(page__translation_key=page.translation_key).select_related("page__locale")
    by_language = {mark.page.locale.language_code: mark for mark in marks}
    for mark in by_language.values():
        source = by_language.get(mark.source_language)
        mark.older = bool(source and sections_behind(mark.made_from, source.sections))
        mark.save(update_fields=["older"])


def _ask_for_translations(page: PortalPage) -> None:
    source = TranslationSource.objects.filter(object_id=page.translation_key, locale_id=page.locale_id).first()
    if source:
        source.update_from_db()


@receiver(page_unpublished)
@receiver(post_page_move)
def page_went(instance: Page, **_signal: Any) -> None:
    _tell(instance)


def _tell(page: Page) -> None:
    """Whoever keeps something of this page: the kept pages, and the index if it is a guide."""
    transaction.on_commit(forget_all)
    if issubclass(page.specific_class or Page, GuidePage):
        search.changed("guide", [page.slug])


@receiver([post_save, post_delete], sender=Source)
@receiver([post_save, post_delete], sender=PageViewRestriction)
def shown_data_changed(**_signal: Any) -> None:
    transaction.on_commit(forget_all)


@receiver(post_delete)
def page_deleted(sender: type, instance: Page, **_signal: Any) -> None:
    if issubclass(sender, PortalPage):
        _tell(instance)


for _shown in (Service, Organisation, Location, Category, Place):
    post_save.connect(shown_data_changed, sender=_shown)
    post_delete.connect(shown_data_changed, sender=_shown)
