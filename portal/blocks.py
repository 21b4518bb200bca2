"""The blocks that a guide is made of. Each is plain text: what is a number, a link or a foreign term is shown so by portal/wording.py.

Every block has a stable id, so that a translation can be followed section by section.
"""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

FACTS = RegexValidator(
    r"^[A-Z]{1,2}-\d+[a-z]?( [A-Z]{1,2}-\d+[a-z]?)*$", _("Write fact numbers divided by spaces: R-08 R-14.")
)
PHONE = RegexValidator(r"^\+?[0-9]{2,15}$", _("Write digits only, such as 2511 or +212537545400."))


class NotTranslated:
    """A value that is the same in every language: translators never meet it."""

    def get_translatable_segments(self, _value: Any) -> list[Any]:
        return []

    def restore_translated_segments(self, value: Any, _segments: list[Any]) -> Any:
        return value


class PlainBlock(NotTranslated, blocks.CharBlock):
    """A code, a number or a list of fact ids."""


class SourceBlock(NotTranslated, SnippetChooserBlock):
    """A source from the list of sources."""


class CitationBlock(blocks.StructBlock):
    """What a statement rests on: a source and, in a law, its articles."""

    source = SourceBlock("portal.Source", label=_("Source"))
    articles = PlainBlock(required=False, max_length=80, label=_("Articles"), help_text=_("Numbers only: 8, 40"))

    class Meta:
        icon = "openquote"
        label = _("Source")


class SourcedBlock(blocks.StructBlock):
    """Whatever states something: it says what it rests on, and whether that was confirmed."""

    unsure = blocks.BooleanBlock(
        required=False, label=_("Not confirmed"), help_text=_("Readers are told to ask before they rely on it.")
    )
    facts = PlainBlock(required=False, max_length=200, validators=[FACTS], label=_("Facts"))
    citations = blocks.ListBlock(CitationBlock(), default=[], label=_("Sources"))


def paragraph(label: Any, *, required: bool = True, help_text: Any = "") -> blocks.TextBlock:
    """A short plain text in the reader's words."""
    return blocks.TextBlock(label=label, required=required, rows=2, help_text=help_text)


def one_line(label: Any, *, required: bool = True) -> blocks.CharBlock:
    """One line of plain text."""
    return blocks.CharBlock(label=label, required=required, max_length=255)


class StatementBlock(SourcedBlock):
    text = paragraph(_("Text"), help_text=_("Sentences of 20 words at most. A foreign term: {fr:récépissé}."))

    class Meta:
        icon = "pilcrow"
        label = _("Statement")
        form_layout = ["text", "unsure", "facts", "citations"]


class NumberBlock(SourcedBlock):
    number = PlainBlock(max_length=16, validators=[PHONE], label=_("Telephone number"))
    name = one_line(_("Who answers"))
    when = one_line(_("When, and what for"), required=False)

    class Meta:
        icon = "mobile-alt"
        label = _("Telephone number")
        form_layout = ["number", "name", "when", "unsure", "facts", "citations"]


class DocumentBlock(SourcedBlock):
    name = one_line(_("Document"))
    if_you_have_it = blocks.BooleanBlock(
        required=False, label=_("If you have it"), help_text=_("Without it nobody may refuse you.")
    )
    where = paragraph(_("Where to get it"), required=False)
    note = paragraph(_("Note"), required=False)

    class Meta:
        icon = "doc-full"
        label = _("Document to bring")
        form_layout = ["name", "if_you_have_it", "where", "note", "unsure", "facts", "citations"]


class StepBlock(SourcedBlock):
    title = one_line(_("What to do"))
    text = paragraph(_("How"))
    where = paragraph(_("Where"), required=False)
    how_long = paragraph(_("How long"), required=False)
    cost = paragraph(_("How much"), required=False)

    class Meta:
        icon = "list-ol"
        label = _("Step")
        form_layout = ["title", "text", "where", "how_long", "cost", "unsure", "facts", "citations"]


class DeadlineBlock(SourcedBlock):
    what = paragraph(_("What"))
    when = paragraph(_("When"))

    class Meta:
        icon = "date"
        label = _("Deadline")
        form_layout = ["what", "when", "unsure", "facts", "citations"]


class ProblemBlock(SourcedBlock):
    title = one_line(_("What goes wrong"))
    text = paragraph(_("What to do, whom to ask"))

    class Meta:
        icon = "warning"
        label = _("If it goes wrong")
        form_layout = ["title", "text", "unsure", "facts", "citations"]


class RelatedGuideBlock(NotTranslated, blocks.PageChooserBlock):
    """Another guide; readers are led to it in their own language."""


class PassageBlock(blocks.StructBlock):
    """A heading and its paragraphs, for statements such as the one on privacy."""

    heading = one_line(_("Heading"))
    text = blocks.TextBlock(label=_("Text"), rows=5, help_text=_("An empty line begins a new paragraph."))

    class Meta:
        icon = "title"
        label = _("Passage")
