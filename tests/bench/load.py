"""Load for a few seconds: wrk or hey where one is installed, else a script of our own with kept connections.

All of them ask without Accept-Encoding, so that what is measured is making the page.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.databases import ROOT

_P95 = """
done = function(summary, latency, requests)
  io.write(string.format("\\nfigures %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(95),
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""


@dataclass(frozen=True)
class Answers:
    """What came back: how many answers, in how many seconds, their waits in milliseconds, how many were none."""

    count: int
    seconds: float
    p50: float
    p95: float
    errors: int

    @property
    def per_second(self) -> float:
        return self.count / self.seconds if self.seconds else 0.0


@cache
def tool() -> str:
    """The load generator that will be used: LOAD in the environment, or the best that is installed."""
    return os.environ.get("LOAD") or next((name for name in ("wrk", "hey") if shutil.which(name)), "script")


def press(url: str, *, connections: int, seconds: float) -> Answers:
    """Ask for a page again and again over so many connections."""
    return {"wrk": _wrk, "hey": _hey, "script": _script}[tool()](url, connections, seconds)


def _wrk(url: str, connections: int, seconds: float) -> Answers:
    words = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "20s"]
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "figures.lua"
        script.write_text(_P95)
        found = re.search(r"figures (\d+) (\d+) (\d+) (\d+) (\d+)", _output([*words, "-s", str(script), url]))
    assert found, "wrk said nothing"
    count, micros, p50, p95, errors = map(int, found.groups())
    return Answers(count, micros / 1e6, p50 / 1000, p95 / 1000, errors)


def _hey(url: str, connections: int, seconds: float) -> Answers:
    out = _output(["hey", "-z", f"{seconds}s", "-c", str(connections), "-t", "20", url])
    statuses = {status: int(count) for status, count in re.findall(r"\[(\d{3})\]\s+(\d+) responses", out)}
    waits = {rank: float(wait) * 1000 for rank, wait in re.findall(r"(\d+)% in ([\d.]+) secs", out)}
    total = re.search(r"Total:\s+([\d.]+) secs", out)
    assert total, out
    bad = sum(count for status, count in statuses.items() if status != "200")
    return Answers(sum(statuses.values()), float(total[1]), waits.get("50", 0.0), waits.get("95", 0.0), bad)


def _script(url: str, connections: int, seconds: float) -> Answers:
    out = _output([sys.executable, "-m", "tests.bench.press", url, str(connections), str(seconds)])
    return Answers(**json.loads(out))


def _output(words: list[str]) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(f"{words[0]} failed: {done.stderr[-1000:]}")
    return done.stdout
