"""Pressing *Pay*: one order, one session, or a clear word and nothing changed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from shop.basket.models import Basket
from shop.basket.services import add
from shop.checkout import services
from shop.order.models import Order
from shop.payments.models import Payment
from shop.payments.services import TooManyPayments
from shop.shipping.models import DeliveryMethod
from tests.factories import a_basket_with, a_product, a_user
from tests.paying import BUYER, order_of, pay_for, press_pay, stock_of, total_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_pay_places_one_pending_order_and_holds_its_stock(fake):
    product = a_product(stock=5)
    basket = a_basket_with((product.first, 2))
    payment = press_pay(basket)
    order = order_of(payment)
    assert order.status == "pending_payment"
    assert stock_of(product.first) == (5, 2)
    assert payment.state == "open"
    assert payment.session_url.startswith(fake.url)
    assert Basket.objects.get(pk=basket.pk).status == Basket.FROZEN


def test_stripe_is_asked_for_exactly_the_orders_total(fake):
    product = a_product(price="9.99")
    payment = press_pay(a_basket_with((product.first, 3)))
    order = order_of(payment)
    (request,) = fake.requests("POST", "/v1/checkout/sessions")
    asked = [int(item["price_data"]["unit_amount"]) for item in request["params"]["line_items"]]
    assert asked == [2997, int(order.shipping_incl_tax * 100)]
    assert sum(asked) == payment.amount_minor == int(order.total_incl_tax * 100)


def test_pay_pressed_again_leads_to_the_same_session(fake):
    basket = a_basket_with((a_product().first, 1))
    first = press_pay(basket)
    second = press_pay(basket)
    assert second == first
    assert len(fake.requests("POST", "/v1/checkout/sessions")) == 1
    assert Order.objects.count() == 1


def test_a_total_that_is_not_the_one_shown_places_nothing(fake):
    product = a_product(stock=5)
    basket = a_basket_with((product.first, 1))
    with pytest.raises(services.BasketChanged) as refused:
        press_pay(basket, total=Decimal("1.00"))
    assert refused.value.problems == ["The total has changed. Please check it and press Pay again."]
    assert not Order.objects.exists()
    assert not Payment.objects.exists()
    assert stock_of(product.first) == (5, 0)
    assert Basket.objects.get(pk=basket.pk).status == Basket.OPEN
    assert fake.requests() == []


def test_what_is_sold_out_is_said_before_paying(fake):
    product = a_product(stock=1)
    first, second = a_basket_with((product.first, 1)), a_basket_with((product.first, 1))
    press_pay(first)
    with pytest.raises(services.BasketChanged) as refused:
        press_pay(second, client="another")
    assert len(refused.value.problems) == 1
    assert Order.objects.count() == 1
    assert stock_of(product.first) == (1, 1)


def test_an_empty_basket_cannot_be_paid(fake):
    basket = Basket.objects.create()
    with pytest.raises(services.BasketChanged):
        press_pay(basket, total=Decimal("0.00"))
    assert not Order.objects.exists()


def test_stripe_refusing_cancels_the_order_and_opens_the_basket(fake):
    product = a_product(stock=5)
    basket = a_basket_with((product.first, 2))
    fake.fault(method="POST", path="/v1/checkout/sessions", status=400)
    with pytest.raises(services.NotCharged):
        press_pay(basket)
    assert Order.objects.get().status == "cancelled"
    assert stock_of(product.first) == (5, 0)
    assert Basket.objects.get(pk=basket.pk).status == Basket.OPEN
    assert press_pay(basket).state == "open"


def test_after_two_errors_that_stripe_replays_a_new_payment_is_made(fake):
    product = a_product(stock=5)
    basket = a_basket_with((product.first, 2))
    fake.fault(method="POST", path="/v1/checkout/sessions", status=500, stored=True)
    for _press in range(2):
        with pytest.raises(services.NotCharged):
            press_pay(basket)
    payment = press_pay(basket)
    assert payment.state == "open"
    assert Payment.objects.exclude(pk=payment.pk).get().state == "expired"
    assert list(Order.objects.exclude(status="cancelled")) == [order_of(payment)]
    assert stock_of(product.first) == (5, 2)


def test_change_my_order_expires_the_session_releases_the_stock_and_opens_the_basket(fake):
    product = a_product(stock=5)
    basket = a_basket_with((product.first, 2))
    payment = press_pay(basket)
    services.change_order(basket_id=basket.pk, now=timezone.now())
    payment.refresh_from_db()
    assert payment.state == "expired"
    assert order_of(payment).status == "cancelled"
    assert stock_of(product.first) == (5, 0)
    assert Basket.objects.get(pk=basket.pk).status == Basket.OPEN


def test_change_when_stripe_is_silent_opens_the_basket_and_keeps_the_hold(fake):
    product = a_product(stock=2)
    basket = a_basket_with((product.first, 2))
    payment = press_pay(basket)
    fake.fault(method="POST", path="/v1/checkout/sessions", count=9, status=500)
    services.change_order(basket_id=basket.pk, now=timezone.now())
    assert Basket.objects.get(pk=basket.pk).status == Basket.OPEN
    assert stock_of(product.first) == (2, 2)
    fake.clear_faults()
    again = press_pay(basket)  # a shopper never meets their own hold
    payment.refresh_from_db()
    assert (payment.state, again.state) == ("expired", "open")
    assert stock_of(product.first) == (2, 2)
    assert list(Order.objects.exclude(status="cancelled")) == [order_of(again)]


def test_what_was_added_while_paying_comes_home_with_change_my_order(fake):
    product = a_product()
    basket = a_basket_with((product.first, 1))
    other = product.variants["black", "M"]
    press_pay(basket)
    add(basket=Basket.objects.get(pk=basket.pk), product=other, quantity=2)
    services.change_order(basket_id=basket.pk, now=timezone.now())
    assert sorted(basket.lines.values_list("product_id", "quantity")) == [
        (product.first.pk, 1),
        (other.pk, 2),
    ]


def test_pay_after_the_shopper_was_faster_elsewhere_shows_the_order(fake):
    basket = a_basket_with((a_product().first, 1))
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER)
    Payment.objects.filter(pk=payment.pk).update(expires_at=timezone.now())
    with pytest.raises(services.AlreadyPaid) as paid:
        press_pay(basket)
    assert paid.value.payment == payment
    assert order_of(payment).status == "paid"


def test_three_open_payments_are_the_most_for_one_client(fake):
    product = a_product(stock=9)
    for _number in range(3):
        press_pay(a_basket_with((product.first, 1)))
    with pytest.raises(TooManyPayments):
        press_pay(a_basket_with((product.first, 1)))
    assert press_pay(a_basket_with((product.first, 1)), client="another").state == "open"
    assert stock_of(product.first) == (9, 4)


def test_ten_pays_an_hour_are_the_most_for_one_client(fake):
    product = a_product(stock=5)
    basket = a_basket_with((product.first, 1))
    for _number in range(10):
        press_pay(basket)
        services.change_order(basket_id=basket.pk, now=timezone.now())
    with pytest.raises(TooManyPayments):
        press_pay(basket)
    Payment.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert press_pay(basket).state == "open"


def test_a_total_of_zero_takes_the_same_road_without_a_card(fake):
    product = a_product(price="0.00")
    basket = a_basket_with((product.first, 1))
    DeliveryMethod.objects.update(price=0)
    assert total_of(basket) == 0
    order = pay_for(basket, fake)
    assert (order.status, order.total_incl_tax) == ("paid", Decimal("0.00"))
    assert Payment.objects.get().intent_id == ""


def test_an_accounts_order_is_its_own_and_stripe_is_told_the_address(fake):
    ada = a_user("ada@example.org")
    order = pay_for(a_basket_with((a_product().first, 1), owner=ada), fake)
    (request,) = fake.requests("POST", "/v1/checkout/sessions")
    assert request["params"]["customer_email"] == "ada@example.org"
    assert (order.user, order.guest_email) == (ada, "ada@example.org")


def test_stripe_asks_guests_and_whose_address_it_could_not_read(fake):
    press_pay(a_basket_with((a_product().first, 1)))
    press_pay(a_basket_with((a_product().first, 1), owner=a_user("ada@bücher.example")))
    for request in fake.requests("POST", "/v1/checkout/sessions"):
        assert "customer_email" not in request["params"]
