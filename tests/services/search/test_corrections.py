"""“Did you mean” helps who has mistyped and never corrects what is spelt as everybody spells it."""

from __future__ import annotations

import pytest

from services.search import door, everyday, keyboards
from services.search.entries import Query, Words
from services.search.vocabulary import may_be_offered

from .entries import WORLD, guide

# What our texts hold is always near to some word of daily life that they do not hold.
NEAR_TO_DAILY_LIFE = guide(
    "daily-life",
    "arrival",
    fr=Words("Ce que chacun veut", "Des boutons, le pouvoir, des lieux, un père, l’eau noire, aider, publier, la soif, un bureau."),
    en=Words("A wound", "The tumour, the place, a plane, he fell, forged papers, a room, the send button, water."),
    ar=Words("الرد على الطلب", "ثلاثة أشهر بعد الولادة، والأسباب المثلى، وقت البرد، والسلم، واذا، دايما، ليلا، رخصة."),
)  # fmt: skip


@pytest.fixture
def told(world):
    """What the search asks “did you mean” for a query."""
    world.rebuild([*WORLD, NEAR_TO_DAILY_LIFE])
    return lambda typed, language: door.search(Query(typed, language)).corrected


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("je veux", "fr"), ("je voudrais voir un médecin", "fr"), ("nous voulons", "fr"), ("pouvons", "fr"), ("mieux", "fr"),
        ("mon frère", "fr"), ("boire", "fr"), ("aimer", "fr"), ("oublier", "fr"), ("ici", "fr"), ("chaud", "fr"), ("bientôt", "fr"),
        ("I would", "en"), ("please", "en"), ("tomorrow", "en"), ("forget", "en"), ("sunday", "en"), ("wait", "en"),
        ("نريد", "ar"), ("غدا", "ar"), ("شكرا", "ar"), ("سعيد", "ar"), ("قليلا", "ar"), ("وبارد", "ar"), ("السلام", "ar"),
        ("واخا", "ar"), ("ديما", "ar"), ("walo", "ar"), ("bezzaf", "ar"), ("khassni", "fr"), ("Bénin", "fr"), ("غانا", "ar"),
    ],
)  # fmt: skip
def test_what_everybody_spells_so_is_not_corrected(told, typed, language):
    assert told(typed, language) == ""


@pytest.mark.parametrize(
    ("typed", "language", "meant"),
    [
        ("medcin", "fr", "medecin"), ("titre de sejuor", "fr", "titre de sejour"), ("je veux un medcin", "fr", "je veux un medecin"),
        ("passeprot", "fr", "passeport"), ("permti", "en", "permit"), ("everyhting", "en", ""), ("recieptt", "en", "receipt"),
        ("الاستعحال", "ar", "الاستعجال"), ("hglphld", "ar", "المحامي"), ("اثمح", "en", "help"),
    ],
)  # fmt: skip
def test_what_is_mistyped_is(told, typed, language, meant):
    assert told(typed, language) == meant


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("gagner", "gagnez"), ("tiens", "tient"),  # another form of the same word
        ("plumber", "number"), ("cook", "book"),  # first letters are rarely wrong
        ("stylo", "still"), ("smile", "small"), ("غادر", "غادي"), ("twins", "tns"),  # too little alike
        ("italy", "3otla"), ("noel", "n7el"),  # nobody is corrected into chat letters
    ],
)  # fmt: skip
def test_another_word_is_no_correction(typed, other):
    assert not may_be_offered(typed, other)


def test_signs_between_letters_are_no_other_keyboard():
    assert not any(
        sign in one for word in ("غدا", "سعيد", "مكسور") for one in keyboards.other_keyboards(word) for sign in "[];"
    )


def test_arabic_writes_small_words_with_the_next():
    assert everyday.is_everyday("والصباح")
    assert not everyday.is_everyday("بيب")
