"""HTTP: one thread a connection, an answer in one packet."""

import json
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .api import Api, Call
from .control import Control
from .delivery import Deliverer
from .errors import ApiError
from .faults import ConnectionCut, Faults
from .pages import Pages
from .store import Store

MAX_BODY = 1_000_000
_PAGE_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"


class FakeStripe(ThreadingHTTPServer):
    """The listening server and what it answers with."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, host: str, port: int, state: Path) -> None:
        """Listen, then open the state; raise OSError when the port is taken."""
        super().__init__((host, port), Handler)
        self.stopping = threading.Event()
        self.store = Store(state, f"http://{host}:{self.server_port}")
        faults = Faults()
        self.deliverer = Deliverer(self.store)
        self.api = Api(self.store, faults, self.stopping)
        self.pages = Pages(self.store, self.deliverer)
        self.control = Control(self.store, self.deliverer, faults)

    def server_bind(self) -> None:
        """Bind without asking the name server who we are."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when a client has gone; everything else is ours and goes to stderr."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def run(self) -> None:
        """Serve until `shutdown` is called; then end the deliveries and close the state."""
        self.deliverer.start()
        try:
            self.serve_forever(poll_interval=0.1)
        finally:
            self.stopping.set()
            self.server_close()
            self.deliverer.stop()
            self.store.close()


class Handler(BaseHTTPRequestHandler):
    """Sorts requests by their path's beginning."""

    server: FakeStripe
    protocol_version = "HTTP/1.1"
    server_version = "fake_stripe"
    disable_nagle_algorithm = True
    wbufsize = 65_536
    timeout = 300

    def _handle(self) -> None:
        try:
            parts, body = urlsplit(self.path), self._body()
        except ValueError as error:
            self.close_connection = True
            self._json(400, ApiError(str(error)).body(), {})
            return
        if parts.path.startswith("/v1/"):
            self._api(parts.path.rstrip("/"), parts.query, body)
        elif parts.path.startswith("/_control/"):
            self._control(parts.path, body)
        else:
            self._page(parts.path, body)

    do_GET = do_POST = do_DELETE = _handle

    def _body(self) -> str:
        length = self.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > MAX_BODY:
            raise ValueError("The request's body is too long or its length is not given.")
        try:
            return self.rfile.read(int(length)).decode()
        except UnicodeDecodeError as error:
            raise ValueError("The request's body is not UTF-8.") from error

    def _api(self, path: str, query: str, body: str) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = Call(self.command, path, query, headers, body)
        try:
            answer = self.server.api.handle(call)
        except ConnectionCut:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._json(answer.status, answer.body, self.server.api.headers(call, answer))

    def _control(self, path: str, body: str) -> None:
        if "Origin" in self.headers:
            self._json(403, {"error": "Browsers may not use the control API."}, {})
            return
        status, answer = self.server.control.handle(self.command, path, body)
        self._json(status, answer, {})

    def _page(self, path: str, body: str) -> None:
        page = self.server.pages.handle(self.command, path, body)
        headers = {
            "Content-Type": page.kind,
            "Content-Security-Policy": _PAGE_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        }
        if page.location:
            headers["Location"] = page.location
        self._send(page.status, page.body, headers)

    def _json(self, status: int, answer: Any, headers: dict[str, str]) -> None:
        body = json.dumps(answer, indent=2, ensure_ascii=False).encode()
        self._send(status, body, {"Content-Type": "application/json", "Cache-Control": "no-store"} | headers)

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the control API has the list of requests."""
