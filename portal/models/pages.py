"""The pages of the portal: home, the list of guides, topics, guides, statements. One tree a language.

Each page follows the same order: fields, editor's panels, tree rules. Addresses are those of portal/urls.py, never
those of the tree, and slugs are the same in every language.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import resolve, reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from portal.blocks import PassageBlock, RelatedGuideBlock
from portal.sections import BLOCKS, SECTIONS

SAME_SLUG = SynchronizedField("slug", overridable=False)


class PortalPage(Page):
    """What all our pages share: an address of ours, a slug that is the same in every language, our own preview."""

    override_translatable_fields = [SAME_SLUG]

    class Meta:
        abstract = True

    def address(self) -> str:
        """The public path of this page in the active language."""
        raise NotImplementedError

    def wording(self) -> dict[str, Any]:
        """What a reader reads, section by section: the parts that a translation can fall behind."""
        raise NotImplementedError

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """As Wagtail asks for it: site, root address, path."""
        site = self._get_relevant_site_root_paths(request)
        with translation.override(self.locale.language_code):
            path = self.address()
        return (site[0].site_id, site[0].root_url, path) if site else None

    def serve_preview(self, request: HttpRequest, _mode_name: str) -> HttpResponse:
        """The page as readers will meet it, from what the editor has typed so far: its own view is asked to show it."""
        language = self.locale.language_code
        with translation.override(language):
            match = resolve(self.address())
            return match.func(request, *match.args, **match.kwargs, preview=self)


class HomePage(PortalPage):
    intro = models.TextField(_("Introduction"), max_length=400)

    content_panels = [*Page.content_panels, FieldPanel("intro")]

    max_count_per_parent = 20
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["portal.GuidesPage", "portal.StatementPage"]

    def address(self) -> str:
        return reverse("home")

    def wording(self) -> dict[str, Any]:
        return {"title": self.title, "intro": self.intro}


class GuidesPage(PortalPage):
    intro = models.TextField(_("Introduction"), max_length=400)

    content_panels = [*Page.content_panels, FieldPanel("intro")]

    max_count_per_parent = 1
    parent_page_types = ["portal.HomePage"]
    subpage_types = ["portal.TopicPage"]

    def address(self) -> str:
        return reverse("guides")

    def wording(self) -> dict[str, Any]:
        return {"title": self.title, "intro": self.intro}


class TopicPage(PortalPage):
    """A need, such as health or work. `icon` names a sign of components/icon.html; main topics come first on the home page."""

    intro = models.TextField(_("Introduction"), max_length=400)
    icon = models.SlugField(_("Sign"), default="star", max_length=30)
    is_main = models.BooleanField(_("Main topic"), default=False)
    position = models.PositiveSmallIntegerField(_("Position"), default=100)

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        MultiFieldPanel([FieldPanel("icon"), FieldPanel("is_main"), FieldPanel("position")], _("On the home page")),
    ]
    override_translatable_fields = [SAME_SLUG, SynchronizedField("icon", overridable=False)]

    parent_page_types = ["portal.GuidesPage"]
    subpage_types = ["portal.GuidePage"]

    def address(self) -> str:
        return reverse("topic", args=[self.slug])

    def wording(self) -> dict[str, Any]:
        return {"title": self.title, "intro": self.intro}


def section(name: str, label: Any, *, least: int = 0, most: int = 14) -> StreamField:
    """A section of a guide: a list of blocks of one kind, each with a stable id."""
    return StreamField([BLOCKS[name]], blank=least == 0, min_num=least or None, max_num=most, verbose_name=label)


class GuidePage(PortalPage):
    """A guide: structured, never a wall of text. The order of the fields is the order in which people read."""

    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("Everyone")
        RESIDENT = "resident", _("People with a residence permit, or asking for one")
        IRREGULAR = "irregular", _("People without a residence permit")
        ASYLUM = "asylum", _("People who ask for asylum, and refugees")
        EMPLOYER = "employer", _("Employers")
        FUTURE = "future", _("People who are not yet in Morocco")
        MRE = "mre", _("Moroccans who live abroad")

    in_short = section("in_short", _("In short"), least=1, most=3)
    who_for = section("who_for", _("Who this is for"))
    numbers = section("numbers", _("Numbers to call"))
    documents = section("documents", _("What to bring"))
    steps = section("steps", _("Steps"))
    deadlines = section("deadlines", _("Deadlines"))
    rights = section("rights", _("Your rights"))
    problems = section("problems", _("If it goes wrong"))
    beware = section("beware", _("Beware"))
    related = StreamField(
        [("guide", RelatedGuideBlock("portal.GuidePage"))], blank=True, verbose_name=_("Related guides")
    )
    audience = models.CharField(_("Audience"), max_length=20, choices=Audience, default=Audience.EVERYONE)
    sensitive = models.BooleanField(
        _("Sensitive"),
        default=False,
        help_text=_("Readers can leave at one touch; the guide is never kept on a phone."),
    )
    checked_on = models.DateField(_("Checked on"))
    check_by = models.DateField(_("Check again by"))

    content_panels = [
        *Page.content_panels,
        *(FieldPanel(name) for name in BLOCKS),
        FieldPanel("related"),
        MultiFieldPanel([FieldPanel("audience"), FieldPanel("sensitive")], _("Readers")),
        MultiFieldPanel([FieldPanel("checked_on"), FieldPanel("check_by")], _("Freshness")),
    ]
    override_translatable_fields = [SAME_SLUG, SynchronizedField("audience", overridable=False)]

    parent_page_types = ["portal.TopicPage"]
    subpage_types: list[str] = []

    def address(self) -> str:
        return reverse("guide", args=[self.topic_slug, self.slug])

    def wording(self) -> dict[str, Any]:
        return {"title": self.title} | {name: list(getattr(self, name).raw_data) for name in SECTIONS}

    @property
    def topic_slug(self) -> str:
        """The topic's part of the address, without asking the database."""
        return self.url_path.strip("/").split("/")[-2]

    def clean(self) -> None:
        super().clean()
        if self.checked_on and self.check_by and self.check_by <= self.checked_on:
            raise ValidationError({"check_by": _("Choose a day after the day on which the guide was checked.")})


class StatementPage(PortalPage):
    """About, privacy, accessibility: what the portal says of itself."""

    passages = StreamField([("passage", PassageBlock())], verbose_name=_("Passages"))

    content_panels = [*Page.content_panels, FieldPanel("passages")]

    parent_page_types = ["portal.HomePage"]
    subpage_types: list[str] = []

    def address(self) -> str:
        return reverse("statement", args=[self.slug])

    def wording(self) -> dict[str, Any]:
        return {"title": self.title, "passages": list(self.passages.raw_data)}
