"""Loads the starter content: French pages first, then their translations, sentence by sentence, as a translator would.

Idempotent. A page that an editor has changed, or deleted, is left alone. Everything is checked before anything is
written, and written in one transaction: nothing is ever half-loaded.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, ReferenceIndex, Site
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource
from wagtail_localize.strings import StringValue

from portal.models import GuidePage, GuidesPage, HomePage, Source, StarterRecord, StatementPage, TopicPage
from portal.models.pages import PortalPage
from portal.sections import BLOCKS, SECTIONS
from portal.translation_status import digests

from .checking import read_all, read_facts, read_sources
from .reading import LANGUAGES, STARTER, Item, StarterError, StarterGuide, parse
from .reading import SECTIONS as SHAPES
from .statements import StarterPage, read_frame, read_statements, read_topics

SOURCE_LANGUAGE = "fr"
NAMESPACE = uuid.UUID("6a1fb7a6-0d0c-4b52-9a53-5b1f6a2c6f10")
Report = Callable[[str], None]


class StarterFaults(Exception):
    """The starter files cannot be loaded; one `file:line: reason` a fault."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


def load(report: Report, folder: Path = STARTER) -> None:
    """Bring the database to hold the starter content; report each page that was written or left alone."""
    record_all = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.rglob("*.toml")))).hexdigest()
    if StarterRecord.objects.filter(key="*", file_digest=record_all).exists():
        report("Starter content: nothing new.")
        return
    try:
        guides, faults = read_all(folder / "guides")
        pages = (
            read_frame(folder / "topics.toml"),
            read_topics(folder / "topics.toml"),
            read_statements(folder / "statements"),
        )
    except StarterError as error:
        raise StarterFaults([str(error)]) from None
    if faults:
        raise StarterFaults(faults)
    with transaction.atomic():
        with disable_reference_index_auto_update():
            touched = Loader(report).load(guides, *pages)
        for page in touched:  # once a page, not at each of its savings
            ReferenceIndex.create_or_update_for_object(page)
        StarterRecord.objects.update_or_create(key="*", defaults={"file_digest": record_all})


class Loader:
    """One run of the loading, inside one transaction."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in LANGUAGES}
        self.sources: dict[str, int] = {}
        self.placed: dict[str, int] = {}
        self.fresh: set[str] = set()
        self.touched: list[PortalPage] = []

    def load(
        self,
        guides: list[StarterGuide],
        frame: tuple[StarterPage, StarterPage],
        topics: list[StarterPage],
        statements: list[StarterPage],
    ) -> list[PortalPage]:
        """Load everything; returns the pages that were written, in every language."""
        _remove_welcome()
        self.sources = load_sources()
        home = self.page(HomePage, Page.get_first_root_node(), frame[0])
        _make_site(home)
        index = self.page(GuidesPage, home, frame[1])
        places = {topic.key: self.page(TopicPage, index, topic) for topic in topics}
        for statement in statements:
            self.page(StatementPage, home, statement)
        order = {key: number for number, key in enumerate(_order())}
        guides = sorted(guides, key=lambda guide: order.get(guide.key, 999))
        self.place_guides(guides, places)
        for guide in guides:
            self.page(GuidePage, places[guide.topic], self.guide(guide))
        return self.touched

    def place_guides(self, guides: list[StarterGuide], places: dict[str, Any]) -> None:
        """Give each new guide its place and number, so that guides can name each other before they have words."""
        self.placed = dict(GuidePage.objects.filter(locale=self.locales[SOURCE_LANGUAGE]).values_list("slug", "pk"))
        known = set(StarterRecord.objects.values_list("key", flat=True))
        for guide in guides:
            if guide.key not in self.placed and f"GuidePage:{guide.key}" not in known:
                page = GuidePage(
                    slug=guide.key,
                    title=guide.title[SOURCE_LANGUAGE],
                    locale=self.locales[SOURCE_LANGUAGE],
                    live=False,
                    checked_on=guide.checked_on,
                    check_by=guide.check_by,
                )
                parent = places[guide.topic]
                parent.refresh_from_db()
                self.placed[guide.key] = parent.add_child(instance=page).pk
                self.fresh.add(guide.key)

    def guide(self, guide: StarterGuide) -> StarterPage:
        """A guide as the fields of a GuidePage, and the words of each language by their place in it."""
        fields = {name: [self.block(guide.key, item) for item in guide.sections[name]] for name in SECTIONS}
        fields["related"] = [
            {"type": "guide", "id": block_id(guide.key, "related", key), "value": self.placed[key]}
            for key in guide.related
            if key in self.placed
        ]
        plain = {name: getattr(guide, name) for name in ("audience", "sensitive", "checked_on", "check_by")}
        words: dict[str, dict[str, str]] = {code: {"title": guide.title[code]} for code in LANGUAGES}
        for item in guide.items():
            for name, texts in item.texts.items():
                for code in LANGUAGES:
                    words[code][f"{item.section}.{block_id(guide.key, item.section, item.id)}.{name}"] = texts[code]
        return StarterPage(guide.path, guide.key, fields | plain, words)

    def block(self, key: str, item: Item) -> dict[str, Any]:
        """A block in the source language, with its sources."""
        value: dict[str, Any] = dict.fromkeys((*SHAPES[item.section].required, *SHAPES[item.section].optional), "")
        value |= {name: texts[SOURCE_LANGUAGE] for name, texts in item.texts.items()}
        value |= item.plain | {"unsure": item.unsure, "facts": " ".join(item.facts)}
        value["citations"] = [
            {"type": "item", "id": block_id(key, item.section, item.id, str(pair)), "value": pair}
            for pair in self.citations(item)
        ]
        return {"type": BLOCKS[item.section][0], "id": block_id(key, item.section, item.id), "value": value}

    def citations(self, item: Item) -> list[dict[str, Any]]:
        """The first source of each of an item's facts, each once: more would hide the words behind numbers."""
        facts, found = read_facts(), []
        for name in item.facts:
            for row in facts[name].sources[:1]:
                pair = {"source": self.sources[row["source"]], "articles": row.get("articles", "")}
                if pair not in found:
                    found.append(pair)
        return found

    def page(self, model: type[PortalPage], parent: Page | None, wanted: StarterPage) -> Any:
        """The page in the source language, written with its translations unless an editor has made it their own."""
        key, digest = f"{model.__name__}:{wanted.key}", wanted.digest()
        record = StarterRecord.objects.filter(key=key).first()
        existing = (
            model.objects.filter(locale=self.locales[SOURCE_LANGUAGE], slug=wanted.key).first() if parent else None
        )
        if record and (existing is None or record.file_digest == digest or not self.untouched(existing, record)):
            if record.file_digest != digest:
                self.report(f"{wanted.key}: left as editors have it.")
            return existing
        if parent is None or (record is None and existing is not None and wanted.key not in self.fresh):
            return existing
        page = self.write(model, parent, existing, wanted)
        pages = self.every_language(page)
        self.touched += pages.values()
        written = {code: digests(found.wording()) for code, found in pages.items()}
        StarterRecord.objects.update_or_create(key=key, defaults={"file_digest": digest, "written": written})
        self.report(f"{wanted.key}: written in {', '.join(sorted(written))}.")
        return page

    def untouched(self, page: PortalPage, record: StarterRecord) -> bool:
        """Whether every language still has the words that the last loading wrote, and no draft waits."""
        pages = self.every_language(page)
        return not any(found.has_unpublished_changes for found in pages.values()) and record.written == {
            code: digests(found.wording()) for code, found in pages.items()
        }

    def every_language(self, page: PortalPage) -> dict[str, PortalPage]:
        found = type(page).objects.filter(translation_key=page.translation_key).select_related("locale")
        return {other.locale.language_code: other for other in found}

    def write(self, model: type[PortalPage], parent: Page, page: PortalPage | None, wanted: StarterPage) -> PortalPage:
        """Publish the source page, then a translation in each other language."""
        own = {name: text for name, text in wanted.words[SOURCE_LANGUAGE].items() if "." not in name}
        if page is None:
            page = model(
                slug=wanted.key,
                locale=self.locales[SOURCE_LANGUAGE],
                live=False,
                **own,
                **_streams(model, wanted.fields),
            )
            parent.refresh_from_db()
            parent.add_child(instance=page)
        else:
            for name, value in (own | _streams(model, wanted.fields)).items():
                setattr(page, name, value)
        page.save_revision(changed=False).publish()
        page = model.objects.get(pk=page.pk)
        source, _made = TranslationSource.update_or_create_from_instance(page)
        for code in LANGUAGES:
            if code != SOURCE_LANGUAGE:
                translate(source, self.locales[code], wanted.words[code])
        return page


def translate(source: TranslationSource, locale: Locale, words: dict[str, str]) -> None:
    """Fill every segment of a source in one language and publish the page: the editor finds it translated, up to date."""
    Translation.objects.get_or_create(source=source, target_locale=locale, defaults={"enabled": True})
    segments = list(StringSegment.objects.filter(source=source).select_related("context"))
    StringTranslation.objects.filter(locale=locale, context__in=[segment.context_id for segment in segments]).delete()
    StringTranslation.objects.bulk_create(
        StringTranslation(
            translation_of_id=segment.string_id,
            locale=locale,
            context_id=segment.context_id,
            data=StringValue.from_plaintext(words[segment.context.path]).data,
            translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
        )
        for segment in segments
    )
    page, _created = source.create_or_update_translation(locale, publish=False, fallback=False)
    page.get_latest_revision().publish()


def load_sources() -> dict[str, int]:
    """Every source that facts cite, by its id in the files; one that exists already stays as editors have it."""
    existing = dict(Source.objects.values_list("key", "pk"))
    for name, row in read_sources().items():
        key = name.lower()
        if key not in existing:
            titles = {f"title_{code}": row["title"][code] for code in LANGUAGES}
            kind, date = row.get("kind", Source.Kind.OFFICIAL), row.get("date", "")
            existing[key] = Source.objects.create(
                key=key, kind=kind, date=date, address=row.get("address", ""), **titles
            ).pk
    return {name: existing[name.lower()] for name in read_sources()}


def block_id(*names: str) -> str:
    """The same id for the same place in the same guide, for ever."""
    return str(uuid.uuid5(NAMESPACE, "/".join(names)))


def _order() -> list[str]:
    """The order in which guides stand in their topic."""
    _source, data = parse(STARTER / "topics.toml")
    return list(data.get("order", []))


def _streams(model: type[PortalPage], fields: dict[str, Any]) -> dict[str, Any]:
    """Plain lists of blocks as the model's stream values."""
    made = {}
    for name, value in fields.items():
        field = model._meta.get_field(name)
        made[name] = field.to_python(value) if isinstance(value, list) else value
    return made


def _make_site(home: HomePage | None) -> None:
    """Put the default site on our home page."""
    if home is None:
        return
    address = urlsplit(settings.BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    if site.root_page_id != home.pk:
        site.hostname, site.port, site.site_name, site.root_page = address.hostname, port, "Dalil", home
        site.save()


def _remove_welcome() -> None:
    """Remove the page that Wagtail came with; its site goes with it and is made anew."""
    for page in Page.objects.filter(depth=2):
        if page.specific_class is Page:
            page.delete()
