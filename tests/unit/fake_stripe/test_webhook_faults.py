"""Events that come wrong, late, twice, in another order, or never."""

import json
import re
from typing import Any

import pytest
import stripe

from tests.fake_stripe_client import ControlError, FakeStripe
from tests.unit.fake_stripe.conftest import SECRET, Receiver
from tests.unit.fake_stripe.samples import params
from tests.unit.fake_stripe.test_webhooks import DAY, until

COMPLETED, EXPIRED = "checkout.session.completed", "checkout.session.expired"


def expired(api: Any) -> str:
    """Let a session expire, which is one event; return the session's id."""
    session = api.checkout.sessions.create(params())
    return str(api.checkout.sessions.expire(session.id).id)


def body(receiver: Receiver, number: int = 0) -> dict[str, Any]:
    """Return what came, unverified."""
    return dict(json.loads(receiver.received[number][1]))


def verify(receiver: Receiver, secret: str = SECRET) -> None:
    """Let the real library judge what came first."""
    headers, raw = receiver.received[0]
    stripe.Webhook.construct_event(raw, headers["Stripe-Signature"], secret)


def test_a_dropped_event_is_listed_as_undelivered(fake: FakeStripe, api: Any, receiver: Receiver) -> None:
    fake.webhook_fault(EXPIRED, drop=True)
    expired(api)
    fake.pay(api.checkout.sessions.create(params()).id)
    fake.wait_until_delivered()
    fake.advance(4 * DAY)
    assert EXPIRED not in receiver.types()
    assert [item["state"] for item in fake.deliveries() if item["type"] == EXPIRED] == ["dropped"]
    missed = api.events.list({"delivery_success": False, "types": [COMPLETED, EXPIRED]}).data
    assert [event.type for event in missed] == [EXPIRED]
    assert [event.type for event in api.events.list({"delivery_success": True, "type": COMPLETED}).data] == [
        COMPLETED
    ]


def test_a_delayed_event_comes_by_the_clock(fake: FakeStripe, api: Any, receiver: Receiver) -> None:
    fake.webhook_fault(delay=3600)
    expired(api)
    until(lambda: fake.deliveries()[0]["_due"] > fake.now() + 3000)
    assert receiver.received == []
    fake.advance(3601)
    until(lambda: len(receiver.received) == 1)
    verify(receiver)


def test_a_missing_event_does_not_hold_the_shopper(fake: FakeStripe, api: Any) -> None:
    fake.webhook_fault("*", count=9, drop=True)
    assert fake.pay(api.checkout.sessions.create(params()).id)["outcome"] == "paid"
    fake.clear_webhook_faults()


@pytest.mark.parametrize("parallel", [False, True])
def test_an_event_comes_several_times(fake: FakeStripe, api: Any, receiver: Receiver, parallel: bool) -> None:
    fake.webhook_fault(EXPIRED, times=4, parallel=parallel)
    expired(api)
    until(lambda: len(receiver.received) == 4)
    assert len({event.id for event in receiver.events()}) == 1
    until(lambda: fake.deliveries()[0]["state"] == "delivered")


def test_a_happening_is_told_by_two_events(fake: FakeStripe, api: Any, receiver: Receiver) -> None:
    fake.webhook_fault(EXPIRED, twin=True)
    session_id = expired(api)
    until(lambda: len(receiver.received) == 2)
    events = receiver.events()
    assert len({event.id for event in events}) == 2
    assert {(event.type, event.data.object["id"]) for event in events} == {(EXPIRED, session_id)}
    assert len(fake.events(EXPIRED)) == 2


def test_events_come_in_reverse(fake: FakeStripe, api: Any, receiver: Receiver) -> None:
    fake.webhook_fault(EXPIRED, reorder=True, count=3)
    made = []
    for number in (1, 2, 3):
        made.append(expired(api))
        until(lambda number=number: len(receiver.received) == 3 or kept_back(fake) == number)  # type: ignore[misc]
    until(lambda: len(receiver.received) == 3)
    assert [event.data.object["id"] for event in receiver.events()] == made[::-1]


def kept_back(fake: FakeStripe) -> int:
    """Return how many deliveries a fault keeps back."""
    return sum(item["_due"] is None and item["state"] == "pending" for item in fake.deliveries())


def test_held_events_go_out_in_the_order_asked_for(fake: FakeStripe, api: Any, receiver: Receiver) -> None:
    fake.hold()
    fake.pay(api.checkout.sessions.create(params()).id)
    order = [COMPLETED, "payment_intent.created", fake.events("charge.succeeded")[0]["id"]]
    assert [item["state"] for item in fake.flush(order)] == ["delivered"] * 3
    assert [event.type for event in receiver.events()] == [*order[:2], "charge.succeeded"]
    assert len(fake.flush()) == 2


def test_a_wrong_signature_is_refused_and_the_next_attempt_is_right(
    fake: FakeStripe, api: Any, receiver: Receiver
) -> None:
    receiver.status = 400
    fake.webhook_fault(EXPIRED, wrong_signature=True)
    expired(api)
    until(lambda: fake.deliveries()[0]["attempts"] == 1)
    with pytest.raises(stripe.SignatureVerificationError):
        verify(receiver)
    receiver.status = 200
    receiver.received.clear()
    fake.advance(11)
    until(lambda: fake.deliveries()[0]["state"] == "delivered")
    verify(receiver)


@pytest.mark.parametrize(("age", "refused"), [(301, True), (290, False)])
def test_a_signature_may_be_old(
    fake: FakeStripe, api: Any, receiver: Receiver, age: int, refused: bool
) -> None:
    fake.webhook_fault(EXPIRED, age=age)
    expired(api)
    until(lambda: len(receiver.received) == 1)
    if refused:
        with pytest.raises(stripe.SignatureVerificationError, match="outside the tolerance"):
            verify(receiver)
    else:
        verify(receiver)


def test_another_secret_may_sign(fake: FakeStripe, api: Any, receiver: Receiver) -> None:
    fake.webhook_fault(EXPIRED, secret="whsec_next")
    expired(api)
    until(lambda: len(receiver.received) == 1)
    verify(receiver, "whsec_next")
    with pytest.raises(stripe.SignatureVerificationError):
        verify(receiver)


def test_a_rotated_secret_may_sign_alone(fake: FakeStripe, api: Any, receiver: Receiver) -> None:
    try:
        secret = fake.roll_secret(keep_old=False)
        expired(api)
        until(lambda: len(receiver.received) == 1)
        verify(receiver, secret)
        with pytest.raises(stripe.SignatureVerificationError):
            verify(receiver)
    finally:
        fake.stop()
        fake.start()


def test_an_event_may_be_of_another_version_and_mode(fake: FakeStripe, api: Any, receiver: Receiver) -> None:
    fake.webhook_fault(
        COMPLETED,
        api_version="2020-08-27",
        without=["collected_information", "total_details.amount_tax", "nothing.there"],
        livemode=True,
        change={"amount_total": 1},
    )
    session = api.checkout.sessions.create(params())
    fake.pay(session.id)
    until(lambda: len(receiver.received) == 5)
    [sent] = [body(receiver, n) for n in range(5) if body(receiver, n)["type"] == COMPLETED]
    assert (sent["api_version"], sent["livemode"]) == ("2020-08-27", True)
    about = sent["data"]["object"]
    assert (about["amount_total"], "collected_information" in about) == (1, False)
    assert "amount_tax" not in about["total_details"]
    assert api.checkout.sessions.retrieve(session.id).amount_total == 2500
    assert fake.events(COMPLETED)[0]["api_version"] == "2026-10-28.endive"


def test_every_attempt_is_signed_anew_for_three_days(fake: FakeStripe, api: Any, receiver: Receiver) -> None:
    receiver.status = 500
    expired(api)
    fake.wait_until_delivered()
    started = fake.now()
    while fake.deliveries()[0]["state"] == "pending":
        attempts = fake.deliveries()[0]["attempts"]
        last = fake.now()
        fake.advance(fake.deliveries()[0]["_due"] - fake.now() + 0.1)
        until(lambda attempts=attempts: fake.deliveries()[0]["attempts"] > attempts)  # type: ignore[misc]
    assert 2 * DAY < last - started < 3 * DAY
    assert fake.deliveries()[0]["attempts"] == len(receiver.received) == 12
    assert len({json.loads(raw)["id"] for _, raw in receiver.received}) == 1
    assert all(re.match(r"t=\d{10},v1=", headers["Stripe-Signature"]) for headers, _ in receiver.received)
    assert [event.type for event in api.events.list({"delivery_success": False}).data] == [EXPIRED]


@pytest.mark.parametrize("fields", [{"wrong": 1}, {"count": 0}, {"times": 0}, {"delay": -1}])
def test_a_fault_that_makes_no_sense_is_refused(fake: FakeStripe, fields: dict[str, Any]) -> None:
    with pytest.raises(ControlError):
        fake.webhook_fault(**fields)
    assert fake.control("GET", "webhooks/faults") == []
