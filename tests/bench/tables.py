"""The figures as Markdown tables, and each goal beside what was measured."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .directory import SIZES
from .load import COMPARED
from .renders import GUIDES
from .sizes import ENCODINGS
from .wagtail_directory import KINDS as ASKED_WARM
from .wagtail_directory import LIMIT_S, MISSPELT

KB = 1024
ASKED = (*ASKED_WARM, "cold")
FIRST_VIEW = 14 * KB  # bytes: what a server may send before it waits for the reader's answer (RFC 6928)


def table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Rows of text and numbers; floats with the digits that mean something."""
    heads = list(head)
    lines = [heads, ["---"] * len(heads), *([_shown(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.1f}" if abs(cell) >= 10 else f"{cell:.2f}"
    return str(cell)


def everything(result: dict[str, Any]) -> str:
    """All that was measured in this run; parts that were left out are left out here too."""
    shown = [("Goals", goals(result))]
    for name, title, write in PARTS:
        if name in result:
            shown.append((title, write(result[name])))
    return "\n\n".join(f"## {title}\n\n{text}" for title, text in shown if text)


def goals(result: dict[str, Any]) -> str:
    rows = [(goal, figure, "met" if met else "**missed**") for goal, figure, met in _goals(result)]
    return table(("goal", "measured", ""), rows) if rows else ""


def _goals(result: dict[str, Any]) -> Iterable[tuple[str, str, bool]]:
    if found := result.get("load"):
        for row in found["summary"]:
            if row["target"] in COMPARED:
                goal = f"cached guide ≥ 0.9 of “{row['target']}”, connections: {row['connections']}"
                yield goal, f"{row['cached_to_it']:.2f}", row["cached_to_it"] >= 0.9
        errors = sum(row["errors"] for row in found["summary"])
        yield "no error under load", str(errors), errors == 0
    for size in result.get("renders", {}).get("sizes", ()):
        guide = size["pages"]["guide"]
        yield f"guide ≤ 10 queries, {size['guides']:,} guides", str(guide["queries"]), guide["queries"] <= 10
        yield f"guide ≤ 6 ms CPU, {size['guides']:,} guides", f"{guide['cpu_ms']:.2f}", guide["cpu_ms"] <= 6
    if found := result.get("sizes"):
        heaviest = max(row["gzip"] + row["headers"] for row in [*found["pages"], *found["heaviest"]])
        yield "first view ≤ 14 KB, heaviest page (gzip and headers)", f"{heaviest:,}", heaviest <= FIRST_VIEW
    for row in result.get("directory", {}).get("rows", ()):
        yield from _goals_of_search(row)
    yield from _goals_of_cases(result.get("cases", {}))
    if found := result.get("publish"):
        figure = f"{found['old_after']} of {found['asked_after']}"
        yield "no old text after publish", figure, found["old_after"] == found["back_to_old"] == 0


def _goals_of_search(row: dict[str, Any]) -> Iterable[tuple[str, str, bool]]:
    if row["name"] == "embedded" and row["services"] == SIZES[-1]:
        what = f"{row['services']:,} services"
        for name, most in (("engine", 15), ("page", 60), ("suggest", 5)):
            yield f"{name} p95 ≤ {most} ms, {what}", f"{row[name]['p95']:.1f}", row[name]["p95"] <= most
        yield f"rebuild ≤ 90 s, {what}", f"{row['rebuild_s']:.1f}", row["rebuild_s"] <= 90
        yield f"one change visible ≤ 1 s, {what}", f"{row['change_ms']:.0f} ms", row["change_ms"] <= 1000


def _goals_of_cases(found: dict[str, Any]) -> Iterable[tuple[str, str, bool]]:
    for name, one in found.items():
        few, many = one["sizes"][0], one["sizes"][-1]
        for inbox in (what for what in many if what.startswith("inbox")):
            now, before = many[inbox], few[inbox]["queries"]
            what = f"{inbox}, {name}, {many['referrals']:,} referrals"
            yield f"p95 ≤ 80 ms: {what}", f"{now['p95_ms']}", now["p95_ms"] <= 80
            yield (
                f"≤ 15 queries, as at {few['referrals']:,}: {what}",
                f"{now['queries']}",
                before == now["queries"] <= 15,
            )
        least = {"sqlite": 20, "postgresql": 40}[name]
        for writers in one["writers"]:
            figure = f"{writers['referrals_a_second']}, {writers['errors']} errors"
            met = writers["referrals_a_second"] >= least and not writers["errors"]
            yield (
                f"≥ {least} referrals/s, {writers['writers']} writers in {writers['processes']} processes, {name}",
                figure,
                met,
            )


def cases(found: dict[str, Any]) -> str:
    rows = [
        (name, size["referrals"], what, cell["p50_ms"], cell["p95_ms"], cell["queries"])
        for name, one in found.items()
        for size in one["sizes"]
        for what, cell in size.items()
        if isinstance(cell, dict)
    ]
    written = [
        (name, of["processes"], of["referrals_a_second"], of["writes_a_second"], of["errors"])
        for name, one in found.items()
        for of in one["writers"]
    ]
    about = "Queries without BEGIN, COMMIT and savepoints. A referral of the writers is prepared, sent and accepted: three writes. Two processes with threads is how the site is served."
    desk = table(("database", "referrals", "what", "p50 ms", "p95 ms", "queries"), rows)
    return f"{about}\n\n{desk}\n\n{table(('database', 'processes', 'referrals/s', 'writes/s', 'errors'), written)}"


def load(found: dict[str, Any]) -> str:
    sizes = found["bytes"]
    about = (
        f"`{found['path']}` and a static file of the same {sizes['gzip']:,} bytes (gzip; {sizes['plain']:,} plain). "
        f"Gunicorn, 2 workers; medians of {found['rounds']} interleaved rounds of {found['seconds']} s. "
        "“static”: by the site’s own server; “static alone”: WhiteNoise without Django. Ratios: paired by round. "
        f"Meter of noise: {min(found['noise_ms']):.0f}–{max(found['noise_ms']):.0f} ms."
    )
    timed = ("requests/s", "slowest–fastest", "p50 ms", "p95 ms", "CPU ms")
    head = ("target", "connections", *timed, "errors", "cached ÷ it", "others’ cores")
    return f"{about}\n\n{table(head, map(_load_row, found['summary']))}"


def _load_row(row: dict[str, Any]) -> tuple[Any, ...]:
    spread, cpu = f"{row['slowest']:,.0f}–{row['fastest']:,.0f}", f"{row['cpu_ms']:.3f}"
    first = (row["target"], row["connections"], row["per_second"], spread, row["p50_ms"], row["p95_ms"])
    return (*first, cpu, row["errors"], row["cached_to_it"], row["others_cores"])


def renders(found: dict[str, Any]) -> str:
    sizes = found["sizes"]
    about = (
        "SQL queries and CPU ms a render without the page cache, in-process; in brackets, with no dressed text kept "
        f"from earlier renders. Medians of {found['rounds']} interleaved processes of {found['renders']} renders."
    )
    rows = []
    for kind in sizes[0]["pages"]:
        cells = [size["pages"][kind] for size in sizes]
        measured = [f"{cell['queries']} · {cell['cpu_ms']:.2f} ({cell['cpu_ms_cold_texts']:.2f})" for cell in cells]
        rows.append((kind, cells[0]["status"], *measured))
    head = ("page", "status", *(f"{size['guides']:,} guides" for size in sizes))
    same = f"A guide among {GUIDES[-1]:,} takes {found['guide_most_to_fewest']:.2f} times the CPU of one among {GUIDES[0]}."
    return f"{about}\n\n{table(head, rows)}\n\n{same}"


def sizes(found: dict[str, Any]) -> str:
    first = table(
        ("page", "language", *ENCODINGS, "headers"),
        ((row["kind"], row["language"], *_bytes(row), row["headers"]) for row in found["pages"]),
    )
    heaviest = table(
        ("heaviest guide", "language", *ENCODINGS),
        ((row["path"], row["language"], *_bytes(row)) for row in found["heaviest"]),
    )
    visit = [(row["path"], *_bytes(row)) for row in found["first_visit"]]
    visit.append(("**together**", *(sum(row[name] for row in found["first_visit"]) for name in ENCODINGS)))
    return f"Bytes of bodies.\n\n{first}\n\n{heaviest}\n\n{table(('first visit', *ENCODINGS), visit)}"


def _bytes(row: dict[str, Any]) -> list[int]:
    return [row[name] for name in ENCODINGS]


def starts(found: dict[str, Any]) -> str:
    median, memory = found["median"], found["memory"]
    firsts = []
    for name, key in (("the first 200 of /healthz", "healthz_ms"), ("the first guide", "guide_ms")):
        times = [row[key] for row in found["starts"]]
        firsts.append((name, median[key], f"{min(times):.0f}–{max(times):.0f}"))
    cold = table(("from the start of gunicorn to", "median ms", "fastest–slowest"), firsts)
    rows = [("first process", memory["first_process"]["pss"], memory["first_process"]["rss"])]
    rows += [("a worker, fresh", row["pss"], row["rss"]) for row in memory["workers_before"]]
    served = f"a worker after {memory['pages']} pages, gzip and br"
    rows += [(served, row["pss"], row["rss"]) for row in memory["workers"]]
    return f"{cold}\n\n{table(('memory, MiB', 'PSS', 'RSS'), rows)}"


def publish(found: dict[str, Any]) -> str:
    rows = [
        (name, found[key]["median"], found[key]["least"], found[key]["most"])
        for name, key in (
            ("publish() itself", "publish_ms"),
            ("call of publish() → a worker's first new answer", "visible_after_call_ms"),
            ("return of publish() → a worker's first new answer", "visible_after_return_ms"),
        )
    ]
    about = (
        f"{found['asked_after']} requests sent after publish() had returned, over both workers and "
        f"{len(found['rounds'])} publications: {found['old_after']} showed the old text; "
        f"{found['back_to_old']} showed it after the new one. "
        "A negative time says that readers saw it before publish() had returned."
    )
    return f"{about}\n\n{table(('ms', 'median', 'least', 'most'), rows)}"


def directory(found: dict[str, Any]) -> str:
    about = (
        f"{found['queries']} queries, {found['rounds']} times each: two filters, every facet. Milliseconds, p50 / p95. "
        "“engine”: the engine alone, nothing kept; “repeated”: a search that was asked before, with reading the query and "
        "marking the excerpts; “page”: the list with a search of which nothing is kept, through Django’s test client; "
        "“cold”: each query for the first time after the rebuild."
    )
    timed = ("engine", "cold", "repeated", "suggest", "page", "list")
    rows = [
        (
            row["name"], row["services"], *(f"{row[name]['p50']:.1f} / {row[name]['p95']:.1f}" for name in timed),
            row["sql"], row["rebuild_s"], row["index_mb"], row["change_ms"], row["memory_mb"],
        )
        for row in found["rows"]
    ]  # fmt: skip
    head = (
        "engine",
        "services",
        *(f"{name} ms" for name in timed),
        "SQL",
        "rebuild s",
        "index MB",
        "change ms",
        "memory MB",
    )
    return f"{about}\n\n{table(head, rows)}\n\n{beside(found)}"


def beside(found: dict[str, Any]) -> str:
    """Ours and Wagtail's own search, on the same records."""
    about = (
        "Our search, through its door, and Wagtail’s own search in the database, tuned: the same records, queries and "
        "filters, in interleaved rounds. Milliseconds, p50 / p95, for the first page of 20 and the total, with no facet, with two, "
        "with all seven. “cold”: each query for the first time in a new process, every facet; “first”: the very first. "
        f"“stopped”: questions that were stopped after {LIMIT_S:.0f} s, and count as that. “finds”: of the queries with "
        f"their filters; “misspelt”: of {len(MISSPELT)} misspelt or variant queries without filters, how many find anything, "
        "and how many their topic among the first three. Rebuild: Wagtail’s command, and in brackets the tuning after it."
    )
    built = {row["services"]: row for row in found["rows"] if row["name"] == "embedded"}
    rows = []
    for row in found["beside"]:
        made = built[row["services"]] | row
        rebuilt = f"{made['rebuild_s']:.1f}" + (f" ({made['tune_s']:.1f})" if "tune_s" in made else "")
        times = (f"{row[kind]['p50']:.1f} / {row[kind]['p95']:.1f}" for kind in ASKED)
        finds, misspelt = f"{row['answered']} of {found['queries']}", f"{row['misspelt']}, {row['on_topic']}"
        rows.append((row["search"], row["services"], *times, row["first_ms"], row["stopped"], finds, misspelt, rebuilt, made["index_mb"]))  # fmt: skip
    head = ("search", "services", *ASKED, "first", "stopped", "finds", "misspelt", "rebuild s", "index MB")
    return f"{about}\n\n{table(head, rows)}"


PARTS = (
    ("load", "Under load", load),
    ("renders", "Without the page cache", renders),
    ("sizes", "Bytes", sizes),
    ("starts", "Start and memory", starts),
    ("publish", "From publish to readers", publish),
    ("directory", "Search", directory),
    ("cases", "Cases", cases),
)
