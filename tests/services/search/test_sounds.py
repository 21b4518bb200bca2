"""Words that are heard alike meet, in two scripts; words that are not, stay apart."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.sounds import skeleton, sound_fr

WORDS_OF_THE_FIELD = "محامي سبيطار خدمة عنصرية إقامة عقد شكاية الشرطة ولادة كراء طبيب مدرسة محكمة قنصلية تأشيرة"
FRENCH_WORDS = "contrat école réfugié séjour avocat hôpital travail logement naissance santé police carte visa"


@pytest.mark.parametrize(
    "spellings",
    [
        "mo7ami mohami lmo7ami el-mohami محامي المحامي مُحامي",
        "sbitar sbetar sebitar ssbitar سبيطار السبيطار",
        "lwra9 l-wra9 awra9 wraq الوراق الورق أوراق الأوراق",
        "khedma khdma lkhdma 5edma خدمة الخدمة خدمه",
        "3onsoriya 3onsoria onsoriya العنصرية عنصرية",
        "i9ama l-i9ama iqama إقامة الإقامة الاقامه",
        "carta karta carte كارطا",
        "sijour sejour séjour السيجور",
        "lpaspor paspor basbor باسبور الباسبور",
        "l3e9d 3e9d 3a9d العقد عقد",
        "chikaya shikaya xikaya شكاية",
        "ddar dar d-dar الدار دار",
        "ch-chorta chorta shorta الشرطة",
        "gharb 3'arb lgharb الغرب",
        "agadir أكادير أڭادير",
        "oujda wajda وجدة",
        "wlada lwlada الولادة",
        "boulis lboulis البوليس",
        "kra lkra الكراء كراء",
        "tbib طبيب الطبيب",
    ],
)
def test_spellings_of_a_darija_word_have_one_skeleton(spellings):
    keys = {word: skeleton(word) for word in spellings.split()}
    assert len(set(keys.values())) == 1, keys
    assert all(keys.values())


def test_skeletons_of_different_words_of_the_field_stay_apart():
    words = WORDS_OF_THE_FIELD.split()
    for one, other in itertools.combinations(words, 2):
        assert skeleton(one) != skeleton(other), (one, other)


@pytest.mark.parametrize(
    "word", ["2511", "2026", "", "x", "و", "a", "-", "mo7ami rabat", "😀", "9" * 50, "дом", "\ud800"]
)
def test_what_is_no_word_has_no_skeleton(word):
    assert skeleton(word) == ""


@pytest.mark.parametrize(
    "spellings",
    [
        "refugier réfugié réfugiés refugie réfugiée REFUGIER",
        "inscripsion inscription inscriptions",
        "assistence assistance",
        "judiciare judiciaire",
        "contra contrat contrats",
        "ecole école écoles l'école l’ecole",
        "civile civil",
        "etat état d'état",
        "sejour séjours",
        "renouvelement renouvellement",
        "avoca avocat avocats",
        "equivelance équivalence",
        "emploiment employment",
        "trafiking trafficking",
        "asilum asylum",
        "fotographie photographie",
    ],
)
def test_french_words_heard_alike_have_one_sound(spellings):
    sounds = {word: sound_fr(word) for word in spellings.split()}
    assert len(set(sounds.values())) == 1, sounds
    assert all(sounds.values())


def test_french_words_heard_apart_stay_apart():
    words = FRENCH_WORDS.split()
    for one, other in itertools.combinations(words, 2):
        assert sound_fr(one) != sound_fr(other), (one, other)


@pytest.mark.parametrize("word", ["", "de", "bac", "l'", "2511", "محامي", "h24x", "\ud800", "a" * 500])
def test_a_short_or_foreign_word_has_no_sound(word):
    assert sound_fr(word) == ""


@given(word=st.one_of(st.text(max_size=60), st.from_regex(r"[a-z0-9'’-]{1,50}", fullmatch=True)))
def test_a_key_is_plain_letters_and_digits(word):
    for key in (skeleton(word), sound_fr(word)):
        assert key == "" or (key.isascii() and key.isalnum())
