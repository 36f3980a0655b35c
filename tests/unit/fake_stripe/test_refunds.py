"""Refunds over the real library."""

from typing import Any

import pytest
import stripe

from tests.fake_stripe_client import FakeStripe
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
