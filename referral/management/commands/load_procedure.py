"""Proposes a version of a procedure from a file, such as an official text once it is public. Somebody else approves it on screen."""

from __future__ import annotations

import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from referral.access import editor_of
from referral.actions.packs import propose
from referral.procedures.vocabulary import PROFILES, SHARED
from referral.refusals import GuardRefused


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and the editor who answers for it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--proposed-by", required=True, help="the user name of an editor of the CMS")

    def handle(self, *, file: Path, proposed_by: str, **_options: Any) -> None:
        """Check and propose. What is wrong is told sentence by sentence, and nothing is kept."""
        user = get_user_model().objects.filter(username=proposed_by).first()
        editor = editor_of(user)
        if editor is None:
            raise CommandError(f"“{proposed_by}” is no editor of the CMS.")
        try:
            text = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}") from error
        try:
            made = propose(_profile(text), text, by=editor)
        except GuardRefused as refused:
            raise CommandError("\n".join([str(refused), *refused.because])) from refused
        self.stdout.write(f"{made.profile} {made.version}: proposed. It waits for a supervisor or a DPO.")


def _profile(text: str) -> str:
    """The profile that the text names; the first one if it names none, for the validator to say so."""
    try:
        named = tomllib.loads(text).get("profile")
    except (ValueError, RecursionError):
        named = None
    return named if named in (*PROFILES, SHARED) else PROFILES[0]
