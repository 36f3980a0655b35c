"""settle: wherever Stripe says a payment stands, there its order ends, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.basket.models import Basket
from shop.checkout import services as checkout
from shop.emails.models import Mail
from shop.order.models import Order
from shop.payments import gateway, settlement
from shop.payments.models import Payment
from shop.payments.settlement import settle
from shop.stock.models import StockMovement
from shop.worker.services import run_once
from tests.factories import a_basket_with, a_product
from tests.paying import BUYER, order_of, pay_for, press_pay, stock_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def product():
    return a_product(stock=5)


@pytest.fixture
def basket(product):
    return a_basket_with((product.first, 2))


def test_paid_at_stripe_is_paid_here_and_the_basket_is_done(fake, product, basket):
    order = pay_for(basket, fake)
    assert order.status == "paid"
    assert order.paid_at is not None
    assert stock_of(product.first) == (5, 2)
    assert Basket.objects.get(pk=basket.pk).status == Basket.SUBMITTED
    mail = Mail.objects.get()
    assert (mail.kind, mail.subject, mail.to) == (
        "confirmation",
        f"order:{order.number}",
        "robin@example.org",
    )


def test_settling_again_changes_nothing_and_asks_stripe_nothing(fake, basket):
    order = pay_for(basket, fake)
    asked = len(fake.requests())
    settle(Payment.objects.get().pk)
    assert len(fake.requests()) == asked
    assert Mail.objects.count() == 1
    assert order.status_changes.count() == 2


def test_an_open_session_leaves_the_order_pending(fake, basket):
    payment = press_pay(basket)
    assert settle(payment.pk).state == "open"
    assert order_of(payment).status == "pending_payment"


def test_a_decline_is_never_final(fake, basket):
    payment = press_pay(basket)
    fake.decline(payment.session_id, **BUYER)
    assert settle(payment.pk).state == "open"
    fake.pay(payment.session_id, **BUYER)
    assert settle(payment.pk).state == "paid"


def test_expired_at_stripe_cancels_the_order_and_releases_its_stock_once(fake, product, basket):
    payment = press_pay(basket)
    fake.expire(payment.session_id)
    assert settle(payment.pk).state == "expired"
    settle(payment.pk)
    assert order_of(payment).status == "cancelled"
    assert stock_of(product.first) == (5, 0)
    assert Basket.objects.get(pk=basket.pk).status == Basket.OPEN
    assert StockMovement.objects.filter(kind="released").count() == 1
    assert not Mail.objects.exists()


def test_stock_is_released_only_after_stripe_has_said_expired(fake, product, basket):
    payment = press_pay(basket)
    Payment.objects.filter(pk=payment.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    fake.fault(method="POST", path="/v1/checkout/sessions", status=500, count=9)
    fake.fault(method="GET", path="/v1/checkout/sessions", status=500, count=9)
    run_once()
    assert stock_of(product.first) == (5, 2)
    assert order_of(payment).status == "pending_payment"
    fake.clear_faults()
    run_once()
    assert stock_of(product.first) == (5, 2)  # Stripe is not pressed for a minute
    Payment.objects.update(retry_at=timezone.now())
    run_once()
    assert stock_of(product.first) == (5, 0)
    assert order_of(payment).status == "cancelled"


def test_a_payment_that_never_got_its_session_is_ended_by_the_sweep(fake, product, basket):
    fake.fault(method="POST", path="/v1/checkout/sessions", cut="after")
    fake.fault(method="POST", path="/v1/checkout/sessions", cut="before", count=9)
    with pytest.raises(checkout.NotCharged):
        press_pay(basket)
    payment = Payment.objects.get()
    assert payment.session_id is None
    Payment.objects.update(created_at=timezone.now() - timedelta(minutes=20))
    fake.clear_faults()
    run_once()
    payment.refresh_from_db()
    assert payment.state == "expired"
    assert stock_of(product.first) == (5, 0)
    (session,) = fake.stripe_client().v1.checkout.sessions.list().data
    assert session.status == "expired"


def test_money_for_a_cancelled_order_fills_it_when_everything_is_still_there(fake, product, basket):
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER)
    _cancel_behind_stripes_back(payment)
    assert stock_of(product.first) == (5, 0)
    settle(payment.pk)
    assert order_of(payment).status == "paid"
    assert stock_of(product.first) == (5, 2)


def test_paid_twice_is_held_and_never_allocated(fake, product, basket):
    first = press_pay(basket)
    fake.pay(first.session_id, **BUYER)
    _cancel_behind_stripes_back(first)
    Payment.objects.filter(pk=first.pk).update(state="expired")
    Basket.objects.filter(pk=basket.pk).update(status=Basket.OPEN)
    second = press_pay(basket)
    fake.pay(second.session_id, **BUYER)
    settle(second.pk)
    settle(first.pk)
    assert order_of(second).status == "paid"
    held = order_of(first)
    assert (held.status, held.hold_reason) == ("on_hold", "Paid twice: refund this one.")
    assert stock_of(product.first) == (5, 2)


@pytest.mark.parametrize("field", ["amount_minor", "currency"])
def test_another_amount_or_currency_at_stripe_is_held_and_nothing_is_released(fake, product, basket, field):
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER)
    Payment.objects.filter(pk=payment.pk).update(**{field: {"amount_minor": 1, "currency": "EUR"}[field]})
    assert settle(payment.pk).state == "review"
    order = order_of(payment)
    assert order.status == "on_hold"
    assert stock_of(product.first) == (5, 2)
    assert [mail.kind for mail in Mail.objects.all()] == ["alert"]


def test_a_payment_in_review_that_staff_accept_is_paid_and_stays_held_until_released(fake, basket):
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER)
    Payment.objects.filter(pk=payment.pk).update(amount_minor=1)
    settle(payment.pk)
    settlement.accept(payment.pk, now=timezone.now())
    from shop.order.services import release_hold

    release_hold(number=payment.reference, by="Sam")
    assert order_of(payment).status == "paid"


def test_an_address_in_another_country_than_the_one_paid_for_is_held(fake, basket):
    payment = press_pay(basket)
    params = payment.params
    params["shipping_address_collection"]["allowed_countries"] = ["FR"]
    Payment.objects.filter(pk=payment.pk).update(params=params)
    fake.pay(payment.session_id, **BUYER)
    settle(payment.pk)
    order = order_of(payment)
    assert order.status == "on_hold"
    assert order.hold_reason == "The delivery address is in GB, but delivery to FR was paid for."
    assert order.paid_at is not None


def test_a_session_stripe_does_not_know_is_held(fake, basket):
    payment = press_pay(basket)
    fake.reset()
    assert settle(payment.pk).state == "review"
    assert order_of(payment).status == "on_hold"


def test_stripe_silent_changes_nothing(fake, basket):
    payment = press_pay(basket)
    fake.fault(method="GET", path="/v1/checkout/sessions", status=500, count=9)
    with pytest.raises(gateway.Unavailable):
        settle(payment.pk)
    payment.refresh_from_db()
    assert payment.state == "open"
    assert Order.objects.get().status == "pending_payment"


def test_over_long_names_are_cut_and_marked_and_the_raw_address_is_kept(fake, basket):
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER | {"line1": "x" * 400})
    settle(payment.pk)
    order = order_of(payment)
    assert order.status == "paid"
    assert order.address_cut
    assert order.shipping_address.line1 == "x" * 255
    assert order.raw_address["line1"] == "x" * 400


def _cancel_behind_stripes_back(payment: Payment) -> None:
    """Cancel the order as an operator's mistake would, the payment still open here."""
    from shop.order.services import cancel_locked, lock
    from shop.transactions import durably

    durably(lambda: cancel_locked(lock(payment.reference), by="test", reason="test"))
