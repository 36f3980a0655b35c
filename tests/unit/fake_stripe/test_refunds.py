"""Refunds over the real library."""

from typing import Any

import pytest
import stripe

from tests.fake_stripe_client import ControlError, FakeStripe
from tests.unit.fake_stripe.samples import params


@pytest.fixture
def intent(fake: FakeStripe, api: Any) -> str:
    """The intent of a paid session over 25.00."""
    session = api.checkout.sessions.create(params())
    return str(fake.pay(session.id)["session"]["payment_intent"])


def test_a_refund_gives_back_the_whole_payment(fake: FakeStripe, api: Any, intent: str) -> None:
    refund = api.refunds.create({"payment_intent": intent, "metadata": {"refund": "r-1"}})
    assert (refund.status, refund.amount, refund.currency) == ("succeeded", 2500, "gbp")
    charge = api.charges.retrieve(refund.charge, {"expand": ["refunds"]})
    assert (charge.amount_refunded, charge.refunded) == (2500, True)
    assert [found.id for found in charge.refunds.data] == [refund.id]
    assert [event["type"] for event in fake.events()][-2:] == ["refund.created", "charge.refunded"]


def test_parts_add_up_and_never_exceed_the_payment(api: Any, intent: str) -> None:
    first = api.refunds.create({"payment_intent": intent, "amount": 1000})
    second = api.refunds.create({"charge": first.charge, "amount": 1000, "reason": "requested_by_customer"})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.refunds.create({"payment_intent": intent, "amount": 600})
    assert caught.value.user_message == (
        "Refund amount (£6.00) is greater than unrefunded amount on charge (£5.00)"
    )
    charge = api.charges.retrieve(first.charge)
    assert (charge.amount_refunded, charge.refunded) == (2000, False)
    assert [found.id for found in api.refunds.list({"payment_intent": intent}).data] == [second.id, first.id]


def test_nothing_is_refunded_twice(api: Any, intent: str) -> None:
    refund = api.refunds.create({"payment_intent": intent})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.refunds.create({"payment_intent": intent})
    assert caught.value.code == "charge_already_refunded"
    assert caught.value.user_message == f"Charge {refund.charge} has already been refunded."


def test_a_refund_may_fail_later(fake: FakeStripe, api: Any, intent: str) -> None:
    refund = api.refunds.create({"payment_intent": intent, "amount": 700})
    fake.move_refund(refund.id, "failed")
    assert api.refunds.retrieve(refund.id).status == "failed"
    assert api.charges.retrieve(refund.charge).amount_refunded == 0
    assert [event["type"] for event in fake.events()][-3:] == [
        "refund.updated",
        "refund.failed",
        "charge.updated",
    ]
    assert api.refunds.create({"payment_intent": intent}).amount == 2500


def test_metadata_is_all_that_can_be_changed(api: Any, intent: str) -> None:
    refund = api.refunds.create({"payment_intent": intent, "metadata": {"a": "1"}})
    assert api.refunds.update(refund.id, {"metadata": {"b": "2"}}).metadata.to_dict() == {"a": "1", "b": "2"}
    with pytest.raises(stripe.InvalidRequestError, match="cannot be canceled"):
        api.refunds.cancel(refund.id)


@pytest.mark.parametrize(
    ("asked", "param", "code"),
    [
        ({}, None, None),
        ({"payment_intent": "pi_none"}, "payment_intent", "resource_missing"),
        ({"charge": "ch_none"}, "charge", "resource_missing"),
        ({"payment_intent": "pi_none", "amount": 0}, "amount", "parameter_invalid_integer"),
        ({"payment_intent": "pi_none", "reason": "bored"}, "reason", None),
    ],
)
def test_wrong_refunds_are_refused(
    api: Any, asked: dict[str, Any], param: str | None, code: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.refunds.create(asked)
    assert (caught.value.http_status, caught.value.param, caught.value.code) == (400, param, code)


def test_an_unpaid_intent_has_nothing_to_refund(fake: FakeStripe, api: Any) -> None:
    session = api.checkout.sessions.create(params())
    fake.decline(session.id)
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        api.refunds.create({"payment_intent": api.payment_intents.list().data[0].id})
    assert api.refunds.list().data == []


def test_a_test_card_s_refund_takes_its_time(fake: FakeStripe, api: Any) -> None:
    session = fake.pay(api.checkout.sessions.create(params()).id, card="4000000000007726")["session"]
    refund = api.refunds.create({"payment_intent": session["payment_intent"]})
    assert refund.status == "pending"
    assert api.charges.retrieve(refund.charge).amount_refunded == 2500
    fake.advance(601)
    assert api.refunds.retrieve(refund.id).status == "succeeded"
    assert [event["type"] for event in fake.events()][-1] == "refund.updated"


def test_a_test_card_s_refund_fails_after_success(fake: FakeStripe, api: Any) -> None:
    session = fake.pay(api.checkout.sessions.create(params()).id, card="4000000000005126")["session"]
    refund = api.refunds.create({"payment_intent": session["payment_intent"], "amount": 900})
    assert refund.status == "succeeded"
    fake.advance(601)
    failed = api.refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_reason) == ("failed", "lost_or_stolen_card")
    assert failed.failure_balance_transaction.amount == 900
    assert api.charges.retrieve(refund.charge).amount_refunded == 0
    assert len(fake.events("refund.failed")) == 1


def test_a_refund_in_the_dashboard_has_nothing_of_ours(fake: FakeStripe, api: Any, intent: str) -> None:
    part = fake.refund(intent, 700)
    rest = fake.refund(intent)
    assert [(item["amount"], item["metadata"], item["status"]) for item in (part, rest)] == [
        (700, {}, "succeeded"),
        (1800, {}, "succeeded"),
    ]
    created = fake.events("refund.created")
    assert [event["request"] for event in created] == [{"id": None, "idempotency_key": None}] * 2
    with pytest.raises(ControlError, match="has already been refunded"):
        fake.refund(intent)
    with pytest.raises(ControlError, match="above 0"):
        fake.refund(intent, 0)
    assert len(api.refunds.list().data) == 2


def test_money_is_booked(fake: FakeStripe, api: Any, intent: str) -> None:
    refund = api.refunds.create(
        {"payment_intent": intent, "amount": 1000, "expand": ["balance_transaction", "charge"]}
    )
    taken = api.balance_transactions.retrieve(refund.charge.balance_transaction)
    assert (taken.amount, taken.fee, taken.net, taken.type) == (2500, 58, 2442, "charge")
    assert (refund.balance_transaction.amount, refund.balance_transaction.source) == (-1000, refund.id)
    assert [entry.amount for entry in api.balance_transactions.list().data] == [-1000, 2500]
