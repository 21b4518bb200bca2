"""The terms of French words, as the `french` analyser of Elasticsearch and OpenSearch gives them.

The chain: elision (l', d', qu' …), small letters, stop words, then the light stemmer “UniNE” of J. Savoy,
“Light Stemming Approaches for the French, Portuguese, German and Hungarian Languages” (ACM SAC 2006), in the form that
Lucene calls light_french. Accents fall only from stems longer than four letters: santé is sante, sécu is not secu.
The stop words are those of the Snowball project (M. Porter, BSD licence) as Lucene 9 carries them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from .letters import clean

ELIDED = frozenset(["l", "m", "t", "qu", "n", "s", "j", "d", "c", "jusqu", "quoiqu", "lorsqu", "puisqu"])
STOP_WORDS = """
au aux avec ce ces dans de des du elle en et eux il je la le leur lui ma mais me même mes moi mon ne nos notre nous
on ou par pas pour qu que qui sa se ses sur ta te tes toi ton tu un une vos votre vous c d j l à m n s t y
étée étées étant suis es êtes sont serai seras sera serons serez seront serais serait serions seriez seraient
étais était étions étiez étaient fus fut fûmes fûtes furent sois soit soyons soyez soient fusse fusses fussions
fussiez fussent ayant eu eue eues eus ai avons avez ont aurai aurons aurez auront aurais aurait aurions auriez
auraient avais avait aviez avaient eut eûmes eûtes eurent aie aies ait ayons ayez aient eusse eusses eût eussions
eussiez eussent ceci cela celà cet cette ici ils les leurs quel quels quelle quelles sans soi
"""
STOP = frozenset(STOP_WORDS.split())


class Ending(NamedTuple):
    """An ending, and what stands in the place of its last `cut` letters in a word of more than `over` letters."""

    ending: str
    over: int
    cut: int
    put: str
    last: bool = True


ENDINGS = (
    Ending("issement", 9, 7, "r"),
    Ending("issant", 8, 5, "r"),
    Ending("ivement", 7, 6, "f"),
    Ending("ement", 6, 4, ""),
    Ending("ficatrice", 11, 7, "er"),
    Ending("ficateur", 10, 6, "er"),
    Ending("catrice", 9, 7, "quer"),
    Ending("cateur", 8, 6, "quer"),
    Ending("atrice", 8, 6, "er"),
    Ending("ateur", 7, 5, "er"),
    Ending("trice", 6, 4, "eur", last=False),
    Ending("ième", 5, 4, ""),
    Ending("teuse", 7, 3, "r"),
    Ending("teur", 6, 2, "r"),
    Ending("euse", 5, 2, ""),
    Ending("ère", 8, 3, "er"),
    Ending("ive", 7, 2, "f"),
    Ending("folle", 4, 3, "u"),
    Ending("molle", 4, 3, "u"),
    Ending("nnelle", 9, 5, ""),
    Ending("nnel", 9, 3, ""),
    Ending("ète", 4, 3, "et", last=False),
    Ending("ique", 8, 4, "", last=False),
    Ending("esse", 8, 3, ""),
    Ending("inage", 7, 3, ""),
    Ending("isation", 9, 7, ""),
    Ending("ation", 8, 5, ""),
    Ending("ition", 8, 5, ""),
)
UNACCENTED = str.maketrans("àáâôèéêùûîç", "aaaoeeeuuic")
DOUBLED = re.compile(r"([^\W\d_])\1+")


def _singular(word: str) -> str:
    if len(word) > 5 and word.endswith("x"):
        word = word[:-2] + "l" if word.endswith("aux") and word[-4] != "e" else word[:-1]
    if len(word) > 3 and word.endswith("x"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("s"):
        word = word[:-1]
    return word


def _plain(word: str) -> str:
    """Without accents, doubled letters and the silent end, for words of more than four letters."""
    if len(word) > 4:
        word = DOUBLED.sub(r"\1", word.translate(UNACCENTED))
    if len(word) > 4 and word.endswith("ie"):
        word = word[:-2]
    if len(word) > 4:
        for silent in "ree":
            word = word.removesuffix(silent)
        if word[-1] == word[-2] and word[-1].isalpha():
            word = word[:-1]
    return word


def stem(word: str) -> str:
    """The light stem of a word in small letters."""
    word = _singular(word)
    for rule in ENDINGS:
        if len(word) > rule.over and word.endswith(rule.ending):
            word = word[: -rule.cut] + rule.put
            if rule.ending == "isation" and len(word) > 5 and word.endswith("ual"):
                word = word[:-2] + "el"
            if rule.last:
                break
    return _plain(word)


def without_elision(word: str) -> str:
    """“l'école” without its article; any other word as it is."""
    article, apostrophe, rest = word.replace("’", "'").partition("'")
    return rest if apostrophe and article.lower() in ELIDED else word


@lru_cache(maxsize=65_536)
def term(word: str) -> str:
    """The term of one word as it stands in a text; empty for a stop word."""
    word = without_elision(clean(word)).lower()
    return "" if word in STOP else stem(word)
