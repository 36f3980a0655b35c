"""One stand-in process for all tests here, emptied between them; what it said is checked after each."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import stripe

from tests.fake_stripe_client import FakeStripe, running
from tests.stripe_types import assert_conforms

SECRET = "whsec_test"


@dataclass
class Receiver:
    """A webhook endpoint that keeps what came and answers `status`."""

    url: str
    status: int = 200
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def events(self) -> list[stripe.Event]:
        """Return what came, each verified by the real library."""
        return [
            stripe.Webhook.construct_event(body, headers["Stripe-Signature"], SECRET)
            for headers, body in self.received
        ]

    def types(self) -> list[str]:
        """Return the types that came, sorted."""
        return sorted(event.type for event in self.events())


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.receiver.received.append((dict(self.headers.items()), body))
        self.send_response(self.receiver.status)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def _receiver() -> Iterator[Receiver]:
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.receiver = Receiver(f"http://127.0.0.1:{server.server_port}/webhooks/stripe/")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield handler.receiver  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def _process(tmp_path_factory: pytest.TempPathFactory, _receiver: Receiver) -> Iterator[FakeStripe]:
    with running(tmp_path_factory.mktemp("stripe"), {_receiver.url: SECRET}, event="*") as fake:
        yield fake


@pytest.fixture(scope="session")
def _client(_process: FakeStripe) -> stripe.StripeClient:
    return _process.stripe_client()


@pytest.fixture
def receiver(_receiver: Receiver) -> Receiver:
    """The endpoint that the stand-in sends its events to."""
    return _receiver


@pytest.fixture
def fake(_process: FakeStripe, _receiver: Receiver) -> Iterator[FakeStripe]:
    """The stand-in, empty; afterwards all it said must fit stripe-python's types."""
    _process.reset()
    _receiver.status = 200
    _receiver.received.clear()
    yield _process
    log = _process.log()
    _process.reset()
    assert_conforms(log)


@pytest.fixture
def api(fake: FakeStripe, _client: stripe.StripeClient) -> Any:
    """The real client's v1 services."""
    return _client.v1
