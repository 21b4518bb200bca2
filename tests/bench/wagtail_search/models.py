"""An entry of our search as a model that Wagtail's search indexes: the same texts, the same facets."""

from django.db import models
from wagtail.search import index


class Value(models.Model):
    """A value of a facet that a record may have several of."""

    code = models.CharField(max_length=50, primary_key=True)

    def __str__(self) -> str:
        return self.code


class Record(index.Indexed, models.Model):
    """`title` and `body` hold the texts of every language. Of a facet in a column, a record keeps its first value.

    The primary key is text, because Wagtail's index keeps keys as text: with a number no index serves the join of the
    two, and SQLite ranks in quadratic time.
    """

    key = models.CharField(max_length=50, primary_key=True)
    title = models.TextField()
    body = models.TextField()
    kind = models.CharField(max_length=20, db_index=True)
    topic = models.CharField(max_length=50, db_index=True)
    category = models.CharField(max_length=50, db_index=True)
    region = models.CharField(max_length=50, db_index=True)
    city = models.CharField(max_length=50, db_index=True)
    language = models.ManyToManyField(Value, related_name="+")
    welcomes = models.ManyToManyField(Value, related_name="+")

    search_fields = [
        index.SearchField("title", boost=10),
        index.SearchField("body"),
        *(index.FilterField(name) for name in ("kind", "topic", "category", "region", "city", "language", "welcomes")),
    ]

    def __str__(self) -> str:
        return self.key
