"""What Linux tells of processes (/proc): CPU time, memory, children, and who holds a connection."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
LISTENING, ESTABLISHED = "0A", "01"


def descendants(pid: int) -> list[int]:
    """Every process below this one that lives now."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *descendants(int(child))]
    return found


def cpu_seconds(pid: int) -> float:
    """CPU seconds, user and system, of a process, its live descendants and its ended children. In steps of 10 ms."""
    total = 0
    for one in (pid, *descendants(pid)):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
            total += sum(int(ticks) for ticks in fields[11:15])
    return total / TICKS_A_SECOND


def machine_busy_seconds() -> float:
    """CPU seconds that the whole machine has worked, for anybody."""
    fields = [int(ticks) for ticks in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS_A_SECOND


def noise_ms() -> float:
    """Milliseconds for a fixed piece of pure Python: the meter of the machine's noise."""
    began, value = time.perf_counter(), 0
    for number in range(1_000_000):
        value = (value * 31 + number) & 0xFFFFFFFF
    return (time.perf_counter() - began) * 1000


def memory_mb(pid: int) -> dict[str, float]:
    """MiB of a process: `rss` counts shared pages whole, `pss` shares them out among those who share them."""
    found = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, _colon, value = line.partition(":")
        if name in ("Rss", "Pss"):
            found[name.lower()] = int(value.split()[0]) / 1024
    return found


def _sockets(state: str, local_port: int, remote_port: int | None) -> set[str]:
    """The inodes of IPv4 sockets in this state between these ports."""
    found = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        local, remote = (int(address.split(":")[1], 16) for address in fields[1:3])
        if fields[3] == state and local == local_port and remote_port in (None, remote):
            found.add(f"socket:[{fields[9]}]")
    return found


def _holders(sockets: set[str], candidates: list[int]) -> list[int]:
    found = []
    for pid in candidates:
        with contextlib.suppress(OSError):
            for link in Path(f"/proc/{pid}/fd").iterdir():
                with contextlib.suppress(OSError):
                    if str(link.readlink()) in sockets:
                        found.append(pid)
                        break
    return found


def listener(port: int) -> int:
    """Our child that listens on this port: a server's first process, whose children are its workers."""
    candidates = descendants(os.getpid())
    holding = _holders(_sockets(LISTENING, port, None), candidates)
    masters = [pid for pid in holding if not any(pid in descendants(other) for other in holding if other != pid)]
    if len(masters) != 1:
        raise RuntimeError(f"nobody of ours, or more than one, listens on port {port}")
    return masters[0]


def holder(server_port: int, client_port: int, candidates: list[int]) -> int | None:
    """Which of these processes holds the server's end of a connection."""
    holding = _holders(_sockets(ESTABLISHED, server_port, client_port), candidates)
    return holding[0] if holding else None
