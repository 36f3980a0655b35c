"""What tests do at the till: press *Pay*, pay at the stand-in, look at what became of it."""

from decimal import Decimal

from django.utils import timezone

from shop.basket.models import Basket
from shop.checkout import services
from shop.checkout.quote import quote
from shop.order.models import Order
from shop.payments import settlement
from shop.payments.models import Payment
from tests.factories import record_of
from tests.fake_stripe_client import FakeStripe

BUYER = {
    "email": "robin@example.org",
    "name": "Robin Reader",
    "line1": "1 Paper Street",
    "city": "Leeds",
    "postal_code": "LS1 1AA",
    "country": "GB",
}


def total_of(basket: Basket) -> Decimal:
    """Return what the basket's page shows."""
    return quote(Basket.objects.get(pk=basket.pk), now=timezone.now()).total


def press_pay(basket: Basket, *, client: str = "client", total: Decimal | None = None) -> Payment:
    """Press *Pay* as the page shows it and return the payment."""
    paying = services.pay(
        basket_id=basket.pk,
        shown_total=total_of(basket) if total is None else total,
        client=client,
        now=timezone.now(),
    )
    return Payment.objects.get(pk=paying.payment_id)


def pay_for(basket: Basket, fake: FakeStripe, **typed: str) -> Order:
    """Press *Pay*, pay at the stand-in, settle, and return the order."""
    payment = press_pay(basket)
    assert fake.pay(payment.session_id, **BUYER | typed)["outcome"] in ("paid", "no_payment_required")
    settlement.settle(payment.pk)
    return order_of(payment)


def order_of(payment: Payment) -> Order:
    """Return the payment's order as the database has it now."""
    return Order.objects.get(number=payment.reference)


def stock_of(variant) -> tuple[int, int]:
    """Return on hand and allocated of a variant."""
    record = record_of(variant)
    return record.num_in_stock, record.num_allocated
