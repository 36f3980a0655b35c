"""The basket and the stock while somebody is paying."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from shop.basket.models import Basket
from shop.basket.services import add
from shop.emails.models import StaffAlert
from shop.order import services as orders
from shop.payments.models import Payment, Refund
from shop.payments.settlement import settle
from shop.worker.services import run_once
from tests.cases.walking import SESSIONS, come_back, press, sales, sessions_at
from tests.factories import a_basket_with
from tests.paying import BUYER, order_of, press_pay, stock_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_K01_what_is_added_while_paying_is_not_in_the_order(fake, shopper, basket, product):
    press(shopper, basket)
    payment = Payment.objects.get()
    other = product.variants["black", "M"]
    shopper.post(f"/basket/add/{other.pk}/", {"quantity": "1"}, headers={"Sec-Fetch-Site": "same-origin"})
    fake.pay(payment.session_id, **BUYER)
    come_back(shopper)
    (order,) = sales()
    assert order.status == "paid"
    assert list(order.lines.values_list("product_id", "quantity")) == [(product.first.pk, 2)]
    assert order.total_incl_tax == Decimal(payment.amount_minor).scaleb(-2)
    left = Basket.objects.get(status=Basket.OPEN)
    assert list(left.lines.values_list("product_id", "quantity")) == [(other.pk, 1)]


def test_K02_the_first_session_has_ended_before_the_second_page_is_shown(fake, shopper, basket, product):
    press(shopper, basket)
    first = Payment.objects.get()
    shopper.post("/checkout/change/")
    add(basket=Basket.objects.get(pk=basket.pk), product=product.first, quantity=1)
    answer = press(shopper, basket)
    second = Payment.objects.exclude(pk=first.pk).get()
    assert answer["Location"] == second.session_url
    ended, made = sessions_at(fake)[::-1]
    assert [(ended.id, ended.status), (made.id, made.status)] == [
        (first.session_id, "expired"),
        (second.session_id, "open"),
    ]
    paths = [seen["path"] for seen in fake.requests("POST", SESSIONS)]
    assert paths == [SESSIONS, f"{SESSIONS}/{first.session_id}/expire", SESSIONS]
    assert fake.pay(first.session_id, **BUYER)["outcome"] == "expired"
    assert stock_of(product.first) == (5, 3)


def test_K02_also_when_the_basket_was_opened_while_stripe_was_silent(fake, shopper, basket, product):
    press(shopper, basket)
    first = Payment.objects.get()
    fake.fault(path="/v1/", cut="before", count=9)
    shopper.post("/checkout/change/")
    fake.clear_faults()
    add(basket=Basket.objects.get(pk=basket.pk), product=product.first, quantity=1)
    assert press(shopper, basket).status_code == 303
    statuses = {session.id: session.status for session in sessions_at(fake)}
    assert statuses.pop(first.session_id) == "expired"
    assert list(statuses.values()) == ["open"]
    assert stock_of(product.first) == (5, 3)


def test_K06_paid_after_the_hold_was_lost_and_the_stock_sold(fake, basket, product):
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER)
    orders.durably(
        lambda: orders.cancel_locked(orders.lock(payment.reference), by="test", reason="hold lost")
    )
    press_pay(a_basket_with((product.first, 5)), client="another")
    settle(payment.pk)
    order = order_of(payment)
    assert (order.status, order.hold_reason) == (
        "on_hold",
        "Paid, but it cannot be filled: sold out meanwhile.",
    )
    assert stock_of(product.first) == (5, 5)
    assert order.lines.get().num_allocated == 0
    assert StaffAlert.objects.filter(subject=f"unfilled:{order.number}").count() == 1
    run_once()
    assert not Refund.objects.exists()
    for _click in range(2):
        orders.cancel(number=order.number, reason="sold out", by="Sam")
    assert Refund.objects.get().amount_minor == payment.amount_minor
    assert len(fake.stripe_client().v1.refunds.list().data) == 1
    assert order_of(payment).status == "cancelled"
    assert stock_of(product.first) == (5, 5)


def test_K07_a_price_raised_while_paying_does_not_change_the_order(fake, shopper, basket, product):
    press(shopper, basket)
    record = product.records[0]
    record.price = Decimal("99.00")
    record.save()
    fake.pay(Payment.objects.get().session_id, **BUYER)
    come_back(shopper)
    (order,) = sales()
    assert (order.status, order.lines.get().line_price_incl_tax) == ("paid", Decimal("50.00"))
    assert Payment.objects.get().problem == ""
    assert not StaffAlert.objects.exists()


def test_K10_the_sweep_leaves_the_stock_of_a_payment_on_its_way(fake, basket, product):
    payment = press_pay(basket)
    assert fake.pay(payment.session_id, **BUYER, method="bacs_debit")["outcome"] == "processing"
    long_ago = timezone.now() - timedelta(hours=2)
    Payment.objects.update(expires_at=long_ago, created_at=long_ago, checked_at=long_ago)
    for _round in range(2):
        run_once()
    payment.refresh_from_db()
    assert (payment.state, order_of(payment).status) == ("processing", "processing_payment")
    assert stock_of(product.first) == (5, 2)
