"""Benchmarks: `make bench`, or `python -m tests.bench [--quick] [--only load,renders,…]`. Prints tables, keeps JSON.

Nothing is asserted: figures move with the machine. Read them as ratios, and compare runs of one machine.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.prepared import BUILD, prepared_site

from . import cases, directory, load, publish, renders, sizes, starts, tables, wagtail_directory

PARTS = ("load", "renders", "sizes", "starts", "publish", "directory", "cases")
PACKAGES = ("django", "wagtail", "gunicorn", "whitenoise", "tantivy", "elasticsearch")


def main() -> None:
    arguments = _arguments()
    if "load" in arguments.only and not shutil.which("wrk"):
        sys.exit("The benchmarks need wrk, which puts load on the server: install it with “sudo apt install wrk”.")
    prepared_site()
    result = _about()
    with tempfile.TemporaryDirectory(prefix="bench-", dir=BUILD) as folder:
        for name, measure in _parts(Path(folder), quick=arguments.quick).items():
            if name in arguments.only:
                print(f"{name}…", file=sys.stderr, flush=True)
                result[name] = measure()
    result["load_average_after"] = os.getloadavg()
    path = _keep(result)
    print(f"# Benchmarks, {result['when']}\n\n{_machine(result)}\n\n{tables.everything(result)}\n\nKept in {path}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short rounds: about two minutes, rough figures")
    parser.add_argument("--only", type=_names, default=PARTS, help=f"some of {', '.join(PARTS)}, divided by commas")
    return parser.parse_args()


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := set(names) - set(PARTS):
        raise argparse.ArgumentTypeError(f"no such part: {', '.join(sorted(unknown))}")
    return names


def _parts(folder: Path, *, quick: bool) -> dict[str, Callable[[], dict[str, Any]]]:
    """Each part with the number of its rounds; seconds are those of one run of wrk."""
    return {
        "load": lambda: load.measure(folder, rounds=2 if quick else 7, seconds=2 if quick else 4),
        "renders": lambda: renders.measure(folder, rounds=2 if quick else 3, renders=8 if quick else 25),
        "sizes": lambda: sizes.measure(folder),
        "starts": lambda: starts.measure(folder, starts=3 if quick else 5),
        "publish": lambda: publish.measure(folder, rounds=3 if quick else 10),
        "directory": lambda: directory.measure(folder, 2 if quick else 6, beside=wagtail_directory.compare),
        "cases": lambda: cases.measure(
            folder, 12 if quick else 60, 5 if quick else 20, 5_000 if quick else cases.LARGE
        ),
    }


def _about() -> dict[str, Any]:
    return {
        "when": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
        "load_average_before": os.getloadavg(),
    }


def _machine(result: dict[str, Any]) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in result["packages"].items())
    before, after = result["load_average_before"][0], result["load_average_after"][0]
    cores = f"{result['cores']} cores, load {before:.1f} before and {after:.1f} after"
    return f"Python {result['python']}, {packages}; {cores}."


def _keep(result: dict[str, Any]) -> Path:
    """Writes build/bench/<date-time in UTC>.json, and the same as latest.json."""
    folder = BUILD / "bench"
    folder.mkdir(exist_ok=True)
    moment = datetime.datetime.fromisoformat(result["when"])
    path = folder / f"{moment:%Y-%m-%dT%H-%M-%SZ}.json"
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    shutil.copyfile(path, folder / "latest.json")
    return path


if __name__ == "__main__":
    main()
