"""Grows a private copy of the database to any number of guides: copies of those that ship, in every language.

Run as `python -m tests.bench.many 5000` in the environment of that copy, which is SQLite. Rows are copied inside the
database; only what must differ is given: id, slug, title, place in the tree, translation key.
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Sequence
from itertools import cycle
from typing import Any

import django


def grow(wanted: int) -> int:
    """Adds copies until at least `wanted` guides stand in each language; returns how many there are then."""
    from django.db import transaction

    from portal.models import GuidePage

    groups: dict[Any, list[dict[str, Any]]] = {}
    for row in GuidePage.objects.live().order_by("path").values("pk", "path", "slug", "title", "translation_key"):
        groups.setdefault(row["translation_key"], []).append(row)
    missing = max(0, wanted - len(groups))
    with transaction.atomic():
        places = _Places()
        copies = []
        for number, group in zip(range(missing), cycle(groups.values())):
            key = uuid.uuid4().hex
            copies += [(row["pk"], places.copy_of(row, number, key)) for row in group]
        _write(copies)
        places.count_children()
    return len(groups) + missing


class _Places:
    """Knows the next free id, and the next free place under each topic as treebeard numbers them."""

    def __init__(self) -> None:
        from wagtail.models import Page

        from portal.models import TopicPage

        self.topics = {topic.path: topic for topic in TopicPage.objects.all()}
        children = {path: topic.get_last_child() for path, topic in self.topics.items()}
        self.last = {
            path: Page._str2int(child.path[-Page.steplen :]) if child else 0 for path, child in children.items()
        }
        self.added = dict.fromkeys(self.topics, 0)
        self.next_id = Page.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1

    def copy_of(self, row: dict[str, Any], number: int, key: str) -> dict[str, Any]:
        """The columns in which a copy differs from its original."""
        from wagtail.models import Page

        path = row["path"][: -Page.steplen]
        self.last[path] += 1
        self.added[path] += 1
        self.next_id += 1
        slug, title = f"{row['slug']}-{number}", f"{row['title']} {number}"
        return {
            "id": self.next_id,
            "path": path + Page._int2str(self.last[path]).rjust(Page.steplen, Page.alphabet[0]),
            "slug": slug,
            "title": title,
            "draft_title": title,
            "url_path": f"{self.topics[path].url_path}{slug}/",
            "translation_key": key,
            "latest_revision_id": None,
            "live_revision_id": None,
        }

    def count_children(self) -> None:
        from wagtail.models import Page

        for path, topic in self.topics.items():
            Page.objects.filter(pk=topic.pk).update(numchild=topic.numchild + self.added[path])


def _write(copies: list[tuple[int, dict[str, Any]]]) -> None:
    from wagtail.models import Page

    from portal.models import GuidePage, PageStamps

    _copy_rows(Page, "id", copies)
    _copy_rows(GuidePage, "page_ptr_id", [(original, {"page_ptr_id": own["id"]}) for original, own in copies])
    _copy_rows(PageStamps, "page_id", [(original, {"page_id": own["id"]}) for original, own in copies])


def _copy_rows(model: Any, known_by: str, copies: Sequence[tuple[int, dict[str, Any]]]) -> None:
    """Copies the row that `known_by` finds, with these columns changed; an id that is not given is the database's."""
    from django.db import connection

    if not copies:
        return
    given = copies[0][1]
    columns = [field.column for field in model._meta.local_fields if field.column != "id" or "id" in given]
    taken = ", ".join("%s" if column in given else f'"{column}"' for column in columns)
    names, table = ", ".join(f'"{column}"' for column in columns), model._meta.db_table
    sentence = f"INSERT INTO {table} ({names}) SELECT {taken} FROM {table} WHERE {known_by} = %s"  # noqa: S608  (our names)
    rows = [[*(own[column] for column in columns if column in given), original] for original, own in copies]
    with connection.cursor() as cursor:
        cursor.executemany(sentence, rows)


if __name__ == "__main__":
    django.setup()
    print(grow(int(sys.argv[1])))
