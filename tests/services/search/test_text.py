"""The terms of texts are those of Lucene's analysers, whatever characters people paste."""

from __future__ import annotations

import json
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.search.text import MAX_LENGTH, Token, analyse, clean, fold, fold_words, terms, words

CONTRACT = json.loads((Path(__file__).parent / "analysis.json").read_text(encoding="utf-8"))
LANGUAGES = ["ar", "fr", "en", "es", "zgh", "xx"]

# Any character, lone surrogates and controls too, and much of what our users write.
ANYTHING = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs", "Cc", "Cf", "Mn"]),
        st.sampled_from("ابتةىأإآؤئءـًٌٍَُِّْٰ٠١٢۱۲éèœ’'_.,:-0123 \u200f\u200b\u0301ﻻﷲ"),
    ),
    max_size=80,
)
ARABIC_WORDS = st.text(st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهوي"), min_size=3, max_size=9)


@pytest.mark.parametrize("row", CONTRACT, ids=lambda row: f"{row['language']} {row['text'][:30]}")
def test_the_terms_are_those_of_the_contract(row):
    assert terms(row["text"], row["language"]) == row["terms"]
    assert terms(clean(row["text"]), row["language"]) == row["terms"], "a search node is sent the cleaned text"


def test_a_term_knows_its_place_in_the_original_text():
    assert analyse("La bita9a de l’école", "fr") == [Token("bita9a", 3, 9), Token("ecol", 13, 20)]
    assert analyse("في الـمَدْرَسَة", "ar") == [Token("مدرس", 3, 15)]


@given(text=ANYTHING, language=st.sampled_from(LANGUAGES))
@example(text="\ud800\udfff\x00 \ud83d مح\u200fامي", language="ar")
@example(text="_" * 50, language="fr")
def test_no_character_breaks_the_analysis(text, language):
    found = analyse(text, language)
    assert [token.term for token in found] == terms(text, language)
    end = 0
    for token in found:
        assert end <= token.start < token.end <= len(text)
        assert not any(character.isspace() for character in text[token.start : token.end])
        assert token.term
        token.term.encode("utf-8")
        end = token.end
    clean(text).encode("utf-8")
    assert all(words(text)) or not found


@given(text=ANYTHING)
@example(text="´ ¨ ͺ İ ß ﬁ ´s")
def test_folding_twice_is_folding_once(text):
    once = fold(text)
    assert fold(once) == once
    assert fold_words(once) == fold_words(text)
    once.encode("utf-8")


@given(word=ARABIC_WORDS, signs=st.lists(st.sampled_from("ًٌٍَُِّْـٰ"), max_size=9))
def test_vowel_signs_and_tatweel_change_nothing(word, signs):
    dressed = "".join(letter + "".join(signs[index : index + 1]) for index, letter in enumerate(word))
    assert terms(dressed, "ar") == terms(word, "ar")
    assert fold(dressed) == fold(word)


@given(word=ARABIC_WORDS, hamza=st.sampled_from("أإآٱ"))
def test_a_hamza_on_the_alef_changes_nothing(word, hamza):
    assert fold(hamza + word) == fold("ا" + word)
    assert terms(f"ب{hamza}{word}ز", "ar") == terms(f"با{word}ز", "ar")


@pytest.mark.parametrize("language", ["ar", "fr", "en", "es"])
@given(text=st.text(st.sampled_from("éèàçôüñبأإآؤئ أcole'"), max_size=30))
def test_composed_and_decomposed_letters_have_the_same_terms(language, text):
    assert terms(unicodedata.normalize("NFD", text), language) == terms(unicodedata.normalize("NFC", text), language)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  L’École —\u00a0«É» ", 'l\'ecole - "e"'),
        ("أإآٱ مستشفى مدرسة", "اااا مستشفي مدرسه"),
        ("لاجئ لاجىء لاجيء", "لاجي لاجي لاجي"),
        ("مُحَامِـــيّ", "محامي"),
        ("٢٠٢٦ ۲۰۲۶", "2026 2026"),
        ("Œuvre STRASSE Straße", "oeuvre strasse strasse"),
        ("\u202bمحامي\u202c\u200f", "محامي"),
        ("ﻣﺤﺎﻣﻲ ｖｉｓａ", "محامي visa"),
        ("أڭادير", "اكادير"),
        ("a\x00b\ud800c", "a b c"),
        ("كم؟", "كم?"),
        ("", ""),
    ],
)
def test_a_text_is_folded_for_comparison(text, folded):
    assert fold(text) == folded


def test_folded_words_are_cut_at_every_sign():
    assert fold_words("L’école : sans-papiers, l-wra9 (2026)") == ["l", "ecole", "sans", "papiers", "l", "wra9", "2026"]


def test_words_are_cleaned_and_not_folded():
    assert words("Le bébé d’un لاجــئٌ") == ["Le", "bébé", "d’un", "لاجئ"]


def test_a_text_is_read_up_to_the_documented_length():
    assert analyse("a " * MAX_LENGTH, "fr")[-1].end <= MAX_LENGTH
    assert len(terms("visa " * MAX_LENGTH, "fr")) == MAX_LENGTH / 5
    assert terms("x" * 1000, "en") == ["x" * 255]


@pytest.mark.parametrize("bad", ["_", "a'", "é\u0301", "1,", "’", "ـ", "ا\u064e", "\u200d", ".a", "_a_", "\ud800", " "])
def test_no_text_makes_the_analysis_slow(bad):
    """A text made to be slow takes no longer than its length: 100,000 characters within a second."""
    start = time.perf_counter()
    for language in ("ar", "fr", "en", "xx"):
        analyse(bad * (MAX_LENGTH // len(bad)), language)
    fold(bad * MAX_LENGTH)
    assert time.perf_counter() - start < 4


@settings(max_examples=20)
@given(text=ANYTHING)
def test_a_regional_language_is_analysed_as_its_language(text):
    assert terms(text, "fr-ma") == terms(text, "fr")
