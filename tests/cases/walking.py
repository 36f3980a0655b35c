"""What a browser does on the way from the basket to Stripe and back, and what everybody can see of it afterwards."""

from typing import Any

from django.test import Client

from shop.basket.models import Basket
from shop.order.models import Order
from shop.order.statuses import Status
from shop.payments.models import Payment
from tests.fake_stripe_client import FakeStripe
from tests.paying import total_of
from tests.till import an_event

SESSIONS = "/v1/checkout/sessions"


def press(shopper: Client, basket: Basket, **fields: str) -> Any:
    """Press *Pay* as the basket's page shows it."""
    return shopper.post("/checkout/pay/", {"total": str(total_of(basket))} | fields)


def come_back(browser: Client) -> Any:
    """Follow Stripe's link back to the store, of the only payment there is."""
    return browser.get("/checkout/return/", {"session_id": Payment.objects.get().session_id}, follow=True)


def completed(payment: Payment, **values: Any) -> dict[str, Any]:
    """Return the event Stripe sends when the payment's session is complete."""
    return session_event("completed", payment, **values)


def session_event(what: str, payment: Payment, **values: Any) -> dict[str, Any]:
    """Return an event about the payment's session."""
    session = {
        "id": payment.session_id,
        "object": "checkout.session",
        "payment_status": "paid",
        "metadata": {"payment": str(payment.pk), "site": "testserver"},
    }
    return an_event(f"checkout.session.{what}", session, **values)


def sales() -> list[Order]:
    """Return the orders beyond *waiting for payment* that were not given up."""
    return list(Order.objects.exclude(status__in=(Status.PENDING_PAYMENT, Status.CANCELLED)))


def sessions_at(fake: FakeStripe) -> list[Any]:
    """Return every Checkout Session there is at Stripe, newest first."""
    return list(fake.stripe_client().v1.checkout.sessions.list({"limit": 100}).data)


def keys_used(fake: FakeStripe) -> list[str]:
    """Return the idempotency keys of all calls that create a session."""
    return [seen["idempotency_key"] for seen in fake.requests("POST", SESSIONS) if seen["path"] == SESSIONS]
