"""Texts that are compiled while a process runs, as at the first start of a fresh copy."""

from __future__ import annotations

from django.core.management import call_command
from django.utils.translation import gettext, override

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "A word of this test"\nmsgstr "Un mot de cet essai"\n'


def test_texts_compiled_at_the_start_are_used_by_the_process_that_compiled_them(settings, tmp_path):
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO)
    settings.LOCALE_PATHS = [tmp_path]
    with override("fr"):
        assert gettext("A word of this test") == "A word of this test"
    call_command("compile_texts")
    with override("fr"):
        assert gettext("A word of this test") == "Un mot de cet essai"
