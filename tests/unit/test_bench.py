"""`make bench` starts, measures and prints; its figures are for people to read."""

import os
import re
import subprocess
import sys

import pytest

from tests.bench.press import press
from tests.databases import ROOT

NIGHTLY = bool(os.environ.get("TEST_NIGHTLY"))
#: The stock Oscar takes a while to start.
SHOPS = ["bare", "store", *(["oscar"] if NIGHTLY else [])]


def test_the_table_has_a_line_for_every_page() -> None:
    words = [
        "--products",
        "20",
        "--seconds",
        "0.1",
        "--databases",
        "sqlite",
        "--parts",
        "web",
        "--shops",
        *SHOPS,
    ]
    environment = {name: value for name, value in os.environ.items() if name != "TEST_DATABASE"} | {
        "LOAD": "script"
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", *words],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    lines = dict(re.findall(r"^((?:bare|store) .*?)  +(\S.*)$", done.stdout, re.MULTILINE))
    assert {
        "bare 0 queries", "bare 5 queries", "bare kept", "bare kept, 1 query",
        "store home, cold", "store list, cold", "store product, cold",
        "store home, kept", "store list, kept", "store product, kept",
    } <= lines.keys()  # fmt: skip
    assert lines["bare 5 queries"].split()[9] == "5"
    assert lines["store list, kept"].split()[9] == "1"
    assert float(lines["store list, kept"].split()[8]) > 0


def test_the_load_of_our_own_counts_what_is_wrong(live_server_that_fails: str) -> None:
    found = press(live_server_that_fails, 2, 0.2)
    assert found["count"] > 0
    assert found["errors"] == found["count"]


@pytest.fixture
def live_server_that_fails():
    """A server that answers 404 to everything."""
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class NotFound(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(404)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"no")

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), NotFound)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()
