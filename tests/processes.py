"""A whole store in processes of its own: gunicorn, the worker, the fake Stripe, one copy of a database.

    with running(database, tmp_path) as store:
        store.manage("check_ledger")
        requests.get(store.url)

The calling process may have its own connection to the same copy (`database.use`), to prepare rows and to see
what became of them.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.databases import ROOT, Database
from tests.factories import PASSWORD
from tests.fake_stripe_client import API_KEY, FakeStripe
from tests.settings import WORKER

PATIENCE = 30
WEBHOOK_SECRET = "whsec_live_store"
#: The copy a live store runs on: one for each process of a test run, as they run beside each other.
LIVE = f"live_{WORKER}"


class DidNotStart(RuntimeError):
    """A process ended or stayed silent; its log says why."""


@dataclass
class Store:
    """A running store; `folder` holds its logs, media and mail."""

    folder: Path
    database_url: str
    port: int
    fake: FakeStripe
    guards_off: str = ""
    fault: str = ""
    workers: int = 2
    threads: int = 4
    media: Path | None = None
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def mails(self) -> list[str]:
        """The mails handed over so far, as they were sent; one file may hold several, each with a line after it."""
        texts = [path.read_text() for path in sorted((self.folder / "mail").glob("*.log"))]
        return [mail for text in texts for mail in text.split("\n" + "-" * 79 + "\n")[:-1]]

    @property
    def environment(self) -> dict[str, str]:
        """All a process of this store finds in its environment: nothing of the developer's own."""
        inherited = ("PATH", "HOME", "TMPDIR", "LANG", "TEST_FOLDER")
        return {name: os.environ[name] for name in inherited if name in os.environ} | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "TEST_LIVE": "1",
            "TEST_MEDIA": str(self.media or self.folder / "media"),
            "TEST_STATIC": str(self.folder / "static"),
            "TEST_GUARDS_OFF": self.guards_off,
            "TEST_FAULT": self.fault,
            "TEST_FAULT_ONCE": str(self._happened),
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
            "SECRET_KEY": os.environ["SECRET_KEY"],
            "SITE_URL": self.url,
            "EMBED_PARENTS": "https://paper.example",
            "DATABASE_URL": self.database_url,
            "EMAIL_URL": f"filemail:///{self.folder}/mail",
            "STAFF_EMAIL": "staff@example.org",
            "TRUSTED_PROXIES": "1",
            "STRIPE_SECRET_KEY": API_KEY,
            "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "STRIPE_API_BASE": self.fake.url,
            "WEB_THREADS": str(self.threads),
        }

    def break_once(self) -> None:
        """Let the store's fault, which a fixture has kept back, happen once from now on."""
        self._happened.unlink()

    def keep_whole(self) -> None:
        """Keep the fault back until `break_once`."""
        self._happened.touch()

    @property
    def _happened(self) -> Path:
        return self.folder / "fault-happened"

    def manage(self, *words: str) -> str:
        """Run a management command to its end and return what it printed; a failure shows all of it."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE * 10,
            check=False,
        )
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def collect_static(self) -> None:
        """Collect the files of its pages, so that they are served as in production."""
        self.manage("collectstatic", "--no-input", "-v0", "-i", "admin", "-i", "unfold")

    def start_web(self) -> None:
        """Start gunicorn and wait until it answers."""
        options = ["--workers", str(self.workers), "--threads", str(self.threads), "--graceful-timeout", "5"]
        self._start("web", "-m", "gunicorn", "shop.wsgi", "--bind", f"127.0.0.1:{self.port}", *options)
        self.wait_until_healthy()

    def start_worker(self) -> None:
        self._start("worker", "manage.py", "worker")

    def _start(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def wait_until_healthy(self) -> None:
        """Wait until the web server answers."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.processes["web"].poll() is None:
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/healthz", timeout=5):  # noqa: S310
                return
            time.sleep(0.05)
        raise DidNotStart(self.log("web"))

    def log(self, name: str) -> str:
        """Return what a process has said."""
        return (self.folder / f"{name}.log").read_text()

    def stop(self) -> None:
        """End what runs, by pid, and wait for it."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            _wait(process)
        self.processes.clear()


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def prepared(
    database: Database, folder: Path, *, name: str = LIVE, webhooks: bool = True, **values: Any
) -> Iterator[Store]:
    """Give a store its copy of the database and its fake Stripe; nothing serves yet."""
    database_url = database.fresh(name)
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    endpoints = {f"http://127.0.0.1:{port}/webhooks/stripe/": WEBHOOK_SECRET} if webhooks else {}
    fake = FakeStripe(folder / "fake_stripe.sqlite3", endpoints).start()
    store = Store(folder, database_url, port, fake, **values)
    try:
        yield store
    finally:
        store.stop()
        fake.stop()


@contextmanager
def running(database: Database, folder: Path, **values: Any) -> Iterator[Store]:
    """Run a store (2 workers × 4 threads) and its fake Stripe; this process looks at its rows."""
    with prepared(database, folder, **values) as store:
        database.use(LIVE)
        store.start_web()
        yield store
