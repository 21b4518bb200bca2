"""The texts of the interface: complete in every language, none fuzzy, the same places for values."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

CATALOGUES = [Path("locale") / code / "LC_MESSAGES" / "django.po" for code, _name in settings.LANGUAGES if code != "en"]


@pytest.mark.parametrize("path", CATALOGUES, ids=str)
def test_a_catalogue_is_complete_and_keeps_the_places_of_values(path):
    catalogue = polib.pofile(str(path))
    assert len(catalogue) > 100
    assert [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy] == []
    for entry in catalogue:
        for text in [entry.msgstr] if not entry.msgid_plural else []:
            assert sorted(re.findall(r"%\(\w+\)s", text)) == sorted(re.findall(r"%\(\w+\)s", entry.msgid))


def test_both_catalogues_hold_the_same_texts():
    texts = [{(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(path))} for path in CATALOGUES]
    assert all(found == texts[0] for found in texts)


def test_arabic_texts_use_digits_0_to_9_and_arabic_punctuation():
    for entry in polib.pofile("locale/ar/LC_MESSAGES/django.po"):
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            assert not re.search("[\u0660-\u0669\u06f0-\u06f9\u0640]", text)
            assert not re.search("[\u0600-\u06ff][,;?]", text), text


def test_no_locale_folder_is_a_package():
    assert not list(Path("locale").rglob("__init__.py"))
