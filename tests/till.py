"""Fixtures for tests that need Stripe: a running stand-in, emptied for each test, and events signed as Stripe's are."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.fake_stripe_client import API_KEY, FakeStripe, running
from tests.stripe_types import assert_conforms

SECRET = "whsec_tests"


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeStripe]:
    """One stand-in for the run of a process."""
    with running(tmp_path_factory.mktemp("stripe")) as fake:
        yield fake


@pytest.fixture
def fake(stand_in: FakeStripe, settings: Any) -> Iterator[FakeStripe]:
    """The stand-in, knowing nothing yet, with the store pointed at it.

    What the test said to it and heard from it must fit stripe-python's own types.
    """
    stand_in.reset()
    stand_in.clear_faults()
    stand_in.reset_clock()
    settings.STRIPE_API_BASE = stand_in.url
    settings.STRIPE_SECRET_KEY = API_KEY
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
    yield stand_in
    assert_conforms(stand_in.log())


def an_event(kind: str, thing: dict[str, Any], **values: Any) -> dict[str, Any]:
    """Return an event as Stripe sends it."""
    event = {
        "id": f"evt_{abs(hash((kind, json.dumps(thing, sort_keys=True)))):024d}",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": int(time.time()),
        "livemode": False,
        "type": kind,
        "data": {"object": thing},
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
    }
    return event | values


def signature(body: bytes, *, secret: str = SECRET, at: float | None = None) -> str:
    """Return the header that signs `body`."""
    stamp = int(time.time() if at is None else at)
    return f"t={stamp},v1={digest(body, secret, stamp)}"


def digest(body: bytes, secret: str, stamp: int) -> str:
    """Return one signature of `body` at `stamp`."""
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def ring(event: dict[str, Any], **signed: Any) -> Any:
    """Deliver an event to the store's webhook and return the answer."""
    body = json.dumps(event, indent=2).encode()
    return deliver(body, signature(body, **signed))


def deliver(body: bytes, header: str) -> Any:
    """Post raw bytes to the webhook with a signature header."""
    return Client().post(
        "/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": header}
    )


def ring_all(fake: FakeStripe, kind: str = "", *, seen: set[str] | None = None) -> list[int]:
    """Deliver every event of the stand-in whose type starts with `kind` to the webhook; return the answers.

    With `seen`, only those not delivered before, which are added to it.
    """
    known = set() if seen is None else seen
    events = [event for event in fake.events() if event["type"].startswith(kind) and event["id"] not in known]
    known |= {event["id"] for event in events}
    return [ring(event).status_code for event in events]
