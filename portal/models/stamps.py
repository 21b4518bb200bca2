"""Marks of what was published: which wording each section has, and from which wording it was translated."""

from django.db import models
from wagtail.models import Page


class PageStamps(models.Model):
    """The live wording of a page, section by section, as digests. Written when the page is published, never before.

    `made_from` holds the digests of the source that a live translation was made from; empty for a source itself.
    `older` follows from the two by portal.translation_status and is written only by portal.publishing.
    """

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="stamps")
    sections = models.JSONField(default=dict)
    made_from = models.JSONField(default=dict)
    older = models.BooleanField(default=False, db_index=True)
    source_language = models.CharField(max_length=10, blank=True)

    def __str__(self) -> str:
        return f"Stamps of page {self.page_id}"


class StarterRecord(models.Model):
    """What load_starter wrote, so that it knows an editor's change from its own text."""

    key = models.CharField(max_length=100, primary_key=True)
    file_digest = models.CharField(max_length=64)
    written = models.JSONField(default=dict)  # language → {section: digest}

    def __str__(self) -> str:
        return self.key
