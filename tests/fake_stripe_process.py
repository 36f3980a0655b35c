"""Run `shop.fake_stripe` as its own process, and call its control API."""

import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Self

import stripe

ROOT = Path(__file__).parent.parent
API_KEY = "sk_test_store"
_PATIENCE = 10


class ControlError(Exception):
    """The control API refused; the text says why."""


class FakeStripeProcess:
    """A running stand-in: `url` is what `STRIPE_API_BASE` must be."""

    def __init__(
        self, state: Path, webhooks: dict[str, str] | None = None, *, event: str = "", port: int = 0
    ) -> None:
        """Prepare one with its state in the file `state`, sending events to `webhooks` (URL to secret).

        `event` is the type sent, `*` for all; when empty, what a store needs.
        """
        self.state, self.webhooks, self.port = state, webhooks or {}, port
        self.event_options = ["--webhook-event", event] if event else []
        self.process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """The API's base address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Start it and wait until it listens; after `stop` or `kill`, again on the same port."""
        options = [word for url, secret in self.webhooks.items() for word in _endpoint_options(url, secret)]
        command = [
            sys.executable,
            "-m",
            "shop.fake_stripe",
            "--port",
            str(self.port),
            "--state",
            str(self.state),
        ]
        command += options + self.event_options
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if "listens on" not in line:
            self.stop()
            raise RuntimeError(f"fake_stripe did not start: {line}")
        self.port = int(line.split()[3].rpartition(":")[2])
        return self

    def stop(self) -> int:
        """End it with SIGTERM and return its exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """End it with SIGKILL, as a power cut would."""
        return self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> int:
        process, self.process = self.process, None
        if process is None:
            return 0
        process.send_signal(number)
        status = process.wait(_PATIENCE)
        assert process.stdout is not None
        process.stdout.close()
        return status

    def stripe_client(
        self, *, retries: int = 0, timeout: tuple[float, float] = (2, 8)
    ) -> stripe.StripeClient:
        """Return the real client, pointed here."""
        stripe.enable_telemetry = False
        return stripe.StripeClient(
            API_KEY,
            base_addresses={
                "api": self.url,
                "files": self.url,
                "connect": self.url,
                "meter_events": self.url,
            },
            max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=timeout),
        )

    def control(self, method: str, action: str, /, **fields: Any) -> Any:
        """Call `/_control/<action>`; raise ControlError with its reason when it refuses."""
        data = json.dumps(fields).encode() if method != "GET" else None
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/_control/{action}", data, headers, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise ControlError(json.load(error)["error"]) from error


def _endpoint_options(url: str, secret: str) -> list[str]:
    return ["--webhook-url", url, "--webhook-secret", secret]
