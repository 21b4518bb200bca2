"""`python -m referral.procedures`: says what is wrong with the shipped packs. Part of `make check`."""

from __future__ import annotations

import os
import sys

import django


def main() -> int:
    """Print a sentence a fault; 1 if there is one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from . import faults
    from .vocabulary import PROFILES, SHARED

    found = [fault for profile in (SHARED, *PROFILES) for fault in faults(profile)]
    print(*found, sep="\n", end="\n" if found else "")
    print(f"procedures: {len(PROFILES)} profiles, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
