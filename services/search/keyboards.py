"""What the same key presses give on the other keyboards of Morocco: Arabic, French AZERTY, English QWERTY.

People forget to switch the keyboard: “ulg” is عمل, “رهسش” is visa, “cqrte” is carte. The layouts are those of
ISO/IEC 9995 keyboards with the Arabic 101/102 layout of Windows (the same letters on macOS PC and in X11 “ara”).
"""

from __future__ import annotations

import re

from .letters import clean

# The same keys, row by row. The key B of the Arabic layout gives two letters.
QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,./`"
AZERTY = "azertyuiop^$qsdfghjklmùwxcvbn,;:!²"
ARABIC = [*"ضصثقفغعهخحجدشسيبلاتنمكطئءؤر", "لا", *"ىةوزظذ"]
SHIFTED = {"أ": "h", "إ": "y", "آ": "n", "لأ": "g", "لإ": "t", "لآ": "b"}  # by the key of QWERTY

ARABIC_LETTER = re.compile("[\u0621-\u064a]")
LATIN_LETTER = re.compile("[a-zà-öø-ÿœ]")
ARABIC_KEY = re.compile("لأ|لإ|لآ|لا|.", re.DOTALL)

FROM_ARABIC = {
    "qwerty": dict(zip(ARABIC, QWERTY, strict=True)) | SHIFTED,
    "azerty": dict(zip(ARABIC, AZERTY, strict=True))
    | {letter: AZERTY[QWERTY.index(key)] for letter, key in SHIFTED.items()},
}
TO_ARABIC = {
    "qwerty": dict(zip(QWERTY, ARABIC, strict=True)),
    "azerty": dict(zip(AZERTY, ARABIC, strict=True)),
}
LATIN_SWAPS = (dict(zip(QWERTY, AZERTY, strict=True)), dict(zip(AZERTY, QWERTY, strict=True)))
NO_WORD = re.compile(r"[\[\];`/^$²]")  # signs on the keys of letters: nobody means them
LONGEST = 200  # characters; a longer text is no search typed on the wrong keyboard


def other_keyboards(text: str) -> list[str]:
    """The texts of one script that the same keys give on the other layouts; those that differ, at most five.

    One that holds brackets or semicolons was meant by nobody.

    An Arabic text is read on QWERTY and on AZERTY; a Latin one as Arabic from either, and on the other Latin layout.
    Who writes in both scripts at once knows the keyboard: no other reading.
    """
    typed = clean(text[:LONGEST]).lower().strip()
    if len(text) > LONGEST or not _is_one_script(typed):
        return []
    if ARABIC_LETTER.search(typed):
        keys = ARABIC_KEY.findall(typed)
        readings = ["".join(layout.get(key, key) for key in keys) for layout in FROM_ARABIC.values()]
    else:
        layouts = (*TO_ARABIC.values(), *LATIN_SWAPS)
        readings = ["".join(layout.get(key, key) for key in typed) for layout in layouts]
    other = (reading.strip() for reading in readings)
    return [one for one in dict.fromkeys(other) if one != typed and _is_one_script(one) and not NO_WORD.search(one)][:5]


def _is_one_script(text: str) -> bool:
    return bool(ARABIC_LETTER.search(text)) != bool(LATIN_LETTER.search(text))
