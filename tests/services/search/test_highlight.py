"""A text that was found is shown with its words marked, and nothing else of it is HTML."""

from __future__ import annotations

import html
import re
import time

from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from services.search.highlight import excerpt
from services.search.text import MAX_LENGTH, terms


def test_every_form_of_the_word_is_marked():
    shown = excerpt("الإقامة: تجديد إقامَتِه بالإقامة", "ar", set(terms("اقامه", "ar")))
    assert shown == "<mark>الإقامة</mark>: تجديد إقامَتِه <mark>بالإقامة</mark>"


def test_an_elided_article_is_not_marked():
    assert excerpt("Aller à l’école", "fr", {"ecol"}) == "Aller à l’<mark>école</mark>"


def test_what_looks_like_html_is_escaped():
    shown = excerpt('<script>alert("visa")</script> & <b>visa</b>', "fr", {"visa", "script"})
    assert shown == (
        "&lt;<mark>script</mark>&gt;alert(&quot;<mark>visa</mark>&quot;)&lt;/<mark>script</mark>&gt; &amp; "
        "&lt;b&gt;<mark>visa</mark>&lt;/b&gt;"
    )
    assert isinstance(shown, SafeString)


def test_a_short_text_is_shown_whole():
    assert excerpt("Un texte court.", "fr", {"sejou"}) == "Un texte court."
    assert excerpt("", "fr", {"sejou"}) == ""


def test_the_passage_with_most_different_words_is_shown():
    text = "carte carte carte " + "mot " * 200 + "une carte de séjour perdue " + "mot " * 200
    shown = excerpt(text, "fr", set(terms("carte de séjour", "fr")))
    assert "une <mark>carte</mark> de <mark>séjour</mark> perdue" in shown
    assert shown.startswith("… mot")
    assert shown.endswith("mot …")
    assert len(strip_tags(shown)) <= 204


def test_without_a_wanted_word_the_beginning_is_shown():
    shown = excerpt("Premier mot. " + "suite " * 100, "fr", {"absent"})
    assert shown.startswith("Premier mot.")
    assert shown.endswith("suite …")


def test_a_cut_never_parts_a_letter_from_its_signs():
    text = "مُ" * 400
    shown = str(excerpt(text, "ar", set(), 201))
    assert shown.removesuffix(" …").endswith("\u064f")
    assert not str(excerpt("ا" + text, "ar", set(), 200)).startswith("… \u064f")


def test_controls_turns_and_half_characters_do_not_reach_the_page():
    shown = excerpt("a\x00b \u202eevil\u202c \ud800 \u2067x\u2069 visa", "fr", {"visa"})
    assert shown == "a b evil \ufffd x <mark>visa</mark>"
    shown.encode("utf-8")


@given(
    text=st.text(st.one_of(st.characters(), st.sampled_from("<>&\"' visa séjour محامي")), max_size=400),
    length=st.integers(10, 300),
)
def test_only_marks_are_elements_and_no_text_is_invented(text, length):
    shown = str(excerpt(text, "fr", {"visa", "sejou"}, length))
    assert re.fullmatch(r"(?:[^<>]|<mark>[^<>]+</mark>)*", shown)
    plain = html.unescape(re.sub(r"</?mark>|^… | …$", "", shown))
    assert len(plain) <= max(len(text), length)


def test_a_long_text_takes_no_longer_than_its_length():
    start = time.perf_counter()
    excerpt("visa séjour carte " * (MAX_LENGTH // 18), "fr", {"visa", "sejou", "cart"})
    excerpt("x" * MAX_LENGTH * 5, "fr", {"visa"})
    assert time.perf_counter() - start < 3
