"""Checks the starter guides: `python -m portal.starter [FILE…]`. Needs nothing but Python."""

import sys
from pathlib import Path

from .checking import check_guide, count_words, read_all
from .reading import LANGUAGES, StarterError, read_guide


def main(names: list[str]) -> int:
    """Print every fault, then the words a language; 1 if there was a fault."""
    if names:
        faults: list[str] = []
        guides = []
        for name in names:
            try:
                guides.append(read_guide(Path(name)))
                faults += check_guide(guides[-1])
            except StarterError as error:
                faults.append(str(error))
    else:
        guides, faults = read_all()
    for fault in faults:
        print(fault)
    totals = {language: sum(count_words(guide)[language] for guide in guides) for language in LANGUAGES}
    print(f"{len(guides)} guides, {len(faults)} faults; words: {totals}")
    return 1 if faults or not guides else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
