"""The load generator where none is installed: one process, sockets that stay open, no more than the seconds asked.

python -m tests.bench.press http://127.0.0.1:8000/catalogue/ 16 3
"""

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 20


@dataclass
class Line:
    """A connection and the answer that is coming in over it."""

    address: tuple[str, int]
    request: bytes
    wire: socket.socket = field(init=False)
    received: bytearray = field(default_factory=bytearray)
    asked_at: float = 0.0

    def ask(self, watch: selectors.BaseSelector) -> None:
        self.wire = socket.create_connection(self.address, timeout=PATIENCE)
        watch.register(self.wire, selectors.EVENT_READ, self)
        self.ask_again()

    def ask_again(self) -> None:
        self.received.clear()
        self.asked_at = time.perf_counter()
        self.wire.sendall(self.request)

    def answer(self) -> int | None:
        """Read what is there and return the status once the answer is whole; 0 when the line was cut."""
        data = self.wire.recv(262_144)
        self.received += data
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not data:
            return 0
        if not end or not _is_whole(bytes(head).lower(), body):
            return None
        return int(head.split(b" ", 2)[1])


def _is_whole(head: bytes, body: bytearray) -> bool:
    if b"transfer-encoding: chunked" in head:
        return body.endswith(b"0\r\n\r\n")
    lines = (line.partition(b":") for line in head.split(b"\r\n"))
    return len(body) >= next((int(value) for name, _, value in lines if name == b"content-length"), 0)


def press(url: str, connections: int, seconds: float) -> dict[str, Any]:
    """Return what `load.Answers` holds."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    request = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode()
    waits: list[float] = []
    errors = 0
    began = time.perf_counter()
    with selectors.DefaultSelector() as watch:
        lines = [Line((parts.hostname or "", parts.port or 80), request) for _ in range(connections)]
        for line in lines:
            line.ask(watch)
        while (now := time.perf_counter()) < began + seconds:
            for key, _ in watch.select(began + seconds - now):
                errors += _heard(key.data, watch, waits)
    for line in lines:
        line.wire.close()
    return {
        "count": len(waits),
        "seconds": time.perf_counter() - began,
        "p50": _rank(waits, 0.50),
        "p95": _rank(waits, 0.95),
        "errors": errors,
    }


def _heard(line: Line, watch: selectors.BaseSelector, waits: list[float]) -> int:
    """Count a whole answer and ask again; return 1 when it was a bad one."""
    status = line.answer()
    if status is None:
        return 0
    waits.append((time.perf_counter() - line.asked_at) * 1000)
    if status == 0:
        watch.unregister(line.wire)
        line.wire.close()
        line.ask(watch)
    else:
        line.ask_again()
    return int(status != 200)


def _rank(waits: list[float], share: float) -> float:
    ordered = sorted(waits)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


if __name__ == "__main__":
    print(json.dumps(press(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))))
