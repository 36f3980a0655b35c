"""Run `shop.fake_stripe` as its own process and steer it through its control API.

    with running(tmp_path) as fake:
        client = fake.stripe_client()
        session = client.v1.checkout.sessions.create(…)
        fake.pay(session.id)

Every answer of the control API is plain JSON. At the end of a run `stripe_types.assert_conforms(fake.log())`
checks all that was said.
"""

import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import stripe

ROOT = Path(__file__).parent.parent
API_KEY = "sk_test_store"
_PATIENCE = 10


class ControlError(Exception):
    """The control API refused; the text says why."""


class FakeStripe:
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

    def start(self) -> "FakeStripe":
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

    # -- shoppers and banks

    def pay(self, session_id: str, **typed: Any) -> dict[str, Any]:
        """Pay as the page would; waits for the answer to checkout.session.completed unless `wait=False`.

        `typed` may have email, name, line1, line2, city, state, postal_code, country, phone, method, card,
        expiry, cvc, sort_code, account_number. Returns outcome (paid, no_payment_required, processing,
        declined, authenticate, invalid, expired, complete), redirect_url, message, decline_code, errors,
        session.
        """
        found: dict[str, Any] = self.control("POST", f"sessions/{session_id}/pay", **typed)
        return found

    def decline(self, session_id: str, **typed: Any) -> dict[str, Any]:
        """Try a card that is declined; the session stays open."""
        found: dict[str, Any] = self.control("POST", f"sessions/{session_id}/decline", **typed)
        return found

    def confirm(self, session_id: str, confirmed: bool = True) -> dict[str, Any]:
        """Answer the bank's 3-D Secure question."""
        found: dict[str, Any] = self.control("POST", f"sessions/{session_id}/confirm", confirmed=confirmed)
        return found

    def expire(self, session_id: str) -> dict[str, Any]:
        """End an open session now; return it."""
        found: dict[str, Any] = self.control("POST", f"sessions/{session_id}/expire")
        return found

    def settle(self, session_id: str, good: bool = True) -> dict[str, Any]:
        """Decide a delayed payment now; return the session."""
        found: dict[str, Any] = self.control("POST", f"sessions/{session_id}/settle", good=good)
        return found

    def move_refund(self, refund_id: str, status: str) -> dict[str, Any]:
        """Give a refund another status, with its events; return it."""
        found: dict[str, Any] = self.control("POST", f"refunds/{refund_id}", status=status)
        return found

    # -- time, faults, webhooks

    def advance(self, seconds: float) -> float:
        """Move the clock on; what becomes due happens. Returns the new time."""
        return float(self.control("POST", "clock", advance=seconds)["now"])

    def now(self) -> float:
        """Return the clock's time."""
        return float(self.control("GET", "clock")["now"])

    def reset_clock(self) -> None:
        """Let the clock be the machine's again."""
        self.control("POST", "clock", offset=0)

    def fault(self, **fields: Any) -> dict[str, Any]:
        """Make the next matching call go wrong; see `shop.fake_stripe.faults.Fault` for the fields."""
        found: dict[str, Any] = self.control("POST", "faults", **fields)
        return found

    def clear_faults(self) -> None:
        """Forget the faults still to come."""
        self.control("DELETE", "faults")

    def hold(self) -> None:
        """Keep webhooks back."""
        self.control("POST", "webhooks/hold")

    def release(self) -> None:
        """Let webhooks go."""
        self.control("POST", "webhooks/release")

    def flush(self) -> list[dict[str, Any]]:
        """Try every undelivered webhook now, also while they are held; return how each fared."""
        found: list[dict[str, Any]] = self.control("POST", "webhooks/flush")
        return found

    def redeliver(self, event_id: str, times: int = 1, *, parallel: bool = False) -> list[int]:
        """Send an event again; return the statuses answered (0: no answer)."""
        answer = self.control("POST", f"events/{event_id}/redeliver", times=times, parallel=parallel)
        found: list[int] = answer["statuses"]
        return found

    def deliveries(self) -> list[dict[str, Any]]:
        """Return every delivery: event, type, endpoint, state (pending, delivered, failed), attempts."""
        found: list[dict[str, Any]] = self.control("GET", "webhooks")["deliveries"]
        return found

    def wait_until_delivered(self, seconds: float = 10) -> None:
        """Wait until no webhook is waiting for its first attempt."""
        end = time.monotonic() + seconds
        while any(item["state"] == "pending" and not item["attempts"] for item in self.deliveries()):
            assert time.monotonic() < end, "webhooks were not tried in time"
            time.sleep(0.02)

    def reset(self) -> None:
        """Forget everything but the webhook endpoints."""
        self.control("POST", "reset")

    # -- what was seen

    def log(self) -> dict[str, Any]:
        """Return all requests with their answers, and all events, in order."""
        found: dict[str, Any] = self.control("GET", "log")
        return found

    def requests(self, method: str = "", path: str = "") -> list[dict[str, Any]]:
        """Return the requests seen: method, path, params, idempotency_key, status (0: cut), replayed."""
        found: list[dict[str, Any]] = self.control("GET", "requests")
        return [seen for seen in found if method in ("", seen["method"]) and seen["path"].startswith(path)]

    def events(self, kind: str = "") -> list[dict[str, Any]]:
        """Return the events, in order, of one type or all."""
        return [event for event in self.log()["events"] if kind in ("", event["type"])]


def _endpoint_options(url: str, secret: str) -> list[str]:
    return ["--webhook-url", url, "--webhook-secret", secret]


@contextmanager
def running(folder: Path, webhooks: dict[str, str] | None = None, *, event: str = "") -> Iterator[FakeStripe]:
    """Run one on a free port with its state in `folder`, and end it."""
    fake = FakeStripe(folder / "fake_stripe.sqlite3", webhooks, event=event).start()
    try:
        yield fake
    finally:
        fake.stop()
