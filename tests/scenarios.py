"""`python -m tests.scenarios`: each acceptance scenario of the domain paper with the tests that carry its number.

A test says which scenario it proves in its name: `test_scenario_28_…`; of several, `…_scenario_33_scenario_34_…`.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent
NUMBER = re.compile(r"scenario_(\d+)")
# The scenarios of referral.md (f); 6, 20, 23 and so on were taken out there.
NUMBERS = (
    *range(1, 6), *range(7, 20), 21, 22, *range(24, 36), *range(38, 44), *range(45, 52), *range(53, 57), 58, 59,
    *range(61, 74), 75,
)  # fmt: skip
# No test yet, and why. An entry goes as soon as its test comes.
OPEN: dict[int, str] = {
    58: "statistics are issue 5",
}


def by_number() -> dict[int, list[str]]:
    """The tests of each scenario, as pytest names them."""
    found: dict[int, list[str]] = {number: [] for number in NUMBERS}
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                for number in dict.fromkeys(map(int, NUMBER.findall(node.name))):
                    found.setdefault(number, []).append(f"{path.relative_to(TESTS.parent)}::{node.name}")
    return found


def main() -> int:
    """Print the table; 1 if a scenario has neither a test nor a reason."""
    missing = 0
    for number, names in sorted(by_number().items()):
        if not names:
            missing += number not in OPEN
            print(f"{number:>3}  –  {OPEN.get(number, 'NO TEST')}")
        for name in names:
            print(f"{number:>3}  {name}")
    print(f"{len(NUMBERS)} scenarios, {missing} without a test or a reason, {len(OPEN)} open")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
