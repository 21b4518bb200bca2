"""The sections of a guide, in the order in which people read them, and their blocks."""

from __future__ import annotations

from wagtail import blocks as wagtail_blocks

from . import blocks

# The names are those of the starter files, of GuidePage's fields and of the anchors in addresses.
SECTIONS = ("in_short", "who_for", "numbers", "documents", "steps", "deadlines", "rights", "problems", "beware")

BLOCKS: dict[str, tuple[str, wagtail_blocks.StructBlock]] = {
    "in_short": ("statement", blocks.StatementBlock()),
    "who_for": ("statement", blocks.StatementBlock()),
    "numbers": ("number", blocks.NumberBlock()),
    "documents": ("document", blocks.DocumentBlock()),
    "steps": ("step", blocks.StepBlock()),
    "deadlines": ("deadline", blocks.DeadlineBlock()),
    "rights": ("statement", blocks.StatementBlock()),
    "problems": ("problem", blocks.ProblemBlock()),
    "beware": ("statement", blocks.StatementBlock()),
}
