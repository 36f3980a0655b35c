"""The process: its options, its end, and what a restart remembers."""

import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.fake_stripe_client import ROOT, FakeStripe
from tests.unit.fake_stripe.samples import params


def run(*options: str) -> "subprocess.CompletedProcess[str]":
    """Run one that is expected to end at once."""
    command = [sys.executable, "-m", "shop.fake_stripe", *options]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=10, check=False)


def test_a_taken_port_is_one_line_and_leaves_no_state(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("--port", str(port), "--state", str(tmp_path / "state.sqlite3"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"fake_stripe: port {port} on 127.0.0.1 is taken\n"
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_none_is_one_line(tmp_path: Path) -> None:
    done = run("--port", "99999", "--state", str(tmp_path / "state.sqlite3"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "fake_stripe: --port takes a number from 0 to 65535, not 99999\n"
    assert list(tmp_path.iterdir()) == []


def test_it_listens_on_loopback_only(tmp_path: Path) -> None:
    done = run("--port", "0", "--host", "0.0.0.0", "--state", str(tmp_path / "state.sqlite3"))  # noqa: S104
    assert done.returncode == 2
    assert (
        done.stderr
        == "fake_stripe: 0.0.0.0 is not a loopback address; this stand-in never listens elsewhere\n"
    )


def test_it_imports_nothing_of_ours_and_no_django() -> None:
    program = "import shop.fake_stripe.__main__, sys; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )
    loaded = done.stdout.split()
    assert not [name for name in loaded if re.match(r"(django|oscar|stripe|requests)(\.|$)", name)]
    ours = [name for name in loaded if name.startswith("shop.") and not name.startswith("shop.fake_stripe")]
    assert ours == []


@pytest.fixture
def restarted(tmp_path: Path) -> Any:
    """A stand-in of one's own, with an endpoint where nobody listens."""
    fake = FakeStripe(
        tmp_path / "deep" / "state.sqlite3", {"http://127.0.0.1:9/hook/": "whsec_known"}
    ).start()
    yield fake
    fake.stop()


def test_a_restart_forgets_nothing(restarted: FakeStripe) -> None:
    fake = restarted
    client = fake.stripe_client()
    first = client.v1.checkout.sessions.create(params(), {"idempotency_key": "k"})
    fake.pay(first.id, wait=False)
    fake.advance(100)
    before = fake.log()
    ahead = fake.control("GET", "clock")["offset"]
    assert fake.stop() == 0
    fake.start()
    client = fake.stripe_client()
    assert client.v1.checkout.sessions.create(params(), {"idempotency_key": "k"}).to_dict() == first.to_dict()
    assert client.v1.checkout.sessions.retrieve(first.id).payment_status == "paid"
    assert fake.log()["events"] == before["events"]
    assert fake.log()["requests"][: len(before["requests"])] == before["requests"]
    assert fake.control("GET", "clock")["offset"] == ahead
    [endpoint] = client.v1.webhook_endpoints.list().data
    assert endpoint.url == "http://127.0.0.1:9/hook/"
    assert "checkout.session.completed" in endpoint.enabled_events
    assert "payment_intent.created" not in endpoint.enabled_events


def test_a_kill_loses_nothing_that_was_answered(restarted: FakeStripe) -> None:
    fake = restarted
    client = fake.stripe_client(retries=0)
    made = [client.v1.checkout.sessions.create(params()).id for _ in range(5)]
    assert fake.pay(made[0], wait=False)["outcome"] == "paid"
    fake.kill()
    fake.start()
    client = fake.stripe_client()
    found = client.v1.checkout.sessions.list({"limit": 100}).data
    assert [session.id for session in found] == made[::-1]
    assert found[-1].payment_status == "paid"
    assert found[0].url == f"{fake.url}/c/pay/{made[-1]}"


def test_undelivered_events_survive_a_kill(restarted: FakeStripe) -> None:
    fake = restarted
    client = fake.stripe_client()
    fake.hold()
    client.v1.checkout.sessions.expire(client.v1.checkout.sessions.create(params()).id)
    fake.kill()
    fake.start()
    end = time.monotonic() + 5
    while not fake.deliveries()[0]["attempts"]:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert (fake.deliveries()[0]["state"], fake.deliveries()[0]["status"]) == ("pending", 0)


def test_a_hanging_call_does_not_hinder_the_end(restarted: FakeStripe) -> None:
    fake = restarted
    fake.fault(path="/v1/", hang="before")
    with socket.create_connection(("127.0.0.1", fake.port)) as hanging:
        hanging.sendall(b"GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk_test_x\r\n\r\n")
        time.sleep(0.1)
        started = time.monotonic()
        assert fake.stop() == 0
        assert time.monotonic() - started < 3
