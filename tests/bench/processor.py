"""Processor time as the kernel counts it (Linux): of a server with its children, and of all others meanwhile."""

import os
from pathlib import Path

PROCESSORS = os.cpu_count() or 1
TICK = os.sysconf("SC_CLK_TCK")


def seconds_of(*roots: int) -> float:
    """Return the processor seconds these processes and all their children have used, ended ones included."""
    stats = _stats()
    family = set(roots)
    while found := {pid for pid, stat in stats.items() if stat["parent"] in family} - family:
        family |= found
    return sum(stats[pid]["ticks"] for pid in family if pid in stats) / TICK


def children_seconds() -> float:
    """Return the processor seconds of this process and of those it started and waited for (the load generators)."""
    return sum(os.times()[:4])


def busy_seconds() -> float:
    """Return the processor seconds the whole machine has used."""
    user, nice, system, _idle, _wait, irq, softirq, *_ = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + irq + softirq) / TICK


def _stats() -> dict[int, dict[str, int]]:
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:  # it has just ended
            continue
        fields = text.rpartition(")")[2].split()
        # Its own time and that of children it has waited for (proc_pid_stat(5), fields 14 to 17).
        found[int(path.parent.name)] = {"parent": int(fields[1]), "ticks": sum(map(int, fields[11:15]))}
    return found
