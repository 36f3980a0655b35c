"""State, lock and clock, in one SQLite file: a restart, also after a kill, forgets nothing."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Document = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS documents_by_kind ON documents (kind, seq);
CREATE INDEX IF NOT EXISTS documents_due ON documents (kind, CAST(json_extract(body, '$._due') AS REAL))
    WHERE json_extract(body, '$._due') IS NOT NULL;
CREATE INDEX IF NOT EXISTS documents_by_parent ON documents (kind, json_extract(body, '$._parent'))
    WHERE json_extract(body, '$._parent') IS NOT NULL;
"""
KEPT_REQUESTS = 10_000


class Store:
    """Documents by kind and id, newest first.

    A document is a JSON object; names that start with an underscore are ours and never shown: `_due` is the
    moment (by the clock) at which something must happen to it, `_parent` the id of what it belongs to.
    """

    def __init__(self, path: Path, base_url: str) -> None:
        self.base_url = base_url
        #: Set after every commit that wrote, so that the delivery threads look at once.
        self.changed = threading.Event()
        #: Negative control: pay looks, waits so long without the lock, and writes what it saw.
        self.split_seconds = 0.0
        self._lock = threading.RLock()
        self._depth = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_SCHEMA)
        self._forget_old_requests()
        self._offset = float((self.find("clock") or {}).get("offset", 0))

    def _forget_old_requests(self) -> None:
        newest = "SELECT seq FROM documents WHERE kind = 'request' ORDER BY seq DESC LIMIT 1 OFFSET ?"
        sql = f"DELETE FROM documents WHERE kind = 'request' AND seq <= ({newest})"  # noqa: S608
        self._db.execute(sql, (KEPT_REQUESTS,))

    def close(self) -> None:
        """Close the file; nothing may be asked afterwards."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the one lock; keep all writes or, on an exception, none. The outermost commits."""
        with self._lock:
            if self._depth:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            self._depth, before = 1, self._db.total_changes
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            else:
                self._db.execute("COMMIT")
                if self._db.total_changes != before:
                    self.changed.set()
            finally:
                self._depth = 0

    # -- clock

    def now(self) -> float:
        """Return the controllable clock's time in seconds since 1970."""
        return time.time() + self._offset

    def today(self) -> int:
        """Return the clock's time as Stripe writes it: whole seconds."""
        return int(self.now())

    def set_offset(self, seconds: float) -> None:
        """Run the clock `seconds` ahead of the machine's."""
        with self.transaction():
            self.put("clock", {"id": "clock", "offset": seconds})
            self._offset = seconds

    def offset(self) -> float:
        """Return how many seconds the clock is ahead of the machine's."""
        return self._offset

    # -- documents

    def put(self, kind: str, document: Document) -> None:
        """Write a document under its id; a known id keeps its place in lists."""
        sql = (
            "INSERT INTO documents (kind, id, body) VALUES (?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET body = excluded.body"
        )
        body = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
        with self._lock:
            self._db.execute(sql, (kind, document["id"], body))

    def save(self, document: Document) -> None:
        """Write one of Stripe's objects, whose kind is its `object`."""
        self.put(document["object"], document)

    def find(self, document_id: str, kind: str | None = None) -> Document | None:
        """Return the document with this id (and kind), or None."""
        with self._lock:
            row = self._db.execute("SELECT kind, body FROM documents WHERE id = ?", (document_id,)).fetchone()
        return json.loads(row[1]) if row and kind in (None, row[0]) else None

    def newest(self, kind: str) -> list[Document]:
        """Return every document of a kind, newest first."""
        return self._read("kind = ? ORDER BY seq DESC", kind)

    def children(self, kind: str, parent: str) -> list[Document]:
        """Return the documents of a kind that belong to `parent`, newest first."""
        return self._read("kind = ? AND json_extract(body, '$._parent') = ? ORDER BY seq DESC", kind, parent)

    def due(self, kind: str, moment: float) -> list[Document]:
        """Return the documents of a kind whose `_due` has come, the most overdue first."""
        due = "CAST(json_extract(body, '$._due') AS REAL)"
        there = "json_extract(body, '$._due') IS NOT NULL"
        return self._read(f"kind = ? AND {there} AND {due} <= ? ORDER BY {due}", kind, moment)

    def remove(self, document_id: str) -> None:
        """Forget a document."""
        with self._lock:
            self._db.execute("DELETE FROM documents WHERE id = ?", (document_id,))

    def clear(self, keep: tuple[str, ...] = ()) -> None:
        """Forget everything but the kinds in `keep`."""
        with self.transaction():
            marks = ",".join("?" * len(keep))
            self._db.execute(f"DELETE FROM documents WHERE kind NOT IN ({marks})", keep)  # noqa: S608
            self._offset = float((self.find("clock") or {}).get("offset", 0))

    def _read(self, condition: str, *values: object) -> list[Document]:
        sql = f"SELECT body FROM documents WHERE {condition}"  # noqa: S608
        with self._lock:
            return [json.loads(row[0]) for row in self._db.execute(sql, values)]
