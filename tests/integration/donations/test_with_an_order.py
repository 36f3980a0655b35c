"""What is given with an order: counted once when the order is paid, less what went back of it."""

from decimal import Decimal

import pytest

from shop.donations.models import Donation
from shop.order import refunding, services
from shop.order.models import RefundedExtra
from shop.order.refunding import Asked, left_of_extras, refundable
from shop.order.services import NotPossible
from shop.payments.models import Payment, Refund
from tests.factories import a_basket_with, a_product
from tests.paying import BUYER, order_of, pay_for, press_pay, stock_of
from tests.till import ring_all

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def product():
    return a_product(stock=5, price="9.99")


@pytest.fixture
def basket(product):
    basket = a_basket_with((product.first, 2))
    basket.gift_amount = Decimal("4.00")
    basket.save()
    return basket


@pytest.fixture
def order(fake, basket):
    return pay_for(basket, fake)


def refund(order, **asked):
    step = f"form {Refund.objects.count()}"
    return refunding.refund(number=order.number, asked=Asked(**asked), reason="", step=step, by="Sam")[0]


def donation():
    return Donation.objects.get()


def test_it_is_a_donation_once_however_often_the_payment_is_heard_of(fake, order):
    for _again in range(3):
        assert set(ring_all(fake, "checkout")) == {200}
    given = donation()
    assert (given.way, given.state, given.amount, given.order_number) == (
        "order",
        "received",
        Decimal("4.00"),
        order.number,
    )
    assert (given.payment, given.email, given.received_at) == (
        Payment.objects.get(),
        "robin@example.org",
        order.paid_at,
    )


def test_an_order_that_is_not_paid_gives_nothing_and_one_without_a_gift_neither(fake, basket, product):
    press_pay(basket)
    pay_for(a_basket_with((product.first, 1)), fake)
    assert not Donation.objects.exists()


def test_lines_delivery_and_donation_are_the_total(order):
    pieces = {line.pk: line.quantity for line in order.lines.all()}
    assert left_of_extras(order) == {"delivery": int(order.shipping_incl_tax * 100), "donation": 400}
    whole = refund(order, pieces=pieces, extras=("delivery", "donation"))
    assert whole.amount_minor == int(order.total_incl_tax * 100)
    assert (refundable(order), left_of_extras(order)) == (0, {})
    assert donation().state == "refunded"


def test_delivery_and_donation_go_back_one_by_one_and_once(order, product):
    held = stock_of(product.first)
    assert refund(order, extras=("delivery",)).amount_minor == int(order.shipping_incl_tax * 100)
    assert donation().state == "received"
    assert refund(order, extras=("donation",)).amount_minor == 400
    assert (donation().state, donation().given_back) == ("refunded", Decimal("4.00"))
    for what in ("delivery", "donation"):
        with pytest.raises(NotPossible):
            refund(order, extras=(what,))
    assert Refund.objects.count() == RefundedExtra.objects.count() == 2
    assert stock_of(product.first) == held
    assert order_of(Payment.objects.get()).status == "paid"


def test_an_amount_says_nothing_of_the_donation_until_all_went_back(order):
    refund(order, amount_minor=500)
    assert donation().given_back == Decimal(0)
    refund(order)
    assert donation().state == "refunded"


def test_a_cancelled_order_gives_the_donation_back(order):
    services.cancel(number=order.number, reason="asked to", by="Sam")
    assert donation().state == "refunded"


def test_a_refund_of_it_that_fails_can_be_made_again(fake, basket):
    order = pay_for(basket, fake, card="4000000000005126")
    given = refund(order, extras=("donation",))
    assert donation().state == "refunded"
    fake.move_refund(given.stripe_id, "failed")
    ring_all(fake, "refund")
    assert (donation().state, left_of_extras(order)["donation"]) == ("received", 400)


def test_late_money_that_cannot_be_filled_gives_nothing(fake, basket, product):
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER)
    from shop.payments.settlement import settle
    from shop.transactions import durably

    durably(lambda: services.cancel_locked(services.lock(payment.reference), by="test", reason="test"))
    press_pay(a_basket_with((product.first, 5)), client="another")
    settle(payment.pk)
    assert order_of(payment).status == "on_hold"
    assert not Donation.objects.exists()


def test_the_mail_of_the_refund_names_it(order):
    from shop.emails.models import Mail

    refund(order, extras=("delivery", "donation"))
    text = Mail.objects.get(kind="refunded").text
    assert "Delivery" in text
    assert "Donation" in text
