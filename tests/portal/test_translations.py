"""An editor changes a sentence of a French guide: the other languages stay as they were, and say that they are older."""

from __future__ import annotations

import pytest
from wagtail_localize.models import StringTranslation, Translation

from portal.models import GuidePage, PageStamps, Source
from portal.translation_status import digests, sections_behind

KEY = "see-a-doctor"
NOTICE = {
    "ar": "تغير هذا الجزء في النص الأصلي بعد هذه الترجمة",
    "en": "This part was changed in the original after this translation",
}


def guide(language: str) -> GuidePage:
    return GuidePage.objects.get(slug=KEY, locale__language_code=language)


def change_french_step(text: str = "Cette phrase est toute neuve.") -> None:
    page = guide("fr")
    page.steps[0].value["text"] = text
    page.save_revision().publish()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_changed_french_step_leaves_the_translation_live_and_marks_that_section_only(reader, language):
    before = reader.get(f"/{language}/guides/health/{KEY}/").content.decode()
    change_french_step()
    after = reader.get(f"/{language}/guides/health/{KEY}/").content.decode()
    assert NOTICE[language] not in before
    assert after.count(NOTICE[language]) == 1
    section = after[after.index('id="steps"') :]
    assert NOTICE[language] in section[: section.index("</section>")]
    assert f'href="/fr/guides/health/{KEY}/#steps"' in after
    assert "toute neuve" not in after, "nothing untranslated is ever shown under another language"


def test_the_french_page_shows_the_new_sentence_at_once(reader):
    change_french_step()
    text = reader.get(f"/fr/guides/health/{KEY}/").content.decode()
    assert "Cette phrase est toute neuve." in text
    assert 'class="notice notice-older"' not in text


def test_editors_find_the_translation_waiting_for_one_sentence(editor):
    change_french_step()
    waiting = Translation.objects.get(source__object_id=guide("fr").translation_key, target_locale__language_code="ar")
    total, done = waiting.get_progress()
    assert total - done == 1
    assert PageStamps.objects.get(page=guide("ar")).older
    assert "Que faire" not in editor.get("/cms/").content.decode()
    assert str(guide("ar").get_admin_display_title()) in editor.get("/cms/").content.decode()


def test_a_translation_with_a_missing_sentence_cannot_be_published(editor):
    change_french_step()
    page = guide("ar")
    before = page.live_revision_id
    answer = editor.post(f"/cms/pages/{page.pk}/edit/", {"action": "publish"}, follow=True)
    assert guide("ar").live_revision_id == before
    assert "1" in " ".join(str(message) for message in answer.context["messages"])


def test_translating_the_sentence_and_publishing_brings_the_page_up_to_date(reader, editor):
    change_french_step()
    page = guide("ar")
    waiting = Translation.objects.get(source__object_id=page.translation_key, target_locale=page.locale)
    segment = waiting.source.stringsegment_set.get(string__data="Cette phrase est toute neuve.")
    StringTranslation.objects.create(
        translation_of=segment.string,
        locale=page.locale,
        context=segment.context,
        data="هذه جملة جديدة.",
        translation_type="manual",
    )
    editor.post(f"/cms/pages/{page.pk}/edit/", {"action": "publish"}, follow=True)
    publish_what_waits(page)
    text = reader.get(f"/ar/guides/health/{KEY}/").content.decode()
    assert "هذه جملة جديدة." in text
    assert NOTICE["ar"] not in text
    assert not PageStamps.objects.get(page=page).older


def publish_what_waits(page: GuidePage) -> None:
    """wagtail-localize publishes when the transaction commits; a test's never does."""
    page.refresh_from_db()
    page.get_latest_revision().publish()


def test_a_new_source_or_fact_number_makes_no_translation_older(reader):
    page = guide("fr")
    page.steps[0].value["facts"] = "H-01 H-02"
    page.steps[0].value["citations"].append({"source": Source.objects.first(), "articles": "99"})
    page.save_revision().publish()
    assert NOTICE["en"] not in reader.get(f"/en/guides/health/{KEY}/").content.decode()


def test_a_removed_step_makes_the_translations_older(reader):
    page = guide("fr")
    del page.steps[0]
    page.save_revision().publish()
    assert NOTICE["en"] in reader.get(f"/en/guides/health/{KEY}/").content.decode()


@pytest.mark.parametrize(
    ("made_from", "now", "behind"),
    [
        ({}, {"steps": "a"}, set()),
        ({"steps": "a"}, {"steps": "a"}, set()),
        ({"steps": "a"}, {"steps": "b"}, {"steps"}),
        ({"steps": "a"}, {"steps": "a", "rights": "c"}, {"rights"}),
        ({"steps": "a", "rights": "c"}, {"steps": "a"}, set()),
    ],
)
def test_a_section_is_behind_when_its_source_differs_from_what_it_was_made_from(made_from, now, behind):
    assert sections_behind(made_from, now) == behind


def test_a_digest_sees_words_and_order_and_nothing_else():
    one = {
        "steps": [{"id": "1", "type": "step", "value": {"text": "a", "where": "", "facts": "R-01", "unsure": False}}]
    }
    same = {
        "steps": [
            {
                "id": "1",
                "type": "step",
                "value": {"text": "a", "facts": "R-02", "if_you_have_it": False, "citations": [1]},
            }
        ]
    }
    other = {"steps": [{"id": "1", "type": "step", "value": {"text": "b", "unsure": False}}]}
    assert digests(one) == digests(same) != digests(other)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_an_editor_who_opens_a_translation_finds_every_sentence_translated(editor, language):
    page = guide(language)
    answer = editor.get(f"/cms/pages/{page.pk}/edit/")
    assert answer.status_code == 200
    waiting = Translation.objects.get(source__object_id=page.translation_key, target_locale=page.locale)
    total, done = waiting.get_progress()
    assert (total, done) == (total, total)
    assert total > 30


def test_every_starter_translation_is_complete_and_up_to_date(db):
    for translation in Translation.objects.all():
        total, done = translation.get_progress()
        assert total == done > 0
    assert not PageStamps.objects.filter(older=True).exists()
    assert Translation.objects.count() == 2 * (1 + 1 + 6 + 3 + 32)
