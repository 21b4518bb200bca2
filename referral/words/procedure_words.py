"""What the keys of a procedure are called: how far its text may be trusted, what was seen of a source, when a step is due."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from referral.procedures import Limit, Procedure, Rhythm

Text = str | Promise


class SourceStatus(TextChoices):
    """Where the text of a procedure comes from. Shown wherever the procedure is shown."""

    OFFICIAL = "official", gettext_lazy("Official text. The document it was taken from is named below.")
    DERIVED = (
        "derived_international",
        gettext_lazy("Derived from international standards; not the Moroccan référentiel, whose text is not public."),
    )
    DRAFT = "draft", gettext_lazy("Draft. Nobody has checked this text yet.")


class Seen(TextChoices):
    """What the authors had before their eyes."""

    TEXT = "text", pgettext_lazy("source seen", "the whole text was read")
    EXCERPT = "excerpt", pgettext_lazy("source seen", "parts were read")
    ABSTRACT = "abstract", pgettext_lazy("source seen", "only a summary was read")
    EXISTENCE_ONLY = "existence_only", pgettext_lazy("source seen", "known to exist, not read")
    GENERAL_KNOWLEDGE = "general_knowledge", pgettext_lazy("source seen", "general knowledge")
    OUR_DESIGN = "our_design", pgettext_lazy("source seen", "our own choice")


class ChangeKind(TextChoices):
    """What became of a part between two versions."""

    ADDED = "added", pgettext_lazy("difference", "Added")
    REMOVED = "removed", pgettext_lazy("difference", "Removed")
    CHANGED = "changed", pgettext_lazy("difference", "Changed")


class Part(TextChoices):
    """What a difference is in."""

    PROCEDURE = "procedure", pgettext_lazy("part of a procedure", "The procedure")
    STEP = "step", pgettext_lazy("part of a procedure", "Step")
    RULE = "rule", pgettext_lazy("part of a procedure", "Rule")
    FIELD = "field", pgettext_lazy("part of a procedure", "Field")
    SOURCE = "source", pgettext_lazy("part of a procedure", "Source")


def label(choices: type[TextChoices], key: str) -> Text:
    """The label of a key of a closed list; the key itself if a later version knows more."""
    return choices(key).label if key in choices.values else key


def due(limit: Limit, procedure: Procedure) -> str:
    """When a step is due, in one sentence: “Within 24 hours, counted from: Identification”."""
    since = _since(limit, procedure)
    if limit.unit == "by_urgency":
        return _("By urgency: 24 hours, 72 hours or 14 days, counted from: %(since)s") % {"since": since}
    if limit.unit == "end_of_day":
        return _("By the end of the day, counted from: %(since)s") % {"since": since}
    return _("Within %(time)s, counted from: %(since)s") % {"time": _amount(limit.amount, limit.unit), "since": since}


def rhythm(every: Rhythm) -> str:
    """How often a step comes back: “Again every 30 days”."""
    return _("Again every %(time)s") % {"time": _amount(every.amount, every.unit)}


def _since(limit: Limit, procedure: Procedure) -> str:
    if limit.since == "opened":
        return _("the opening of the case")
    for step in procedure.steps:
        if step.key == limit.since:
            return str(step.title)
    found = procedure.fields.get(limit.since)
    return str(found.label) if found else limit.since


def _amount(amount: int, unit: str) -> str:
    sentences = {
        "hours": ngettext("%(amount)s hour", "%(amount)s hours", amount),
        "days": ngettext("%(amount)s day", "%(amount)s days", amount),
        "working_days": ngettext("%(amount)s working day", "%(amount)s working days", amount),
    }
    return sentences[unit] % {"amount": amount}
