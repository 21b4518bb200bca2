"""Plain texts shown in three directions: numbers, links and foreign terms keep their own order."""

from __future__ import annotations

import re

import pytest
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from portal.wording import dress


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        ("القانون 02-03", "ar", 'القانون <bdi dir="ltr">02-03</bdi>'),
        ("من 8:30 إلى 16:00", "ar", 'من <bdi dir="ltr">8:30</bdi> إلى <bdi dir="ltr">16:00</bdi>'),
        ("100 درهم", "ar", "100 درهم"),
        ("سجلك لدى CNSS.", "ar", 'سجلك لدى <bdi lang="fr" dir="ltr">CNSS</bdi>.'),
        ("وصل ({fr:récépissé})", "ar", 'وصل (<bdi lang="fr" dir="ltr">récépissé</bdi>)'),
        ("le reçu ({ar:وصل})", "fr", 'le reçu (<bdi lang="ar" dir="rtl">وصل</bdi>)'),
        ("Appelez le 2511.", "fr", 'Appelez le <a href="tel:2511" class="tel"><bdi dir="ltr">2511</bdi></a>.'),
        ("the {tel:19}", "en", 'the <a href="tel:19" class="tel"><bdi dir="ltr">19</bdi></a>'),
        ("0800 00 47 47", "fr", '<a href="tel:0800004747" class="tel"><bdi dir="ltr">0800 00 47 47</bdi></a>'),
        (
            "+212 5 37 54 54 00",
            "ar",
            '<a href="tel:+212537545400" class="tel"><bdi dir="ltr">+212 5 37 54 54 00</bdi></a>',
        ),
        ("Voir idarati.ma.", "fr", 'Voir <a href="https://idarati.ma" dir="ltr">idarati.ma</a>.'),
        ("Est-ce sûr ?", "fr", "Est-ce sûr\u00a0?"),
        ("« oui »", "fr", "«\u00a0oui\u00a0»"),
        ("Is it sure?", "en", "Is it sure?"),
        ("2 000 dirhams", "fr", "2\u202f000 dirhams"),
        ("en 2511,50", "fr", "en 2511,50"),
    ],
)
def test_a_text_is_dressed_for_its_language(text, language, shown):
    assert dress(text, language) == shown


def test_html_in_a_text_is_shown_and_never_run():
    assert "<script" not in dress('<script>alert(1)</script> {fr:<b>} https://x.ma/"onclick=', "ar")
    assert dress("a < b & c", "en") == "a &lt; b &amp; c"


@given(text=st.text(max_size=200), language=st.sampled_from(["ar", "fr", "en"]))
def test_dressing_adds_only_our_own_elements_and_loses_no_word(text, language):
    shown = str(dress(text, language))
    assert set(re.findall(r"</?(\w+)", re.sub(r"&\w+;", "", shown))) <= {"a", "bdi"}
    kept = re.sub(r"\{(?:\w\w|tel):([^{}]+)\}", r"\1", text)
    import html

    plain = html.unescape(strip_tags(shown))
    assert (
        re.sub(r"\s", "", plain.replace("\u202f", ""))
        == re.sub(r"\s", "", html.unescape(html.escape(kept)).replace("\u202f", ""))
        or "{" in text
    )


def test_no_starter_text_leaves_a_composed_number_or_a_latin_word_bare_in_arabic():
    from portal.starter.checking import read_all

    guides, faults = read_all()
    assert not faults
    for guide in guides:
        for item in guide.items():
            for texts in item.texts.values():
                shown = re.sub(r"<bdi.*?</bdi>|<a .*?</a>", "", str(dress(texts["ar"], "ar")))
                assert not re.search(r"\d[-/:.,]\d|[A-Za-zÀ-ÿ]{2}", re.sub(r"&\w+;|&#x\w+;", "", shown)), texts["ar"]
