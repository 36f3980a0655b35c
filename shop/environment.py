"""What settings.py needs from the machine: the swap to a sound SQLite, and a secret key made once.

Imports nothing of ours.
"""

import os
import secrets
import sys
from pathlib import Path


def use_bundled_sqlite() -> None:
    """Prefer the pysqlite3 wheel: SQLite before 3.51.3 has the WAL-reset bug (sqlite.org/wal.html)."""
    try:
        import pysqlite3
    except ImportError:
        return
    sys.modules.setdefault("sqlite3", pysqlite3)
    sys.modules.setdefault("sqlite3.dbapi2", pysqlite3.dbapi2)


def secret_key(folder: Path) -> str:
    """Return the key kept in `folder`, making it (mode 0600) the first time; safe when two processes start at once."""
    path = folder / "secret_key"
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii").strip()


def _write_once(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
    try:
        os.link(draft, path)  # fails when another process was first: its key stands
    except FileExistsError:
        pass
    finally:
        draft.unlink()
