"""The process that opens a strange file: little memory, little time, and unable to write any file. Reads stdin, writes stdout.

`python -m referral.attachments.cleaning jpg|png|pdf`. Exit 0 with the clean file, or 3 with one word that says why not. The
process has no setting and no key of the site: whoever breaks into it through a file finds nothing there.
"""

from __future__ import annotations

import resource
import sys

MEMORY = 1_500_000_000  # bytes; 50 million pixels twice, as RGBA
SECONDS = 20
REFUSED = 3


def main() -> int:
    """Set the limits first, then touch the file."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # no temporary file, whatever a library wants
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    from .documents import made_plain  # after the limits, so that the libraries live under them
    from .images import Unfit, drawn_anew

    kind, content = sys.argv[1], sys.stdin.buffer.read()
    try:
        clean = made_plain(content) if kind == "pdf" else drawn_anew(content, kind)
    except Unfit as why:
        sys.stdout.write(str(why))
        return REFUSED
    except (MemoryError, RecursionError):
        sys.stdout.write("too_heavy")
        return REFUSED
    sys.stdout.buffer.write(clean)
    return 0


if __name__ == "__main__":
    sys.exit(main())
