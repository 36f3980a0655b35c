"""Disputes, warnings of fraud and reviews: what must not ship meanwhile, and what becomes of it."""

import pytest

from shop.emails.models import StaffAlert
from shop.order.models import Order
from shop.order.services import NotPossible, ship
from shop.payments.models import Dispute, Payment, Refund
from shop.payments.selectors import money_state
from tests.cases.walking import completed
from tests.paying import BUYER, order_of, pay_for, press_pay, stock_of
from tests.till import ring, ring_all

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def order(fake, basket) -> Order:
    return pay_for(basket, fake)


@pytest.fixture
def payment(order) -> Payment:
    return Payment.objects.get()


def assert_held(number: str) -> None:
    assert Order.objects.get(number=number).status == "on_hold"
    with pytest.raises(NotPossible):
        ship(number=number, by="Sam", parcels_before=0)


@pytest.mark.parametrize("before", ["paid", "shipped"])
def test_D01_told_twice_and_then_won(fake, order, payment, before):
    if before == "shipped":
        ship(number=order.number, by="Sam", parcels_before=0)
    opened = fake.dispute(payment.session_id, due_by=1796083200)
    for _time in range(2):
        assert set(ring_all(fake, "charge.dispute")) == {200}
    assert_held(order.number)
    assert Order.objects.get().held_from == before
    assert "1 Dec 2026" in StaffAlert.objects.get().text
    fake.move_dispute(opened["id"], "won")
    ring_all(fake, "charge.dispute")
    order.refresh_from_db()
    assert (order.status, order.hold_reason) == (before, "")
    assert Dispute.objects.get().status == "won"
    assert money_state("order", order.number).name == "paid"


def test_D03_lost_is_charged_back_once(fake, order, payment, product):
    opened = fake.dispute(payment.session_id)
    fake.move_dispute(opened["id"], "lost")
    for _time in range(2):
        assert set(ring_all(fake, "charge.dispute")) == {200}
    assert_held(order.number)
    state = money_state("order", order.number)
    assert (state.name, state.charged_back) == ("charged_back", payment.amount_minor)
    assert Dispute.objects.count() == 1
    assert not Refund.objects.exists()
    assert stock_of(product.first) == (5, 2)


def test_D05_an_inquiry_moves_no_money(fake, order, payment):
    opened = fake.dispute(payment.session_id, status="warning_needs_response")
    ring_all(fake, "charge.dispute")
    row = Dispute.objects.get()
    assert (row.kind, row.is_open) == ("inquiry", True)
    fake.move_dispute(opened["id"], "warning_closed")
    ring_all(fake, "charge.dispute")
    row.refresh_from_db()
    assert (row.status, row.is_open) == ("warning_closed", False)
    assert Order.objects.get().status == "paid"
    state = money_state("order", order.number)
    assert (state.name, state.charged_back, state.captured) == ("paid", 0, payment.amount_minor)


def test_D08_a_warning_of_fraud_holds_and_refunds_nothing_by_itself(fake, order, payment):
    fake.warn_of_fraud(payment.session_id)
    assert set(ring_all(fake, "radar")) == {200}
    assert_held(order.number)
    assert Dispute.objects.get().kind == "warning"
    assert not Refund.objects.exists()
    assert fake.stripe_client().v1.refunds.list().data == []
    assert StaffAlert.objects.count() == 1


@pytest.mark.parametrize("is_first", [True, False], ids=["before the payment", "after the payment"])
@pytest.mark.parametrize(("reason", "status"), [("approved", "paid"), ("refunded_as_fraud", "on_hold")])
def test_D09_a_review_holds_until_it_has_ended(fake, basket, is_first, reason, status):
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER)
    review = fake.review(payment.session_id)
    events = [
        lambda: ring_all(fake, "review.opened") == [200],
        lambda: ring(completed(payment)).status_code == 200,
    ]
    assert all(tell() for tell in (events if is_first else events[::-1]))
    assert_held(payment.reference)
    fake.close_review(review["id"], reason)
    for kind in ("review.closed", "refund"):
        assert set(ring_all(fake, kind)) <= {200}
    order = order_of(payment)
    assert order.status == status
    if reason != "approved":
        assert money_state("order", order.number).name == "refunded"
        assert_held(order.number)
