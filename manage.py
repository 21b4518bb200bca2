#!/usr/bin/env python3
"""Runs Django's and Dalil's commands."""

import os
import sys

if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036  (an old Python reads this line, and gets a sentence)
        sys.exit(
            f"Dalil needs Python 3.11 or newer; this is Python {sys.version.split()[0]}. Install python3.11 and try again."
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
