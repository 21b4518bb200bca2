"""The number of queries of a page, the same for few and for many guides."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.models import GuidePage, TopicPage


def count(reader, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert reader.get(path).status_code == 200
    return len(queries)


def add_guides(number: int) -> None:
    topic = TopicPage.objects.get(slug="health", locale__language_code="fr")
    model = GuidePage.objects.get(slug="see-a-doctor", locale__language_code="fr")
    for each in range(number):
        topic.refresh_from_db()
        topic.add_child(
            instance=GuidePage(
                slug=f"more-{each}", title=f"Encore {each}", locale=model.locale, in_short=model.in_short.get_prep_value(),
                checked_on=model.checked_on, check_by=model.check_by,
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/ar/", 8),
        ("/ar/guides/", 6),
        ("/ar/guides/health/", 4),
        ("/ar/guides/health/see-a-doctor/", 10),
        ("/ar/emergency/", 10),
        ("/ar/about/", 3),
    ],
)
def test_a_page_asks_the_database_the_same_few_questions_for_few_and_many_guides(reader, path, most):
    reader.get(path)
    few = count(reader, path)
    add_guides(12)
    assert count(reader, path) == few <= most
