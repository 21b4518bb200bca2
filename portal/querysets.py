"""How pages are asked for: in one language, with the next best where a text is missing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Value, When
from wagtail.models import Page, PageViewRestriction

from . import languages
from .page_cache import once_a_publication


def _rank(language: str, field: str = "locale__language_code") -> Case:
    """0 for the wanted language, then the fallbacks in order."""
    order = [language, *(code for code in settings.FALLBACK_LANGUAGES if code != language)]
    order += [code for code in languages.codes() if code not in order]
    whens = [When(**{field: code}, then=Value(number)) for number, code in enumerate(order)]
    return Case(*whens, default=Value(len(order)), output_field=IntegerField())


def visible(model: type[Page]) -> QuerySet[Any]:
    """Pages of this model that readers may see: live, and under no restriction. Asks for restrictions once a publication."""
    pages = model.objects.live()
    for path in _restricted():
        pages = pages.exclude(path__startswith=path)
    return pages


@once_a_publication
def _restricted() -> tuple[str, ...]:
    """Paths of restricted branches of the tree; portal.publishing changes the stamp when one is added or removed."""
    return tuple(PageViewRestriction.objects.values_list("page__path", flat=True))


def shown_in(model: type[Page], language: str) -> QuerySet[Any]:
    """Each live, public page of this model once: in this language, else in the next best. One query for any number."""
    ours = visible(model).annotate(rank=_rank(language))
    better = (
        Page.objects.live()
        .filter(translation_key=OuterRef("translation_key"))
        .annotate(rank=_rank(language))
        .filter(rank__lt=OuterRef("rank"))
    )
    return ours.filter(~Exists(better)).order_by("rank", "path")
