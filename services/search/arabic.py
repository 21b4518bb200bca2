"""The terms of Arabic words, as the `arabic` analyser of Elasticsearch and OpenSearch gives them.

The chain: small letters, stop words, one form of alef, yeh and teh marbuta, then the light stemmer of
L. S. Larkey, L. Ballesteros, M. E. Connell, “Light Stemming for Arabic Information Retrieval” (in: Arabic Computational
Morphology, 2007; first in SIGIR 2002), known as light10, with the length guards that Lucene gives it.
The stop words are Jacques Savoy's (University of Neuchâtel, BSD licence), spelt with and without hamza.
Broken plurals (مدرسة, مدارس) stay apart: the synonyms of the directory join them.
"""

from __future__ import annotations

from functools import lru_cache

from .letters import clean

STOP_WORDS = """
من ومن منها منه في وفي فيها فيه و ف ثم او أو ب بها به ا أ اى اي أي أى لا ولا الا ألا إلا لكن ما وما كما فما عن مع
اذا إذا ان أن إن انها أنها إنها انه أنه إنه بان بأن فان فأن وان وأن وإن التى التي الذى الذي الذين الى الي إلى إلي
على عليها عليه اما أما إما ايضا أيضا كل وكل لم ولم لن ولن هى هي هو وهى وهي وهو فهى فهي فهو انت أنت لك لها له هذه
هذا تلك ذلك هناك كانت كان يكون تكون وكانت وكان غير بعض قد نحو بين بينما منذ ضمن حيث الان الآن خلال بعد قبل حتى عند
عندما لدى جميع
"""
STOP = frozenset(STOP_WORDS.split())
ONE_FORM = str.maketrans("آأإىة", "اااي" + "ه")
PREFIXES = ("ال", "وال", "بال", "كال", "فال", "لل", "و")
SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي")


def stem(word: str) -> str:
    """The word without its article, its conjunction and its endings. At least two letters stay."""
    for prefix in PREFIXES:
        if word.startswith(prefix) and len(word) >= max(4, len(prefix) + 2):
            word = word[len(prefix) :]
            break
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) >= len(suffix) + 2:
            word = word[: -len(suffix)]
    return word


@lru_cache(maxsize=65_536)
def term(word: str) -> str:
    """The term of one word as it stands in a text; empty for a stop word."""
    word = clean(word).lower()
    return "" if word in STOP else stem(word.translate(ONE_FORM))
