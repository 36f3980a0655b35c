"""Figures of one thing each: how fast a webhook is acknowledged, and how fast a catalogue is loaded."""

import os
import re
import subprocess
import sys
import tempfile
import time

from tests.bench import line
from tests.databases import ROOT

PRODUCTS = 2000


def figures() -> None:
    """Print them in a line each."""
    print(line("what", "figure"))
    for database in ("sqlite", "postgres"):
        print(line(f"webhooks, 16 at a time, on {database}", acknowledgement(database)), flush=True)
    print(line(f"{PRODUCTS} products with 6 variants each, on sqlite", loading()), flush=True)


def acknowledgement(database: str) -> str:
    """Return how many events were delivered and the 95th percentile of the waits for their answers."""
    command = [sys.executable, "-m", "pytest", "tests/races/test_events.py", "-m", "both", "-q", "-s"]
    environment = os.environ | {"TEST_DATABASE": database}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    found = re.search(r"(\d+ deliveries, p95 [\d.]+ s)", done.stdout)
    return found[1] if found and not done.returncode else f"failed:\n{done.stdout[-2000:]}"


def loading() -> str:
    """Return how many parents a second `load_demo --products` writes into an empty SQLite database."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "TEST_LIVE": "1",
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "TEST_MEDIA": f"{folder}/media",
        }
        _manage(environment, "migrate", "-v0", "--skip-checks")
        _manage(environment, "load_demo", "--products", "1", "--picture-size", "320")
        began = time.monotonic()
        _manage(environment, "load_demo", "--products", str(PRODUCTS), "--picture-size", "320")
        return f"{PRODUCTS / (time.monotonic() - began):.0f} a second, start of the command included"


def _manage(environment: dict[str, str], *words: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, check=True, capture_output=True
    )
