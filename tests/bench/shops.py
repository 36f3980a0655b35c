"""The three that are measured on the same products: the store, a stock Oscar, and a bare Django view.

Each is prepared once (tables, rows, addresses) and then served by gunicorn with 2 workers × 4 threads, as the store
is in production.
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.databases import ROOT
from tests.processes import free_port

WORKERS, THREADS = 2, 4
PATIENCE = 60
KEY = "a-key-for-measuring-only-which-signs-nothing-of-worth"


@dataclass(frozen=True)
class Shop:
    """How to prepare and serve one of them."""

    name: str
    application: str
    settings: str
    #: Modules to run once in an empty database, each with the number of products.
    prepared_by: tuple[str, ...]
    #: Ways to serve it, and what is in the environment for each.
    modes: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: {"": {}})

    def environment(self, database_url: str, folder: Path, port: int = 0, mode: str = "") -> dict[str, str]:
        """All a process of it finds in its environment."""
        inherited = ("PATH", "HOME", "TMPDIR", "LANG", "TEST_FOLDER")
        return {name: os.environ[name] for name in inherited if name in os.environ} | {
            "DJANGO_SETTINGS_MODULE": self.settings,
            "TEST_LIVE": "1",
            "TEST_GUARDS_OFF": "",
            "SECRET_KEY": KEY,
            "DATABASE_URL": database_url,
            "SITE_URL": f"http://127.0.0.1:{port}",
            "TEST_MEDIA": str(folder / "media"),
            "BENCH_FOLDER": str(folder),
            "EMAIL_URL": "memorymail://",
            "WEB_THREADS": str(THREADS),
            "PYTHONWARNINGS": "ignore",
            **self.modes.get(mode, {}),
        }

    def prepare(self, products: int, database_url: str, folder: Path) -> dict[str, str]:
        """Fill its database and return the paths of its pages."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = {}
        for module in self.prepared_by:
            said = run(["-m", module, str(products)], self.environment(database_url, folder))
            paths |= json.loads(said.splitlines()[-1]) if said.strip() else {}
        return paths

    def queries(self, paths: Iterable[str], database_url: str, folder: Path, mode: str) -> list[int]:
        """Return how many queries each page takes in a process that has shown it before."""
        environment = self.environment(database_url, folder, mode=mode)
        found: list[int] = json.loads(
            run(["-m", "tests.bench.counting", self.application, *paths], environment)
        )
        return found

    @contextmanager
    def served(self, database_url: str, folder: Path, mode: str) -> Iterator["Server"]:
        """Serve it until the block ends."""
        port = free_port()
        words = [
            *("-m", "gunicorn", self.application, "--bind", f"127.0.0.1:{port}"),
            *("--workers", str(WORKERS), "--threads", str(THREADS), "--log-level", "error"),
        ]
        environment = self.environment(database_url, folder, port, mode)
        with (folder / "server.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *words], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        try:
            yield Server(f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


@dataclass(frozen=True)
class Server:
    """A running web server: its address, and the process whose children do the work."""

    url: str
    pid: int

    def warm(self, path: str) -> int:
        """Wait until it answers, let every worker see the page, and return its length in bytes."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(ConnectionError, urllib.error.URLError):
                return max(self.fetch(path) for _ in range(2 * WORKERS))
            time.sleep(0.1)
        raise TimeoutError(f"{self.url}{path} did not answer")

    def fetch(self, path: str) -> int:
        """Ask for a page and return its length."""
        return self._asked(path, {})

    def compressed(self, path: str) -> int:
        """Return the length a browser is sent: compressed where the shop compresses."""
        return self._asked(path, {"Accept-Encoding": "gzip, deflate, br"})

    def _asked(self, path: str, headers: Mapping[str, str], tries: int = 5) -> int:
        """Ask again when the shop fails: a stock Oscar on SQLite sometimes does under load (the table counts it)."""
        request = urllib.request.Request(f"{self.url}{path}", headers=dict(headers))  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
                return len(answer.read())
        except urllib.error.HTTPError as error:
            if error.code < 500 or tries == 1:
                raise
            time.sleep(0.5)
            return self._asked(path, headers, tries - 1)


def run(words: list[str], environment: Mapping[str, str]) -> str:
    """Run Python to its end and return what it printed."""
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{words} failed:\n{done.stdout[-500:]}{done.stderr[-2500:]}")
    return done.stdout


#: Rendered for every request; kept as in production.
STORE_MODES = {"cold": {"CACHE_URL": "dummycache://"}, "kept": {}}
SHOPS = {
    shop.name: shop
    for shop in (
        Shop("store", "shop.wsgi", "tests.settings", ("tests.bench.seeding",), STORE_MODES),
        Shop("oscar", "tests.bench.oscar.wsgi", "tests.bench.oscar.settings", ("tests.bench.oscar.seeding",)),
        Shop("bare", "tests.bench.bare.wsgi", "tests.bench.bare.settings", ("tests.bench.bare.seeding",)),
    )
}
