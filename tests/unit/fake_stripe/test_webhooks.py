"""Events reach their endpoints: signed, retried, held, repeated."""

import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from tests.fake_stripe_client import FakeStripe
from tests.unit.fake_stripe.conftest import SECRET, Receiver
from tests.unit.fake_stripe.samples import params

DAY = 24 * 3600


def until(condition: Callable[[], bool]) -> None:
    """Wait at most 5 s for a condition."""
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.02)


def test_a_payment_is_told_before_the_answer(fake: FakeStripe, api: Any, receiver: Receiver) -> None:
    session = api.checkout.sessions.create(params(metadata={"payment": "p-1"}))
    fake.pay(session.id)
    told = [event for event in receiver.events() if event.type == "checkout.session.completed"]
    assert [event.data.object["id"] for event in told] == [session.id]
    assert told[0].data.object["payment_status"] == "paid"
    assert (told[0].api_version, told[0].livemode) == ("2026-10-28.endive", False)
    fake.wait_until_delivered()
    assert receiver.types() == [
        "charge.succeeded",
        "charge.updated",
        "checkout.session.completed",
        "payment_intent.created",
        "payment_intent.succeeded",
    ]


def test_events_look_like_stripe_s_on_the_wire(fake: FakeStripe, api: Any, receiver: Receiver) -> None:
    api.checkout.sessions.expire(api.checkout.sessions.create(params()).id, {}, {"idempotency_key": "end:1"})
    fake.wait_until_delivered()
    [(headers, body)] = receiver.received
    assert re.fullmatch(r"t=\d{10},v1=[0-9a-f]{64}", headers["Stripe-Signature"])
    assert headers["User-Agent"] == "Stripe/1.0 (+https://stripe.com/docs/webhooks)"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert body.startswith(b'{\n  "id": "evt_')
    event = json.loads(body)
    assert event["request"]["idempotency_key"] == "end:1"
    assert event["request"]["id"].startswith("req_")
    assert event["pending_webhooks"] == 1
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body + b" ", headers["Stripe-Signature"], SECRET)


def test_what_time_does_has_no_request(fake: FakeStripe, api: Any) -> None:
    api.checkout.sessions.create(params())
    fake.advance(2 * DAY)
    assert fake.events()[0]["request"] == {"id": None, "idempotency_key": None}


def test_a_refused_event_is_sent_again_by_the_clock(fake: FakeStripe, api: Any, receiver: Receiver) -> None:
    receiver.status = 500
    session = api.checkout.sessions.create(params())
    api.checkout.sessions.expire(session.id)
    fake.wait_until_delivered()
    assert [item["status"] for item in fake.deliveries()] == [500]
    assert api.events.list({"delivery_success": False}).data[0].pending_webhooks == 1
    receiver.status = 200
    fake.advance(11)
    until(lambda: fake.deliveries()[0]["state"] == "delivered")
    assert receiver.types() == ["checkout.session.expired"] * 2
    assert len({headers["Stripe-Signature"] for headers, _ in receiver.received}) in (1, 2)
    assert [event.pending_webhooks for event in api.events.list({"delivery_success": True}).data] == [0]


def test_a_redirect_counts_as_refused(fake: FakeStripe, api: Any, receiver: Receiver) -> None:
    receiver.status = 301
    api.checkout.sessions.expire(api.checkout.sessions.create(params()).id)
    fake.wait_until_delivered()
    assert [(item["state"], item["status"]) for item in fake.deliveries()] == [("pending", 301)]


def test_retries_end_after_three_days(fake: FakeStripe, api: Any, receiver: Receiver) -> None:
    receiver.status = 404
    api.checkout.sessions.expire(api.checkout.sessions.create(params()).id)
    fake.wait_until_delivered()
    tries = 1
    while fake.deliveries()[0]["state"] == "pending":
        fake.advance(DAY / 2)
        until(lambda tries=tries: fake.deliveries()[0]["attempts"] > tries)  # type: ignore[misc]
        tries += 1
    assert (fake.deliveries()[0]["state"], tries) == ("failed", len(receiver.received))
    assert 4 <= tries <= 8


def test_held_events_wait_for_their_release(fake: FakeStripe, api: Any, receiver: Receiver) -> None:
    fake.hold()
    session = api.checkout.sessions.create(params())
    started = time.monotonic()
    fake.pay(session.id)
    assert time.monotonic() - started < 2
    assert receiver.received == []
    fake.release()
    until(lambda: len(receiver.received) == 5)


def test_flush_tries_everything_now(fake: FakeStripe, api: Any, receiver: Receiver) -> None:
    fake.hold()
    fake.pay(api.checkout.sessions.create(params()).id)
    assert [item["state"] for item in fake.flush()] == ["delivered"] * 5
    assert len(receiver.received) == 5


def test_an_event_can_be_repeated_in_parallel(fake: FakeStripe, api: Any, receiver: Receiver) -> None:
    api.checkout.sessions.expire(api.checkout.sessions.create(params()).id)
    fake.wait_until_delivered()
    event_id = fake.events()[0]["id"]
    assert fake.redeliver(event_id, 5, parallel=True) == [200] * 5
    assert {event.id for event in receiver.events()} == {event_id}
    assert len(receiver.received) == 6


def test_a_rolled_secret_signs_beside_the_old_one(fake: FakeStripe, api: Any, receiver: Receiver) -> None:
    endpoint = api.webhook_endpoints.list().data[0]
    secret = fake.control("POST", f"webhook_endpoints/{endpoint.id}/roll")["secret"]
    try:
        api.checkout.sessions.expire(api.checkout.sessions.create(params()).id)
        fake.wait_until_delivered()
        [(headers, body)] = receiver.received
        assert headers["Stripe-Signature"].count("v1=") == 2
        for known in (SECRET, secret):
            stripe.Webhook.construct_event(body, headers["Stripe-Signature"], known)
    finally:
        fake.stop()
        fake.start()
    assert len(api.webhook_endpoints.list().data) == 1


def test_endpoints_are_made_changed_and_taken_away(fake: FakeStripe, api: Any, receiver: Receiver) -> None:
    url = receiver.url + "second/"
    asked = {"url": url, "enabled_events": ["checkout.session.expired"], "metadata": {"a": "1"}}
    made = api.webhook_endpoints.create(asked)
    assert made.secret.startswith("whsec_")
    assert "secret" not in api.webhook_endpoints.retrieve(made.id)
    fake.pay(api.checkout.sessions.create(params()).id)
    api.checkout.sessions.expire(api.checkout.sessions.create(params()).id)
    fake.wait_until_delivered()
    there = [item["type"] for item in fake.deliveries() if item["endpoint"] == made.id]
    assert there == ["checkout.session.expired"]
    changed = api.webhook_endpoints.update(made.id, {"disabled": True, "enabled_events": ["*"]})
    assert (changed.status, changed.enabled_events) == ("disabled", ["*"])
    count = len(fake.deliveries())
    api.checkout.sessions.expire(api.checkout.sessions.create(params()).id)
    assert len(fake.deliveries()) == count + 1
    assert api.webhook_endpoints.delete(made.id).deleted is True
    assert made.id not in [item.id for item in api.webhook_endpoints.list().data]


def test_events_are_found_by_type_and_id(fake: FakeStripe, api: Any) -> None:
    fake.pay(api.checkout.sessions.create(params()).id)
    kinds = ["charge.succeeded", "payment_intent.succeeded"]
    found = api.events.list({"types": kinds}).data
    assert sorted(event.type for event in found) == kinds
    assert [event.type for event in api.events.list({"type": kinds[0]}).data] == kinds[:1]
    assert api.events.retrieve(found[0].id).data.object["id"] == found[0].data.object["id"]


def test_an_event_keeps_what_its_object_was(fake: FakeStripe, api: Any) -> None:
    session = api.checkout.sessions.create(params())
    fake.decline(session.id)
    fake.pay(session.id)
    failed = fake.events("payment_intent.payment_failed")[0]["data"]["object"]
    assert (failed["status"], failed["amount_received"]) == ("requires_payment_method", 0)
