"""Radar reviews: nothing ships while one is open, whichever is heard of first, the review or the payment."""

import pytest

from shop.order.models import Order
from shop.payments.models import Dispute, Payment
from shop.payments.settlement import settle
from tests.factories import a_basket_with, a_product
from tests.paying import BUYER, order_of, pay_for, press_pay
from tests.till import ring_all

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def basket():
    return a_basket_with((a_product(stock=5).first, 1))


def paid_under_review(fake, basket):
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER)
    review = fake.control("POST", f"payments/{payment.session_id}/review")
    return payment, review


def close(fake, review, reason):
    fake.control("POST", f"reviews/{review['id']}", reason=reason)
    assert set(ring_all(fake, "review")) == {200}


def test_a_review_open_before_the_payment_is_known_holds_it(fake, basket):
    payment, _review = paid_under_review(fake, basket)
    settle(payment.pk)
    order = order_of(payment)
    assert (order.status, order.held_from, order.hold_cause) == ("on_hold", "paid", "dispute")
    assert order.hold_reason.startswith("Stripe is reviewing this payment")
    assert Dispute.objects.get().kind == "review"


@pytest.mark.parametrize("is_first", [True, False])
def test_an_approved_review_lets_the_order_go(fake, basket, is_first):
    payment, review = paid_under_review(fake, basket)
    if is_first:
        assert ring_all(fake, "review.opened") == [200]
    settle(payment.pk)
    assert order_of(payment).status == "on_hold"
    close(fake, review, "approved")
    assert order_of(payment).status == "paid"
    assert Dispute.objects.get().status == "approved"


def test_a_review_opened_after_the_payment_holds_the_order(fake, basket):
    order = pay_for(basket, fake)
    payment = Payment.objects.get()
    review = fake.control("POST", f"payments/{payment.session_id}/review")
    assert ring_all(fake, "review") == [200]
    assert Order.objects.get().status == "on_hold"
    close(fake, review, "approved")
    assert Order.objects.get(pk=order.pk).status == "paid"


@pytest.mark.parametrize("reason", ["refunded_as_fraud", "refunded"])
def test_a_review_that_ended_in_a_refund_stays_held_with_the_words(fake, basket, reason):
    payment, review = paid_under_review(fake, basket)
    settle(payment.pk)
    close(fake, review, reason)
    order = order_of(payment)
    assert order.status == "on_hold"
    assert reason.replace("_", " ") in order.hold_reason
    assert set(ring_all(fake, "refund")) == {200}
    assert order_of(payment).status == "on_hold"


def test_a_closed_review_heard_of_before_it_opened_is_held_when_it_was_fraud(fake, basket):
    order = pay_for(basket, fake)
    payment = Payment.objects.get()
    review = fake.control("POST", f"payments/{payment.session_id}/review")
    fake.control("POST", f"reviews/{review['id']}", reason="refunded_as_fraud")
    assert ring_all(fake, "review.closed") == [200]
    assert Order.objects.get(pk=order.pk).status == "on_hold"
