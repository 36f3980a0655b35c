"""Customers, and the sessions that need one."""

from typing import Any

import pytest
import stripe

from tests.fake_stripe_client import FakeStripe
from tests.unit.fake_stripe.samples import WITH_ADDRESS, line, params


def test_a_session_of_nothing_makes_a_customer_and_no_payment(fake: FakeStripe, api: Any) -> None:
    session = api.checkout.sessions.create(params(line_items=[line(0)], **WITH_ADDRESS))
    assert (session.amount_total, session.payment_status, session.customer) == (
        0,
        "no_payment_required",
        None,
    )
    assert fake.pay(session.id, email="free@example.com")["outcome"] == "no_payment_required"
    done = api.checkout.sessions.retrieve(session.id, {"expand": ["customer"]})
    assert (done.status, done.payment_intent, done.payment_status) == (
        "complete",
        None,
        "no_payment_required",
    )
    assert (done.customer.email, done.customer.address.country) == ("free@example.com", "GB")
    assert [event["type"] for event in fake.events()] == ["customer.created", "checkout.session.completed"]
    assert api.charges.list().data == []


def test_a_paid_session_makes_a_customer_only_on_request(fake: FakeStripe, api: Any) -> None:
    plain = fake.pay(api.checkout.sessions.create(params()).id)["session"]
    asked = api.checkout.sessions.create(params(customer_creation="always"))
    fake.decline(asked.id)
    done = fake.pay(asked.id)["session"]
    [customer] = api.customers.list().data
    assert (plain["customer"], done["customer"]) == (None, customer.id)
    assert [charge.status for charge in api.charges.list({"customer": customer.id}).data] == [
        "succeeded",
        "failed",
    ]
    assert len(api.payment_intents.list({"customer": customer.id}).data) == 1


def test_a_known_customer_pays(fake: FakeStripe, api: Any) -> None:
    customer = api.customers.create({"email": "known@example.com", "metadata": {"a": "1"}})
    session = api.checkout.sessions.create(params(customer=customer.id))
    done = fake.pay(session.id)["session"]
    assert (done["customer"], done["customer_details"]["email"]) == (customer.id, "known@example.com")
    assert [item.id for item in api.checkout.sessions.list({"customer": customer.id}).data] == [session.id]
    for wrong in ({"customer": "cus_none"}, {"customer": customer.id, "customer_email": "b@example.com"}):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            api.checkout.sessions.create(params(**wrong))
        assert caught.value.param == "customer"


def test_customers_are_changed_and_taken_away(api: Any) -> None:
    customer = api.customers.create({"name": "A", "email": "a@example.com"})
    changed = api.customers.update(customer.id, {"name": "B", "metadata": {"k": "v"}})
    assert (changed.name, changed.email, changed.metadata.to_dict()) == ("B", "a@example.com", {"k": "v"})
    assert api.customers.list({"email": "b@example.com"}).data == []
    assert api.customers.delete(customer.id).deleted is True
    assert api.customers.retrieve(customer.id).deleted is True
    assert api.customers.list().data == []
    with pytest.raises(stripe.InvalidRequestError):
        api.customers.update(customer.id, {"name": "C"})
