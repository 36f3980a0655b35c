"""What the shopper and the bank do."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import stripe

from tests.fake_stripe_client import ControlError, FakeStripe
from tests.unit.fake_stripe.samples import WITH_ADDRESS, params

DAY = 24 * 3600
ROUNDS = 15


@pytest.mark.parametrize(
    ("card", "decline_code"),
    [("4000 0000 0000 0002", "generic_decline"), ("4000000000009995", "insufficient_funds")],
)
def test_a_declined_card_leaves_the_session_open(
    fake: FakeStripe, api: Any, card: str, decline_code: str
) -> None:
    session = api.checkout.sessions.create(params())
    outcome = fake.pay(session.id, card=card)
    assert (outcome["outcome"], outcome["decline_code"]) == ("declined", decline_code)
    assert outcome["redirect_url"] is None
    still = api.checkout.sessions.retrieve(session.id)
    assert (still.status, still.payment_status, still.payment_intent) == ("open", "unpaid", None)
    intent = api.payment_intents.list().data[0]
    assert (intent.status, intent.last_payment_error.decline_code) == (
        "requires_payment_method",
        decline_code,
    )
    assert [event["type"] for event in fake.events()] == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
    ]


def test_another_card_pays_the_same_intent(fake: FakeStripe, api: Any) -> None:
    session = api.checkout.sessions.create(params())
    fake.decline(session.id)
    assert fake.pay(session.id)["outcome"] == "paid"
    assert len(api.payment_intents.list().data) == 1
    assert [charge.status for charge in api.charges.list().data] == ["succeeded", "failed"]
    assert [event["type"] for event in fake.events()][-4:] == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "charge.updated",
        "checkout.session.completed",
    ]


def test_an_expired_session_takes_its_intent_with_it(fake: FakeStripe, api: Any) -> None:
    session = api.checkout.sessions.create(params())
    fake.decline(session.id)
    fake.expire(session.id)
    intent = api.payment_intents.list().data[0]
    assert (intent.status, intent.amount_received) == ("canceled", 0)


@pytest.mark.parametrize(
    ("confirmed", "outcome", "status"), [(True, "paid", "complete"), (False, "declined", "open")]
)
def test_a_bank_may_ask(fake: FakeStripe, api: Any, confirmed: bool, outcome: str, status: str) -> None:
    session = api.checkout.sessions.create(params())
    assert fake.pay(session.id, card="4000 0025 0000 3155")["outcome"] == "authenticate"
    assert api.payment_intents.list().data[0].status == "requires_action"
    assert api.checkout.sessions.retrieve(session.id).status == "open"
    assert fake.confirm(session.id, confirmed)["outcome"] == outcome
    assert api.checkout.sessions.retrieve(session.id).status == status
    assert fake.confirm(session.id)["outcome"] in ("complete", "invalid")


@pytest.mark.parametrize(
    ("account", "status", "event"),
    [
        ("00012345", "paid", "checkout.session.async_payment_succeeded"),
        ("33333335", "unpaid", "checkout.session.async_payment_failed"),
    ],
)
def test_a_direct_debit_is_decided_days_later(
    fake: FakeStripe, api: Any, account: str, status: str, event: str
) -> None:
    session = api.checkout.sessions.create(params())
    assert fake.pay(session.id, method="bacs_debit", account_number=account)["outcome"] == "processing"
    waiting = api.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    assert waiting.payment_intent.status == "processing"
    fake.advance(2 * DAY)
    assert api.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    fake.advance(2 * DAY)
    assert api.checkout.sessions.retrieve(session.id).payment_status == status
    assert len(fake.events(event)) == 1


def test_details_are_checked_like_on_the_page(fake: FakeStripe, api: Any) -> None:
    session = api.checkout.sessions.create(params(**WITH_ADDRESS))
    outcome = fake.pay(
        session.id, email="nobody", line1="", card="4111 1111 1111 1111", expiry="01/20", cvc="x"
    )
    assert outcome["outcome"] == "invalid"
    assert sorted(outcome["errors"]) == ["card", "cvc", "email", "expiry", "line1"]
    assert api.payment_intents.list().data == []
    with pytest.raises(ControlError, match="no field wrong"):
        fake.pay(session.id, wrong="x")


def race(fake: FakeStripe, api: Any) -> tuple[str, int, int]:
    """Pay a session twice and expire it twice, all at once; return its id, how often it was paid and ended."""
    session_id, barrier = str(api.checkout.sessions.create(params()).id), Barrier(4)
    clients = [fake.stripe_client(), fake.stripe_client()]

    def pay() -> str:
        barrier.wait()
        return str(fake.pay(session_id, wait=False)["outcome"])

    def expire(client: stripe.StripeClient) -> str:
        barrier.wait()
        try:
            return str(client.v1.checkout.sessions.expire(session_id).status)
        except stripe.InvalidRequestError:
            return "refused"

    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(pay), pool.submit(pay), *(pool.submit(expire, client) for client in clients)]
        ends = [future.result() for future in futures]
    return session_id, ends[:2].count("paid"), ends[2:].count("expired")


def test_paying_and_expiring_at_once_ends_in_exactly_one(fake: FakeStripe, api: Any) -> None:
    for _ in range(ROUNDS):
        session_id, paid, ended = race(fake, api)
        assert paid + ended == 1
        status = api.checkout.sessions.retrieve(session_id).status
        assert status == ("complete" if paid else "expired")
    terminal = [*fake.events("checkout.session.completed"), *fake.events("checkout.session.expired")]
    assert len({event["data"]["object"]["id"] for event in terminal}) == len(terminal) == ROUNDS


def test_without_the_lock_a_session_ends_in_both(fake: FakeStripe, api: Any) -> None:
    fake.split_paying(0.1)
    ends = [race(fake, api)[1:] for _ in range(6)]
    assert any(paid and ended for paid, ended in ends)
    assert fake.events("checkout.session.completed")
    assert fake.events("checkout.session.expired")
